"""Linear solves: a direct factorisation, or GMRES behind an elastic set-up that lasts for the whole run."""

import weakref
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from solver.discretisation.elastic_block import ElasticBlock, inner_solver
from solver.fenics import PETSc

Array = npt.NDArray[np.float64]

DIRECT_LIMIT = {1: 10**9, 2: 150_000, 3: 3_000}
"""Largest number of unknowns that `auto` factorises at each Newton iteration, by dimension of the mesh."""


FACTORISE_LIMIT = {1: 10**9, 2: 1_000_000, 3: 150_000}
"""Largest number of unknowns for which the elastic block of `block` is factorised; beyond it multigrid.

At 113k unknowns in 3D LU costs 20 s once (multigrid 8 s) and halves every solve (9 iterations against 31)."""

RTOL = 1e-4
"""Relative residual at which GMRES stops, both fields weighed alike: Newton takes as many iterations as with
1e-9, the linear solves less than half (1e-3 costs Newton a tenth more)."""


SMALLEST_PIVOT = 1e-100
"""Pivot that PETSc's own LU takes for zero. Its default, 2e-14 whatever the size of the entries, refuses the
lithium rows of a nearly empty host beside the centre of a sphere, which weigh r^2 dr times the occupancy."""


@dataclass
class SolveCounts:
    """What the linear solver did: one solve a right-hand side."""

    solves: int = 0
    iterations: int = 0
    factorisations: int = 0

    def include(self, earlier: "SolveCounts") -> None:
        """Count what another solver of the same run did, too."""
        self.solves += earlier.solves
        self.iterations += earlier.iterations
        self.factorisations += earlier.factorisations


class LinearSolveError(ArithmeticError):
    """A linear system could not be solved; the message gives PETSc's reason."""


class LinearSolver(Protocol):
    """Solves systems with the matrix that was prepared last, of the PETSc type that it names."""

    counts: SolveCounts
    description: str
    matrix_kind: str

    def prepare(self, matrix: PETSc.Mat, balance: float = 1.0) -> None:
        """Take a newly assembled matrix.

        Args:
            matrix: the tangent; an iterative solver may scale its rows.
            balance: size of a force over the size of an amount of lithium that matters as much.
        """

    def solve(self, right: Array, guess: Array | None = None, enough: float = 0.0) -> Array:
        """Solve for one right side.

        Args:
            right: owned entries, shape (owned,).
            guess: of the solution; it saves an iterative solver work.
            enough: relative residual at which an iterative solver may stop, unless its own is larger.
        """


def choose(kind: str, mesh_dimension: int, unknowns: int) -> str:
    """The solver that `auto` stands for: `direct` or `block`."""
    if kind != "auto":
        return kind
    return "direct" if unknowns <= DIRECT_LIMIT[mesh_dimension] else "block"


class _Krylov:
    """A PETSc solver with its work vectors."""

    takes_guesses = False

    def __init__(self, comm: Any) -> None:
        self.counts = SolveCounts()
        self.description = ""
        self._comm = comm
        self.ksp = PETSc.KSP().create(comm)
        self._vectors: Any = None

    def solve(self, right: Array, guess: Array | None = None, enough: float = 0.0) -> Array:
        """Solve for one right side, see `LinearSolver`."""
        if self._vectors is None:
            matrix: Any = self.ksp.getOperators()[0]
            self._vectors = matrix.createVecs()
        x, b = self._vectors
        b.setArray(right)
        self._allow(enough)
        guessed = guess is not None and self.takes_guesses
        if guessed:
            x.setArray(guess)
        self.ksp.setInitialGuessNonzero(guessed)
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

    def _allow(self, enough: float) -> None:
        """Take note of the accuracy that is wanted."""


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
        pc.setFactorPivot(zeropivot=SMALLEST_PIVOT)
        self.ksp.setFromOptions()

    def prepare(self, matrix: PETSc.Mat, balance: float = 1.0) -> None:
        """Factorise a matrix; the symbolic part is reused while the pattern stays."""
        del balance
        self.ksp.setOperators(matrix)
        self.ksp.setUp()
        self.counts.factorisations += 1


@dataclass(frozen=True)
class _Application:
    """What PETSc calls back; it must not hold the solver, whose factors would then never be freed."""

    solver: "weakref.ref[_Preconditioned]"

    def apply(self, pc: Any, right: Any, result: Any) -> None:
        """Hand the call on (called by PETSc)."""
        found = self.solver()
        if found is not None:
            found.apply(pc, right, result)


