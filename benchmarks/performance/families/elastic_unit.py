"""The unit of cost: one elastic solve by multigrid on the mesh of a charge."""

from collections.abc import Mapping
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.performance.job import Family, Job, Values
from benchmarks.performance.plain_mesh import PLANES, ROCK_SALT, prepare_mesh, read_mesh
from benchmarks.performance.rows import Rows
from benchmarks.performance.section import Section, Table
from benchmarks.performance.sizes import SOLID, job_name

NAME = "elastic_unit"
UNKNOWNS, QUICK = (25e3, 100e3, 250e3), (12e3,)
RTOL, MISFIT = 1e-8, 0.01
LAME = {1: (85e9, 56e9), 2: (141e9, 90e9)}
"""Of layered phase and rock salt [Pa]: near those of the shipped phases, isotropic."""
COLUMNS = ("unknowns", "iterations", "setup_s", "solve_s", "unit_s")


def jobs(quick: bool) -> list[Job]:
    """The meshes of whole charges in space."""
    return [
        Job(job_name(case, size, 1), {"case": case, "unknowns": size}, repeats=1 if quick else 5)
        for size in (QUICK if quick else UNKNOWNS)
        for case in SOLID
    ]


def measure(given: Mapping[str, Any], prepared: Path) -> Values:
    """CG behind GAMG that knows the rigid motions, to 1e-8, assembly apart; plain DOLFINx and PETSc."""
    import solver.fenics  # noqa: F401  (opens DOLFINx where it is a wheel)

    import ufl  # isort: skip
    from dolfinx import fem  # isort: skip
    from dolfinx.fem import petsc  # isort: skip
    from petsc4py import PETSc  # isort: skip
    from benchmarks.performance.in_dolfinx import held_across, imported, nodes_of  # isort: skip

    began = perf_counter()
    body = imported(read_mesh(given, prepared))
    space = fem.functionspace(body.mesh, ("Lagrange", 2, (3,)))
    dx = ufl.Measure("dx", body.mesh, subdomain_data=body.phases)
    u, v = ufl.TrialFunction(space), ufl.TestFunction(space)
    scale, one = LAME[1][1], ufl.Identity(3)

    def stress(strain: Any, lame: float, shear: float) -> Any:
        return lame / scale * ufl.tr(strain) * one + 2.0 * shear / scale * strain

    parts = [ufl.inner(stress(ufl.sym(ufl.grad(u)), *LAME[tag]), ufl.grad(v)) * dx(tag) for tag in LAME]
    load = ufl.inner(stress(MISFIT * one, *LAME[ROCK_SALT]), ufl.grad(v)) * dx(ROCK_SALT)
    bilinear, linear = fem.form(sum(parts[1:], parts[0])), fem.form(load)
    conditions = held_across(body, space, PLANES)
    matrix = petsc.assemble_matrix(bilinear, bcs=conditions)
    matrix.assemble()
    right = petsc.assemble_vector(linear)
    petsc.apply_lifting(right, [bilinear], bcs=[conditions])
    petsc.set_bc(right, conditions)
    assembled = perf_counter()
    places: Any = matrix.createVecRight()
    places.setBlockSize(3)
    places.setArray(nodes_of(space).ravel())
    matrix.setNearNullSpace(PETSc.NullSpace().createRigidBody(places))
    ksp = PETSc.KSP().create(body.mesh.comm)
    ksp.setOperators(matrix)
    ksp.setType("cg")
    ksp.setTolerances(rtol=RTOL, max_it=1000)
    ksp.getPC().setType("gamg")
    options = PETSc.Options()
    for key, value in (("ksp_type", "chebyshev"), ("ksp_max_it", 2), ("pc_type", "jacobi")):
        options.setValue(f"mg_levels_{key}", value)
    options.setValue("pc_gamg_threshold", 0.01)
    ksp.setFromOptions()
    ksp.setUp()
    set_up = perf_counter()
    found = matrix.createVecRight()
    ksp.solve(right, found)
    solved = perf_counter()
    if ksp.getConvergedReason() < 0:
        msg = f"no convergence: {ksp.getConvergedReason()}"
        raise RuntimeError(msg)
    return {
        "unknowns": int(matrix.getSize()[0]),
        "iterations": ksp.getIterationNumber(),
        "import_and_assembly_s": assembled - began,
        "setup_s": set_up - assembled,
        "solve_s": solved - set_up,
        "unit_s": solved - assembled,
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
            "P2 elasticity under misfit on the mesh of the charge, written in plain DOLFINx: CG behind PETSc's "
            "algebraic multigrid (GAMG with the rigid motions, Chebyshev and Jacobi smoothing) to a relative "
            f"residual of {RTOL:g}. One unit is set-up and solve together, assembly apart.",
        ),
        tables=(
            Table(
                ("mesh", "unknowns of u", "iterations", "set-up [s]", "solve [s]", "unit [s]"), tuple(lines)
            ),
        ),
    )


FAMILY = Family(NAME, jobs, measure, tell, prepare_mesh)
