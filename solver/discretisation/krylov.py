"""GMRES on fields and scalars together, behind an elastic set-up that lasts for the whole run."""

import weakref
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from solver.discretisation.elastic_block import ElasticBlock
from solver.discretisation.linear import Border, SolveCounts, Tangent, checked, solve_small
from solver.discretisation.state import Memory
from solver.discretisation.transport_block import TransportBlock
from solver.fenics import PETSc

Array = npt.NDArray[np.float64]

RTOL = 1e-4
"""Relative residual at which GMRES stops, both fields weighed alike: Newton takes as many iterations as with
1e-9, the linear solves less than half (1e-3 costs Newton a tenth more)."""

LOOSEST = 1e-2
"""Relative residual that every solve goes below, however little Newton still wants."""

MOST_ITERATIONS = 300


class AppliedTangent(Tangent, Protocol):
    """A tangent that is applied to vectors, not assembled as a whole.

    Attributes:
        owned: entries of a vector of all its fields.
    """

    owned: int

    @property
    def transport(self) -> PETSc.Mat | None:
        """Derivative of the lithium balance with mu, or None where mu is held."""

    def couple(self, u: Array) -> Array:
        """Change of the lithium balance with u alone, owned entries."""

    def multiply(self, x: Array) -> Array:
        """The tangent times a vector of all fields, owned entries."""


@dataclass(frozen=True)
class _Callback:
    """What PETSc calls back; it must not hold the solver, whose factors would then never be freed."""

    solver: "weakref.ref[KrylovSolver]"

    def mult(self, _matrix: Any, x: Any, y: Any) -> None:
        """Apply the system (called by PETSc)."""
        found = self.solver()
        if found is not None:
            found.multiply(x, y)

    def apply(self, _pc: Any, right: Any, result: Any) -> None:
        """Apply the preconditioner (called by PETSc)."""
        found = self.solver()
        if found is not None:
            found.precondition(right, result)


class KrylovSolver:
    """Flexible GMRES on (u, mu), or on one of them alone, with the scalars condensed out.

    With the scalars' corner K, columns C and rows R, GMRES sees A - C K^-1 R: one right side, however many
    scalars. The preconditioner is lower block-triangular: u by the constant elastic stiffness, then mu by the
    factors of its block; it follows the scalars by Woodbury's formula. (Upper triangular, which needs no
    coupling of its own, takes ten times the iterations where increments are long.)
    """

    def __init__(self, comm: Any, elastic: ElasticBlock | None, rtol: float = RTOL) -> None:
        """Take the elastic block, None where u is held; `rtol` is the relative tolerance of GMRES."""
        self.counts = SolveCounts()
        self._elastic, self._comm, self._rtol = elastic, comm, rtol
        self._size = 0 if elastic is None else elastic.size
        self.description = "GMRES, mu block LU"
        if elastic is not None:
            self.description = f"GMRES, elastic block {elastic.description} set up once, mu block LU"
        self._transport: TransportBlock | None = None
        self._recalled: Memory = {}
        self._system: AppliedTangent | None = None
        self._balance = 1.0
        self._border = Border(np.zeros((0, 0)), np.zeros((0, 0)), np.zeros((0, 0)))
        self.ksp: Any = None
        self._vectors: Any = None

    def prepare(self, system: AppliedTangent, balance: float = 1.0) -> None:
        """Take a newly assembled tangent; the elastic preconditioner stays."""
        self._balance, self._system = balance, system
        if self._elastic is not None:
            self.counts.factorisations += self._elastic.set_up()
        if self.ksp is None:
            self._create(system)
        if system.transport is not None:
            if self._transport is None:
                self._transport = TransportBlock(self._comm, system.transport)
                self.counts.factorisations += self._transport.recall(self._recalled)
            self.counts.factorisations += self._transport.refresh()

    def _create(self, system: AppliedTangent) -> None:
        """Make GMRES for systems of this size."""
        back = _Callback(weakref.ref(self))
        size = (system.owned, self._comm.allreduce(system.owned))
        operator = PETSc.Mat().createPython((size, size), back, self._comm)
        operator.setUp()
        self.ksp = PETSc.KSP().create(self._comm)
        self.ksp.setType("fgmres")
        self.ksp.setGMRESRestart(60)
        self.ksp.setTolerances(rtol=self._rtol, atol=1e-300, max_it=MOST_ITERATIONS)
        pc = self.ksp.getPC()
        pc.setType("python")
        pc.setPythonContext(back)
        self.ksp.setOperators(operator)
        self.ksp.setFromOptions()
        self._rtol = self.ksp.getTolerances()[0]
        self._vectors = operator.createVecs()

    def solve(self, right: Array, excess: Array, border: Border, enough: float = 0.0) -> tuple[Array, Array]:
        """Solve for fields and scalars, see `LinearSolver`."""
        scaled = self._scaled(right.copy())
        self._frame(border)
        if border.size:
            scaled -= solve_small(border.corner, excess) @ self._border.columns
        x, b = self._vectors
        b.setArray(scaled)
        self.ksp.setTolerances(rtol=max(self._rtol, min(enough, LOOSEST)))
        self.ksp.solve(b, x)
        taken = self.ksp.getIterationNumber()
        self.counts.solves += 1
        self.counts.iterations += taken
        if self._transport is not None:
            self._transport.took(taken)
        fields = checked(self.ksp, x, self._comm)
        if border.size == 0:
            return fields, np.zeros(0)
        return fields, solve_small(border.corner, excess - border.weigh(self._comm, fields))

    def memory(self) -> Memory:
        """The matrix behind the factors of the lithium block, where there are any yet."""
        return {} if self._transport is None else self._transport.memory()

    def recall(self, memory: Memory) -> None:
        """Factorise that matrix again when the next tangent comes."""
        self._recalled = memory

    def _scaled(self, values: Array) -> Array:
        """Weigh rows of lithium like rows of force, in place."""
        values[self._size :] *= self._balance
        return values

    def _frame(self, border: Border) -> None:
        """Take a border, and find what its columns do to the preconditioner."""
        columns = np.array([self._scaled(column.copy()) for column in border.columns])
        self._border = Border(columns.reshape(border.columns.shape), border.rows, border.corner)
        if border.size:
            self._answers = np.array([self._precondition_fields(column) for column in columns])
            self._schur = border.corner - border.weigh(self._comm, self._answers.T)

    def multiply(self, x: Any, y: Any) -> None:
        """Apply the condensed system, rows scaled."""
        if self._system is None:
            return
        values = x.getArray(readonly=True)
        result = self._scaled(self._system.multiply(values))
        if self._border.size:
            scalars = solve_small(self._border.corner, self._border.weigh(self._comm, values))
            result -= scalars @ self._border.columns
        y.setArray(result)

    def precondition(self, right: Any, result: Any) -> None:
        """Apply the preconditioner to a right side with scaled rows."""
        fields = self._precondition_fields(right.getArray(readonly=True))
        if self._border.size:
            scalars = solve_small(self._schur, self._border.weigh(self._comm, fields))
            fields += scalars @ self._answers
        result.setArray(fields)

    def _precondition_fields(self, right: Array) -> Array:
        """The block-triangular part of the preconditioner."""
        size, system = self._size, self._system
        result = np.empty_like(right)
        if self._elastic is not None:
            result[:size] = self._elastic.apply(right[:size])
        if system is not None and self._transport is not None:
            rest = right[size:] / self._balance - system.couple(result[:size])
            result[size:] = self._transport.apply(rest)
        return result
