"""Random field: the worm-like, interwoven pattern of a spinodal decomposition."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from meshes.seeds import directions
from meshes.tagged_mesh import Floats

WAVES = {2: 80, 3: 160}
"""By number of coordinates: directions in space are spread thinner."""

SPREAD = 0.1
"""Relative spread of the wave numbers; a wide one would add features far smaller than the named size."""


@dataclass(frozen=True)
class RandomField:
    """Level set of a sum of plane waves of random direction and phase.

    Attributes:
        correlation_length: Typical width of a region [m], half the mean wavelength.
    """

    correlation_length: float

    def lengths(self) -> dict[str, float]:
        """Lengths by field key [m]."""
        return {"correlation_length": self.correlation_length}

    def feature(self, fraction: float) -> float:
        """Width of the finest regions [m] at a rock-salt fraction [-]."""
        return self.correlation_length * min(1.0, 2.2 * min(fraction, 1 - fraction))

    def implicit(
        self, radius: float, fraction: float, rng: np.random.Generator, coordinates: int = 2
    ) -> Callable[[Floats], Floats]:
        """Implicit function in units of the radius.

        Args:
            radius: Outer radius [m].
            fraction: Rock-salt fraction [-]; sets nothing here, the threshold does.
            rng: Source of chance.
            coordinates: 2 or 3.

        Returns:
            Function of (n, coordinates) points [radii], smallest where rock salt comes first, with slope
            near 1.
        """
        k0 = math.pi * radius / self.correlation_length
        count = WAVES[coordinates]
        along = directions(count, rng, coordinates)
        number = k0 * (1.0 + SPREAD * rng.standard_normal(count))
        waves = number * along.T
        phases = rng.uniform(0.0, 2 * math.pi, count)
        scale = math.sqrt(2.0 / count) / k0

        def field(points: Floats) -> Floats:
            return np.asarray(scale * np.cos(points @ waves + phases).sum(axis=1), dtype=np.float64)

        return field
