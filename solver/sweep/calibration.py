"""One typical case of a sweep really run, to tell what all of them will cost."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from solver.case.loader import load_case
from solver.estimates import estimate_unknowns
from solver.sweep.plan import Plan, Planned

LONGEST: Final = 900.0
"""How long a calibration may take [s]; what has not ended then is a lower bound."""

COMPILING: Final = 60.0
"""A run shorter than this is repeated [s]: the first of its kind compiles its equations."""

GRACE: Final = 20.0
"""How long a run may take to stop [s]."""


@dataclass(frozen=True)
class Calibration:
    """How one case ran.

    Attributes:
        case: that was run.
        status: as in summary.json; `unfinished` where it was stopped for taking too long.
        reason: why it did not end well, one line; empty where it did.
        seconds: how long it took, without the start of the program [s].
    """

    case: Planned
    status: str
    reason: str
    seconds: float

    @property
    def tells(self) -> bool:
        """Whether the others can be told from it."""
        return self.status in ("done", "ended_early", "unfinished")


def unknowns_of(plan: Plan) -> dict[str, int]:
    """Unknowns of the cases of a plan by hash, as far as their geometry tells.

    Args:
        plan: with all its cases; one is read again for each geometry among them.
    """
    known: dict[tuple[str, ...], int | None] = {}
    sizes = {}
    for case in plan.runnable:
        shape = tuple(text for text in case.overrides if text.startswith("geometry"))
        if shape not in known:
            known[shape] = _unknowns(plan.base, case.overrides)
        size = known[shape]
        if size is not None:
            sizes[case.hash] = size
    return sizes


def typical_case(plan: Plan, sizes: Mapping[str, int]) -> Planned:
    """The case of the middle size, and of those of equal size the middle one of the table.

    Args:
        plan: with a case that can be run.
        sizes: unknowns by hash.
    """
    ordered = sorted(plan.runnable, key=lambda case: sizes.get(case.hash, 0))
    middle = sizes.get(ordered[len(ordered) // 2].hash, 0)
    alike = [case for case in plan.runnable if sizes.get(case.hash, 0) == middle]
    return alike[len(alike) // 2]


def calibrate(plan: Plan, case: Planned, longest: float = LONGEST) -> Calibration:
    """Run a case into a temporary folder, and once more where most of the time may have gone into compiling.

    Args:
        plan: that it is of.
        case: to run.
        longest: how long it may take [s]; the sweep's own limit holds too.

    Raises:
        SweepError: it needs several ranks and there is no launcher.
    """
    limit = min(longest, plan.wall_time or longest)
    first = _run(plan, case, limit)
    if first.seconds < COMPILING and first.tells and first.status != "unfinished":
        return _run(plan, case, limit)
    return first


def _run(plan: Plan, case: Planned, limit: float) -> Calibration:
    from solver.sweep.ranks import LAUNCHED_BY

    with tempfile.TemporaryDirectory(prefix="lithostat-") as folder:
        out = Path(folder) / "run"
        sets = [word for text in case.overrides for word in ("--set", text)]
        command = [*_launcher(plan.ranks), sys.executable, "-m", "solver.cli", "run", plan.base, *sets]
        began = time.monotonic()
        with (Path(folder) / "said").open("w+") as said:
            process = subprocess.Popen(
                [*command, "--out", str(out)],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                env={name: value for name, value in os.environ.items() if not name.startswith(LAUNCHED_BY)},
            )
            ended = _wait(process, limit)
            took = time.monotonic() - began
            said.seek(0)
            lines = [line.strip() for line in said if line.strip()]
        if not ended:
            return Calibration(case, "unfinished", "", took)
        try:
            summary = json.loads((out / "summary.json").read_bytes())
        except (OSError, ValueError):
            return Calibration(case, "failed", lines[-1] if lines else "it said nothing", took)
        reason = str(summary.get("ended_by", "")) if summary["status"] != "done" else ""
        return Calibration(case, summary["status"], reason, float(summary["wall_time_s"]["total"]))


def _wait(process: subprocess.Popen[bytes], limit: float) -> bool:
    """Wait for a run; False where it had to be stopped. Nothing is left of it in either case."""
    try:
        process.wait(limit)
        return True
    except subprocess.TimeoutExpired:
        return False
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _launcher(ranks: int) -> list[str]:
    if ranks == 1:
        return []
    from solver.doctor import find_launcher
    from solver.sweep.engine import SweepError

    launcher = find_launcher()
    if launcher is None:
        raise SweepError("run.ranks: no mpiexec beside the interpreter or on the path; `lithostat doctor`")
    return [str(launcher), "-n", str(ranks)]


def _unknowns(base: str, overrides: tuple[str, ...]) -> int | None:
    import meshes

    case = load_case(base, overrides)
    try:
        cells = meshes.estimate_cells(case.mesh_geometry())
    except (ValueError, OSError, meshes.MeshError):
        return None
    return estimate_unknowns(case.geometry.dimension, cells)
