"""P2 elasticity with a misfit beside NGSolve, scikit-fem and Akantu: one mesh, one exact solution."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.performance.job import Family, Job, Values
from benchmarks.performance.plain_mesh import LAYERED, ROCK_SALT, keep_mesh, mesh_path, read_mesh
from benchmarks.performance.rows import Rows
from benchmarks.performance.sample import combined, ratio
from benchmarks.performance.section import Section, Table, Target
from benchmarks.performance.sizes import profile

Array = npt.NDArray[np.float64]

NAME = "elasticity"
SOLIDS = {LAYERED: (139e9, 0.25), ROCK_SALT: (183e9, 0.24)}
"""Young's modulus [Pa] and Poisson's ratio by phase."""
MISFIT, SHELL = 0.0123, 1 / 3
"""Strain of the shell [1] and its thickness [R]."""
SIZES, QUICK = (1 / 7, 1 / 12, 1 / 16), (1 / 6,)
"""Cell sizes [R]."""
PROGRAMS = ("lithostat", "NGSolve", "NGSolve-iterative", "scikit-fem", "scikit-fem-iterative", "Akantu")
CG_RTOL = 1e-8


def jobs(quick: bool) -> list[Job]:
    """Every program on every mesh."""
    found = []
    for size in QUICK if quick else SIZES:
        for program in PROGRAMS:
            given = {"case": "misfit", "unknowns": round(1 / size), "size": size, "program": program}
            repeats = 1 if quick else 5
            name = f"{program}-{1 / size:.0f}"
            found.append(Job(name, given, repeats=repeats, longest=1200.0))
    return found


def _written(size: float, folder: Path) -> str:
    """The case as a file: inert phases, no step, so that the loaded start is all there is."""
    from benchmarks.verification.exact.closed_forms import Solid
    from benchmarks.verification.setups import cases

    length = size * cases.RADIUS
    case = cases.case(
        "misfit",
        cases.core_shell("3d", SHELL * cases.RADIUS, (length, length)),
        {
            "layered": cases.phase(Solid(*SOLIDS[LAYERED])),
            "rock_salt": cases.phase(
                Solid(*SOLIDS[ROCK_SALT]), misfit={"kind": "isotropic", "strain": MISFIT}
            ),
        },
        start={"voltage": "3.9 V"},
        steps=[],
        mechanics={"coherency": 1.0},
    )
    path = folder / "misfit.yaml"
    path.write_text(json.dumps(case), encoding="utf-8")  # JSON is YAML
    return str(path)


def prepare(given: Mapping[str, Any], folder: Path) -> None:
    """The mesh that lithostat would make."""
    path = mesh_path(given, folder)
    if path.exists():
        return
    from solver.case import load_case

    with TemporaryDirectory(prefix="elasticity-") as name:
        keep_mesh(load_case(_written(given["size"], Path(name))), path)


def measure(given: Mapping[str, Any], prepared: Path) -> Values:
    """Seconds of assembly and solution, imports and compilation apart, and the error at the vertices."""
    programs: dict[str, Callable[[Mapping[str, Any], Path], Values]] = {
        "lithostat": _lithostat,
        "Akantu": _akantu,
    }
    return programs.get(given["program"], _in_forms)(given, prepared)


def _found(seconds: float, points: Array, moved: Array) -> Values:
    """A row: time, and the largest error of displacement over the largest displacement."""
    wanted = exact_displacement(points)
    error = np.abs(moved - wanted).max() / np.abs(wanted).max()
    return {"seconds": seconds, "error": float(error), "vertices": len(points)}


def exact_displacement(points: Array) -> Array:
    """Displacement of the ball [R] at points [R]: u = a r in the core, b r + c/r^2 in the shell.

    The radial stress of the core follows from equal displacement where both meet, that of the outer surface
    is zero.

    Source: Lame's solution, e.g. Timoshenko and Goodier, Theory of Elasticity (1970), section 136.
    """
    bulk = {tag: young / (3.0 * (1.0 - 2.0 * poisson)) for tag, (young, poisson) in SOLIDS.items()}
    young, poisson = SOLIDS[ROCK_SALT]
    shear, inner = young / (2.0 * (1.0 + poisson)), 1.0 - SHELL
    k_core, k_shell = 3.0 * bulk[LAYERED], 3.0 * bulk[ROCK_SALT]
    # Unknowns a, b, c: displacement and stress alike at the inner radius, no stress at the outer one.
    matrix = np.array(
        [
            [inner, -inner, -(inner**-2)],
            [k_core, -k_shell, 4.0 * shear * inner**-3],
            [0.0, k_shell, -4.0 * shear],
        ]
    )
    a, b, c = np.linalg.solve(matrix, [0.0, -k_shell * MISFIT, k_shell * MISFIT])
    radius = np.linalg.norm(points, axis=1, keepdims=True)
    near = np.where(radius > 0.0, radius, 1.0)
    return np.asarray(np.where(radius < inner, a * points, (b + c / near**3) * points))


def _lithostat(given: Mapping[str, Any], prepared: Path) -> Values:
    """`lithostat run` without a step: what its own clock counts as assembly and solution of the start."""
    del prepared
    from benchmarks.performance.charging import costs
    from benchmarks.verification.setups import cases
    from solver.cli import main
    from solver.results.reader import read_run
    from solver.results.vtkhdf import read_snapshot

    with TemporaryDirectory(prefix="elasticity-") as name:
        folder = Path(name)
        main(["run", _written(given["size"], folder), "--out", str(folder / "run")])
        summary = json.loads((folder / "run" / "summary.json").read_text(encoding="utf-8"))
        last = read_run(folder / "run").final()
        if last is None:
            msg = "the run left no fields"
            raise RuntimeError(msg)
        stored = read_snapshot(last.file, last.number)
        points, moved = np.asarray(stored.points), np.asarray(stored.point_data["displacement"])
        radius = cases.RADIUS
        _, first = np.unique(np.round(points / radius, 9), axis=0, return_index=True)
        seconds = sum(float(summary["wall_time_s"][part]) for part in ("assemble", "solve"))
        found = {**costs(summary), **_found(seconds, points[first] / radius, moved[first] / radius)}
    return found


def _akantu(given: Mapping[str, Any], prepared: Path) -> Values:
    from benchmarks.performance.in_akantu import solve

    plain = read_mesh(given, prepared)
    with TemporaryDirectory(prefix="akantu-") as name:
        seconds, moved = solve(plain, SOLIDS, MISFIT, Path(name))
    return _found(seconds, plain.points, moved)


def _in_forms(given: Mapping[str, Any], prepared: Path) -> Values:
    from benchmarks.performance import elasticity_in_ngsolve, elasticity_in_scikit_fem

    plain = read_mesh(given, prepared)
    program = str(given["program"])
    direct = not program.endswith("-iterative")
    module: Any = elasticity_in_ngsolve if program.startswith("NGSolve") else elasticity_in_scikit_fem
    seconds, moved = module.solve(plain, SOLIDS, MISFIT, direct, CG_RTOL)
    return _found(seconds, plain.points, moved)


def tell(rows: Rows) -> Section:
    """Times on every mesh, and that the errors are equal."""
    targets, lines = [], []
    for mesh in dict.fromkeys(str(rows.given(NAME, job)["unknowns"]) for job in rows.jobs(NAME)):
        mine = rows.sample(NAME, f"lithostat-{mesh}", "seconds")
        for peer in ("NGSolve", "scikit-fem", "Akantu"):
            ways = [rows.sample(NAME, f"{peer}{way}-{mesh}", "seconds") for way in ("", "-iterative")]
            best = combined([way for way in ways if way is not None], min)
            words = f"elasticity, cells of R/{mesh}: lithostat over {peer} at its faster way"
            parts = profile(rows, NAME, f"lithostat-{mesh}")
            targets.append(Target(words, 1.0, ratio(mine, best), profile=parts))
        for program in PROGRAMS:
            job = f"{program}-{mesh}"
            samples = [rows.sample(NAME, job, name) for name in ("vertices", "seconds", "error")]
            if samples[1] is not None:
                lines.append((job, *(str(sample) if sample else "" for sample in samples)))
    return Section(
        "Elasticity beside NGSolve, scikit-fem and Akantu",
        (
            f"A core in a shell of {SHELL:.2g} R with a misfit of {MISFIT:g}, an octant, quadratic "
            "displacement on one mesh for all. Time is assembly, set-up and solution; imports, "
            "compilation and what files take are apart. The error is that of displacement at the vertices "
            "against Lame's solution. The others are taken at the faster of a direct solver (sparse "
            f"Cholesky, SuperLU, MUMPS) and, where they offer one, conjugate gradients to {CG_RTOL:g} with "
            "a preconditioner of theirs (BDDC, diagonal).",
        ),
        tuple(targets),
        (Table(("program, R/size", "vertices", "seconds", "error [1]"), tuple(lines)),),
    )


FAMILY = Family(NAME, jobs, measure, tell, prepare)
