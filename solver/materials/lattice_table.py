"""Expansion of a crystal along a and c as its lattice parameters were tabulated against occupancy.

Strain, its slope and its curvature come from one object: the slope over c_max is the partial molar volume of
the potential, so that swelling and the stress term cannot drift apart.

Source of the interpolation: F. N. Fritsch, J. Butland, SIAM J. Sci. Stat. Comput. 5 (1984) 300: piecewise
cubic, monotone wherever the rows are, with a continuous slope.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from solver.materials import expansion

Array = npt.NDArray[np.float64]

AXES = np.stack([np.diag([1.0, 1.0, 0.0]), np.diag([0.0, 0.0, 1.0])])
"""Strain tensors of a unit strain along a (and b) and of one along c, in crystal axes, shape (2, 3, 3)."""


@dataclass(frozen=True)
class LatticeTable:
    """Strains along a and c over occupancy, zero at the reference; a straight line beyond the rows.

    Attributes:
        occupancy: of the rows, ascending, shape (rows,) [1].
        lattice: a and c of each row, shape (rows, 2), both in one unit of their own.
        reference_occupancy: theta without strain, within the rows [1].
        modes: strain tensors that the strains along a and c multiply, shape (2, 3, 3) [1].
    """

    occupancy: Array
    lattice: Array
    reference_occupancy: float
    modes: Array

    @property
    def lowest(self) -> float:
        """Occupancy of the first row [1]."""
        return float(self.occupancy[0])

    @property
    def highest(self) -> float:
        """Occupancy of the last row [1]."""
        return float(self.occupancy[-1])

    @cached_property
    def _pieces(self) -> Array:
        """Coefficients of the cubics of the strains, lowest power first, shape (4, rows - 1, 2)."""
        # Parameters relative to a row: differences of a and of c are small against a and c.
        relative = (self.lattice - self.lattice[:1]) / self.lattice[:1]
        raw = _cubics(self.occupancy, relative)
        at = self._place(np.array(self.reference_occupancy))
        unstrained = _value(raw, *at)[0]
        pieces = raw / (1.0 + unstrained)
        pieces[0] = (raw[0] - unstrained) / (1.0 + unstrained)
        return pieces

    def _place(self, theta: Array) -> tuple[npt.NDArray[np.int64], Array]:
        """Piece of each occupancy within the rows, and the distance from its first row."""
        piece = np.clip(np.searchsorted(self.occupancy, theta, "right") - 1, 0, len(self.occupancy) - 2)
        return piece, theta - self.occupancy[piece]

    def evaluate(self, theta: Array) -> tuple[Array, Array, Array]:
        """Strains along a and c [1], first and second derivative with occupancy, each (2, *theta.shape)."""
        theta = np.asarray(theta, dtype=float)
        inside = np.clip(theta, self.lowest, self.highest)
        beyond = theta - inside
        strain, slope, curvature = _value(self._pieces, *self._place(inside))
        strain = strain + slope * beyond[..., None]
        curvature = np.where(beyond[..., None] == 0.0, curvature, 0.0)
        return tuple(np.moveaxis(part, -1, 0) for part in (strain, slope, curvature))  # type: ignore[return-value]

    def strain(self, theta: Array) -> Array:
        """Strains along a and c against the reference [1], shape (2, *theta.shape)."""
        return self.evaluate(theta)[0]

    def tensor(self, theta: Array) -> Array:
        """Chemical eigenstrain [1], shape (*theta.shape, 3, 3)."""
        return np.asarray(np.einsum("k...,kij->...ij", self.strain(theta), self.modes))

    def molar_volume(self, theta: Array, max_concentration: float) -> Array:
        """V = d eps_star/dc [m^3/mol], shape (*theta.shape, 3, 3), of a capacity [mol/m^3]."""
        slope = self.evaluate(theta)[1] / max_concentration
        return np.asarray(np.einsum("k...,kij->...ij", slope, self.modes))

    @property
    def mean_slope(self) -> Array:
        """d eps_star/d theta [1] from the first row to the last, shape (3, 3)."""
        first, last = self.strain(np.array([self.lowest, self.highest])).T
        return np.asarray(np.einsum("k,kij->ij", (last - first) / (self.highest - self.lowest), self.modes))

    def turned(self, rotation: Array) -> "LatticeTable":
        """In particle axes; the rotation's columns are the crystal axes, shape (3, 3)."""
        return replace(self, modes=np.stack([expansion.rotate(mode, rotation) for mode in self.modes]))

    def averaged(self, about_first_axis: bool = False) -> "LatticeTable":
        """The average over all orientations, or over all turns about the first axis."""
        mean = expansion.average_about_first_axis if about_first_axis else expansion.isotropic_part
        return replace(self, modes=np.stack([mean(mode) for mode in self.modes]))


def _cubics(x: Array, values: Array) -> Array:
    """Monotone cubics through rows: coefficients, lowest power first, shape (4, rows - 1, columns)."""
    steps = np.diff(x)[:, None]
    secants = np.diff(values, axis=0) / steps
    slopes = np.empty_like(values)
    if len(x) == 2:
        slopes[:] = secants
    else:
        slopes[1:-1] = _inner_slopes(steps, secants)
        slopes[0] = _end_slope(steps[0], steps[1], secants[0], secants[1])
        slopes[-1] = _end_slope(steps[-1], steps[-2], secants[-1], secants[-2])
    bend = slopes[:-1] + slopes[1:] - 2.0 * secants
    return np.stack([values[:-1], slopes[:-1], (secants - slopes[:-1] - bend) / steps, bend / steps**2])


def _inner_slopes(steps: Array, secants: Array) -> Array:
    """Weighted harmonic mean of the secants on either side; zero where they differ in sign."""
    left, right = secants[:-1], secants[1:]
    near, far = 2.0 * steps[1:] + steps[:-1], steps[1:] + 2.0 * steps[:-1]
    rising = left * right > 0.0
    one = np.ones_like(left)
    mean = (near + far) / (near / np.where(rising, left, one) + far / np.where(rising, right, one))
    return np.where(rising, mean, 0.0)


def _end_slope(step: Array, next_step: Array, secant: Array, next_secant: Array) -> Array:
    """One-sided slope from three rows, limited so that the first piece stays monotone."""
    slope = ((2.0 * step + next_step) * secant - step * next_secant) / (step + next_step)
    slope = np.where(slope * secant <= 0.0, 0.0, slope)
    too_steep = (secant * next_secant <= 0.0) & (np.abs(slope) > 3.0 * np.abs(secant))
    return np.where(too_steep, 3.0 * secant, slope)


def _value(pieces: Array, piece: npt.NDArray[np.int64], along: Array) -> tuple[Array, Array, Array]:
    """Value and two derivatives, each of shape (*piece.shape, columns)."""
    c0, c1, c2, c3 = pieces[:, piece]
    t = along[..., None]
    return c0 + t * (c1 + t * (c2 + t * c3)), c1 + t * (2.0 * c2 + t * 3.0 * c3), 2.0 * c2 + 6.0 * t * c3
