"""A graded mesh of the radius: concentric layers in `spherical`."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from meshes.mesh_size import SLOPE
from meshes.tagged_mesh import Floats

LAYER_CELLS = 4
"""Fewest cells in a layer; below four, rounding up could break the growth of 1.3 between two layers."""


def wall_sizes(radii: Sequence[float], interface: float, cells_per_layer: float) -> list[float]:
    """Cell size at each wall: fine enough for the layers beside it, and no faster than the growth allows.

    Args:
        radii: Walls, ascending; a leading zero is the centre, which is no wall.
        interface: Upper bound [same unit].
        cells_per_layer: Cells wanted across each layer [-].

    Returns:
        One size per radius.
    """
    sizes = [interface] * len(radii)
    for k in range(1, len(radii)):
        thin = (radii[k] - radii[k - 1]) / cells_per_layer
        sizes[k] = min(sizes[k], thin)
        sizes[k - 1] = min(sizes[k - 1], thin)
    if radii[0] == 0.0:
        sizes[0] = math.inf
    return [min(s + SLOPE * abs(a - b) for s, b in zip(sizes, radii, strict=True)) for a in radii]


def graded_line(radii: Sequence[float], interface: float, bulk: float) -> tuple[Floats, list[int]]:
    """Points along the radius, conforming to every wall.

    Args:
        radii: Walls, ascending; a leading zero is the centre.
        interface: Upper bound of the cell length at walls [same unit].
        bulk: Cell length away from walls [same unit].

    Returns:
        (n,) points and the number of cells in each layer.
    """
    sizes = [min(s, bulk) for s in wall_sizes(radii, interface, LAYER_CELLS)]
    if radii[0] == 0.0 and len(radii) == 2:
        sizes[0] = min(bulk, sizes[1] + SLOPE * max(0.0, radii[1] - sizes[1]))
    points = [np.array([radii[0]])]
    counts = []
    for k in range(1, len(radii)):
        layer = graded_layer(radii[k - 1], radii[k], sizes[k - 1], sizes[k], bulk)
        points.append(layer[1:])
        counts.append(len(layer) - 1)
    return np.concatenate(points), counts


def _size(x: Floats, a: float, b: float, size_a: float, size_b: float, bulk: float, slope: float) -> Floats:
    # A first cell of exactly the wall's size, then linear growth from both walls up to the bulk size.
    from_a = size_a + slope * np.maximum(0.0, x - a - size_a)
    from_b = size_b + slope * np.maximum(0.0, b - x - size_b)
    return np.asarray(np.minimum(np.minimum(from_a, from_b), bulk), dtype=np.float64)


def graded_layer(
    a: float,
    b: float,
    size_a: float,
    size_b: float,
    bulk: float,
    fewest: int = LAYER_CELLS,
    slope: float = SLOPE,
) -> Floats:
    """Points across one layer.

    Args:
        a: First wall.
        b: Last wall [same unit, as all lengths].
        size_a: Cell length at the first wall.
        size_b: Cell length at the last wall.
        bulk: Largest cell length.
        fewest: Fewest cells.
        slope: Growth of the cell length per unit distance [-].

    Returns:
        Ascending points, both walls included.
    """
    # The size is piecewise linear with at most seven knots, so that the number of cells (the integral of
    # 1/h) and its inverse are logarithms and exponentials and need no numerical integration.
    rise_a = (bulk - size_a) / slope + size_a
    rise_b = (bulk - size_b) / slope + size_b
    meet = 0.5 * (a + b) + ((size_b - size_a) + slope * (size_a - size_b)) / (2 * slope)
    knots = np.array([a, a + size_a, a + rise_a, meet, b - rise_b, b - size_b, b])
    knots = np.unique(np.clip(knots, a, b))
    h = _size(knots, a, b, size_a, size_b, bulk, slope)
    rise = np.diff(h) / np.diff(knots)
    flat = np.abs(rise) * np.diff(knots) < 1e-12 * h[:-1]
    safe = np.where(flat, 1.0, rise)
    cells = np.where(flat, np.diff(knots) / h[:-1], np.log(h[1:] / h[:-1]) / safe)
    total = np.concatenate([[0.0], np.cumsum(cells)])
    number = max(fewest, math.ceil(total[-1] * (1 - 1e-9)))
    wanted = np.linspace(0.0, total[-1], number + 1)
    piece = np.clip(np.searchsorted(total, wanted, side="right") - 1, 0, len(cells) - 1)
    local = wanted - total[piece]
    x = np.where(
        flat[piece],
        knots[piece] + h[piece] * local,
        knots[piece] + h[piece] * np.expm1(np.where(flat[piece], 0.0, rise[piece]) * local) / safe[piece],
    )
    x[0], x[-1] = a, b
    return np.asarray(x, dtype=np.float64)
