"""Two-phase P2 elasticity under misfit in plain DOLFINx and PETSc: the unit that charges are counted in.

Whoever imports this has opened DOLFINx before.
"""

from dataclasses import dataclass
from typing import Any

import ufl
from dolfinx import fem
from dolfinx.fem import petsc
from petsc4py import PETSc

from benchmarks.performance.in_dolfinx import Imported, held_across, imported, nodes_of
from benchmarks.performance.job import Values
from benchmarks.performance.plain_mesh import PLANES, ROCK_SALT, PlainMesh

LAME = {1: (85e9, 56e9), 2: (141e9, 90e9)}
"""Of layered phase and rock salt [Pa]: near those of the shipped phases, isotropic."""
MISFIT = 0.01
SETTINGS: dict[str, str | int | float] = {
    "mg_levels_ksp_type": "chebyshev",
    "mg_levels_ksp_max_it": 2,
    "mg_levels_pc_type": "jacobi",
    "pc_gamg_threshold": 0.01,
}


@dataclass(frozen=True)
class System:
    """What is solved.

    Attributes:
        matrix: the stiffness, symmetry planes held.
        right: nodal forces of the misfit.
        nodes: coordinates of the nodes.
        body: the mesh, whose communicator the others use and which must live as long.
    """

    matrix: Any
    right: Any
    nodes: Any
    body: Imported


def assembled(plain: PlainMesh) -> System:
    """The stiffness of an octant and the forces of its misfit."""
    body = imported(plain)
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
    return System(matrix, right, nodes_of(space), body)


def multigrid(system: System, rtol: float) -> Any:
    """Conjugate gradients behind GAMG that knows the rigid motions, set up."""
    places: Any = system.matrix.createVecRight()
    places.setBlockSize(3)
    places.setArray(system.nodes.ravel())
    system.matrix.setNearNullSpace(PETSc.NullSpace().createRigidBody(places))
    ksp = PETSc.KSP().create(system.body.mesh.comm)
    ksp.setOptionsPrefix("unit_")
    ksp.setOperators(system.matrix)
    ksp.setType("cg")
    ksp.setTolerances(rtol=rtol, max_it=1000)
    ksp.getPC().setType("gamg")
    options = PETSc.Options("unit_")
    for key, value in SETTINGS.items():
        options.setValue(key, value)
    ksp.setFromOptions()
    ksp.setUp()
    return ksp


def grids(ksp: Any) -> Values:
    """Number of grids, entries of all their matrices over those of the finest, size of the coarsest."""
    preconditioner = ksp.getPC()
    count = preconditioner.getMGLevels()
    matrices = [preconditioner.getMGSmoother(level).getOperators()[0] for level in range(count)]
    entries = [matrix.getInfo()["nz_used"] for matrix in matrices]
    return {
        "grids": count,
        "operator_complexity": sum(entries) / entries[-1],
        "coarsest_unknowns": int(matrices[0].getSize()[0]),
        "entries_a_row": entries[-1] / int(matrices[-1].getSize()[0]),
    }
