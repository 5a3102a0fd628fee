"""Make a mesh of triangles or tetrahedra conform to the zero set of an implicit function.

Vertices near the interface are moved onto it, the edges that it still cuts are divided. Three remedies keep
the cells well shaped: a move that flattens a cell is given back, a crossing close to a vertex is taken to
be at the vertex, and only then is a cell divided.

Source: Labelle and Shewchuk (2007), ACM Trans. Graph. 26, 57 (isosurface stuffing: snap, then cut).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from meshes.bisection import bisect, edges_of
from meshes.simplices import facet_table, quality
from meshes.tagged_mesh import Floats, Ints
from meshes.walls import onto_walls

SNAP = 0.45
"""A vertex moves to a crossing nearer than this share of the cut edge."""

KEEP_QUALITY = 0.3
"""A move that leaves a cell worse than this is given back."""

MERGE = 0.3
"""A crossing nearer to a vertex than this share of the edge is taken to be at the vertex."""

BISECTIONS = {2: 30, 3: 18}
"""Halvings of an edge in search of its crossing, by number of coordinates."""

Bools = npt.NDArray[np.bool_]
Implicit = Callable[[Floats], Floats]


@dataclass(frozen=True)
class FittedMesh:
    """A mesh that conforms to the interface.

    Attributes:
        points: (n, d).
        cells: (m, d+1).
        parent: (m,) cell of the background mesh that each cell came from.
        negative: (m,) whether the function is negative there.
        walls: (n,) wall bits of each vertex.
        pinned: (n,) whether the vertex lies on the interface.
    """

    points: Floats
    cells: Ints
    parent: Ints
    negative: Bools
    walls: Ints
    pinned: Bools


def fit_interface(
    points: Floats,
    cells: Ints,
    active: Bools,
    walls: Ints,
    core: float,
    implicit: Implicit,
) -> FittedMesh:
    """Warp and cut a background mesh.

    Args:
        points: (n, d) background vertices, d = 2 or 3.
        cells: (m, d+1) background cells.
        active: (m,) cells in which the interface counts.
        walls: (n,) bit set of the walls (circles or spheres, symmetry lines or planes) that each vertex
            lies on; a vertex may only move along all of its walls.
        core: Radius inside the skin [outer radii], for the circles that vertices are put back onto.
        implicit: Function of (n, d) points, negative in the rock salt.

    Returns:
        The conforming mesh.
    """
    values = implicit(points)
    values[values == 0] = np.finfo(float).tiny
    edges = edges_of(cells[active])
    edges = edges[values[edges[:, 0]] * values[edges[:, 1]] < 0]
    bits = _edge_walls(cells, active, walls, edges)
    share = _crossing(points, edges, implicit)
    points, values = _snap(points, cells, values, walls, core, edges, bits, share)

    still = values[edges[:, 0]] * values[edges[:, 1]] < 0
    edges, bits, share = edges[still], bits[still], share[still]
    values[edges[share < MERGE, 0]] = 0.0
    values[edges[share > 1 - MERGE, 1]] = 0.0
    still = values[edges[:, 0]] * values[edges[:, 1]] < 0
    edges, bits, share = edges[still], bits[still], share[still]

    middle = points[edges[:, 0]] + share[:, None] * (points[edges[:, 1]] - points[edges[:, 0]])
    points = np.concatenate([points, onto_walls(middle, bits, core)])
    values = np.concatenate([values, np.zeros(len(edges))])
    cells, parent = bisect(points, cells, edges, len(walls))
    return FittedMesh(
        points,
        cells,
        parent,
        _negative(points, cells, values, implicit),
        np.concatenate([walls, bits]),
        values == 0,
    )


def _edge_walls(cells: Ints, active: Bools, walls: Ints, edges: Ints) -> Ints:
    # An edge lies on a wall when a facet there has it: a chord between two vertices of a sphere does not.
    facets, sides, _ = facet_table(cells)
    marked = np.append(active, False)
    facets = facets[marked[sides[:, 0]] != marked[sides[:, 1]]]
    shared = np.bitwise_and.reduce(walls[facets], axis=1)
    facets, shared = facets[shared != 0], shared[shared != 0]
    count = len(walls)
    pairs = [facets[:, [i, j]] for i, j in combinations(range(facets.shape[1]), 2)]
    keys, slot = np.unique(
        np.concatenate([pair[:, 0] * count + pair[:, 1] for pair in pairs]), return_inverse=True
    )
    bits = np.zeros(len(keys) + 1, dtype=np.int64)
    np.bitwise_or.at(bits, slot, np.tile(shared, len(pairs)))
    wanted = edges[:, 0] * count + edges[:, 1]
    found = np.searchsorted(keys, wanted)
    known = np.append(keys, -1)[found] == wanted
    return np.where(known, bits[found], 0)


def _crossing(points: Floats, edges: Ints, implicit: Implicit) -> Floats:
    # Bisection on the true function: where it jumps (at the border of two domains) the jump is found.
    start, step = points[edges[:, 0]], points[edges[:, 1]] - points[edges[:, 0]]
    low, high = np.zeros(len(edges)), np.ones(len(edges))
    if len(edges) == 0:
        return low
    sign = implicit(start) < 0
    for _ in range(BISECTIONS[points.shape[1]]):
        middle = 0.5 * (low + high)
        same = (implicit(start + middle[:, None] * step) < 0) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return 0.5 * (low + high)


def _snap(
    points: Floats,
    cells: Ints,
    values: Floats,
    walls: Ints,
    core: float,
    edges: Ints,
    bits: Ints,
    share: Floats,
) -> tuple[Floats, Floats]:
    vertex = np.concatenate([edges[:, 0], edges[:, 1]])
    other = np.concatenate([edges[:, 1], edges[:, 0]])
    near = np.concatenate([share, 1 - share])
    along = np.concatenate([bits, bits])
    allowed = (near < SNAP) & ((along & walls[vertex]) == walls[vertex])
    vertex, other, near = vertex[allowed], other[allowed], near[allowed]
    step = near[:, None] * (points[other] - points[vertex])
    order = np.lexsort((np.hypot.reduce(step, axis=1), vertex))
    vertex, first = np.unique(vertex[order], return_index=True)
    moved = points.copy()
    moved[vertex] = onto_walls(points[vertex] + step[order][first], walls[vertex], core)
    travel = np.hypot.reduce(moved - points, axis=1)
    snapped = np.zeros(len(points), dtype=bool)
    snapped[vertex] = True
    while True:
        bad = (quality(moved, cells) < KEEP_QUALITY) & snapped[cells].any(axis=1)
        if not bad.any():
            break
        # Of each flattened cell, the vertex that came farthest goes back.
        suspects = cells[bad]
        reach = np.where(snapped[suspects], travel[suspects], -1.0)
        back = np.unique(suspects[np.arange(len(suspects)), reach.argmax(axis=1)])
        moved[back] = points[back]
        snapped[back] = False
    return moved, np.where(snapped, 0.0, values)


def _negative(points: Floats, cells: Ints, values: Floats, implicit: Implicit) -> Bools:
    corner = values[cells]
    largest = np.take_along_axis(corner, np.abs(corner).argmax(axis=1)[:, None], axis=1)[:, 0]
    flat = largest == 0
    if flat.any():
        largest[flat] = implicit(points[cells[flat]].mean(axis=1))
    return np.asarray(largest < 0)
