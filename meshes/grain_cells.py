"""Which grain each tetrahedron belongs to, so that every grain is one piece that can be given its shape."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from meshes.simplices import components, facet_table, signed_measure
from meshes.solid_grains import SolidGrains
from meshes.tagged_mesh import Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ROUNDS = 6
"""Most rounds of giving cells away; a round settles all but cells that wait for each other."""


def label_cells(points: Floats, cells: Ints, ring: Ints, layout: SolidGrains) -> Ints:
    """Give each cell to a grain.

    A cell belongs to the grain that its centroid lies in. Cells that stick out into a neighbour are given to
    it, and so are pieces of a grain that are cut off from its main body.

    Args:
        points: (n, 3) [outer radii].
        cells: (m, 4).
        ring: (m,) ring of grains that each cell lies in.
        layout: The grains.

    Returns:
        (m,) number of the grain.
    """
    grain = layout.grain_at(points[cells].mean(axis=1), ring)
    facets, sides, counts = facet_table(cells)
    facets, sides = facets[counts == 2], sides[counts == 2]
    inside = ring[sides[:, 0]] == ring[sides[:, 1]]
    facets, sides = facets[inside], sides[inside]
    for _ in range(ROUNDS):
        met = _contact(np.arange(len(cells)), grain, sides, np.ones(len(sides)))
        # Three of a cell's facets on one neighbour: the boundary is shorter without it.
        bump = met.max(axis=1).toarray().ravel() >= 3
        if not bump.any():
            break
        grain = np.where(bump, met.argmax(axis=1).ravel(), grain)
    return _one_piece_each(points, cells, grain, facets, sides)


def incidence(cells: Ints, grain: Ints, count: int) -> csr_array:
    """(count, g) whether a vertex belongs to cells of a grain."""
    from scipy.sparse import csr_array

    pairs = np.unique(np.stack([cells.ravel(), np.repeat(grain, 4)], axis=1), axis=0)
    ones = np.ones(len(pairs), dtype=np.int64)
    return csr_array((ones, (pairs[:, 0], pairs[:, 1])), shape=(count, int(grain.max()) + 1))


def bridges(points: Floats, cells: Ints, grain: Ints) -> Ints:
    """Edges through a grain that must be divided before its boundary can be made flat.

    A cell with all four corners on the boundary between the same two grains would lose its volume there. It
    keeps it when its edge through the inside of the grain has a vertex in the middle, which can leave the
    boundary.

    Returns:
        (k, 2) edges, ascending in each row.
    """
    count = len(points)
    touches = incidence(cells, grain, count)
    shared = touches[cells[:, 0]]
    for k in range(1, 4):
        shared = shared.multiply(touches[cells[:, k]])
    flat = np.asarray(shared.sum(axis=1)).ravel() >= 2
    pairs = np.sort(cells[:, list(combinations(range(4), 2))], axis=2).reshape(-1, 2)
    key, number = np.unique(pairs[:, 0] * count + pairs[:, 1], return_inverse=True)
    owner = np.repeat(grain, 6)
    low, high = np.full(len(key), owner.max() + 1), np.full(len(key), -1)
    np.minimum.at(low, number, owner)
    np.maximum.at(high, number, owner)
    chosen = np.zeros(len(key), dtype=bool)
    chosen[number.reshape(-1, 6)[flat]] = True
    return np.stack(np.divmod(key[chosen & (low == high)], count), axis=1)


def _contact(label: Ints, grain: Ints, sides: Ints, weight: Floats) -> csr_array:
    from scipy.sparse import coo_array

    # (labels, grains) contact of each group of cells with the other grains around it.
    differ = grain[sides[:, 0]] != grain[sides[:, 1]]
    mine = np.concatenate([sides[differ, 0], sides[differ, 1]])
    other = np.concatenate([sides[differ, 1], sides[differ, 0]])
    shape = (int(label.max()) + 1, int(grain.max()) + 1)
    return coo_array((np.tile(weight[differ], 2), (label[mine], grain[other])), shape=shape).tocsr()


def _one_piece_each(points: Floats, cells: Ints, grain: Ints, facets: Ints, sides: Ints) -> Ints:
    volume = signed_measure(points, cells)
    ends = points[facets]
    area = np.linalg.norm(np.cross(ends[:, 1] - ends[:, 0], ends[:, 2] - ends[:, 0]), axis=1)
    while True:
        same = grain[sides[:, 0]] == grain[sides[:, 1]]
        piece = components(sides[same, 0], sides[same, 1], len(cells)).astype(np.int64)
        size = np.bincount(piece, weights=volume)
        owner = np.zeros(len(size), dtype=np.int64)
        owner[piece] = grain
        order = np.argsort(size, kind="stable")
        main = np.full(int(grain.max()) + 1, -1)
        main[owner[order]] = order
        loose = main[owner] != np.arange(len(size))
        met = _contact(piece, grain, sides, area)
        loose &= met.max(axis=1).toarray().ravel() > 0
        if not loose.any():
            return grain
        # One at a time by size, or two loose neighbours could trade places for ever.
        last = int(np.flatnonzero(loose)[size[loose].argmin()])
        grain = np.where(piece == last, met[[last]].argmax(), grain)
