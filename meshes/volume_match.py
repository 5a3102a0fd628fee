"""Move the vertices of polygons and polyhedra so that they enclose what the circles and spheres would."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from meshes.mesh_error import MeshError
from meshes.sector import ON_WALL, Sector, distance_from_centre
from meshes.simplices import facet_table, is_plane, weighted_measure
from meshes.tagged_mesh import Floats, Ints


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
    facets, sides, _ = facet_table(cells)
    power = 2 if is_plane(dimension) else 3
    ball = math.pi if is_plane(dimension) else 4.0 / 3.0 * math.pi
    factors = []
    for radius in radii:
        # Corners on the wall do not make a facet of it: its cells must lie on its two sides.
        beyond = (r[cells] > radius + ON_WALL).any(axis=1)
        parted = (sides[:, 1] < 0) | (beyond[sides[:, 0]] != beyond[sides[:, 1]])
        wall = parted & (np.abs(r[facets] - radius) < ON_WALL).all(axis=1)
        if not wall.any():
            raise MeshError("a wall has no facets; make mesh_size smaller")
        enclosed = _enclosed(points, facets[wall], dimension)
        factors.append((ball * radius**power / sector.multiplicity / enclosed) ** (1.0 / power))
    return np.asarray(points * np.interp(r, radii, factors)[:, None], dtype=np.float64)


def _enclosed(points: Floats, facets: Ints, dimension: str) -> float:
    # Cones over the facets with their tip in the centre, through which the planes of a sector pass.
    centre = len(points)
    cones = np.column_stack([np.full(len(facets), centre), facets])
    with_centre = np.vstack([points, np.zeros((1, points.shape[1]))])
    return float(np.abs(weighted_measure(dimension, with_centre, cones)).sum())
