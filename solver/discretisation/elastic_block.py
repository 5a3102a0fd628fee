"""The elastic block of the preconditioner, set up once for a whole run: factors, or multigrid.

Multigrid goes from quadratic to linear displacements on the same mesh, whose stiffness is that of the finer
level seen through the interpolation, and from there on algebraically, coarsening with the rigid motions. The
quadratic level is smoothed by Chebyshev's polynomial of the blocks of its nodes, where cells are flat of
columns of nodes; linear displacements of flat cells are factorised while that is cheap.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solver.discretisation.line_smoother import line_smoother
from solver.fenics import PETSc

Array = npt.NDArray[np.float64]

FACTORISE_LIMIT = {1: 10**9, 2: 300_000, 3: 6_000}
"""Largest number of unknowns for which the elastic block is factorised; beyond it multigrid.

At 822 000 unknowns in the plane multigrid takes a sixth less time than factors and a fifth less memory."""

COARSE: dict[str, str | int | float] = {
    "ksp_type": "preonly",
    "pc_type": "gamg",
    "pc_gamg_threshold": 0.01,
    "mg_levels_ksp_type": "chebyshev",
    "mg_levels_ksp_max_it": 2,
    "mg_levels_pc_type": "jacobi",
}
"""Settings of the algebraic multigrid below the linear level, unless options say otherwise."""

FACTORS: dict[str, str | int | float] = {
    "ksp_type": "preonly",
    "pc_type": "lu",
    "pc_factor_mat_solver_type": "mumps",
}
"""Settings of linear displacements that are factorised."""

COARSE_LIMIT = 60_000
"""Largest number of linear displacements that are factorised where cells are flat. At 62 000 factors take 9
iterations and algebraic coarsening 13, in the same time; at 122 000 factors take twice the set-up."""

FLAT: dict[str, str | int | float] = {
    **COARSE,
    "mg_levels_pc_type": "bjacobi",
    "mg_levels_sub_pc_type": "icc",
}
"""Coarsening where cells are flat. Incomplete factors smooth across them, 13 iterations instead of 19. A
threshold that coarsens along strong couplings alone (0.05) saves the same iterations, but its levels fill up:
its set-up took 73 s at 470 000 unknowns and more than 300 s at a million, this one's 5 s and 16 s."""

SMOOTHER: dict[str, str | int | float] = {
    "mg_levels_ksp_type": "chebyshev",
    "mg_levels_ksp_max_it": 2,
}
"""Settings of the quadratic level. Two steps of the polynomial: with more the iterations saved do not
pay for the products."""


@dataclass(frozen=True)
class ElasticLevels:
    """Constant elastic stiffness on quadratic and on linear displacements of one mesh, constraints included.

    Attributes:
        stiffness: quadratic, in blocks of a node.
        coarse: linear.
        nodes: coordinates of the owned vertices, shape (vertices, dim), for the rigid motions.
        interpolation: from linear to quadratic displacements, zero at constraints.
    """

    stiffness: PETSc.Mat
    coarse: PETSc.Mat
    nodes: Array
    interpolation: PETSc.Mat


class ElasticBlock:
    """The inverse of the constant elastic stiffness, or multigrid in its place."""

    def __init__(self, comm: Any, stiffness: PETSc.Mat, levels: ElasticLevels | None = None) -> None:
        """Take the stiffness; nothing is set up yet: a particle that never moves needs no factors.

        Args:
            comm: communicator.
            stiffness: elastic stiffness, constraints included.
            levels: for multigrid; without them it is factorised.
        """
        self.stiffness = stiffness
        self.description = "LU" if levels is None else "multigrid"
        self._comm, self._levels = comm, levels
        self.size = int(stiffness.getLocalSize()[0])
        self._force: Any = stiffness.createVecLeft()
        self._moved: Any = stiffness.createVecRight()
        self._ksp: Any = None

    def set_up(self) -> int:
        """Make factors or levels, if there are none yet; gives the number of factorisations, 0 or 1."""
        if self._ksp is not None:
            return 0
        if self._levels is None:
            self._ksp = inner_solver(self._comm, self.stiffness, "lu", "elastic_")
        else:
            self._ksp = _multigrid(self._comm, self._levels)
        return 1

    def apply(self, force: Array) -> Array:
        """Displacement of nodal forces, owned entries; valid until the next call and only after `set_up`."""
        self._force.setArray(force)
        self._ksp.solve(self._force, self._moved)
        return np.asarray(self._moved.getArray(readonly=True))


def _multigrid(comm: Any, levels: ElasticLevels) -> PETSc.KSP:
    """One V-cycle."""
    places: Any = levels.coarse.createVecRight()
    places.setBlockSize(levels.nodes.shape[1])
    places.setArray(levels.nodes.ravel())
    rigid: Any = PETSc.NullSpace()
    levels.coarse.setNearNullSpace(rigid.createRigidBody(places))
    lines = line_smoother(levels.stiffness, comm)
    coarse = COARSE if lines is None else FLAT
    if lines is not None and levels.coarse.getSize()[0] <= COARSE_LIMIT:
        coarse = FACTORS
    settings = {f"mg_coarse_{key}": value for key, value in coarse.items()} | SMOOTHER
    ksp = PETSc.KSP().create(comm)
    ksp.setOptionsPrefix("elastic_")
    ksp.setOperators(levels.stiffness)
    ksp.setType("preonly")
    pc: Any = ksp.getPC()
    pc.setType("mg")
    pc.setMGLevels(2)
    pc.setMGInterpolation(1, levels.interpolation)
    pc.getMGCoarseSolve().setOperators(levels.coarse)
    if lines is None:
        settings["mg_levels_pc_type"] = "pbjacobi"
    else:
        smoother = pc.getMGSmoother(1).getPC()
        smoother.setType("python")
        smoother.setPythonContext(lines)
    with _defaults("elastic_", settings):
        ksp.setFromOptions()
        ksp.setUp()
    return ksp


def inner_solver(comm: Any, matrix: PETSc.Mat, kind: str, prefix: str) -> PETSc.KSP:
    """A preconditioner as a solver that is applied once; `--petsc` reaches it by its prefix."""
    ksp = PETSc.KSP().create(comm)
    ksp.setOptionsPrefix(prefix)
    ksp.setOperators(matrix)
    ksp.setType("preonly")
    ksp.getPC().setType(kind)
    if kind == "lu":
        ksp.getPC().setFactorSolverType("mumps")
    ksp.setFromOptions()
    ksp.setUp()
    return ksp


@contextmanager
def _defaults(prefix: str, settings: Mapping[str, str | int | float]) -> Iterator[None]:
    """Options that nobody has set, for the time being: the next problem may want others."""
    options = PETSc.Options(prefix)
    missing = {key: value for key, value in settings.items() if not options.hasName(key)}
    for key, value in missing.items():
        options.setValue(key, value)
    try:
        yield
    finally:
        for key in missing:
            options.delValue(key)
