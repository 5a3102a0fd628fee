"""A crystal with tabulated lattice parameters at given strain: potential, spinodals and roots, by tensors.

Shares nothing with the program: SciPy's interpolation, 3x3 tensors in crystal axes, Brent's method on the
monotone branches of mu(theta).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.interpolate import PchipInterpolator
from scipy.optimize import brentq
from scipy.special import expit

from solver.constants import GAS_CONSTANT

Array = npt.NDArray[np.float64]

ENDS = 1e-6
"""Folds are sought from here to as far from a full host; nearer, the host's own slope rules."""

REACH = 400.0
"""Largest size of a root's ln(theta/(1 - theta))."""

LOOKS = 600
"""Occupancies at which a change of sign of the slope is looked for."""

INDICES = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))


def square(stiffness: Array) -> Array:
    """Stiffness as a tensor of rank four, shape (3, 3, 3, 3), from Voigt's matrix."""
    tensor = np.empty((3, 3, 3, 3))
    for p, (i, j) in enumerate(INDICES):
        for q, (k, m) in enumerate(INDICES):
            for one in ((i, j), (j, i)):
                for other in ((k, m), (m, k)):
                    tensor[(*one, *other)] = stiffness[p, q]
    return tensor


@dataclass(frozen=True)
class CurvedCrystal:
    """The lattice gas of one site, mu_host = mu0 + R T ln(theta/(1 - theta)), in a crystal with a table.

    Attributes:
        rows: occupancy, a and c of each row, shape (rows, 3).
        reference: occupancy without strain [1].
        stiffness: in crystal axes, shape (3, 3, 3, 3) [Pa].
        capacity: c_max [mol/m^3].
        temperature: [K].
        mean: whether the expansion is averaged over all orientations.
    """

    rows: Array
    reference: float
    stiffness: Array
    capacity: float
    temperature: float
    mean: bool = False

    @cached_property
    def _curves(self) -> Sequence[PchipInterpolator]:
        return [PchipInterpolator(self.rows[:, 0], self.rows[:, k]) for k in (1, 2)]

    def eigenstrain(self, theta: Array | float, order: int = 0) -> Array:
        """eps_star(theta) or a derivative of it [1], shape (*theta.shape, 3, 3)."""
        along_a, along_c = (
            curve(theta, order) / curve(self.reference) - (order == 0) for curve in self._curves
        )
        if self.mean:
            along_a = along_c = (2.0 * along_a + along_c) / 3.0
        strain = np.zeros((*np.shape(theta), 3, 3))
        strain[..., 0, 0] = strain[..., 1, 1] = along_a
        strain[..., 2, 2] = along_c
        return strain

    def stress(self, theta: Array | float, strain: Array) -> Array:
        """Stress [Pa], shape (*theta.shape, 3, 3), at a strain, shape (3, 3)."""
        return np.tensordot(strain - self.eigenstrain(theta), self.stiffness, 2)

    def potential(self, theta: Array | float, strain: Array) -> Array:
        """mu - mu0 [J/mol] at a strain, shape of theta."""
        theta = np.asarray(theta)
        host = GAS_CONSTANT * self.temperature * np.log(theta / (1.0 - theta))
        return np.asarray(host - self._work(theta, strain))

    def _work(self, theta: Array | float, strain: Array) -> Array:
        """sigma : V [J/mol], shape of theta."""
        volume = self.eigenstrain(theta, 1) / self.capacity
        return np.asarray(np.einsum("...ij,...ij", self.stress(theta, strain), volume))

    def slope(self, theta: Array | float, strain: Array) -> Array:
        """d mu/d theta = mu_host' + c_max V:C:V - sigma:V' [J/mol] at a strain; zero on a spinodal."""
        theta = np.asarray(theta)
        volume = self.eigenstrain(theta, 1) / self.capacity
        change = self.eigenstrain(theta, 2) / self.capacity
        host = GAS_CONSTANT * self.temperature / (theta * (1.0 - theta))
        stiff = self.capacity * np.einsum("...ij,...ij", np.tensordot(volume, self.stiffness, 2), volume)
        return np.asarray(host + stiff - np.einsum("...ij,...ij", self.stress(theta, strain), change))

    @cached_property
    def _looks(self) -> Array:
        """Occupancies, two next to each row: the slope jumps there."""
        rows = self.rows[1:-1, 0]
        even = np.linspace(0.0, 1.0, LOOKS + 1)[1:-1]
        return np.sort(np.concatenate([[ENDS, 1.0 - ENDS], even, rows - 1e-12, rows + 1e-12]))

    def folds(self, strain: Array) -> Array:
        """Occupancies at which mu(theta) turns, ascending, at a strain: the spinodals."""
        slopes = self.slope(self._looks, strain)
        turns = np.flatnonzero((slopes[1:] > 0.0) != (slopes[:-1] > 0.0))
        pairs = zip(self._looks[turns], self._looks[turns + 1], strict=True)
        return np.array(
            [brentq(lambda t: float(self.slope(t, strain)), low, high, xtol=1e-15) for low, high in pairs]
        )

    def roots(self, potential: float, strain: Array) -> Array:
        """Every y = ln(theta/(1 - theta)) with this mu - mu0 [J/mol] at a strain, ascending.

        There is one on each branch between two folds whose ends lie on either side of it.
        """
        folds = self.folds(strain)
        ends = np.concatenate([[-REACH], np.log(folds / (1.0 - folds)), [REACH]])

        def excess(y: float) -> float:
            return GAS_CONSTANT * self.temperature * y - self._work(expit(y), strain) - potential

        values = [excess(y) for y in ends]
        return np.array(
            [
                brentq(excess, ends[k], ends[k + 1], xtol=1e-14, rtol=1e-14)
                for k in range(len(ends) - 1)
                if (values[k] > 0.0) != (values[k + 1] > 0.0)
            ]
        )
