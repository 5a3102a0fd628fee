"""Linear solves: a direct factorisation, or GMRES behind an elastic set-up that lasts for the whole run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from solver.fenics import PETSc

Array = npt.NDArray[np.float64]

DIRECT_LIMIT = {1: 10**9, 2: 150_000, 3: 15_000}
"""Largest number of unknowns that `auto` factorises at each Newton iteration, by dimension of the mesh."""


@dataclass
class SolveCounts:
    """What the linear solver did: one solve a right-hand side."""

    solves: int = 0
    iterations: int = 0
    factorisations: int = 0


class LinearSolveError(ArithmeticError):
    """A linear system could not be solved; the message gives PETSc's reason."""


class LinearSolver(Protocol):
    """Solves systems with the matrix that was prepared last, of the PETSc type that it names."""

    counts: SolveCounts
    description: str
    matrix_kind: str

    def prepare(self, matrix: PETSc.Mat) -> None:
        """Take a newly assembled matrix."""

    def solve(self, right: Array) -> Array:
        """Solve for one right side, owned entries, shape (owned,)."""


def choose(kind: str, mesh_dimension: int, unknowns: int) -> str:
    """The solver that `auto` stands for: `direct` or `block`."""
    if kind != "auto":
        return kind
    return "direct" if unknowns <= DIRECT_LIMIT[mesh_dimension] else "block"


class _Krylov:
    """A PETSc solver with its work vectors."""

    def __init__(self, comm: Any) -> None:
        self.counts = SolveCounts()
        self.description = ""
        self._comm = comm
        self.ksp = PETSc.KSP().create(comm)
        self._vectors: Any = None

    def solve(self, right: Array) -> Array:
        """Solve for one right side, owned entries, shape (owned,)."""
        if self._vectors is None:
            matrix: Any = self.ksp.getOperators()[0]
            self._vectors = matrix.createVecs()
        x, b = self._vectors
        b.setArray(right)
        self.ksp.solve(b, x)
        reason: Any = self.ksp.getConvergedReason()
        self.counts.solves += 1
        self.counts.iterations += self.ksp.getIterationNumber()
        if reason < 0:
            msg = f"linear solve failed (PETSc reason {reason})"
            raise LinearSolveError(msg)
        solution = x.getArray().copy()
        # All ranks give up together: one that went on alone would wait for the others for ever.
        if self._comm.allreduce(int(not np.all(np.isfinite(solution)))):
            msg = "linear solve gave values that are not finite"
            raise LinearSolveError(msg)
        return np.asarray(solution)


class DirectSolver(_Krylov):
    """LU of every prepared matrix: PETSc's own for a serial line mesh, else MUMPS."""

    matrix_kind = "mpi"

    def __init__(self, comm: Any, mesh_dimension: int) -> None:
        """Configure the factorisation."""
        super().__init__(comm)
        package = "petsc" if comm.size == 1 and mesh_dimension == 1 else "mumps"
        self.description = f"direct (LU, {package})"
        self.ksp.setType("preonly")
        pc = self.ksp.getPC()
        pc.setType("lu")
        pc.setFactorSolverType(package)
        self.ksp.setFromOptions()

    def prepare(self, matrix: PETSc.Mat) -> None:
        """Factorise a matrix; the symbolic part is reused while the pattern stays."""
        self.ksp.setOperators(matrix)
        self.ksp.setUp()
        self.counts.factorisations += 1


class BlockSolver(_Krylov):
    """GMRES on (u, mu) behind a lower block-triangular preconditioner.

    The u block is the constant elastic stiffness, set up once for the whole run; the mu block and the
    coupling below the diagonal are those of the prepared matrix.
    """

    matrix_kind = "nest"

    def __init__(
        self,
        comm: Any,
        mesh_dimension: int,
        unknowns: int,
        elastic: Callable[[], PETSc.Mat],
        rtol: float = 1e-9,
    ) -> None:
        """Set up the elastic block.

        Args:
            comm: communicator.
            mesh_dimension: dimension of the mesh.
            unknowns: number of unknowns, decides between factorisation and multigrid of the elastic block.
            elastic: assembles the elastic stiffness.
            rtol: relative tolerance of GMRES.
        """
        super().__init__(comm)
        factorise = unknowns <= (1_000_000 if mesh_dimension < 3 else 40_000)
        self.description = f"GMRES, elastic block {'LU' if factorise else 'GAMG'} set up once, mu block LU"
        stiffness = elastic()
        self._elastic = self._inner(stiffness, "lu" if factorise else "gamg")
        self.counts.factorisations += 1
        self._transport: PETSc.KSP | None = None
        self.ksp.setType("fgmres")
        self.ksp.setGMRESRestart(60)
        self.ksp.setTolerances(rtol=rtol, atol=1e-300, max_it=300)
        pc = self.ksp.getPC()
        pc.setType("python")
        pc.setPythonContext(self)
        self.ksp.setFromOptions()

    def _inner(self, matrix: PETSc.Mat, kind: str) -> PETSc.KSP:
        ksp = PETSc.KSP().create(self._comm)
        ksp.setOperators(matrix)
        ksp.setType("preonly")
        ksp.getPC().setType(kind)
        if kind == "lu":
            ksp.getPC().setFactorSolverType("mumps")
        ksp.setUp()
        return ksp

    def prepare(self, matrix: PETSc.Mat) -> None:
        """Take a nested matrix and set up its mu block."""
        self.ksp.setOperators(matrix)
        transport = matrix.getNestSubMatrix(1, 1)
        if self._transport is None:
            self._transport = self._inner(transport, "lu")
            self._coupling = matrix.getNestSubMatrix(1, 0)
            self._work = [self._coupling.createVecs(), transport.createVecs()]
        else:
            self._transport.setOperators(transport)
            self._transport.setUp()
        self.counts.factorisations += 1

    def apply(self, _pc: Any, right: Any, result: Any) -> None:
        """Apply the preconditioner (called by PETSc)."""
        work: Any = self._work
        (u, _), (mu, rest) = work
        size = u.getLocalSize()
        values = right.getArray(readonly=True)
        elastic: Any = self._elastic.getOperators()[0]
        force = elastic.createVecLeft()
        force.setArray(values[:size])
        self._elastic.solve(force, u)
        self._coupling.mult(u, rest)
        rest.scale(-1.0)
        rest.getArray()[:] += values[size:]
        if self._transport is not None:
            self._transport.solve(rest, mu)
        result.getArray()[:size] = u.getArray(readonly=True)
        result.getArray()[size:] = mu.getArray(readonly=True)
        force.destroy()