class _Preconditioned(_Krylov):
    """Flexible GMRES behind a preconditioner of ours."""

    takes_guesses = True

    def __init__(self, comm: Any, rtol: float) -> None:
        super().__init__(comm)
        self.ksp.setType("fgmres")
        self.ksp.setGMRESRestart(60)
        self.ksp.setTolerances(rtol=rtol, atol=1e-300, max_it=300)
        pc = self.ksp.getPC()
        pc.setType("python")
        pc.setPythonContext(_Application(weakref.ref(self)))
        self.ksp.setFromOptions()
        self._finest: float = self.ksp.getTolerances()[0]

    @abstractmethod
    def apply(self, _pc: Any, right: Any, result: Any) -> None:
        """Apply the preconditioner to `right`, into `result`."""

    def _allow(self, enough: float) -> None:
        self.ksp.setTolerances(rtol=max(self._finest, min(enough, 1e-2)))


class ElasticSolver(_Preconditioned):
    """GMRES on the displacement alone behind the constant elastic block."""

    matrix_kind = "mpi"

    def __init__(self, comm: Any, elastic: ElasticBlock, rtol: float = RTOL) -> None:
        """Take the elastic block; `rtol` is the relative tolerance of GMRES."""
        super().__init__(comm, rtol)
        self.description = f"GMRES, elastic block {elastic.description}"
        self._elastic = elastic

    def prepare(self, matrix: PETSc.Mat, balance: float = 1.0) -> None:
        """Take a newly assembled matrix; the preconditioner stays."""
        del balance
        self.ksp.setOperators(matrix)

    def apply(self, _pc: Any, right: Any, result: Any) -> None:
        """Apply the preconditioner."""
        self._elastic.apply(right.getArray(readonly=True), result)


class BlockSolver(_Preconditioned):
    """GMRES on (u, mu) behind a lower block-triangular preconditioner.

    The u block is the constant elastic stiffness, set up once for the whole run; the mu block and the
    coupling below the diagonal are those of the prepared matrix.
    """

    matrix_kind = "nest"

    def __init__(self, comm: Any, elastic: ElasticBlock, rtol: float = RTOL) -> None:
        """Take the elastic block; `rtol` is the relative tolerance of GMRES."""
        super().__init__(comm, rtol)
        self.description = f"GMRES, elastic block {elastic.description} set up once, mu block LU"
        self._elastic = elastic
        self.counts.factorisations += 1
        self._transport: PETSc.KSP | None = None
        self._balance = 1.0

    def prepare(self, matrix: PETSc.Mat, balance: float = 1.0) -> None:
        """Take a nested matrix, scale its lithium rows by `balance`, and set up its mu block."""
        self._balance = balance
        transport = matrix.getNestSubMatrix(1, 1)
        for block in (matrix.getNestSubMatrix(1, 0), transport):
            block.scale(balance)
        self.ksp.setOperators(matrix)
        if self._transport is None:
            self._transport = inner_solver(self._comm, transport, "lu", "transport_")
            self._coupling = matrix.getNestSubMatrix(1, 0)
            self._work = [self._coupling.createVecs(), transport.createVecs()]
        else:
            self._transport.setOperators(transport)
            self._transport.setUp()
        self.counts.factorisations += 1

    def solve(self, right: Array, guess: Array | None = None, enough: float = 0.0) -> Array:
        """Solve for one right side, whose lithium rows are scaled as the matrix was."""
        size = self._elastic.size
        scaled = np.concatenate([right[:size], self._balance * right[size:]])
        return super().solve(scaled, guess, enough)

    def apply(self, _pc: Any, right: Any, result: Any) -> None:
        """Apply the preconditioner."""
        work: Any = self._work
        (u, _), (mu, rest) = work
        size = self._elastic.size
        values = right.getArray(readonly=True)
        self._elastic.apply(values[:size], u)
        self._coupling.mult(u, rest)
        rest.scale(-1.0)
        rest.getArray()[:] += values[size:]
        if self._transport is not None:
            self._transport.solve(rest, mu)
        result.getArray()[:size] = u.getArray(readonly=True)
        result.getArray()[size:] = mu.getArray(readonly=True)
