"""Cell sizes that grow with the distance from lines or surfaces, on a grid for quick look-up by Gmsh."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from meshes.mesh_size import SLOPE
from meshes.tagged_mesh import Floats

MOST = {2: 1200, 3: 120}
"""Most grid points along the diameter, by number of coordinates."""


def grid_axis(finest: float, coordinates: int = 2) -> Floats:
    """Grid coordinates over the unit disc or ball, fine enough for a size [outer radii]."""
    return np.linspace(-1.0, 1.0, min(MOST[coordinates], math.ceil(4.0 / finest)))


def tabulated_size(
    axis: Floats, distance: Floats, finest: float, bulk: float, slope: float = SLOPE
) -> Callable[..., float]:
    """Wanted cell size from a table of distances.

    Args:
        axis: (k,) grid coordinates of every axis [outer radii].
        distance: (k, k) or (k, k, k) distance from the nearest line or surface [outer radii].
        finest: Size up to its own distance from a line [outer radii].
        bulk: Largest size [outer radii].
        slope: Growth of the size per unit distance [-].

    Returns:
        Function of the coordinates.
    """
    table = np.minimum(bulk, finest + slope * np.maximum(0.0, distance - finest))
    values, strides = table.ravel().tolist(), [len(axis) ** k for k in reversed(range(table.ndim))]
    last = len(axis) - 1
    scale = 0.5 * last

    def size(*position: float) -> float:
        spots = (min(max(round((x + 1.0) * scale), 0), last) for x in position)
        return float(values[sum(k * stride for k, stride in zip(spots, strides, strict=True))])

    return size
