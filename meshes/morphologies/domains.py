"""Domains: whole grains that have turned to rock salt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from meshes.seeds import ball_measure, relaxed_seeds
from meshes.tagged_mesh import Floats

BEYOND = 1.25
"""Radius of the disc or ball that is seeded [outer radii], so that the surface is no special place."""


@dataclass(frozen=True)
class Domains:
    """Voronoi domains, each of one phase.

    Attributes:
        size: Domain size [m]: the area of a domain is its square, in 3D the volume its cube.
    """

    size: float

    def lengths(self) -> dict[str, float]:
        """Lengths by field key [m]."""
        return {"size": self.size}

    def feature(self, fraction: float) -> float:
        """Width of the finest regions [m]: one domain, at any fraction."""
        del fraction
        return self.size

    def implicit(
        self, radius: float, fraction: float, rng: np.random.Generator, coordinates: int = 2
    ) -> Callable[[Floats], Floats]:
        """Half the difference of the distances to the nearest seed of either phase; see `RandomField`."""
        from scipy.spatial import cKDTree

        size = self.size / radius
        count = max(4, round(ball_measure(BEYOND, coordinates) / size**coordinates))
        seeds = relaxed_seeds(count, 0.0, BEYOND, rng, coordinates)
        turned = min(max(round(fraction * count), 1), count - 1)
        salt, layered = cKDTree(seeds[:turned]), cKDTree(seeds[turned:])

        def field(points: Floats) -> Floats:
            return np.asarray(0.5 * (salt.query(points)[0] - layered.query(points)[0]), dtype=np.float64)

        return field
