"""Walls of a disc sector as bit sets: where a vertex may slide."""

from __future__ import annotations

import numpy as np

from meshes.sector import ON_WALL, Sector
from meshes.tagged_mesh import Floats, Ints

ON_SURFACE, ON_SKIN, ON_X, ON_Y = 1, 2, 4, 8
"""Bits: the outer circle, the inner side of the skin, the lines x = 0 and y = 0."""


def wall_bits(points: Floats, sector: Sector, core: float) -> Ints:
    """Bit set of the walls that each vertex lies on.

    Args:
        points: (n, 2) [outer radii].
        sector: The sector meshed; only its own straight edges are walls.
        core: Radius inside the skin [outer radii]; 1 without a skin.

    Returns:
        (n,) bits.
    """
    r = np.hypot(points[:, 0], points[:, 1])
    bits = np.where(np.abs(r - 1.0) < ON_WALL, ON_SURFACE, 0)
    if core < 1.0:
        bits |= np.where(np.abs(r - core) < ON_WALL, ON_SKIN, 0)
    for axis, bit in ((0, ON_X), (1, ON_Y)):
        if sector.lines[axis]:
            bits |= np.where(np.abs(points[:, axis]) < ON_WALL, bit, 0)
    return bits.astype(np.int64)


def onto_walls(points: Floats, bits: Ints, core: float) -> Floats:
    """Put points near circles back onto them; straight walls need nothing."""
    r = np.maximum(np.hypot(points[:, 0], points[:, 1]), np.finfo(float).tiny)
    scale = np.where(bits & ON_SURFACE, 1.0 / r, np.where(bits & ON_SKIN, core / r, 1.0))
    return np.asarray(points * scale[:, None], dtype=np.float64)
