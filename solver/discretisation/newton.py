"""Newton's method on fields bordered by a few global scalars."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from solver.discretisation.assembly import Block, assemble_rows
from solver.discretisation.linear import Border, LinearSolveError, LinearSolver, Tangent
from solver.discretisation.state import NewtonResult
from solver.discretisation.stopwatch import Stopwatch
from solver.fenics import MPI
from solver.materials.elimination import LocalSolveError

Array = npt.NDArray[np.float64]

MAX_POTENTIAL_STEP = 2.0
"""Largest change of mu, or of the electrode's potential, in one iteration [R T]: beyond it an exponential law
is not linear any more, and a current far above the exchange current would send the potential to infinity."""

ENOUGH = 0.1
"""A linear solve may leave this much of what Newton tolerates; below it more accuracy changes nothing."""

ROUND_OFF = 16.0 * float(np.finfo(float).eps)


class GlobalCondition(Protocol):
    """One scalar unknown with its equation."""

    name: str

    @property
    def scale(self) -> float:
        """Size of a residual that counts as one."""

    def get(self) -> float:
        """Present value of the scalar unknown."""

    def set(self, value: float) -> None:
        """Set the scalar unknown."""

    def residual(self) -> float:
        """Present residual of the equation, the same on all ranks."""

    def column(self, block: Block) -> Array:
        """Derivative of a field's residual with the scalar, owned entries."""

    def row(self, block: Block) -> Array:
        """Derivative of the equation with a field, owned entries."""

    def corner(self, other: "GlobalCondition") -> float:
        """Derivative of the equation with another scalar (or itself)."""


@dataclass(frozen=True)
class Residual:
    """How one field's residual is made and judged.

    Attributes:
        form: compiled linear form.
        scale: gives the norm that counts as one.
        sum_scale: gives the denominator of the residual's sum, or None where the sum means nothing.
    """

    form: Any
    scale: Callable[[], float]
    sum_scale: Callable[[], float] | None = None


