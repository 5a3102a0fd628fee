"""Spheres of rock salt (discs in 2D)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from meshes.mesh_error import MeshError
from meshes.morphologies.domains import BEYOND
from meshes.tagged_mesh import Floats

GAP = 0.2
"""Smallest gap between discs that may not overlap [disc radii]: room for cells."""

MOST_APART = 0.35
"""Largest fraction of discs that may not overlap; random placing jams above about 0.5 without any gap."""


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
        self, radius: float, fraction: float, rng: np.random.Generator
    ) -> Callable[[Floats], Floats]:
        """Distance to the nearest centre; see `RandomField`.

        Raises:
            MeshError: Discs that may not overlap find no room.
        """
        size = self.radius / radius
        discs = BEYOND**2 / size**2
        if self.overlap:
            centres = _scattered(max(1, round(-math.log1p(-fraction) * discs)), rng)
        else:
            centres = _apart(max(1, round(fraction * discs)), (2 + GAP) * size, rng)
        tree = cKDTree(centres)
        return lambda points: np.asarray(tree.query(points)[0], dtype=np.float64)


def _scattered(count: int, rng: np.random.Generator) -> Floats:
    r = BEYOND * np.sqrt(rng.uniform(size=count))
    angle = rng.uniform(0.0, 2 * math.pi, count)
    return np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1)


def _apart(count: int, distance: float, rng: np.random.Generator) -> Floats:
    placed = np.zeros((0, 2))
    for _ in range(2000 * count):
        if len(placed) == count:
            return placed
        trial = _scattered(1, rng)
        if len(placed) == 0 or np.hypot(*(placed - trial).T).min() >= distance:
            placed = np.concatenate([placed, trial])
    raise MeshError("the spheres find no room without overlap; use a smaller fraction or overlap: true")
