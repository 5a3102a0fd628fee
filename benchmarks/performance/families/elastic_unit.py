"""The unit of cost: one elastic solve by multigrid on the mesh of a charge."""

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.performance.job import Family, Job, Values
from benchmarks.performance.plain_mesh import prepare_mesh, read_mesh
from benchmarks.performance.rows import Rows
from benchmarks.performance.section import Section, Table
from benchmarks.performance.sizes import SOLID, job_name

NAME = "elastic_unit"
UNKNOWNS, QUICK = (25e3, 100e3, 250e3), (7e3, 12e3)
RTOL = 1e-8
COLUMNS = ("unknowns", "iterations", "grids", "operator_complexity", "setup_s", "solve_s", "unit_s")


def jobs(quick: bool) -> list[Job]:
    """The meshes of whole charges in space; the dispersed case alone has one as coarse as the coarsest."""
    return [
        Job(job_name(case, size, 1), {"case": case, "unknowns": size}, repeats=1 if quick else 5)
        for size in (QUICK if quick else UNKNOWNS)
        for case in (SOLID[-1:] if size == QUICK[0] else SOLID)
    ]


def measure(given: Mapping[str, Any], prepared: Path) -> Values:
    """Set-up and solution, assembly apart; plain DOLFINx and PETSc."""
    import solver.fenics  # noqa: F401  (opens DOLFINx where it is a wheel)

    from benchmarks.performance.elastic_solve import assembled, grids, multigrid  # isort: skip

    plain = read_mesh(given, prepared)
    began = perf_counter()
    system = assembled(plain)
    ready = perf_counter()
    ksp = multigrid(system, RTOL)
    set_up = perf_counter()
    ksp.solve(system.right, system.matrix.createVecRight())
    solved = perf_counter()
    if ksp.getConvergedReason() < 0:
        msg = f"no convergence: {ksp.getConvergedReason()}"
        raise RuntimeError(msg)
    return {
        "unknowns": int(system.matrix.getSize()[0]),
        "iterations": ksp.getIterationNumber(),
        "assembly_s": ready - began,
        "setup_s": set_up - ready,
        "solve_s": solved - set_up,
        "unit_s": solved - ready,
        **grids(ksp),
    }


def tell(rows: Rows) -> Section:
    """What the unit is."""
    lines = []
    for job in rows.jobs(NAME):
        samples = [rows.sample(NAME, job, name) for name in COLUMNS]
        lines.append((job, *(str(sample) if sample else "" for sample in samples)))
    return Section(
        "The unit: one elastic solve",
        (
            "P2 elasticity under misfit on the mesh of the charge, written in plain DOLFINx: CG behind "
            "PETSc's algebraic multigrid (GAMG with the rigid motions, Chebyshev and Jacobi smoothing) to "
            f"a relative residual of {RTOL:g}. One unit is set-up and solve together, assembly apart.",
        ),
        tables=(
            Table(
                (
                    "mesh",
                    "unknowns of u",
                    "iterations",
                    "grids",
                    "entries of all grids over the finest",
                    "set-up [s]",
                    "solve [s]",
                    "unit [s]",
                ),
                tuple(lines),
            ),
        ),
    )


FAMILY = Family(NAME, jobs, measure, tell, prepare_mesh)
