"""The lines of a picture: where phases meet, where grains meet, where the particle ends."""

from dataclasses import dataclass

import numpy as np

from solver.report.fields import Array, Fields


@dataclass(frozen=True)
class Outlines:
    """Straight pieces of lines, each of shape (k, 2, 2): piece, end, (x, y) [m]."""

    phases: Array
    grains: Array
    outside: Array


def outlines(picture: Fields) -> Outlines:
    """The lines of a whole particle's triangles, whose cells may each have points of their own."""
    size = float(np.abs(picture.points[:, :2]).max())
    # Copies of one corner in different cells agree to round-off; a grid of 1e-9 radii makes them one.
    grid = np.round(picture.points[:, :2] / size * 1e9).astype(np.int64)
    _, first, merged = np.unique(grid, axis=0, return_index=True, return_inverse=True)
    cells = merged.reshape(-1)[picture.cells]
    places = picture.points[first, :2]

    edges = np.concatenate([cells[:, [0, 1]], cells[:, [1, 2]], cells[:, [2, 0]]])
    owner = np.tile(np.arange(len(cells)), 3)
    keep = edges[:, 0] != edges[:, 1]  # a triangle at the centre of a turned disc has a vanished edge
    edges, owner = np.sort(edges[keep], axis=1), owner[keep]
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    edges, owner = edges[order], owner[order]
    twin = np.flatnonzero((edges[1:] == edges[:-1]).all(axis=1))

    region = picture.region
    grain = np.asarray(picture.cell_data.get("grain", np.zeros(len(cells))), dtype=np.int64)
    left, right = owner[twin], owner[twin + 1]
    other_phase = region[left] != region[right]
    other_grain = (grain[left] != grain[right]) & ~other_phase
    alone = np.ones(len(edges), dtype=bool)
    alone[twin] = False
    alone[twin + 1] = False
    return Outlines(places[edges[twin[other_phase]]], places[edges[twin[other_grain]]], places[edges[alone]])
