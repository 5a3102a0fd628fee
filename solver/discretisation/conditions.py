"""The global scalars that border the fields: electrode potential, axial strain, level of a closed start.

Each is one unknown with one equation, `own * value + gain * functional - target = 0`.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from solver.discretisation.assembly import Block, assemble_number, assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.forms import Forms

import ufl  # isort: skip  (the wheel must be opened first)

Array = npt.NDArray[np.float64]


class Condition:
    """A scalar unknown, its functional, and how both couple to the fields.

    Attributes:
        name: for messages and norms.
        own: factor on the unknown itself.
        gain: factor on the functional.
        target: value that both together must reach.
    """

    def __init__(
        self, name: str, forms: Forms, functional: Any, direction: str, functions: list[Any]
    ) -> None:
        """Derive and compile the couplings.

        Args:
            name: name of the scalar.
            forms: the residuals.
            functional: UFL functional of the equation.
            direction: which unknown moves with the scalar: `electrode`, `axial` or `mu`.
            functions: functions that carry the scalar's value at every point.
        """
        self.name, self.direction = name, direction
        self.own, self.gain, self.target, self._scale = 0.0, 1.0, 0.0, 1.0
        self._functions = functions
        self._comm = forms.unknowns.imported.mesh.comm
        self._forms, self._functional = forms, functional
        self._value = compile_form(functional)
        self._compiled: dict[tuple[str, str], Any] = {}
        self._scalar = 0.0

    @property
    def scale(self) -> float:
        """Size of a residual that counts as one."""
        return self._scale

    def demand(self, own: float, gain: float, target: float, scale: float) -> None:
        """State the equation own * value + gain * functional = target and the size of its residual."""
        self.own, self.gain, self.target, self._scale = own, gain, target, scale

    def measure(self) -> float:
        """Present value of the functional."""
        return assemble_number(self._value, self._comm)

    def get(self) -> float:
        """Present value of the scalar unknown."""
        return self._scalar

    def set(self, value: float) -> None:
        """Set the scalar unknown everywhere."""
        self._scalar = float(value)
        for function in self._functions:
            function.x.array[:] = value

    def residual(self) -> float:
        """own * value + gain * functional - target."""
        return self.own * self._scalar + self.gain * self.measure() - self.target

    def _coupling(self, kind: str, name: str) -> Any:
        """Compiled derivative: of a field's residual, of the equation with a field, or with a scalar."""
        if (kind, name) not in self._compiled:
            f, one = self._forms, ufl.as_ufl(1.0)
            if kind == "column":
                form = f.vary(f.momentum if name == "u" else f.lithium, **{self.direction: one})
            elif kind == "row":
                field = f.unknowns.u if name == "u" else f.unknowns.mu
                form = f.vary(self._functional, **{name: ufl.TestFunction(field.function_space)})
            else:
                form = f.vary(self._functional, **{name: one})
            self._compiled[kind, name] = compile_form(form)
        return self._compiled[kind, name]

    def column(self, block: Block) -> Array:
        """Derivative of a field's residual with the scalar."""
        return assemble_rows(self._coupling("column", block.name), block)

    def row(self, block: Block) -> Array:
        """Derivative of the equation with a field."""
        return self.gain * assemble_rows(self._coupling("row", block.name), block)

    def corner(self, other: Any) -> float:
        """Derivative of the equation with another scalar, or with its own."""
        slope = assemble_number(self._coupling("corner", other.direction), self._comm)
        return self.gain * slope + (self.own if other is self else 0.0)
