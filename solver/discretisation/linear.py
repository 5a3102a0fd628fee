"""Linear solves of the bordered Newton systems: what every solver offers, and direct factorisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from solver.discretisation.assembly import Block
from solver.discretisation.state import Memory
from solver.fenics import PETSc

Array = npt.NDArray[np.float64]

DIRECT_LIMIT = {1: 10**9, 2: 20_000, 3: 3_000}
"""Largest number of unknowns that `auto` factorises at each Newton iteration, by dimension of the mesh."""

SMALLEST_PIVOT = 1e-100
"""Pivot that PETSc's own LU takes for zero. Its default, 2e-14 whatever the size of the entries, refuses the
lithium rows of a nearly empty host beside the centre of a sphere, which weigh r^2 dr times the occupancy."""


@dataclass
class SolveCounts:
    """What the linear solver did.

    Attributes:
        solves: linear systems, one a right-hand side.
        iterations: of the Krylov method; a direct solve counts one.
        factorisations: of any matrix or block.
    """

    solves: int = 0
    iterations: int = 0
    factorisations: int = 0

    def include(self, earlier: "SolveCounts") -> None:
        """Count what another solver of the same run did, too."""
        self.solves += earlier.solves
        self.iterations += earlier.iterations
        self.factorisations += earlier.factorisations


@dataclass(frozen=True)
class Border:
    """How a few scalar unknowns s and their equations frame a system of fields x.

    The whole reads matrix x + columns^T s = right, rows x + corner s = excess.

    Attributes:
        columns: derivative of the fields' residuals with each scalar, shape (scalars, owned).
        rows: derivative of each scalar's equation with the fields, shape (scalars, owned).
        corner: derivative of the equations with the scalars, shape (scalars, scalars), the same on all ranks.
    """

    columns: Array
    rows: Array
    corner: Array

    @property
    def size(self) -> int:
        """Number of scalars."""
        return len(self.corner)

    def weigh(self, comm: Any, x: Array) -> Array:
        """rows x over all ranks, shape (scalars,) or (scalars, several)."""
        return np.asarray(comm.allreduce(self.rows @ x))


class LinearSolveError(ArithmeticError):
    """A linear system could not be solved; the message gives PETSc's reason."""


class Tangent(Protocol):
    """A linearised system of fields, assembled in whatever form its solvers want."""

    assemblies: int

    @property
    def blocks(self) -> Sequence[Block]:
        """The fields, in order."""

    def assemble(self) -> None:
        """Make it that of the fields' present values."""

    def split(self, values: Array) -> list[Array]:
        """Views of an owned vector of all fields, one per field."""

    def diagonal(self) -> Array:
        """Size of the diagonal entries, owned; those of a constant part may stand for the whole."""

    def destroy(self) -> None:
        """Release the matrices that are its own."""


class LinearSolver(Protocol):
    """Solves bordered systems with the tangent that was prepared last.

    Attributes:
        counts: what it did so far.
        description: in words, for the log and the summary.
    """

    counts: SolveCounts
    description: str

    def prepare(self, system: Any, balance: float = 1.0) -> None:
        """Take a newly assembled tangent, of the kind that this solver works on.

        Args:
            system: the tangent.
            balance: size of a force over the size of an amount of lithium that matters as much.
        """

    def solve(self, right: Array, excess: Array, border: Border, enough: float = 0.0) -> tuple[Array, Array]:
        """Solve for fields and scalars.

        Args:
            right: right side of the fields, owned entries, shape (owned,).
            excess: right side of the scalars, shape (scalars,), the same on all ranks.
            border: how fields and scalars meet.
            enough: relative residual at which an iterative solver may stop, unless its own is larger.

        Returns:
            Fields, shape (owned,), and scalars, shape (scalars,).

        Raises:
            LinearSolveError: on every rank.
        """

    def memory(self) -> Memory:
        """What outlives a solve and leaves its mark on the last digits of the next; this rank's part."""

    def recall(self, memory: Memory) -> None:
        """Take up the memory of an equal solver, before the next `prepare`."""


def choose(kind: str, mesh_dimension: int, unknowns: int) -> str:
    """The solver that `auto` stands for: `direct` or `block`."""
    if kind != "auto":
        return kind
    return "direct" if unknowns <= DIRECT_LIMIT[mesh_dimension] else "block"


def solve_small(matrix: Array, right: Array) -> Array:
    """Solve the system of the scalars.

    Raises:
        LinearSolveError: it is singular.
    """
    try:
        return np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError as error:
        msg = f"global conditions are singular: {error}"
        raise LinearSolveError(msg) from error


class DirectSolver:
    """LU of every prepared matrix: PETSc's own for a serial line mesh, else MUMPS.

    The scalars are eliminated last, by one back-substitution each and a small Schur complement.
    """

    def __init__(self, comm: Any, mesh_dimension: int) -> None:
        """Configure the factorisation."""
        self.counts = SolveCounts()
        package = "petsc" if comm.size == 1 and mesh_dimension == 1 else "mumps"
        self.description = f"direct (LU, {package})"
        self._comm = comm
        self._vectors: Any = None
        self.ksp = PETSc.KSP().create(comm)
        self.ksp.setType("preonly")
        pc = self.ksp.getPC()
        pc.setType("lu")
        pc.setFactorSolverType(package)
        pc.setFactorPivot(zeropivot=SMALLEST_PIVOT)
        self.ksp.setFromOptions()

    def prepare(self, system: Any, balance: float = 1.0) -> None:
        """Factorise an assembled matrix; the symbolic part is reused while the pattern stays."""
        del balance
        self.ksp.setOperators(system.matrix)
        self.ksp.setUp()
        self.counts.factorisations += 1

    def solve(self, right: Array, excess: Array, border: Border, enough: float = 0.0) -> tuple[Array, Array]:
        """Solve for fields and scalars, see `LinearSolver`."""
        del enough
        fields = self._substitute(right)
        if border.size == 0:
            return fields, np.zeros(0)
        answers = np.array([self._substitute(column) for column in border.columns])
        schur = border.corner - border.weigh(self._comm, answers.T)
        scalars = solve_small(schur, excess - border.weigh(self._comm, fields))
        return fields - scalars @ answers, scalars

    def memory(self) -> Memory:
        """Nothing: every matrix is factorised."""
        return {}

    def recall(self, memory: Memory) -> None:
        """There is nothing to recall."""

    def _substitute(self, right: Array) -> Array:
        """Solve for one right side of the fields alone."""
        if self._vectors is None:
            matrix: Any = self.ksp.getOperators()[0]
            self._vectors = matrix.createVecs()
        x, b = self._vectors
        b.setArray(right)
        self.ksp.solve(b, x)
        self.counts.solves += 1
        self.counts.iterations += 1
        return checked(self.ksp, x, self._comm)


def checked(ksp: PETSc.KSP, solution: Any, comm: Any) -> Array:
    """Owned entries of a solution.

    Raises:
        LinearSolveError: on every rank: PETSc gave up, or the values are not finite.
    """
    reason: Any = ksp.getConvergedReason()
    if reason < 0:
        msg = f"linear solve failed (PETSc reason {reason})"
        raise LinearSolveError(msg)
    values = solution.getArray().copy()
    # All ranks give up together: one that went on alone would wait for the others for ever.
    if comm.allreduce(int(not np.all(np.isfinite(values)))):
        msg = "linear solve gave values that are not finite"
        raise LinearSolveError(msg)
    return np.asarray(values)
