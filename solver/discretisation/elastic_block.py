"""Inner solvers of the block preconditioner: the elastic block of a whole run, factorised or by multigrid."""

from typing import Any

import numpy as np
import numpy.typing as npt

from solver.fenics import PETSc

Array = npt.NDArray[np.float64]

MULTIGRID: dict[str, str | int | float] = {
    "pc_gamg_threshold": 0.01,
    "mg_levels_ksp_type": "chebyshev",
    "mg_levels_ksp_max_it": 2,
    "mg_levels_pc_type": "jacobi",
}
"""Settings of the elastic multigrid, unless options say otherwise."""


class ElasticBlock:
    """The inverse of the constant elastic stiffness, or multigrid in its place: set up once a run."""

    def __init__(self, comm: Any, stiffness: PETSc.Mat, nodes: Array, factorise: bool) -> None:
        """Set it up.

        Args:
            comm: communicator.
            stiffness: elastic stiffness, constraints included.
            nodes: coordinates of the owned displacement nodes, shape (nodes, dim): multigrid coarsens with
                the rigid motions that they make.
            factorise: LU, else algebraic multigrid.
        """
        self.description = "LU" if factorise else "GAMG"
        if not factorise:
            places: Any = stiffness.createVecRight()
            places.setBlockSize(nodes.shape[1])
            places.setArray(nodes.ravel())
            rigid: Any = PETSc.NullSpace()
            stiffness.setNearNullSpace(rigid.createRigidBody(places))
        self.ksp = inner_solver(comm, stiffness, "lu" if factorise else "gamg", "elastic_")
        self.size = int(stiffness.getLocalSize()[0])
        self._force: Any = stiffness.createVecLeft()

    def apply(self, force: Array, moved: Any) -> None:
        """Displacement of nodal forces (owned entries) into a PETSc vector."""
        self._force.setArray(force)
        self.ksp.solve(self._force, moved)


def inner_solver(comm: Any, matrix: PETSc.Mat, kind: str, prefix: str) -> PETSc.KSP:
    """A preconditioner as a solver that is applied once; `--petsc` reaches it by its prefix."""
    ksp = PETSc.KSP().create(comm)
    ksp.setOptionsPrefix(prefix)
    ksp.setOperators(matrix)
    ksp.setType("preonly")
    ksp.getPC().setType(kind)
    if kind == "lu":
        ksp.getPC().setFactorSolverType("mumps")
    else:
        options = PETSc.Options(prefix)
        for key, value in MULTIGRID.items():
            if not options.hasName(key):
                options.setValue(key, value)
    ksp.setFromOptions()
    ksp.setUp()
    return ksp
