"""Faces of simplices: where two phases meet, where two grains meet, and where the particle ends.

A face is an edge of a triangle or a triangle of a tetrahedron. Cells may each have points of their own, as in
run folders; then one place bears several points, and a face knows those of the cell that it belongs to.
"""

from dataclasses import dataclass

import numpy as np

from solver.report.fields import Array, Fields, Ints, Mask

GRID = 1e9
"""Copies of one corner agree to round-off; rounded to this share of the picture's size they are one."""


@dataclass(frozen=True)
class Faces:
    """Some faces of a picture's cells, each once.

    Attributes:
        corners: point numbers of the owning cell's corners, shape (k, d).
        owner: the cell that the corners belong to, shape (k,); of two, the one of the higher region.
        other: the cell on the other side, shape (k,); -1 where there is none.
    """

    corners: Ints
    owner: Ints
    other: Ints

    def where(self, keep: Mask) -> "Faces":
        """The faces of a mask of shape (k,)."""
        return Faces(self.corners[keep], self.owner[keep], self.other[keep])


def places_of(fields: Fields) -> Ints:
    """Number of the place of each point, shape (n,): points at one place have one number."""
    size = float(np.abs(fields.points).max())
    grid = np.round(fields.points / size * GRID).astype(np.int64)
    order = np.lexsort(grid.T)
    new = np.ones(len(grid), dtype=bool)
    new[1:] = (grid[order[1:]] != grid[order[:-1]]).any(axis=1)
    number = np.empty(len(grid), dtype=np.int64)
    number[order] = np.cumsum(new) - 1
    return number


def faces_of(fields: Fields, places: Ints | None = None) -> Faces:
    """All faces of a picture, inner ones once; faces that have shrunk to less are left out."""
    number = places_of(fields) if places is None else places
    corners = fields.cells.shape[1]
    parts = [np.delete(fields.cells, corner, axis=1) for corner in range(corners)]
    faces = np.concatenate(parts)
    owner = np.tile(np.arange(len(fields.cells)), corners)
    key = np.sort(number[faces], axis=1)
    full = (key[:, 1:] != key[:, :-1]).all(axis=1)  # a disc turned about its centre has vanished edges
    faces, owner, key = faces[full], owner[full], key[full]
    order = np.lexsort(key.T)
    faces, owner, key = faces[order], owner[order], key[order]
    twin = np.flatnonzero((key[1:] == key[:-1]).all(axis=1))
    alone = np.ones(len(key), dtype=bool)
    alone[twin] = alone[twin + 1] = False
    region = fields.region
    second = region[owner[twin + 1]] > region[owner[twin]]
    first, last = np.where(second, twin + 1, twin), np.where(second, twin, twin + 1)
    return Faces(
        np.concatenate([faces[first], faces[alone]]),
        np.concatenate([owner[first], owner[alone]]),
        np.concatenate([owner[last], np.full(int(alone.sum()), -1)]),
    )


def between_phases(fields: Fields, faces: Faces) -> Faces:
    """Faces with another region on either side."""
    return _differ(fields.region, faces)


def between_grains(fields: Fields, faces: Faces) -> Faces:
    """Faces within one phase with another grain on either side; none where the picture names no grains."""
    grain = np.asarray(fields.cell_data.get("grain", np.zeros(len(fields.cells))), dtype=np.int64)
    chosen = _differ(grain, faces)
    return chosen.where(fields.region[chosen.owner] == fields.region[chosen.other])


def outside(faces: Faces) -> Faces:
    """Faces with nothing on the other side."""
    return faces.where(faces.other < 0)


def cell_edges(picture: Fields) -> Ints:
    """Point numbers of the edges of triangles, each once, shape (k, 2).

    In a slice the edges are those of the cells that were cut: a line within one of them is left out.
    """
    faces = faces_of(picture)
    cell = np.asarray(picture.cell_data.get("cell", np.arange(len(picture.cells))))
    return faces.where((faces.other < 0) | (cell[faces.owner] != cell[faces.other])).corners


def at_corners(fields: Fields, name: str, weights: Array, places: Ints | None = None) -> Array:
    """A cell field as its weighted mean around each corner, within the cell's phase, shape (n, ...).

    Args:
        fields: cells that each have points of their own.
        name: cell field.
        weights: of each cell, shape (m,).
        places: from `places_of`.
    """
    number = places_of(fields) if places is None else places
    corners = fields.cells.shape[1]
    key = number[fields.cells] * 4 + fields.region[:, None]
    _, slot = np.unique(key.ravel(), return_inverse=True)
    slot = slot.reshape(-1)
    heavy = np.repeat(weights, corners)
    total = np.bincount(slot, heavy)
    values = np.asarray(fields.cell_data[name], dtype=float).reshape(len(fields.cells), -1)
    found = np.empty((len(fields.points), values.shape[1]))
    for column in range(values.shape[1]):
        mean = np.bincount(slot, heavy * np.repeat(values[:, column], corners)) / total
        found[fields.cells.ravel(), column] = mean[slot]
    return found


def _differ(of_cell: Ints, faces: Faces) -> Faces:
    return faces.where((faces.other >= 0) & (of_cell[faces.owner] != of_cell[faces.other]))
