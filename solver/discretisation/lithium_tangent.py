"""The tangent of mu alone, where lithium does not look at stress."""

from typing import Any

import numpy as np
import numpy.typing as npt

from solver.discretisation.assembly import Assembled, Block
from solver.fenics import PETSc

Array = npt.NDArray[np.float64]


class LithiumTangent:
    """Derivative of the lithium balance with mu, see `solver.discretisation.krylov.AppliedTangent`."""

    def __init__(self, block: Block, by_potential: Assembled) -> None:
        """Take the matrix.

        Args:
            block: mu.
            by_potential: derivative of the lithium balance with mu.
        """
        self.blocks, self._by_potential = [block], by_potential
        self.owned, self.assemblies = block.owned, 0
        self._right: Any = by_potential.matrix.createVecRight()
        self._left: Any = by_potential.matrix.createVecLeft()

    @property
    def transport(self) -> PETSc.Mat:
        """The matrix."""
        return self._by_potential.matrix

    def assemble(self) -> None:
        """Make it the tangent of the present values."""
        self._by_potential.refill()
        self.assemblies += 1

    def couple(self, u: Array) -> Array:
        """Change of the lithium balance with u: none."""
        del u
        return np.zeros(self.owned)

    def multiply(self, x: Array) -> Array:
        """The matrix times a vector, owned entries."""
        self._right.setArray(x)
        self._by_potential.matrix.mult(self._right, self._left)
        return np.array(self._left.getArray(readonly=True), dtype=float)

    def split(self, values: Array) -> list[Array]:
        """The only field."""
        return [values]

    def diagonal(self) -> Array:
        """Size of the diagonal entries, owned."""
        return np.abs(self.transport.getDiagonal().getArray())

    def destroy(self) -> None:
        """Release the matrix."""
        self.transport.destroy()
