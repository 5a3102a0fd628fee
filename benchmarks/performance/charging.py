"""A charge as `lithostat run` makes it, and what its summary says that it cost."""

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.performance.job import Values

PARTS = ("assembly", "local", "preconditioner", "Krylov", "output")
"""Parts of a march; what is left is the march itself and the observation of states."""
ENDED_EARLY = 3
"""Exit code of a run that physics ended before its protocol did."""
STEEPEST = 8.0
"""Meshes are at most that many times finer or coarser than the shipped ones."""


def sized(case: str, unknowns: float, overrides: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Words of `--set` that give a case about so many unknowns, all mesh sizes in one ratio.

    Args:
        case: name of a shipped case with a mesh size.
        unknowns: how many are wanted.
        overrides: further words, which may change what is meshed.

    Raises:
        ValueError: no ratio up to `STEEPEST` gives them.
    """
    from meshes import estimate_cells
    from solver.case import load_case
    from solver.estimates import estimate_unknowns

    geometry = load_case(case, list(overrides)).mesh_geometry()
    bulk, interface = geometry.sizes()

    def expected(factor: float) -> int:
        asked = replace(geometry.mesh_size, bulk=bulk * factor, interface=interface * factor)
        return estimate_unknowns(geometry.dimension, estimate_cells(replace(geometry, mesh_size=asked)))

    low, high = 1.0 / STEEPEST, STEEPEST
    if not expected(high) <= unknowns <= expected(low):
        msg = f"{case}: no mesh within {STEEPEST:g} times the shipped one's sizes has {unknowns:g} unknowns"
        raise ValueError(msg)
    while high / low > 1.01:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if expected(middle) > unknowns else (low, middle)
    factor = math.sqrt(low * high)
    size = f"{{bulk: {bulk * factor!r} m, interface: {interface * factor!r} m}}"
    return (f"geometry.mesh_size={size}",)


def charge(given: Mapping[str, Any], prepared: Path) -> Values:
    """Run a case of about so many unknowns under one charge; collective.

    Args:
        given: `case`, `unknowns` (0 for as shipped), `steps` (list of sentences), `set` (further words).
        prepared: not needed.
    """
    del prepared
    from solver.cli import main
    from solver.fenics import MPI

    words = tuple(given.get("set", ()))
    if given["unknowns"]:
        words += sized(given["case"], given["unknowns"], words)
    words += (f"protocol.steps={json.dumps(given['steps'])}",)
    comm = MPI.COMM_WORLD
    with TemporaryDirectory(prefix="charge-") as name:
        folder = Path(comm.bcast(name)) / "run"
        options = [word for text in words for word in ("--set", text)]
        code = main(["run", str(given["case"]), "--out", str(folder), *options])
        comm.barrier()
        if code not in (0, ENDED_EARLY):
            msg = f"lithostat run ended with {code}"
            raise RuntimeError(msg)
        if comm.rank:
            return {}
        return costs(json.loads((folder / "summary.json").read_text(encoding="utf-8")))


def costs(summary: Mapping[str, Any]) -> Values:
    """What a summary says of cost [s, byte]: counts, parts of the march, memory.

    The march is all but mesh and compilation; the loaded start and the set-up of preconditioners are in it.

    Raises:
        RuntimeError: the run failed.
    """
    if summary["status"] not in ("done", "ended_early"):
        msg = f"the run ended as {summary['status']}: {summary['ended_by']}"
        raise RuntimeError(msg)
    counts, seconds = summary["counts"], summary["wall_time_s"]
    march = seconds["total"] - seconds["mesh"] - seconds["compile"]
    increments, solves = max(counts["increments"], 1), max(counts["linear_solves"], 1)
    found: Values = {
        **{name: counts[name] for name in ("cells", "increments", "rejected", "newton_iterations")},
        "unknowns": counts["dofs"],
        "linear_solves": counts["linear_solves"],
        "krylov_iterations": counts["linear_iterations"],
        "krylov_a_solve": counts["linear_iterations"] / solves,
        "total_s": seconds["total"],
        "mesh_s": seconds["mesh"],
        "compile_s": seconds["compile"],
        "march_s": march,
        "increment_s": march / increments,
        "newton_s": march / max(counts["newton_iterations"], 1),
        "unknown_increment_us": 1e6 * march / increments / counts["dofs"],
        "assembly_s": seconds["assemble"] - seconds["local"],
        "local_s": seconds["local"],
        "preconditioner_s": seconds["preconditioner"],
        "Krylov_s": seconds["solve"] - seconds["preconditioner"],
        "output_s": seconds["output"],
        "memory_bytes": summary["peak_memory_bytes"],
        "memory_per_unknown_bytes": summary["peak_memory_bytes"] / counts["dofs"],
        "linear_solver": summary["linear_solver"],
    }
    if summary["steps"]:
        found["capacity_mAh_g"] = summary["steps"][-1]["capacity_mAh_g"]
    return found
