"""Walls of a sector as bit sets: where a vertex may slide."""

from __future__ import annotations

import numpy as np

from meshes.sector import ON_WALL, Sector, distance_from_centre
from meshes.tagged_mesh import Floats, Ints

ON_SURFACE, ON_SKIN, ON_X, ON_Y, ON_Z = 1, 2, 4, 8, 16
"""Bits: the outer circle or sphere, the inner side of the skin, the planes x = 0, y = 0 and z = 0 (in 2D the
lines normal to the first and second coordinate axis)."""


def wall_bits(points: Floats, sector: Sector, core: float) -> Ints:
    """Bit set of the walls that each vertex lies on.

    Args:
        points: (n, d) [outer radii].
        sector: The sector meshed; only its own symmetry planes are walls.
        core: Radius inside the skin [outer radii]; 1 without a skin.

    Returns:
        (n,) bits.
    """
    r = distance_from_centre(points)
    bits = np.where(np.abs(r - 1.0) < ON_WALL, ON_SURFACE, 0)
    if core < 1.0:
        bits |= np.where(np.abs(r - core) < ON_WALL, ON_SKIN, 0)
    for axis, (bit, tag) in enumerate(zip((ON_X, ON_Y, ON_Z), sector.planes, strict=False)):
        if tag:
            bits |= np.where(np.abs(points[:, axis]) < ON_WALL, bit, 0)
    return bits.astype(np.int64)


def onto_walls(points: Floats, bits: Ints, core: float) -> Floats:
    """Put points near circles or spheres back onto them; flat walls through the centre need nothing."""
    r = np.maximum(distance_from_centre(points), np.finfo(float).tiny)
    scale = np.where(bits & ON_SURFACE, 1.0 / r, np.where(bits & ON_SKIN, core / r, 1.0))
    return np.asarray(points * scale[:, None], dtype=np.float64)
