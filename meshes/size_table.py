"""Cell sizes that grow with the distance from lines, tabulated on a grid for quick look-up by Gmsh."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from meshes.mesh_size import SLOPE
from meshes.tagged_mesh import Floats

MOST = 1200
"""Most grid points along the diameter."""


def grid_axis(finest: float) -> Floats:
    """Grid coordinates over the unit disc, fine enough for a size [outer radii]."""
    return np.linspace(-1.0, 1.0, min(MOST, math.ceil(4.0 / finest)))


def tabulated_size(
    axis: Floats, distance: Floats, finest: float, bulk: float, slope: float = SLOPE
) -> Callable[[float, float], float]:
    """Wanted cell size from a table of distances.

    Args:
        axis: (k,) grid coordinates of both axes [outer radii].
        distance: (k, k) distance from the nearest line at (x, y) [outer radii].
        finest: Size up to its own distance from a line [outer radii].
        bulk: Largest size [outer radii].
        slope: Growth of the size per unit distance [-].

    Returns:
        Function of (x, y).
    """
    table = np.minimum(bulk, finest + slope * np.maximum(0.0, distance - finest)).tolist()
    last = len(axis) - 1
    scale = 0.5 * last

    def size(x: float, y: float) -> float:
        i = min(max(round((x + 1.0) * scale), 0), last)
        j = min(max(round((y + 1.0) * scale), 0), last)
        return float(table[i][j])

    return size
