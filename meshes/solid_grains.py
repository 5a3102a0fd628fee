"""Layouts of grains in a ball or hollow ball: where each grain lies, and how its crystal is turned."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from meshes.crystal_frames import random_frames, tangent_frames
from meshes.radial_grains import ring_radii
from meshes.seeds import relaxed_seeds
from meshes.tagged_mesh import Floats, Ints

MAX_GRAINS = 300
"""Most grains in three dimensions; with some 200 cells each, more would be too large a mesh to compute on."""

FEWEST = 6
"""Fewest grains in a ring around the centre."""

CORE = (3 / (4 * math.pi)) ** (1 / 3)
"""Radius of the round grain in the centre of a solid ball of rings [grain sizes]: as large as the others."""

NEAR = 0.5
"""A shell nearer than this to the sphere between two rings takes its place [grain sizes]."""

THIN = 0.9
"""Inner radius of the thin shell that stands for the unit sphere when seeds are spread over it [-]."""


@dataclass(frozen=True)
class SolidGrains:
    """Grains of a ball with outer radius 1.

    A grain is the part of its ring that is nearest to its seed. Seeds of a ring of sectors lie on the unit
    sphere, so that the planes between them pass through the centre.

    Attributes:
        seeds: (g, 3) [outer radii].
        ring: (g,) ring that each grain lies in, counted from the inside.
        spheres: Radii of the spheres between rings, ascending [outer radii].
        frames: (g, 3, 3) crystal frames.
    """

    seeds: Floats
    ring: Ints
    spheres: tuple[float, ...]
    frames: Floats

    @classmethod
    def of(cls, kind: str, size: float, radii: list[float], rng: np.random.Generator) -> SolidGrains:
        """Draw grains.

        Args:
            kind: "voronoi" (crystals at random) or "radial" (c axes in the tangent plane).
            size: Grain size [outer radii]: cube root of the mean volume (voronoi), width at the middle of a
                ring (radial).
            radii: Cavity wall (or zero), inner side of a shell, surface [outer radii].
            rng: Source of chance.
        """
        counts = ring_counts(kind, size, radii)
        if kind == "voronoi":
            seeds = relaxed_seeds(counts[0], radii[0], 1.0, rng, 3)
            return cls(seeds, np.zeros(counts[0], dtype=np.int64), (), random_frames(counts[0], rng))
        spread = [np.zeros((1, 3)) if count == 1 else _on_unit_sphere(count, rng) for count in counts]
        frames = [
            tangent_frames(seeds, rng.uniform(0.0, 2 * math.pi, len(seeds)))
            if len(seeds) > 1
            else random_frames(1, rng)
            for seeds in spread
        ]
        return cls(
            np.concatenate(spread),
            np.repeat(np.arange(len(counts)), counts),
            tuple(ring_walls(size, radii)[1:-1]),
            np.concatenate(frames),
        )

    def grain_at(self, points: Floats, ring: Ints) -> Ints:
        """Number of the grain that (n, 3) points lie in, given the ring of each."""
        from scipy.spatial import cKDTree

        grain = np.zeros(len(points), dtype=np.int64)
        for k in range(len(self.spheres) + 1):
            here, known = ring == k, np.flatnonzero(self.ring == k)
            grain[here] = known[cKDTree(self.seeds[known]).query(points[here])[1]]
        return grain

    def planes(self, one: Ints, other: Ints) -> tuple[Floats, Floats]:
        """Boundaries between (k,) pairs of grains of one ring.

        Returns:
            (k, 3) unit normals from the first to the second, (k,) offsets: normal . x = offset.
        """
        a, b = self.seeds[one], self.seeds[other]
        across = b - a
        length = np.linalg.norm(across, axis=1)
        offset = 0.5 * ((b**2).sum(axis=1) - (a**2).sum(axis=1)) / length
        return across / length[:, None], offset


def ring_counts(kind: str, size: float, radii: list[float]) -> list[int]:
    """Number of grains in each ring, known before any is drawn; see `SolidGrains.of`."""
    if kind == "voronoi":
        return [max(2, round(4 / 3 * math.pi * (1 - radii[0] ** 3) / size**3))]
    walls = ring_walls(size, radii)
    return [
        max(FEWEST, round(math.pi * (low + high) ** 2 / size**2)) if low > 0 else 1
        for low, high in pairwise(walls)
    ]


def ring_walls(size: float, radii: list[float]) -> list[float]:
    """Spheres between rings of sectors [outer radii], from the cavity wall or the centre to the surface."""
    walls = [float(r) for r in ring_radii(radii[0] or CORE * size)]
    if radii[0] == 0:
        walls.insert(0, 0.0)
    for shell in radii[1:-1]:
        # Two spheres much nearer than a cell would need flat cells between them.
        nearest = min(range(1, len(walls)), key=lambda k: abs(walls[k] - shell))
        if nearest < len(walls) - 1 and abs(walls[nearest] - shell) < NEAR * size:
            walls[nearest] = shell
    return walls


def _on_unit_sphere(count: int, rng: np.random.Generator) -> Floats:
    seeds = relaxed_seeds(count, THIN, 1.0, rng, 3)
    return np.asarray(seeds / np.linalg.norm(seeds, axis=1)[:, None], dtype=np.float64)
