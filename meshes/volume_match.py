"""Move the vertices of polygons so that they enclose what the circles would."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from meshes.mesh_error import MeshError
from meshes.sector import ON_WALL, Sector
from meshes.tagged_mesh import Floats


def match_circles(points: Floats, radii: Sequence[float], sector: Sector, dimension: str) -> Floats:
    """Scale radially so that each polygon encloses the area (or volume of revolution) of its circle.

    A flat-sided polygon inside a circle loses 0.4 (h/R)^2 of it; the factor that gives it back belongs to
    the circle and is interpolated linearly in r between circles, so that no cell is distorted.

    Args:
        points: (n, 2) coordinates; vertices of a circle lie on it exactly.
        radii: Radii of all circles with a mesh line on them, ascending, without zero.
        sector: The sector meshed.
        dimension: "axisymmetric" or a plane dimension.

    Returns:
        (n, 2) moved points.

    Raises:
        MeshError: A circle has no vertices.
    """
    r = np.hypot(points[:, 0], points[:, 1])
    power = 3 if dimension == "axisymmetric" else 2
    factors = []
    for radius in radii:
        ring = points[np.abs(r - radius) < ON_WALL]
        if len(ring) < 2:
            raise MeshError("a wall has fewer than two vertices; make mesh_size smaller")
        if dimension == "axisymmetric":
            nominal = 4.0 / 3.0 * math.pi * radius**3 / sector.multiplicity
        else:
            nominal = 0.5 * sector.angle * radius**2
        factors.append((nominal / _enclosed(ring, sector, dimension)) ** (1.0 / power))
    return np.asarray(points * np.interp(r, radii, factors)[:, None], dtype=np.float64)


def _enclosed(ring: Floats, sector: Sector, dimension: str) -> float:
    # A fan of triangles from the origin; the straight edges of a sector pass through it.
    ring = ring[np.argsort(np.arctan2(ring[:, 1], ring[:, 0]))]
    following = np.roll(ring, -1, axis=0)
    if not sector.closed:
        ring, following = ring[:-1], following[:-1]
    area = 0.5 * (ring[:, 0] * following[:, 1] - ring[:, 1] * following[:, 0])
    if dimension == "axisymmetric":
        area = area * 2.0 * math.pi * (ring[:, 0] + following[:, 0]) / 3.0
    return float(area.sum())
