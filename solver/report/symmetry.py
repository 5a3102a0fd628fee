"""A whole particle from the sector that was meshed: mirrored sectors, radii turned into discs."""

from dataclasses import replace

import numpy as np

from solver.report.fields import Array, Fields

VECTORS = ("lithium_flux", "displacement", "normal")
"""Fields whose components change sign in a mirror."""
TENSORS = ("stress",)
"""Fields of 11, 22, 33, 23, 13, 12 whose shears change sign in a mirror; every other field is a scalar."""


def whole(fields: Fields, sectors: int = 240) -> Fields:
    """The whole particle: its picture of dimension `cut`, or all of its tetrahedra or surface in space.

    A sector that ends on the planes x = 0, y = 0 or z = 0 is mirrored there; in `axisymmetric` that shows the
    cut through the axis. A spherical run is turned about its centre: the cut through the middle of the ball.

    Args:
        fields: one moment of a run, or a part of it.
        sectors: pieces of a full turn for a spherical run.
    """
    if fields.dimension == "spherical":
        return turned(fields, sectors)
    solid = fields.dimension in ("3d", "surface")
    picture = fields if solid else replace(fields, dimension="cut")
    for axis in mirror_axes(fields):
        picture = mirrored(picture, axis)
    return picture


def mirror_axes(fields: Fields) -> tuple[int, ...]:
    """Numbers of the axes in whose plane (x = 0, y = 0, z = 0) the sector ends."""
    axes = (0, 1, 2) if fields.dimension in ("3d", "surface") else (0, 1)
    size = float(np.abs(fields.points).max())
    return tuple(axis for axis in axes if abs(float(fields.points[:, axis].min())) <= 1e-6 * size)


def mirrored(fields: Fields, axis: int) -> Fields:
    """The fields and their mirror image in the plane x = 0 (axis 0), y = 0 (axis 1) or z = 0 (axis 2)."""
    other = image(fields, axis)
    return Fields(
        fields.dimension,
        np.concatenate([fields.points, other.points]),
        np.concatenate([fields.cells, other.cells + len(fields.points)]),
        {name: np.concatenate([v, other.point_data[name]]) for name, v in fields.point_data.items()},
        {name: np.concatenate([v, other.cell_data[name]]) for name, v in fields.cell_data.items()},
    )


def image(fields: Fields, axis: int) -> Fields:
    """The mirror image alone."""
    sign = np.ones(3)
    sign[axis] = -1.0
    shears = np.array([sign[1] * sign[2], sign[0] * sign[2], sign[0] * sign[1]])
    signs = dict.fromkeys(VECTORS, sign) | dict.fromkeys(TENSORS, np.concatenate([np.ones(3), shears]))
    # Two corners change places: a mirror turns the orientation round.
    corners = np.arange(fields.cells.shape[1])
    corners[-2:] = corners[-2:][::-1]
    return Fields(
        fields.dimension,
        # Adding zero turns -0.0 into 0.0, so that points on the plane coincide.
        fields.points * sign + 0.0,
        fields.cells[:, corners],
        {name: values * signs.get(name, 1.0) for name, values in fields.point_data.items()},
        {name: values * signs.get(name, 1.0) for name, values in fields.cell_data.items()},
    )


def turned(fields: Fields, sectors: int) -> Fields:
    """A spherical run as the disc that a cut through the centre shows, in triangles.

    Radial vectors (r component of the field) turn with the radius.
    """
    angle = 2 * np.pi * np.arange(sectors) / sectors
    outward = np.stack([np.cos(angle), np.sin(angle), np.zeros(sectors)], axis=1)
    radius = fields.points[:, 0]
    count = len(radius)
    points = (outward[:, None, :] * radius[None, :, None]).reshape(-1, 3)
    here = np.arange(sectors) * count
    there = np.roll(here, -1)
    a, b = fields.cells[:, 0], fields.cells[:, 1]
    first = np.stack([here[:, None] + a, here[:, None] + b, there[:, None] + b], axis=-1)
    second = np.stack([here[:, None] + a, there[:, None] + b, there[:, None] + a], axis=-1)
    cells = np.concatenate([first.reshape(-1, 3), second.reshape(-1, 3)])

    def on_points(name: str, values: Array) -> Array:
        if name in VECTORS:
            return np.asarray((outward[:, None, :] * values[None, :, :1]).reshape(-1, 3))
        return np.tile(values, (sectors, *(1,) * (values.ndim - 1)))

    def on_cells(name: str, values: Array) -> Array:
        if name in VECTORS:
            middle = angle + np.pi / sectors
            across = np.stack([np.cos(middle), np.sin(middle), np.zeros(sectors)], axis=1)
            once = (across[:, None, :] * values[None, :, :1]).reshape(-1, 3)
        else:
            once = np.tile(values, (sectors, *(1,) * (values.ndim - 1)))
        return np.concatenate([once, once])

    return Fields(
        "cut",
        points,
        cells,
        {name: on_points(name, values) for name, values in fields.point_data.items()},
        {name: on_cells(name, values) for name, values in fields.cell_data.items()},
    )
