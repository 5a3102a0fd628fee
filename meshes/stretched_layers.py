"""Where layers of thin, wide cells lie beside concentric spheres.

Lithium and stress are steep across a sphere and smooth along it. Regular tetrahedra as fine as that slope
would be millions; layers that follow the sphere take their thickness from the slope and their width from the
curvature. What follows is arithmetic: which radii carry a surface of the mesh, and how wide its facets are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from meshes.concentric import LAYER_ROWS, MIN_QUARTER
from meshes.radial_line import graded_layer, wall_sizes

WIDTH = 15.0
"""Width of a facet on a sphere, at most this multiple of the interface size."""

STRETCH = 30.0
"""Width of a facet on a sphere, at most this multiple of the thinnest layer beside it.

Reached only where a thin shell and not the interface size sets the layers: at 15, a 20 nm shell on 2.5 um
takes 90 000 cells in an octant, at 30 a third of that.
"""

LAYER_GROWTH = 1.3
"""Thickness ratio of neighbouring layers [-]: all that is promised to users, since layers are costly."""

HANDOVER = 0.6
"""Layers grow up to this share of the facets' width; beyond, tetrahedra are regular."""

ROOM = 2.0
"""Regular tetrahedra need a gap of this many widths; narrower gaps are filled with layers."""

CORE = 0.4
"""Share of the innermost radius that layers leave to regular tetrahedra."""


@dataclass
class Stack:
    """Spheres with one common triangulation, and the layers between them.

    Attributes:
        levels: Radii of the spheres, ascending [outer radii].
        rings: Ring number of the layer above each level but the last.
        angle: Width of the facets seen from the centre [rad].
        below: Ring number of the regular cells inside the first level, -1 where there is the cavity.
    """

    levels: list[float]
    rings: list[int] = field(default_factory=list)
    angle: float = math.inf
    below: int = -1

    def add(self, ring: int, levels: Sequence[float]) -> None:
        """Put layers of a ring on top, given the upper radius of each."""
        self.levels.extend(levels)
        self.rings.extend([ring] * len(levels))

    @property
    def layers(self) -> int:
        """Number of layers."""
        return len(self.rings)


def stack_layers(radii: Sequence[float], interface: float, bulk: float) -> list[Stack]:
    """Choose the layers beside all spheres.

    Args:
        radii: Spheres, ascending, the last 1; a leading zero means that the ball is filled.
        interface: Upper bound of the cell size across spheres [outer radii].
        bulk: Cell size far from spheres [outer radii].

    Returns:
        The stacks from the inside out. Regular tetrahedra fill the gaps between them, and the ball inside the
        first where radii begin with zero.
    """
    thin = [min(s, bulk) for s in wall_sizes(radii, interface, LAYER_ROWS)]
    wide = [_width(r, s, interface, bulk) for r, s in zip(radii, thin, strict=True)]
    stacks: list[Stack] = [] if radii[0] == 0.0 else [Stack([radii[0]], angle=wide[0] / radii[0])]
    for k, (a, b) in enumerate(pairwise(radii)):
        inward = _band(thin[k + 1], HANDOVER * wide[k + 1])
        if a == 0.0:
            while inward and b - sum(inward) < CORE * b:
                inward.pop()
            stacks.append(_begun(k, b, inward))
        else:
            outward = _band(thin[k], HANDOVER * wide[k])
            if b - a - sum(inward) - sum(outward) >= ROOM * max(wide[k], wide[k + 1]):
                stacks[-1].add(k, (a + np.cumsum(outward)).tolist())
                stacks.append(_begun(k, b, inward))
            else:
                most = max(HANDOVER * min(wide[k], wide[k + 1]), thin[k], thin[k + 1])
                slope = math.log(LAYER_GROWTH)
                line = graded_layer(a, b, thin[k], thin[k + 1], most, int(LAYER_ROWS), slope)
                stacks[-1].add(k, line[1:].tolist())
        stacks[-1].angle = min(stacks[-1].angle, wide[k + 1] / b)
    return stacks


def _width(r: float, thin: float, interface: float, bulk: float) -> float:
    if r == 0.0:
        return bulk
    return min(bulk, WIDTH * interface, STRETCH * thin, 0.5 * math.pi * r / MIN_QUARTER)


def _band(first: float, last: float) -> list[float]:
    # Thicknesses from the sphere away; none where the first cell is already as good as regular.
    count = max(0, math.ceil(math.log(max(last / first, 1e-9)) / math.log(LAYER_GROWTH) - 1e-9))
    return [first * LAYER_GROWTH**i for i in range(count)]


def _begun(ring: int, wall: float, inward: Sequence[float]) -> Stack:
    below = wall - np.cumsum(inward)[::-1]
    return Stack([*below.tolist(), wall], [ring] * len(inward), below=ring)
