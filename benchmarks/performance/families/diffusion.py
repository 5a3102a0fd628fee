"""Fick's law in a ball beside FESTIM and NGSolve: the same tetrahedra, the same error."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.performance.equal_error import Point, ratio_at_equal_error
from benchmarks.performance.job import Family, Job, Values
from benchmarks.performance.plain_mesh import keep_mesh, mesh_path, read_mesh
from benchmarks.performance.rows import Rows
from benchmarks.performance.section import Section, Table, Target, panel
from benchmarks.performance.sizes import profile

NAME = "diffusion"
TIME = 0.1
"""Duration of the constant flux [R^2/D]."""
SIZES, QUICK = (1 / 18, 1 / 36), (1 / 6,)
"""Cell sizes [R]."""
STEPS, QUICK_STEPS = (10, 20, 40, 80, 160), (10, 20, 40)
TOLERANCES, QUICK_TOLERANCES = (3e-2, 1e-2, 3e-3, 1e-3), (1e-2, 1e-3)
UNCOUPLED = {"stress_in_potential": False, "stress_in_mobility": False, "chemical_strain": False}
"""Couplings that the others do not have."""
FESTIM_ENVIRONMENT = ".venv-festim"
PEERS = ("FESTIM", "NGSolve")
LIMITS = {"FESTIM": 0.5}
"""The most of a peer's time that is wanted. NGSolve is there to be compared with: its script knows that this
problem is linear and its matrix constant, and factorises once."""


def jobs(quick: bool) -> list[Job]:
    """lithostat by tolerance, the others by number of equal steps."""
    found, repeats = [], 1 if quick else 5
    for size in QUICK if quick else SIZES:
        mesh = {"case": "ball", "unknowns": round(1 / size), "size": size}
        for tolerance in QUICK_TOLERANCES if quick else TOLERANCES:
            given = {**mesh, "program": "lithostat", "tolerance": tolerance}
            found.append(Job(f"lithostat-{1 / size:.0f}-{tolerance:g}", given, repeats=repeats))
        for program in PEERS:
            environment = FESTIM_ENVIRONMENT if program == "FESTIM" else ""
            for steps in QUICK_STEPS if quick else STEPS:
                given = {**mesh, "program": program, "steps": steps}
                name = f"{program}-{1 / size:.0f}-{steps}"
                found.append(Job(name, given, repeats=repeats, environment=environment))
    return found


def prepare(given: Mapping[str, Any], folder: Path) -> None:
    """The ball that lithostat would mesh."""
    path = mesh_path(given, folder)
    if path.exists():
        return
    from solver.case import load_case

    with TemporaryDirectory(prefix="diffusion-") as name:
        keep_mesh(load_case(_written(given["size"], 1e-2, Path(name))), path)


def _written(size: float, tolerance: float, folder: Path) -> str:
    """The case as a file."""
    from benchmarks.verification.setups import diffusing

    case = diffusing.charged(diffusing.plain("3d", size), TIME, tolerance)
    case["couplings"] = {**case["couplings"], **UNCOUPLED}
    path = folder / "diffusion.yaml"
    path.write_text(json.dumps(case), encoding="utf-8")  # JSON is YAML
    return str(path)


def measure(given: Mapping[str, Any], prepared: Path) -> Values:
    """One program at one finesse: seconds from the mesh in memory to the last moment, and the error there."""
    programs: dict[str, Callable[[Mapping[str, Any], Path], Values]] = {
        "lithostat": _lithostat,
        "FESTIM": _festim,
        "NGSolve": _ngsolve,
    }
    return programs[given["program"]](given, prepared)


def _lithostat(given: Mapping[str, Any], prepared: Path) -> Values:
    """`lithostat run`; the march without mesh, compilation and output, as the others write nothing either."""
    del prepared
    import numpy as np

    from benchmarks.performance.charging import costs
    from benchmarks.verification.setups import cases, diffusing
    from solver.cli import main
    from solver.results.reader import read_run
    from solver.results.vtkhdf import read_snapshot

    with TemporaryDirectory(prefix="diffusion-") as name:
        folder = Path(name)
        main(["run", _written(given["size"], given["tolerance"], folder), "--out", str(folder / "run")])
        found = costs(json.loads((folder / "run" / "summary.json").read_text(encoding="utf-8")))
        last = read_run(folder / "run").final()
        if last is None:
            msg = "the run left no fields"
            raise RuntimeError(msg)
        stored = read_snapshot(last.file, last.number)
        rise = np.asarray(stored.point_data["concentration"]) / diffusing.UNIT
        start = diffusing.START * diffusing.CAPACITY / diffusing.UNIT
        points = np.asarray(stored.points) / cases.RADIUS
        _, first = np.unique(np.round(points, 9), axis=0, return_index=True)
        found["error"] = _error(_radius(points[first]), rise[first] - start)
    found["seconds"] = float(found["march_s"]) - float(found["output_s"])
    return found


def _error(radius: Any, rise: Any) -> float:
    """Root mean square over the vertices of (c - c0) D/(J R), less Crank's series."""
    import numpy as np

    from benchmarks.performance.crank import rise_under_flux

    return float(np.sqrt(np.mean((rise - rise_under_flux(radius, TIME)) ** 2)))


