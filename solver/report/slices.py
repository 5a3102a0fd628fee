"""Plane slices of a particle in three dimensions, as flat pictures that every panel can draw."""

from dataclasses import replace

import numpy as np

from solver.report.faces import at_corners, places_of
from solver.report.fields import Array, Fields, measures
from solver.report.symmetry import TENSORS, VECTORS, image, mirror_axes, mirrored

AXES = "xyz"
IN_PLANE = {0: (1, 2), 1: (0, 2), 2: (0, 1)}
"""By the normal of a slice: the axes to the right and up in its picture."""
NEAR = 1e-7
"""Corners nearer to a plane than this share of the size lie in it."""

_PATTERNS = {
    (3, 1): (((0, 1), (0, 2)),),
    (3, 2): (((0, 2), (1, 2)),),
    (4, 1): (((0, 1), (0, 2), (0, 3)),),
    (4, 2): (((0, 2), (0, 3), (1, 3)), ((0, 2), (1, 3), (1, 2))),
    (4, 3): (((0, 3), (1, 3), (2, 3)),),
}
"""By corners of a cell, and corners above the plane, which come first: edges whose cuts span each piece."""


def whole_slice(fields: Fields, axis: int = 2, height: float = 0.0) -> Fields:
    """The slice of the whole particle by a plane, of dimension `cut`.

    The sector alone is sliced, and the slice mirrored. Its points are (right, up, 0) of `IN_PLANE`, and so
    are vectors, whose last component is along the normal. Cell field `cell` numbers the cells that were cut.

    Args:
        fields: tetrahedra of the sector.
        axis: normal of the plane: 0, 1 or 2.
        height: place of the plane on that axis [m].
    """
    mirrors = mirror_axes(fields)
    flat = sliced(image(fields, axis) if axis in mirrors and height < 0.0 else fields, axis, height)
    right, up = IN_PLANE[axis]
    turn = [right, up, axis]
    points = np.column_stack([flat.points[:, [right, up]], np.zeros(len(flat.points))])
    picture = Fields(
        "cut",
        points,
        flat.cells,
        {name: _turned(name, values, turn) for name, values in flat.point_data.items()},
        {name: _turned(name, values, turn) for name, values in flat.cell_data.items()},
    )
    for number, own in enumerate((right, up)):
        if own in mirrors:
            picture = mirrored(picture, number)
            cell = np.array_split(picture.cell_data["cell"], 2)
            numbers = np.concatenate([cell[0], cell[1] + cell[1].max(initial=0.0) + 1.0])
            picture = replace(picture, cell_data={**picture.cell_data, "cell": numbers})
    return picture


def sliced(fields: Fields, axis: int, height: float) -> Fields:
    """The pieces that a plane cuts out of tetrahedra (triangles) or triangles (lines), in space.

    Point fields are linear along the edges that are cut, so the slice is exact; pieces have points of their
    own, so that a jump between cells stays a jump. Of cells that meet in the plane the upper ones are shown.

    Args:
        fields: cells.
        axis: normal of the plane.
        height: place of the plane on that axis [m].
    """
    side = fields.points[:, axis] - height
    side[np.abs(side) <= NEAR * np.abs(fields.points).max()] = 0.0
    above = side[fields.cells] > 0.0
    count = above.sum(axis=1)
    starts, ends, cells = [], [], []
    for (corners, up), pieces in _PATTERNS.items():
        if corners != fields.cells.shape[1]:
            continue
        chosen = np.flatnonzero(count == up)
        order = np.argsort(~above[chosen], axis=1, kind="stable")
        own = np.take_along_axis(fields.cells[chosen], order, axis=1)
        for piece in pieces:
            starts.append(own[:, [edge[0] for edge in piece]])
            ends.append(own[:, [edge[1] for edge in piece]])
            cells.append(chosen)
    start, end, cell = np.concatenate(starts), np.concatenate(ends), np.concatenate(cells)
    share = side[start] / (side[start] - side[end])
    # A corner in the plane is where several edges end there: pieces that it makes vanish are left out.
    at = np.where(share == 1.0, end, -1)
    pairs = [(a, b) for a in range(at.shape[1]) for b in range(a)]
    gone = np.any([(at[:, a] >= 0) & (at[:, a] == at[:, b]) for a, b in pairs], axis=0)
    start, end, share, cell = start[~gone], end[~gone], share[~gone], cell[~gone]
    width = start.shape[1]
    start, end, share = start.ravel(), end.ravel(), share.ravel()

    def between(values: Array) -> Array:
        part = share.reshape(-1, *(1,) * (values.ndim - 1))
        return np.asarray((1.0 - part) * values[start] + part * values[end])

    return Fields(
        fields.dimension,
        between(fields.points),
        np.arange(len(start)).reshape(-1, width),
        {name: between(values) for name, values in fields.point_data.items()},
        {name: values[cell] for name, values in fields.cell_data.items()} | {"cell": cell.astype(float)},
    )


def with_flux_at_corners(fields: Fields) -> Fields:
    """The same fields with lithium's flux at the corners too: the mean around each within its phase.

    The flux of a run is one value a cell; lines that follow it need a field without steps.
    """
    if "lithium_flux" not in fields.cell_data:
        return fields
    weights = measures(fields.dimension, fields.points, fields.cells)
    flux = at_corners(fields, "lithium_flux", weights, places_of(fields))
    return replace(fields, point_data={**fields.point_data, "lithium_flux": flux})


def _turned(name: str, values: Array, turn: list[int]) -> Array:
    if name in VECTORS:
        return values[:, turn]
    if name in TENSORS:
        # 23, 13, 12 are the shears without 1, 2, 3.
        return values[:, [*turn, *(3 + axis for axis in turn)]]
    return values
