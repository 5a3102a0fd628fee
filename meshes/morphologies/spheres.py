"""Spheres of rock salt (discs in 2D)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from meshes.mesh_error import MeshError
from meshes.morphologies.domains import BEYOND
from meshes.seeds import scattered
from meshes.tagged_mesh import Floats

GAP = 0.2
"""Smallest gap between spheres that may not overlap [their radii]: room for cells."""

MOST_APART = {2: 0.35, 3: 0.28}
"""Largest fraction of spheres that may not overlap, by number of coordinates.

Random placing jams at 0.547 (discs) and 0.384 (balls) without a gap, with it at 0.45 and 0.288; the last
places take very long to find.

Source: Feder (1980), J. Theor. Biol. 87, 237 (discs); Cooper (1988), Phys. Rev. A 38, 522 (balls).
"""


@dataclass(frozen=True)
class Spheres:
    """Randomly placed spheres, discs in 2D.

    Attributes:
        radius: Of a sphere [m]; changed slightly to meet the fraction.
        overlap: Whether they may overlap.
    """

    radius: float
    overlap: bool = True

    def lengths(self) -> dict[str, float]:
        """Lengths by field key [m]."""
        return {"radius": self.radius}

    def feature(self, fraction: float) -> float:
        """Width of the finest regions [m]; crowded spheres leave narrow gaps."""
        return self.radius * (2.0 if fraction < 0.4 else 1.5)

    def implicit(
        self, radius: float, fraction: float, rng: np.random.Generator, coordinates: int = 2
    ) -> Callable[[Floats], Floats]:
        """Distance to the nearest centre; see `RandomField`.

        Raises:
            MeshError: Spheres that may not overlap find no room.
        """
        from scipy.spatial import cKDTree

        size = self.radius / radius
        room = (BEYOND / size) ** coordinates
        if self.overlap:
            centres = scattered(max(1, round(-math.log1p(-fraction) * room)), 0.0, BEYOND, rng, coordinates)
        else:
            centres = _apart(max(1, round(fraction * room)), (2 + GAP) * size, rng, coordinates)
        tree = cKDTree(centres)
        return lambda points: np.asarray(tree.query(points)[0], dtype=np.float64)


def _apart(count: int, distance: float, rng: np.random.Generator, coordinates: int) -> Floats:
    placed = np.zeros((0, coordinates))
    for _ in range(2000 * count):
        if len(placed) == count:
            return placed
        trial = scattered(1, 0.0, BEYOND, rng, coordinates)
        if len(placed) == 0 or np.linalg.norm(placed - trial, axis=1).min() >= distance:
            placed = np.concatenate([placed, trial])
    raise MeshError("the spheres find no room without overlap; use a smaller fraction or overlap: true")
