"""Radially assembled grains: rings of sectors with the c axis in the tangent plane."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from meshes.crystal_frames import in_plane_frames
from meshes.grain_layout import Bools, Curves
from meshes.tagged_mesh import Floats, Ints

RING_RATIO = 2.0
"""Largest ratio of outer to inner radius of a ring; it keeps grain widths within sqrt(2) of the size."""

JITTER = 0.15
"""Random shift of a boundary [grain widths]."""

TURNS = 24
"""Turns of a ring that are tried, to keep its boundaries off those of the ring inside it."""

FEWEST = 4
"""Fewest grains in a ring."""


@dataclass(frozen=True)
class RadialGrains:
    """Rings of grains.

    Attributes:
        rings: (m + 1,) radii between rings [outer radii]; the first is the cavity wall, or the edge of the
            one round grain in the centre where there is no cavity.
        angles: For each ring the ascending angles of its boundaries [rad], in [0, 2 pi).
        core: Whether there is a grain in the centre.
        half_layer: Half the thickness of the grain-boundary layer [outer radii], zero for none.
    """

    rings: Floats
    angles: tuple[Floats, ...]
    core: bool
    half_layer: float

    @classmethod
    def of(cls, size: float, inner: float, layer: float, rng: np.random.Generator) -> RadialGrains:
        """Draw grains; see `VoronoiGrains.of`. `size` is the width at the middle of a ring."""
        rings = ring_radii(inner if inner > 0 else 0.5 * size)
        angles: list[Floats] = []
        for low, high in pairwise(rings):
            number = max(FEWEST, round(math.pi * (low + high) / size))
            steps = np.arange(number) + JITTER * rng.uniform(-1, 1, number)
            turns = [
                np.sort((steps + shift) / number * 2 * math.pi % (2 * math.pi))
                for shift in rng.uniform(size=TURNS)
            ]
            angles.append(max(turns, key=lambda a: _closest(a, angles[-1])) if angles else turns[0])
        return cls(rings, tuple(angles), inner == 0, 0.5 * layer)

    def boundary_curves(self) -> Curves:
        """Grain boundaries alone."""
        lines = []
        for low, high, angles in zip(self.rings[:-1], self.rings[1:], self.angles, strict=True):
            ray = np.stack([np.cos(angles), np.sin(angles)], axis=1)
            lines.append(np.stack([low * ray, high * ray], axis=1))
        circles = self.rings[0 if self.core else 1 : -1]
        return Curves(np.concatenate(lines), tuple(float(r) for r in circles))

    def curves(self) -> Curves:
        """Grain boundaries and the edges of the layers beside them."""
        bare = self.boundary_curves()
        if self.half_layer == 0:
            return bare
        segments, arcs = [bare.segments], []
        half = self.half_layer
        for k, angles in enumerate(self.angles):
            low, high = self.rings[k], self.rings[k + 1]
            cut_low, cut_high = self._cut_low(k), k < len(self.angles) - 1
            low, high = low + half * cut_low, high - half * cut_high
            last = np.append(angles[1:], angles[0] + 2 * math.pi)
            ends = []
            for r, cut in ((low, cut_low), (high, cut_high)):
                start, stop = angles + math.asin(half / r), last - math.asin(half / r)
                ends += [r * np.stack([np.cos(a), np.sin(a)], axis=1) for a in (start, stop)]
                if cut:
                    arcs.append(np.stack([np.full_like(start, r), start, stop], axis=1))
            segments += [np.stack([ends[0], ends[2]], axis=1), np.stack([ends[1], ends[3]], axis=1)]
        circles = bare.circles
        if self.core:
            circles = (float(self.rings[0]) - half, *circles)
        return Curves(np.concatenate(segments), circles, np.concatenate(arcs) if arcs else None)

    def grain_at(self, points: Floats) -> Ints:
        """Number of the grain: the central one first, then ring by ring."""
        ring, sector, _ = self._locate(points)
        start = np.concatenate([[0], np.cumsum([len(a) for a in self.angles])]) + int(self.core)
        return np.where(ring < 0, 0, start[np.maximum(ring, 0)] + sector)

    def in_layer(self, points: Floats) -> Bools:
        """Whether a boundary of the own grain is nearer than half the layer."""
        r = np.hypot(points[:, 0], points[:, 1])
        ring, _, aside = self._locate(points)
        inside = (ring >= 0) & (aside < self.half_layer)
        for radius in self.boundary_curves().circles:
            inside |= np.abs(r - radius) < self.half_layer
        return inside

    def frames(self) -> Floats:
        """(g, 3, 3) crystal frames; c tangential at the middle of each grain, along y in the central one."""
        middles = [np.zeros(1)] if self.core else []
        for angles in self.angles:
            last = np.append(angles[1:], angles[0] + 2 * math.pi)
            middles.append(0.5 * (angles + last))
        return in_plane_frames(np.concatenate(middles) + 0.5 * math.pi)

    def _cut_low(self, ring: int) -> bool:
        return ring > 0 or self.core

    def _locate(self, points: Floats) -> tuple[Ints, Ints, Floats]:
        """Ring, sector and distance from the nearest side of the sector."""
        r = np.hypot(points[:, 0], points[:, 1])
        turn = np.arctan2(points[:, 1], points[:, 0]) % (2 * math.pi)
        ring = np.minimum(np.searchsorted(self.rings, r, side="right") - 1, len(self.angles) - 1)
        if not self.core:
            ring = np.maximum(ring, 0)
        sector = np.zeros(len(points), dtype=np.int64)
        aside = np.full(len(points), np.inf)
        for k, angles in enumerate(self.angles):
            mine = ring == k
            sector[mine] = (np.searchsorted(angles, turn[mine], side="right") - 1) % len(angles)
            away = np.abs(turn[mine, None] - angles)
            away = np.minimum(away, 2 * math.pi - away).min(axis=1)
            aside[mine] = r[mine] * np.sin(np.minimum(away, 0.5 * math.pi))
        return ring.astype(np.int64), sector, aside


def ring_radii(first: float) -> Floats:
    """Radii between rings of grains [outer radii], in constant ratio.

    Args:
        first: The cavity wall, or the edge of the grain in the centre [outer radii].

    Returns:
        (m + 1,) ascending, from `first` to 1.
    """
    count = max(1, math.ceil(math.log(1.0 / first) / math.log(RING_RATIO) - 1e-9))
    return np.asarray(np.geomspace(first, 1.0, count + 1), dtype=np.float64)


def _closest(angles: Floats, others: Floats) -> float:
    away = np.abs(angles[:, None] - others)
    return float(np.minimum(away, 2 * math.pi - away).min())
