"""Lamellae: plates of rock salt on the (003) planes of the layered phase."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from meshes.morphologies.domains import BEYOND
from meshes.seeds import ball_measure, directions, relaxed_seeds
from meshes.tagged_mesh import Floats

ORIENTATIONS = ("radial", "parallel", "by_domain")
INNERMOST = 5
"""Number of radial plates where they begin; further in, a plate would be narrower than the spacing allows."""


@dataclass(frozen=True)
class Lamellae:
    """Alternating plates.

    Attributes:
        spacing: Distance from plate to plate [m].
        orientation: "parallel" (plates normal to x), "radial" (plates run outwards and fork, so that their
            spacing stays within a factor of sqrt(2) of the named one; in 2D only), or "by_domain" (each
            Voronoi domain has a direction of its own).
        domain_size: Size of the domains [m], for "by_domain".
    """

    spacing: float
    orientation: str = "radial"
    domain_size: float | None = None

    def lengths(self) -> dict[str, float]:
        """Lengths by field key [m]."""
        named = {"spacing": self.spacing}
        if self.domain_size is not None:
            named["domain_size"] = self.domain_size
        return named

    def feature(self, fraction: float) -> float:
        """Width of the finest plates [m] at a rock-salt fraction [-]."""
        return self.spacing * min(fraction, 1 - fraction)

    def implicit(
        self, radius: float, fraction: float, rng: np.random.Generator, coordinates: int = 2
    ) -> Callable[[Floats], Floats]:
        """Distance to the middle of the nearest plate; see `RandomField`."""
        spacing = self.spacing / radius
        if self.orientation == "parallel":
            return _parallel(spacing, rng)
        if self.orientation == "by_domain":
            return _by_domain(spacing, (self.domain_size or 4 * self.spacing) / radius, rng, coordinates)
        return _radial(spacing, fraction, rng)


def _to_plate(x: Floats, spacing: float) -> Floats:
    return np.asarray(np.abs(x - spacing * np.round(x / spacing)), dtype=np.float64)


def _parallel(spacing: float, rng: np.random.Generator) -> Callable[[Floats], Floats]:
    shift = rng.uniform(0.0, spacing)
    return lambda points: _to_plate(points[:, 0] - shift, spacing)


def _by_domain(
    spacing: float, size: float, rng: np.random.Generator, coordinates: int
) -> Callable[[Floats], Floats]:
    from scipy.spatial import cKDTree

    count = max(2, round(ball_measure(BEYOND, coordinates) / size**coordinates))
    seeds = relaxed_seeds(count, 0.0, BEYOND, rng, coordinates)
    normal = directions(count, rng, coordinates, span=math.pi)
    shift = rng.uniform(0.0, spacing, count)
    tree = cKDTree(seeds)

    def field(points: Floats) -> Floats:
        owner = tree.query(points)[1]
        return _to_plate((points * normal[owner]).sum(axis=1) - shift[owner], spacing)

    return field


def _radial(spacing: float, fraction: float, rng: np.random.Generator) -> Callable[[Floats], Floats]:
    turn = rng.uniform(0.0, 1.0)
    begin = INNERMOST * spacing / (math.sqrt(2.0) * 2 * math.pi)

    def field(points: Floats) -> Floats:
        r = np.hypot(points[:, 0], points[:, 1])
        angle = np.arctan2(points[:, 1], points[:, 0]) / (2 * math.pi) + turn
        # Each time the radius doubles every plate forks in two. In quarters of the pitch: the halves lie at
        # a distance `apart` from the old middle, and their width keeps the fraction the same at every radius.
        level = np.log2(np.maximum(r, begin) / begin)
        plates = INNERMOST * 2.0 ** np.floor(level)
        # Forked halves lie midway between the old middle and the next gap: half a pitch off the new count.
        shift = np.where(level < 1.0, 0.0, 0.5)
        apart = _step(level - np.floor(level))
        across = 4.0 * _to_plate(angle * plates - shift, 1.0)
        value = np.abs(across - apart) - np.maximum(0.0, fraction - apart)
        # The very centre goes to the phase with the larger share.
        centre = 1.0 - fraction
        value = centre + (value - centre) * _step((r / begin - 0.3) / 0.7)
        return np.asarray(0.25 * spacing * value, dtype=np.float64)

    return field


def _step(x: Floats) -> Floats:
    x = np.clip(x, 0.0, 1.0)
    return np.asarray(x * x * (3.0 - 2.0 * x), dtype=np.float64)
