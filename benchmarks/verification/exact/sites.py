"""Hosts of several sites: occupancy over potential, and back."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicHermiteSpline

from benchmarks.verification.exact.closed_forms import FARADAY, GAS_CONSTANT

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sites:
    """Occupancy of a host as a sum of sites: theta(U) = sum X/(1 + exp(F (U - U0)/(w R T))).

    Attributes:
        potentials: U0 [V].
        shares: X, sum 1.
        widths: w [1].
        temperature: [K].
    """

    potentials: tuple[float, ...]
    shares: tuple[float, ...]
    widths: tuple[float, ...]
    temperature: float
    inverse: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Tabulate y(theta), y = -F U/(R T), for cubic interpolation with exact slopes."""
        levels = -np.array(self.potentials) * FARADAY / (GAS_CONSTANT * self.temperature)
        reach = 16.0 * max(1.0, *self.widths)
        y = np.arange(levels.min() - reach, levels.max() + reach, 0.01)
        theta, slope = self.occupancy(y)
        rising = np.concatenate([[True], np.diff(theta) > 1e-15])
        table = CubicHermiteSpline(theta[rising], y[rising], 1.0 / slope[rising])
        object.__setattr__(self, "inverse", table)

    def occupancy(self, y: Array) -> tuple[Array, Array]:
        """Occupancy and its slope at y = -F U/(R T)."""
        levels = -np.array(self.potentials) * FARADAY / (GAS_CONSTANT * self.temperature)
        widths, shares = np.array(self.widths), np.array(self.shares)
        filled = 1.0 / (1.0 + np.exp(-(np.asarray(y)[..., None] - levels) / widths))
        return filled @ shares, (filled * (1.0 - filled)) @ (shares / widths)
