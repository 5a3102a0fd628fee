"""Move the vertices of polygons and polyhedra so that they enclose what the circles and spheres would."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from meshes.mesh_error import MeshError
from meshes.sector import Sector, distance_from_centre
from meshes.simplices import is_plane, weighted_measure
from meshes.tagged_mesh import Floats, Ints
from meshes.walls import cones, sphere_facets


def match_volumes(
    points: Floats, cells: Ints, radii: Sequence[float], sector: Sector, dimension: str
) -> Floats:
    """Scale radially so that each wall of flat facets encloses the area or volume of its circle or sphere.

    Flat facets between points of a circle lose 0.4 (h/R)^2 of it; the factor that gives it back belongs to
    the circle (or sphere) and is interpolated linearly in r between them, so that no cell is distorted.

    Args:
        points: (n, d) coordinates; vertices of a circle or sphere lie on it exactly.
        cells: (m, d+1) simplices, none of which reaches through a circle or sphere.
        radii: Radii of all circles or spheres that facets lie on, ascending, without zero.
        sector: The sector meshed.
        dimension: A plane dimension, "axisymmetric" or "3d".

    Returns:
        (n, d) moved points.

    Raises:
        MeshError: A circle or sphere has no facets.
    """
    r = distance_from_centre(points)
    power = 2 if is_plane(dimension) else 3
    ball = math.pi if is_plane(dimension) else 4.0 / 3.0 * math.pi
    factors = []
    for radius in radii:
        wall = sphere_facets(points, cells, radius)
        if len(wall) == 0:
            raise MeshError("a wall has no facets; make mesh_size smaller")
        # The planes of a sector pass through the centre, so that cones over the facets fill the inside.
        enclosed = np.abs(weighted_measure(dimension, *cones(points, wall))).sum()
        factors.append((ball * radius**power / sector.multiplicity / float(enclosed)) ** (1.0 / power))
    return np.asarray(points * np.interp(r, radii, factors)[:, None], dtype=np.float64)
