"""Make a triangle mesh conform to the zero line of an implicit function.

Vertices near the line are moved onto it, the edges that it still cuts are divided. Three remedies keep
the cells well shaped: a move that flattens a cell is given back, a crossing close to a vertex is taken to
be at the vertex, and only then is a cell divided.

Source: Labelle and Shewchuk (2007), ACM Trans. Graph. 26, 57 (isosurface stuffing: snap, then cut).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meshes.simplices import quality
from meshes.tagged_mesh import Floats, Ints
from meshes.walls import onto_walls

SNAP = 0.45
"""A vertex moves to a crossing nearer than this share of the cut edge."""

KEEP_QUALITY = 0.3
"""A move that leaves a cell worse than this is given back."""

MERGE = 0.3
"""A crossing nearer to a vertex than this share of the edge is taken to be at the vertex."""

BISECTIONS = 30

Bools = npt.NDArray[np.bool_]
Implicit = Callable[[Floats], Floats]


@dataclass(frozen=True)
class FittedMesh:
    """A mesh that conforms to the line.

    Attributes:
        points: (n, 2).
        cells: (m, 3).
        parent: (m,) cell of the background mesh that each cell came from.
        negative: (m,) whether the function is negative there.
        walls: (n,) wall bits of each vertex.
        pinned: (n,) whether the vertex lies on the line.
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
        points: (n, 2) background vertices.
        cells: (m, 3) background triangles.
        active: (m,) cells in which the line counts.
        walls: (n,) bit set of the walls (circles, symmetry lines) that each vertex lies on; a vertex may
            only move along all of its walls.
        core: Radius inside the skin [outer radii], for the circles that vertices are put back onto.
        implicit: Function of (n, 2) points, negative in the rock salt.

    Returns:
        The conforming mesh.
    """
    values = implicit(points)
    values[values == 0] = np.finfo(float).tiny
    edges = _edges(cells[active])
    edges = edges[values[edges[:, 0]] * values[edges[:, 1]] < 0]
    share = _crossing(points, edges, implicit)
    points, values = _snap(points, cells, values, walls, core, edges, share)

    open_edge = values[edges[:, 0]] * values[edges[:, 1]] < 0
    edges, share = edges[open_edge], share[open_edge]
    values[edges[share < MERGE, 0]] = 0.0
    values[edges[share > 1 - MERGE, 1]] = 0.0
    open_edge = values[edges[:, 0]] * values[edges[:, 1]] < 0
    edges, share = edges[open_edge], share[open_edge]

    bits = walls[edges[:, 0]] & walls[edges[:, 1]]
    middle = points[edges[:, 0]] + share[:, None] * (points[edges[:, 1]] - points[edges[:, 0]])
    points = np.concatenate([points, onto_walls(middle, bits, core)])
    values = np.concatenate([values, np.zeros(len(edges))])
    cells, parent = _divide(points, cells, edges, len(walls))
    return FittedMesh(
        points,
        cells,
        parent,
        _negative(points, cells, values, implicit),
        np.concatenate([walls, bits]),
        values == 0,
    )


def _edges(cells: Ints) -> Ints:
    pairs = np.concatenate([cells[:, [0, 1]], cells[:, [1, 2]], cells[:, [2, 0]]])
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _crossing(points: Floats, edges: Ints, implicit: Implicit) -> Floats:
    # Bisection on the true function: where it jumps (at the border of two domains) the jump is found.
    start, step = points[edges[:, 0]], points[edges[:, 1]] - points[edges[:, 0]]
    low, high = np.zeros(len(edges)), np.ones(len(edges))
    if len(edges) == 0:
        return low
    sign = implicit(start) < 0
    for _ in range(BISECTIONS):
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
    share: Floats,
) -> tuple[Floats, Floats]:
    vertex = np.concatenate([edges[:, 0], edges[:, 1]])
    other = np.concatenate([edges[:, 1], edges[:, 0]])
    near = np.concatenate([share, 1 - share])
    allowed = (near < SNAP) & ((walls[other] & walls[vertex]) == walls[vertex])
    vertex, other, near = vertex[allowed], other[allowed], near[allowed]
    step = near[:, None] * (points[other] - points[vertex])
    order = np.lexsort((np.hypot(step[:, 0], step[:, 1]), vertex))
    vertex, first = np.unique(vertex[order], return_index=True)
    moved = points.copy()
    moved[vertex] = onto_walls(points[vertex] + step[order][first], walls[vertex], core)
    travel = np.hypot(*(moved - points).T)
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


def _divide(points: Floats, cells: Ints, edges: Ints, first: int) -> tuple[Ints, Ints]:
    # `edges` are divided; edge k has its new vertex at number first + k.
    count = len(points)
    key = edges[:, 0] * count + edges[:, 1]
    order = np.argsort(key)
    pairs = np.sort(np.stack([cells[:, [1, 2]], cells[:, [2, 0]], cells[:, [0, 1]]], axis=1), axis=2)
    wanted = pairs[..., 0] * count + pairs[..., 1]
    if len(key) == 0:
        return cells, np.arange(len(cells))
    slot = np.minimum(np.searchsorted(key[order], wanted), len(key) - 1)
    hit = key[order][slot] == wanted
    new = np.where(hit, first + order[slot], -1)  # (m, 3): new vertex opposite each corner, or -1

    number = hit.sum(axis=1)
    pieces, parents = [cells[number == 0]], [np.flatnonzero(number == 0)]
    one = np.flatnonzero(number == 1)
    a, b, c, p = _turned(cells[one], new[one], hit[one].argmax(axis=1))
    pieces += [np.stack([a, b, p], axis=1), np.stack([a, p, c], axis=1)]
    parents += [one, one]
    two = np.flatnonzero(number == 2)
    # The apex is the corner whose opposite edge is whole; q cuts its edge to b, p its edge to c.
    whole = (~hit[two]).argmax(axis=1)
    a, b, c, _ = _turned(cells[two], new[two], whole)
    rows = np.arange(len(two))
    p, q = new[two][rows, (whole + 1) % 3], new[two][rows, (whole + 2) % 3]
    pieces.append(np.stack([a, q, p], axis=1))
    by_b = [np.stack([b, c, p], axis=1), np.stack([b, p, q], axis=1)]
    by_c = [np.stack([b, c, q], axis=1), np.stack([c, p, q], axis=1)]
    better = np.minimum(*(quality(points, t) for t in by_b)) >= np.minimum(
        *(quality(points, t) for t in by_c)
    )
    pieces += [np.where(better[:, None], t, u) for t, u in zip(by_b, by_c, strict=True)]
    parents += [two, two, two]
    return np.concatenate(pieces), np.concatenate(parents)


def _turned(cells: Ints, new: Ints, corner: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    rows = np.arange(len(cells))
    a, b, c = (cells[rows, (corner + k) % 3] for k in range(3))
    return a, b, c, new[rows, corner]


def _negative(points: Floats, cells: Ints, values: Floats, implicit: Implicit) -> Bools:
    corner = values[cells]
    largest = np.take_along_axis(corner, np.abs(corner).argmax(axis=1)[:, None], axis=1)[:, 0]
    flat = largest == 0
    if flat.any():
        largest[flat] = implicit(points[cells[flat]].mean(axis=1))
    return np.asarray(largest < 0)
