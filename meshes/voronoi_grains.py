"""Equiaxed grains: relaxed Voronoi cells with crystals turned at random in the plane."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from meshes.crystal_frames import in_plane_frames
from meshes.grain_layout import Bools, Curves
from meshes.seeds import relaxed_seeds
from meshes.tagged_mesh import Floats, Ints

FAR = 4.0
"""Distance of the ghost seeds that close the outer cells [outer radii]."""


@dataclass(frozen=True)
class VoronoiGrains:
    """Voronoi cells in an annulus.

    Attributes:
        seeds: (g, 2) [outer radii].
        pairs: (k, 2) neighbouring grains.
        ridges: (k, 2, 2) the lines between them.
        real: (k,) whether the line meets the annulus, so that the grains touch.
        half_layer: Half the thickness of the grain-boundary layer [outer radii], zero for none.
        c_angle: (g,) angle of the c axis [rad].
    """

    seeds: Floats
    pairs: Ints
    ridges: Floats
    real: Bools
    half_layer: float
    c_angle: Floats

    @classmethod
    def of(cls, size: float, inner: float, layer: float, rng: np.random.Generator) -> VoronoiGrains:
        """Draw grains.

        Args:
            size: Grain size [outer radii]: the mean area of a grain is its square.
            inner: Cavity radius [outer radii].
            layer: Thickness of the layer across a boundary [outer radii].
            rng: Source of chance.
        """
        from scipy.spatial import Voronoi

        count = max(2, round(math.pi * (1 - inner**2) / size**2))
        seeds = relaxed_seeds(count, inner, 1.0, rng)
        angle = np.arange(24) * math.pi / 12
        ghosts = FAR * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        diagram = Voronoi(np.concatenate([seeds, ghosts]))
        pairs, ridges = [], []
        for pair, ends in zip(diagram.ridge_points, diagram.ridge_vertices, strict=True):
            if pair.max() < count and min(ends) >= 0:
                pairs.append(pair)
                ridges.append(diagram.vertices[ends])
        return cls(
            seeds,
            np.array(pairs, dtype=np.int64).reshape(-1, 2),
            np.array(ridges).reshape(-1, 2, 2),
            np.array([_meets_annulus(line, inner) for line in ridges], dtype=bool),
            0.5 * layer,
            rng.uniform(0.0, math.pi, count),
        )

    def boundary_curves(self) -> Curves:
        """Grain boundaries alone."""
        return Curves(self.ridges[self.real])

    def curves(self) -> Curves:
        """Grain boundaries and the edges of the layers beside them."""
        if self.half_layer == 0:
            return self.boundary_curves()
        lines = [self.ridges[self.real]]
        for grain in range(len(self.seeds)):
            polygon = self._inset(grain)
            if len(polygon) >= 3:
                lines.append(np.stack([polygon, np.roll(polygon, -1, axis=0)], axis=1))
        return Curves(np.concatenate(lines))

    def grain_at(self, points: Floats) -> Ints:
        """Number of the nearest seed."""
        from scipy.spatial import cKDTree

        return np.asarray(cKDTree(self.seeds).query(points)[1], dtype=np.int64)

    def in_layer(self, points: Floats) -> Bools:
        """Whether a boundary of the own grain is nearer than half the layer."""
        grain = self.grain_at(points)
        inside = np.zeros(len(points), dtype=bool)
        for own in range(len(self.seeds)):
            mine = np.flatnonzero(grain == own)
            for middle, normal, real in self._walls(own):
                if not real:
                    continue
                inside[mine] |= (points[mine] - middle) @ normal > -self.half_layer
        return inside

    def frames(self) -> Floats:
        """(g, 3, 3) crystal frames."""
        return in_plane_frames(self.c_angle)

    def _walls(self, grain: int) -> list[tuple[Floats, Floats, bool]]:
        # Middle of each boundary of a grain, the unit normal that leaves the grain there, whether it is real.
        walls = []
        for k in np.flatnonzero((self.pairs == grain).any(axis=1)):
            across = self.seeds[self.pairs[k].sum() - grain] - self.seeds[grain]
            walls.append((self.seeds[grain] + 0.5 * across, across / np.hypot(*across), bool(self.real[k])))
        return walls

    def _inset(self, grain: int) -> Floats:
        polygon = FAR * np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
        for middle, normal, real in self._walls(grain):
            # A neighbour beyond the cavity bounds the grain too, but has no layer with it.
            polygon = _cut(polygon, middle - real * self.half_layer * normal, normal)
        return polygon


def _cut(polygon: Floats, origin: Floats, normal: Floats) -> Floats:
    """Part of a convex polygon behind a line."""
    height = (polygon - origin) @ normal
    kept = []
    for k in range(len(polygon)):
        a, b = height[k - 1], height[k]
        if (a < 0) != (b < 0):
            kept.append(polygon[k - 1] + a / (a - b) * (polygon[k] - polygon[k - 1]))
        if b < 0:
            kept.append(polygon[k])
    return np.array(kept).reshape(-1, 2)


def _meets_annulus(line: Floats, inner: float) -> bool:
    t = np.linspace(0.0, 1.0, 200)[:, None]
    r = np.hypot(*(line[0] + t * (line[1] - line[0])).T)
    return bool(((r > inner) & (r < 1.0)).any())
