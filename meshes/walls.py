"""Walls of a sector: bit sets that say where a vertex may slide, and the facets of a circle or sphere."""

from __future__ import annotations

import numpy as np

from meshes.sector import ON_WALL, Sector, distance_from_centre
from meshes.simplices import facet_table, signed_measure
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


def sphere_facets(points: Floats, cells: Ints, radius: float) -> Ints:
    """Facets that stand for a circle or sphere.

    Args:
        points: (n, d); vertices of the sphere lie on it.
        cells: (m, d+1) simplices, none of which reaches through the sphere.
        radius: Its radius [unit of the points].

    Returns:
        (f, d) vertex numbers, ascending in each row.
    """
    facets, sides, _ = facet_table(cells)
    r = distance_from_centre(points)
    # Corners on the sphere do not make a facet of it: its cells must lie on its two sides, and it must face
    # the centre, which a facet of a symmetry plane does not.
    beyond = (r[cells] > radius + ON_WALL).any(axis=1)
    parted = (sides[:, 1] < 0) | (beyond[sides[:, 0]] != beyond[sides[:, 1]])
    found = facets[parted & (np.abs(r[facets] - radius) < ON_WALL).all(axis=1)]
    facing = np.abs(signed_measure(*cones(points, found))) > np.finfo(float).eps
    return np.asarray(found[facing], dtype=np.int64)


def cones(points: Floats, facets: Ints) -> tuple[Floats, Ints]:
    """Simplices between facets and the centre: (n+1, d) points, the last the centre, and (f, d+1) cells."""
    tip = np.full(len(facets), len(points))
    return np.vstack([points, np.zeros((1, points.shape[1]))]), np.column_stack([tip, facets])
