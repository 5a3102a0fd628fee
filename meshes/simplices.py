"""Measures, quality and connectivity of line, triangle and tetrahedron meshes."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import numpy.typing as npt

from meshes.tagged_mesh import PLANE_DIMENSIONS, Floats, Ints


def signed_measure(points: Floats, cells: Ints) -> Floats:
    """Signed length, area or volume of each simplex.

    Args:
        points: (n, d) coordinates [any length].
        cells: (m, d+1) vertex numbers.

    Returns:
        (m,) measures [length^d], positive for positive orientation.
    """
    corners = points[cells]
    edges = corners[:, 1:] - corners[:, :1]
    return np.asarray(np.linalg.det(edges) / math.factorial(points.shape[1]), dtype=np.float64)


def oriented(points: Floats, cells: Ints) -> Ints:
    """Swap two vertices wherever the orientation is negative."""
    cells = cells.copy()
    negative = signed_measure(points, cells) < 0
    cells[negative, -2:] = cells[negative, :-3:-1]
    return cells


def weighted_measure(dimension: str, points: Floats, cells: Ints) -> Floats:
    """Volume that each cell stands for in a dimension.

    Args:
        dimension: See `TaggedMesh`.
        points: (n, d) coordinates.
        cells: (m, d+1) vertex numbers.

    Returns:
        (m,) shell volume in `spherical`, volume of revolution in `axisymmetric` (Pappus, exact for flat
        triangles), area in the plane dimensions, volume in `3d`.
    """
    if dimension == "spherical":
        r = points[cells, 0]
        return np.asarray(4.0 / 3.0 * np.pi * (r[:, 1] ** 3 - r[:, 0] ** 3), dtype=np.float64)
    measure = signed_measure(points, cells)
    if dimension == "axisymmetric":
        measure = measure * 2.0 * np.pi * points[cells, 0].mean(axis=1)
    return measure


def quality(points: Floats, cells: Ints) -> Floats:
    """Shape measure of each cell [-].

    The mean ratio: the measure to the power 2/d over the mean squared edge, scaled to 1 for the equilateral
    simplex, negative where the orientation is; on a line, the length ratio of neighbouring cells.

    Source: Liu and Joe (1994), BIT 34, 268, mean ratio of a simplex.
    """
    d = points.shape[1]
    measure = signed_measure(points, cells)
    if d == 1:
        return _neighbour_ratio(points, cells, measure)
    squares = np.zeros(len(cells))
    for i, j in combinations(range(d + 1), 2):
        squares += ((points[cells[:, i]] - points[cells[:, j]]) ** 2).sum(axis=1)
    unit = math.sqrt(d + 1) / (math.factorial(d) * math.sqrt(2.0**d))
    pairs = d * (d + 1) / 2
    size = np.sign(measure) * (np.abs(measure) / unit) ** (2.0 / d)
    return np.asarray(pairs * size / squares, dtype=np.float64)


def _neighbour_ratio(points: Floats, cells: Ints, length: Floats) -> Floats:
    ratio = np.ones(len(cells))
    order = np.argsort(points[cells].mean(axis=1)[:, 0])
    sizes = length[order]
    step = np.minimum(sizes[1:], sizes[:-1]) / np.maximum(sizes[1:], sizes[:-1])
    ratio[order[1:]] = step
    ratio[order[:-1]] = np.minimum(ratio[order[:-1]], step)
    return ratio


def cell_facets(cells: Ints) -> Ints:
    """All facets of all cells, ascending in each row.

    Returns:
        (m, d+1, d) vertex numbers; facet k lies opposite vertex k.
    """
    k = cells.shape[1]
    stacked = np.stack([np.delete(cells, i, axis=1) for i in range(k)], axis=1)
    return np.sort(stacked, axis=2)


def facet_table(cells: Ints) -> tuple[Ints, Ints, Ints]:
    """Unique facets and the cells on their two sides.

    Returns:
        (f, d) sorted facets, (f, 2) cell numbers with -1 where there is no second cell, and (f,) counts.
    """
    every = cell_facets(cells)
    m, k, d = every.shape
    unique, inverse, counts = _unique_rows(every.reshape(m * k, d))
    owner = np.repeat(np.arange(m), k)
    order = np.argsort(inverse, kind="stable")
    start = np.concatenate([[0], np.cumsum(counts)[:-1]])
    sides = np.full((len(unique), 2), -1, dtype=np.int64)
    sides[:, 0] = owner[order[start]]
    shared = counts > 1
    sides[shared, 1] = owner[order[start[shared] + 1]]
    return unique, sides, counts


def _unique_rows(rows: Ints) -> tuple[Ints, Ints, Ints]:
    # Rows packed into one number each sort many times faster than rows do.
    base = int(rows.max()) + 1
    width = rows.shape[1]
    if base**width > np.iinfo(np.int64).max:
        unique, inverse, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
        return unique, inverse.reshape(-1), counts
    weights = base ** np.arange(width - 1, -1, -1, dtype=np.int64)
    _, first, inverse, counts = np.unique(
        rows @ weights, return_index=True, return_inverse=True, return_counts=True
    )
    return rows[first], inverse.reshape(-1), counts


def compressed(points: Floats, cells: Ints) -> tuple[Floats, Ints, Ints]:
    """Drop points that no cell uses.

    Returns:
        points, renumbered cells, and (n,) the old-to-new numbers (-1 where dropped).
    """
    used = np.unique(cells)
    renumber = np.full(len(points), -1, dtype=np.int64)
    renumber[used] = np.arange(len(used))
    return points[used], renumber[cells], renumber


def components(cells_a: Ints, cells_b: Ints, count: int) -> npt.NDArray[np.int32]:
    """Label connected groups of cells.

    Args:
        cells_a: (k,) one cell of each link.
        cells_b: (k,) the other.
        count: Number of cells.

    Returns:
        (count,) label of each cell.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(cells_a)), (cells_a, cells_b)), shape=(count, count))
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels, dtype=np.int32)


def is_plane(dimension: str) -> bool:
    """Tell whether a dimension is one of the 2D Cartesian ones."""
    return dimension in PLANE_DIMENSIONS
