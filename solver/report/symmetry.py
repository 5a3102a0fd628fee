"""A whole particle from the sector that was meshed: mirrored quarters and halves, radii turned into discs."""

import numpy as np

from solver.report.errors import ReportError
from solver.report.fields import Array, Fields

VECTORS = ("lithium_flux", "displacement")
"""Fields whose components change sign in a mirror; every other picture field is a scalar."""


def whole(fields: Fields, sectors: int = 240) -> Fields:
    """The picture of a whole particle, of dimension `cut`.

    A flat sector that ends on the axes x = 0 or y = 0 is mirrored there; in `axisymmetric` that shows the cut
    through the axis. A spherical run is turned about its centre: the cut through the middle of the ball.

    Args:
        fields: one moment of a run.
        sectors: pieces of a full turn for a spherical run.

    Raises:
        ReportError: for a 3D run.
    """
    if fields.dimension == "3d":
        raise ReportError("pictures of 3d runs are not available yet; allowed: 1D and 2D runs")
    if fields.dimension == "spherical":
        return turned(fields, sectors)
    picture = Fields("cut", fields.points, fields.cells, fields.point_data, fields.cell_data)
    size = float(np.abs(fields.points[:, :2]).max())
    for axis in (0, 1):
        lowest = float(fields.points[:, axis].min())
        if abs(lowest) <= 1e-6 * size:
            picture = mirrored(picture, axis)
    return picture


def mirrored(fields: Fields, axis: int) -> Fields:
    """The fields and their mirror image in the plane x = 0 (axis 0) or y = 0 (axis 1)."""
    sign = np.ones(3)
    sign[axis] = -1.0

    def both(name: str, values: Array) -> Array:
        return np.concatenate([values, values * sign if name in VECTORS else values])

    image = fields.cells[:, ::-1] + len(fields.points)  # reversed: a mirror turns the orientation round
    return Fields(
        fields.dimension,
        # Adding zero turns -0.0 into 0.0, so that points on the plane coincide.
        np.concatenate([fields.points, fields.points * sign]) + 0.0,
        np.concatenate([fields.cells, image]),
        {name: both(name, values) for name, values in fields.point_data.items()},
        {name: both(name, values) for name, values in fields.cell_data.items()},
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
