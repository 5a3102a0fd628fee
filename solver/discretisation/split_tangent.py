"""The tangent in parts, of which only small ones are ever assembled again.

The momentum residual is linear in the displacement and in the occupancy at the quadrature points, with
constant matrices K and D: its change is K du + D dtheta. At each point by itself the occupancy answers
b = mu + pull . strain by dtheta = response db, and pull is proportional to the force that lithium makes, so
that db = N dmu - (ratio/weight) D^T du. The lithium balance sees the displacement only through b and through
the hydrostatic stress that acts on the mobility: two matrices from points to nodes. Softening and coupling
are thus products with sparse matrices and diagonals; a Newton iteration assembles a twentieth of all entries.

Where V changes with lithium the force is that of two strains, each with a slope of its own on the occupancy.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solver.discretisation.assembly import Assembled, Block
from solver.fenics import PETSc

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Points:
    """What the quadrature points of the owned cells do, whatever the state.

    Attributes:
        forces: D, one matrix per strain that lithium makes, rows u, columns points.
        shapes: N, rows points, columns mu.
        pull: what D^T du is multiplied by to give pull . strain, shape (points,); or, where lithium makes no
            force, matrices that give it per strain (rows points, columns u).
        stress: the same for the hydrostatic stress, or the matrix that gives it.
        response: gives d theta/db at the points, shape (points,).
        slopes: gives each strain's slope with occupancy, 1 or shape (points,).
    """

    forces: Sequence[PETSc.Mat]
    shapes: PETSc.Mat
    pull: Array | Sequence[PETSc.Mat]
    stress: Array | PETSc.Mat
    response: Callable[[], Array]
    slopes: Callable[[], Sequence[Array | float]]


@dataclass(frozen=True)
class Balance:
    """Derivatives of the lithium balance.

    Attributes:
        by_drive: with b at the points, the displacement's part of it.
        by_stress: with the hydrostatic stress that acts on the mobility at the points.
        by_potential: with mu, that within b included.
        at_surface: with u through the occupancy of the surface, or None where no law looks at that.
    """

    by_drive: Assembled
    by_stress: Assembled
    by_potential: Assembled
    at_surface: Assembled | None = None


class SplitTangent:
    """The tangent of u, or of u and mu, applied without being assembled as a whole."""

    def __init__(
        self, blocks: Sequence[Block], stiffness: PETSc.Mat, points: Points, balance: Balance | None = None
    ) -> None:
        """Take the parts.

        Args:
            blocks: u, and mu where it is unknown.
            stiffness: K, constraints included.
            points: what the points do.
            balance: derivatives of the lithium balance, where mu is unknown.
        """
        self.blocks = list(blocks)
        self._stiffness, self._points, self._balance = stiffness, points, balance
        self.size = blocks[0].owned
        self.owned = sum(block.owned for block in blocks)
        self.assemblies = 0
        self._answer = np.zeros(0)
        self._slopes: Sequence[Array | float] = ()
        self._u: Any = stiffness.createVecRight()
        self._force: Any = stiffness.createVecLeft()
        self._at: Any = points.forces[0].createVecRight()
        self._stiff_diagonal = np.abs(stiffness.getDiagonal().getArray())
        if balance is not None:
            self._mu: Any = balance.by_potential.matrix.createVecRight()
            self._amount: Any = balance.by_potential.matrix.createVecLeft()

    @property
    def transport(self) -> PETSc.Mat | None:
        """Derivative of the lithium balance with mu, or None where mu is held."""
        return None if self._balance is None else self._balance.by_potential.matrix

    def assemble(self) -> None:
        """Make it the tangent of the fields' present values."""
        if self._balance is not None:
            for part in (self._balance.by_drive, self._balance.by_stress, self._balance.by_potential):
                part.refill()
            if self._balance.at_surface is not None:
                self._balance.at_surface.refill()
        self._answer, self._slopes = self._points.response(), self._points.slopes()
        self.assemblies += 1

    def couple(self, u: Array) -> Array:
        """Change of the lithium balance with u alone, owned entries."""
        if self._balance is None:
            return np.zeros(0)
        self._u.setArray(u)
        return self._lithium(self._balance, self._drive())

    def split(self, values: Array) -> list[Array]:
        """Views of an owned vector of all fields, one per field."""
        return [values[: self.size], values[self.size :]][: len(self.blocks)]

    def diagonal(self) -> Array:
        """Size of the diagonal entries, owned; K's own stand for those of u."""
        if self._balance is None:
            return self._stiff_diagonal
        below = np.abs(self._balance.by_potential.matrix.getDiagonal().getArray())
        return np.concatenate([self._stiff_diagonal, below])

    def multiply(self, x: Array) -> Array:
        """The tangent times a vector of all fields, owned entries."""
        points, at, result = self._points, self._at, np.empty_like(x)
        self._u.setArray(x[: self.size])
        drive = self._drive()
        if self._balance is not None:
            self._mu.setArray(x[self.size :])
            result[self.size :] = self._lithium(self._balance, drive)
            self._balance.by_potential.matrix.mult(self._mu, self._amount)
            result[self.size :] += self._amount.getArray(readonly=True)
            points.shapes.mult(self._mu, at)
            drive += at.getArray(readonly=True)
        self._stiffness.mult(self._u, self._force)
        drive *= self._answer
        for force, slope in zip(points.forces, self._slopes, strict=True):
            at.setArray(slope * drive)
            force.multAdd(at, self._force, self._force)
        result[: self.size] = self._force.getArray(readonly=True)
        return result

    def _drive(self) -> Array:
        """Pull . strain of u at the points; afterwards D^T u (of the last strain) lies there."""
        points, at, drive = self._points, self._at, np.zeros(len(self._answer))
        if isinstance(points.pull, np.ndarray):
            for force, slope in zip(points.forces, self._slopes, strict=True):
                force.multTranspose(self._u, at)
                drive += at.getArray(readonly=True) * points.pull * slope
        else:
            for pull, slope in zip(points.pull, self._slopes, strict=True):
                pull.mult(self._u, at)
                drive += at.getArray(readonly=True) * slope
        return drive

    def _lithium(self, balance: Balance, drive: Array) -> Array:
        """Change of the lithium balance with u, which makes a drive at the points."""
        at, amount = self._at, self._amount
        if isinstance(self._points.stress, np.ndarray):
            at.setArray(at.getArray() * self._points.stress)  # D^T du is still in there
        else:
            self._points.stress.mult(self._u, at)
        balance.by_stress.matrix.mult(at, amount)
        at.setArray(drive)
        balance.by_drive.matrix.multAdd(at, amount, amount)
        if balance.at_surface is not None:
            balance.at_surface.matrix.multAdd(self._u, amount, amount)
        return np.asarray(amount.getArray(readonly=True))

    def destroy(self) -> None:
        """Release the matrices that are its own; the constant ones belong to others."""
        if self._balance is not None:
            b = self._balance
            for part in (b.by_drive, b.by_stress, b.by_potential, b.at_surface):
                if part is not None:
                    part.matrix.destroy()
