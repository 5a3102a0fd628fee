"""Divide simplices at given edges so that the mesh stays conforming."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from meshes.simplices import quality
from meshes.tagged_mesh import Floats, Ints


def edges_of(cells: Ints) -> Ints:
    """Edges of simplices.

    Args:
        cells: (m, d+1) vertex numbers.

    Returns:
        (e, 2) edges, each once, ascending in each row.
    """
    pairs = np.concatenate([cells[:, [i, j]] for i, j in combinations(range(cells.shape[1]), 2)])
    count = int(cells.max()) + 1 if len(cells) else 1
    low, high = pairs.min(axis=1), pairs.max(axis=1)
    return np.stack(np.divmod(np.unique(low * count + high), count), axis=1)


def bisect(points: Floats, cells: Ints, edges: Ints, first: int) -> tuple[Ints, Ints]:
    """Divide every cell at those of its edges that are named.

    A cell is bisected at one edge after the other, longest first. The order is the same in all cells, so that
    two cells divide the facet between them alike. The facets of triangles are edges, where nothing needs an
    order: each triangle takes the better one of both.

    Args:
        points: (n, d) vertices, the new ones included.
        cells: (m, d+1) vertex numbers, positively oriented.
        edges: (k, 2) edges to divide, ascending in each row.
        first: Edge number k has its new vertex at number `first` + k.

    Returns:
        (m', d+1) cells and (m',) the cell that each came from.
    """
    length = np.hypot.reduce(points[edges[:, 1]] - points[edges[:, 0]], axis=1)
    rank = np.empty(len(edges), dtype=np.int64)
    rank[np.lexsort((np.arange(len(edges)), -length))] = np.arange(len(edges))
    pieces, parent = _in_order(cells, edges, rank, first)
    if cells.shape[1] > 3:
        return pieces, parent
    others, owner = _in_order(cells, edges, len(edges) - 1 - rank, first)
    takes_other = _worst(points, others, owner, len(cells)) > _worst(points, pieces, parent, len(cells))
    keep, change = ~takes_other[parent], takes_other[owner]
    return np.concatenate([pieces[keep], others[change]]), np.concatenate([parent[keep], owner[change]])


def _worst(points: Floats, cells: Ints, parent: Ints, count: int) -> Floats:
    worst = np.full(count, np.inf)
    np.minimum.at(worst, parent, quality(points, cells))
    return worst


def _in_order(cells: Ints, edges: Ints, rank: Ints, first: int) -> tuple[Ints, Ints]:
    count = int(cells.max()) + 1 if len(cells) else 1
    keys = edges[:, 0] * count + edges[:, 1]
    order = np.argsort(keys)
    keys, number, rank = keys[order], order, rank[order]
    pairs = np.array(list(combinations(range(cells.shape[1]), 2)))
    done, done_parent = [], []
    parent = np.arange(len(cells))
    while len(cells):
        ends = np.sort(cells[:, pairs], axis=2)
        # New vertices have numbers beyond every key: their edges are never found.
        wanted = np.where(ends[..., 1] < count, ends[..., 0] * count + ends[..., 1], -1)
        slot = np.searchsorted(keys, wanted)
        slot[slot == len(keys)] = 0
        hit = keys[slot] == wanted if len(keys) else np.zeros(wanted.shape, dtype=bool)
        cut = hit.any(axis=1)
        done.append(cells[~cut])
        done_parent.append(parent[~cut])
        cells, parent, hit, slot = cells[cut], parent[cut], hit[cut], slot[cut]
        if not len(cells):
            break
        chosen = np.where(hit, rank[slot], len(rank)).argmin(axis=1)
        rows = np.arange(len(cells))
        new = first + number[slot[rows, chosen]]
        halves = []
        for end in (0, 1):
            half = cells.copy()
            half[rows, pairs[chosen, end]] = new
            halves.append(half)
        cells, parent = np.concatenate(halves), np.concatenate([parent, parent])
    return np.concatenate(done) if done else cells, np.concatenate(done_parent) if done else parent
