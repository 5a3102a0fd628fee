"""Host laws: how much lithium a phase holds at a given potential.

A host gives its occupancy theta as a function of the reduced host potential `y` = mu_host/(R T) = -F U/(R T)
[1], the *inverse* of the usual U(theta). Every function works on arrays of any shape and increases with `y`.
"""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@runtime_checkable
class Host(Protocol):
    """An occupancy law theta(y) with its first two derivatives."""

    @property
    def holds_lithium(self) -> bool:
        """Whether the phase stores and conducts lithium at all."""

    @property
    def bounded(self) -> bool:
        """Whether theta stays in (0, 1) for every y."""

    def occupancy(self, y: Array) -> Array:
        """Occupancy theta [1] at reduced host potential y [1]."""

    def slope(self, y: Array) -> Array:
        """d theta / dy [1]."""

    def curvature(self, y: Array) -> Array:
        """d2 theta / dy2 [1]."""

    def potential(self, theta: Array) -> Array:
        """The inverse: y [1] at occupancy theta [1]."""

    def shifted(self, level: float) -> "Host":
        """The same law with potentials counted from `level` [1]."""


@dataclass(frozen=True)
class MsmrHost:
    """Multi-site, multi-reaction host: theta = sum_j X_j / (1 + exp(-(y - y_j)/omega_j)).

    With y = -F U/(R T) this is the law of Verbrugge et al. (2017), eq. 5. One site with omega = 1 is the
    ideal lattice gas.

    Attributes:
        levels: y_j = -F U0_j/(R T), shape (sites,) [1].
        fractions: X_j, shape (sites,), sum 1 [1].
        widths: omega_j, shape (sites,) [1].
    """

    levels: tuple[float, ...]
    fractions: tuple[float, ...]
    widths: tuple[float, ...]

    holds_lithium = True
    bounded = True

    def _sites(self, y: Array) -> tuple[Array, Array]:
        """Filled and empty share of each site, shape (sites, *y.shape); neither is ever cancelled to zero."""
        trailing = (1,) * np.ndim(y)
        levels = np.reshape(self.levels, (-1, *trailing))
        widths = np.reshape(self.widths, (-1, *trailing))
        z = (np.asarray(y) - levels) / widths
        small = np.exp(-np.abs(z))
        large_share, small_share = 1.0 / (1.0 + small), small / (1.0 + small)
        filled = np.where(z >= 0.0, large_share, small_share)
        empty = np.where(z >= 0.0, small_share, large_share)
        return filled, empty

    def _weighted(self, values: Array, power: int) -> Array:
        weights = np.asarray(self.fractions) / np.asarray(self.widths) ** power
        return np.asarray(np.tensordot(weights, values, axes=1))

    def occupancy(self, y: Array) -> Array:
        """Occupancy theta [1], strictly between 0 and 1."""
        filled, _ = self._sites(y)
        return self._weighted(filled, 0)

    def slope(self, y: Array) -> Array:
        """d theta / dy = sum X f (1 - f)/omega [1]."""
        filled, empty = self._sites(y)
        return self._weighted(filled * empty, 1)

    def curvature(self, y: Array) -> Array:
        """d2 theta / dy2 = sum X f (1 - f)(1 - 2 f)/omega^2 [1]."""
        filled, empty = self._sites(y)
        return self._weighted(filled * empty * (empty - filled), 2)

    def potential(self, theta: Array) -> Array:
        """Reduced potential at an occupancy in (0, 1), by bisection and Newton to round-off."""
        theta = np.asarray(theta, dtype=float)
        reach = 60.0 * max(self.widths)
        low = np.full(theta.shape, min(self.levels) - reach)
        high = np.full(theta.shape, max(self.levels) + reach)
        y = 0.5 * (low + high)
        for _ in range(200):
            excess = self.occupancy(y) - theta
            high = np.where(excess > 0.0, y, high)
            low = np.where(excess > 0.0, low, y)
            with np.errstate(divide="ignore", invalid="ignore"):
                newton = y - excess / self.slope(y)
            inside = (newton > low) & (newton < high)
            step = np.where(inside, newton, 0.5 * (low + high))
            done = np.abs(step - y) <= 4e-16 * (1.0 + np.abs(y))
            y = step
            if np.all(done):
                break
        return np.asarray(y)

    def shifted(self, level: float) -> "MsmrHost":
        """The same law with potentials counted from `level` [1]."""
        return MsmrHost(tuple(y - level for y in self.levels), self.fractions, self.widths)


@dataclass(frozen=True)
class DiluteHost:
    """Ideal dilute solution: theta = exp(y - y_0), unbounded above (a run ends where theta passes 1).

    Attributes:
        level: y_0 = -F U0/(R T) [1].
    """

    level: float

    holds_lithium = True
    bounded = False

    def occupancy(self, y: Array) -> Array:
        """Occupancy theta [1], positive; the exponent is capped so that a wild iterate stays finite."""
        return np.asarray(np.exp(np.minimum(y - self.level, 50.0)))

    def slope(self, y: Array) -> Array:
        """d theta / dy = theta [1]."""
        return self.occupancy(y)

    def curvature(self, y: Array) -> Array:
        """d2 theta / dy2 = theta [1]."""
        return self.occupancy(y)

    def potential(self, theta: Array) -> Array:
        """Reduced potential y = y_0 + ln theta [1]."""
        return np.asarray(self.level + np.log(theta))

    def shifted(self, level: float) -> "DiluteHost":
        """The same law with potentials counted from `level` [1]."""
        return DiluteHost(self.level - level)


@dataclass(frozen=True)
class InertHost:
    """A phase without lithium: theta = 0, no storage and no flux."""

    holds_lithium = False
    bounded = True

    def occupancy(self, y: Array) -> Array:
        """Zero, shape of y [1]."""
        return np.zeros_like(y)

    def slope(self, y: Array) -> Array:
        """Zero, shape of y [1]."""
        return np.zeros_like(y)

    def curvature(self, y: Array) -> Array:
        """Zero, shape of y [1]."""
        return np.zeros_like(y)

    def potential(self, theta: Array) -> Array:
        """Zero: an inert phase has no potential, and nothing may depend on it."""
        return np.zeros_like(theta)

    def shifted(self, level: float) -> "InertHost":
        """Itself: there is no potential to count."""
        del level
        return self