@dataclass
class BorderedNewton:
    """Solves fields and scalars together, one factorisation an iteration.

    Attributes:
        system: tangent of the fields.
        residuals: one per field, in the system's order.
        conditions: the scalars.
        update: recomputes the pointwise state after the fields have moved.
        linear: linear solver.
        watch: counts the time of assembly and linear solves.
        tolerance: relative tolerance of each norm.
        sum_tolerance: tolerance of the summed residual over its denominator.
        max_iterations: give up after so many.
        noise: by field, size of the terms that cancelled in the last residual that a matrix was made for.
    """

    system: Tangent
    residuals: Sequence[Residual]
    conditions: Sequence[GlobalCondition]
    update: Callable[[], None]
    linear: LinearSolver
    watch: Stopwatch = field(default_factory=Stopwatch)
    tolerance: float = 1e-11
    sum_tolerance: float = 1e-13
    max_iterations: int = 40
    noise: dict[str, float] = field(default_factory=dict)

    def solve(self) -> NewtonResult:
        """Iterate from the fields' present values; on failure they hold the last iterate."""
        norms: dict[str, float] = {}
        iteration = 0
        try:
            for iteration in range(self.max_iterations + 1):
                with self.watch.measure("assemble"):
                    with self.watch.measure("local"):
                        self.update()
                    rows = [
                        assemble_rows(r.form, b)
                        for r, b in zip(self.residuals, self.system.blocks, strict=True)
                    ]
                    excess = np.array([condition.residual() for condition in self.conditions])
                    norms = self._norms(rows, excess)
                worst = max(norms.values())
                if not np.isfinite(worst):
                    return NewtonResult(False, iteration, norms, "residual is not finite")
                if worst <= 1.0:
                    return NewtonResult(True, iteration, norms)
                if iteration == self.max_iterations:
                    break
                self._step(rows, excess, ENOUGH / worst)
        except (LinearSolveError, LocalSolveError, FloatingPointError) as error:
            return NewtonResult(False, iteration, norms, str(error))
        far = ", ".join(f"{name} {norm:.2g}" for name, norm in norms.items() if norm > 1.0)
        words = f"no convergence in {self.max_iterations} iterations (residual over its tolerance: {far})"
        return NewtonResult(False, self.max_iterations, norms, words)

    def _norms(self, rows: list[Array], excess: Array) -> dict[str, float]:
        """Each residual over its tolerance: converged where all are at most 1."""
        comm = self.system.blocks[0].mesh.comm
        norms = {}
        for block, residual, values in zip(self.system.blocks, self.residuals, rows, strict=True):
            norm = np.sqrt(comm.allreduce(float(values @ values)))
            noise = ROUND_OFF * self.noise.get(block.name, 0.0)
            norms[block.name] = float(norm) / max(self.tolerance * residual.scale(), noise, 1e-300)
            if residual.sum_scale is not None:
                total = abs(comm.allreduce(float(values.sum())))
                norms[f"sum of {block.name}"] = total / (self.sum_tolerance * residual.sum_scale())
        for condition, value in zip(self.conditions, excess, strict=True):
            norms[condition.name] = abs(value) / (self.tolerance * condition.scale)
        return norms

    def _measure_noise(self) -> None:
        """Size of the terms that cancel in each residual: the diagonal times the field."""
        comm = self.system.blocks[0].mesh.comm
        diagonal = self.system.split(self.system.diagonal())
        for block, entries in zip(self.system.blocks, diagonal, strict=True):
            terms = entries * np.abs(block.function.x.array[: block.owned])
            self.noise[block.name] = float(np.sqrt(comm.allreduce(float(terms @ terms))))

    def _step(self, rows: list[Array], excess: Array, enough: float) -> None:
        """One damped step: eliminate the fields, solve the small system of the scalars, move both.

        Args:
            rows: residual per field, owned entries.
            excess: residual per scalar.
            enough: relative residual that the linear solves need not go below.
        """
        comm = self.system.blocks[0].mesh.comm
        with self.watch.measure("assemble"):
            self.system.assemble()
            self._measure_noise()
            border = self._border()
        with self.watch.measure("solve"):
            with self.watch.measure("preconditioner"):
                self.linear.prepare(self.system, self._balance())
            change, shift = self.linear.solve(-np.concatenate(rows), -excess, border, enough)
        parts = self.system.split(change)
        largest = 0.0
        for block, part in zip(self.system.blocks, parts, strict=True):
            if block.name == "mu" and len(part):
                largest = float(np.max(np.abs(part)))
        moves = zip(self.conditions, shift, strict=True)
        largest = max([largest, *(abs(float(move)) for c, move in moves if c.name == "electrode")])
        largest = comm.allreduce(largest, op=MPI.MAX)
        damping = min(1.0, MAX_POTENTIAL_STEP / largest) if largest > 0.0 else 1.0
        for block, part in zip(self.system.blocks, parts, strict=True):
            block.function.x.array[: block.owned] += damping * part
            block.function.x.scatter_forward()
        for condition, move in zip(self.conditions, shift, strict=True):
            condition.set(condition.get() + damping * float(move))

    def _balance(self) -> float:
        """Scale of the first residual over that of the last: what both must reach together."""
        first, last = (residual.scale() for residual in (self.residuals[0], self.residuals[-1]))
        return first / last if last > 0.0 else 1.0

    def _border(self) -> Border:
        """How the scalars meet the fields."""
        blocks, conditions = self.system.blocks, self.conditions
        owned, size = sum(block.owned for block in blocks), len(conditions)
        columns, rows, corner = np.empty((size, owned)), np.empty((size, owned)), np.empty((size, size))
        for i, condition in enumerate(conditions):
            columns[i] = np.concatenate([condition.column(block) for block in blocks])
            rows[i] = np.concatenate([condition.row(block) for block in blocks])
            for j, other in enumerate(conditions):
                corner[i, j] = condition.corner(other)
        return Border(columns, rows, corner)