def _festim(given: Mapping[str, Any], prepared: Path) -> Values:
    from benchmarks.performance.in_festim import diffuse

    plain = read_mesh(given, prepared)
    seconds, points, rise = diffuse(plain, TIME, given["steps"])
    return {"seconds": seconds, "error": _error(_radius(points), rise), "unknowns": len(plain.points)}


def _ngsolve(given: Mapping[str, Any], prepared: Path) -> Values:
    from benchmarks.performance.diffusion_in_ngsolve import diffuse

    plain = read_mesh(given, prepared)
    seconds, rise = diffuse(plain, TIME, given["steps"])
    return {"seconds": seconds, "error": _error(_radius(plain.points), rise), "unknowns": len(plain.points)}


def _radius(points: Any) -> Any:
    import numpy as np

    return np.linalg.norm(points, axis=1)


def tell(rows: Rows) -> Section:
    """Times at equal error, and the curves that they come from."""
    targets, curves, notes = [], {}, []
    meshes = list(dict.fromkeys(str(rows.given(NAME, job)["unknowns"]) for job in rows.jobs(NAME)))
    for mesh in meshes:
        points = {program: _points(rows, program, mesh) for program in ("lithostat", *PEERS)}
        for program, some in points.items():
            if some and some[0]:
                curves[f"{program}, R/{mesh}"] = (
                    [p.seconds for p in some[0]],
                    [p.error for p in some[0]],
                )
        for peer in PEERS:
            words = f"diffusion, cells of R/{mesh}: lithostat over {peer} at equal error"
            mine = [job for job in rows.jobs(NAME) if job.startswith(f"lithostat-{mesh}-")]
            parts = profile(rows, NAME, mine[-1]) if mine else ""
            found = ratio_at_equal_error(points["lithostat"], points[peer])
            if peer in LIMITS:
                targets.append(Target(words, LIMITS[peer], found, profile=parts))
            elif found is not None:
                notes.append(f"{words[0].upper()}{words[1:]}: {found} (no target).")
    lines = []
    for job in rows.jobs(NAME):
        samples = [rows.sample(NAME, job, name) for name in ("unknowns", "seconds", "error")]
        lines.append((job, *(str(sample) if sample else "" for sample in samples)))
    return Section(
        "Diffusion beside FESTIM and NGSolve",
        (
            f"A ball that takes up lithium under a constant flux for {TIME:g} R²/D, one mesh of tetrahedra "
            "for all. The error is the root mean square over its vertices against Crank's series, over J "
            "R/D; time runs from the mesh in memory to the last moment, imports and compilation apart. "
            "lithostat runs with the couplings off that the others do not have, keeps the displacement of "
            "its start and steps by its tolerance; FESTIM (its own defaults: SNES, LU) and NGSolve (backward "
            "Euler, one Cholesky factorisation) take equal steps. Equal error is the least error that both "
            "reach, interpolated on logarithmic scales.",
        ),
        tuple(targets),
        (Table(("program, R/size, tolerance or steps", "unknowns", "seconds", "error"), tuple(lines)),),
        (panel("diffusion", "seconds", "error [1]", curves),),
        (*notes, "FESTIM stands for itself where its environment is made (`scripts/peer_env.sh`)."),
    )


def _points(rows: Rows, program: str, mesh: str) -> list[list[Point]]:
    """Curves of a program on a mesh, one a repeat."""
    named = [job for job in rows.jobs(NAME) if job.startswith(f"{program}-{mesh}-")]
    times = [rows.sample(NAME, job, "seconds") for job in named]
    errors = [rows.sample(NAME, job, "error") for job in named]
    pairs = [(t.values, e.values) for t, e in zip(times, errors, strict=True) if t and e]
    repeats = min((len(t) for t, _ in pairs), default=0)
    return [[Point(t[k], e[k]) for t, e in pairs] for k in range(repeats)]


FAMILY = Family(NAME, jobs, measure, tell, prepare)
