"""The fields of one moment as plain arrays, and their exact integrals over the particle.

Cells are flat simplices; between their corners a field is linear. The measure of a dimension (4 pi r^2 in
`spherical`, 2 pi r in `axisymmetric`, 1 otherwise) is integrated exactly against such fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

LAYERED, ROCK_SALT = 1, 2
REGIONS = {"layered": LAYERED, "rock_salt": ROCK_SALT}
REGION_WORDS = {"layered": "layered", "rock_salt": "rock salt"}
CORNERS = {"spherical": 2, "axisymmetric": 3, "generalised_plane_strain": 3, "plane_strain": 3, "3d": 4}


@dataclass(frozen=True)
class Fields:
    """Fields on flat simplices.

    Attributes:
        dimension: `spherical`, `axisymmetric`, `generalised_plane_strain`, `plane_strain`, `3d`, or `cut` for
            a picture of a whole particle, which has no volume.
        points: shape (n, 3) [m]; spherical (r, 0, 0), axisymmetric (r, z, 0), 2D (x, y, 0).
        cells: corners of each simplex, shape (m, d + 1).
        point_data: by name, shape (n,) or (n, 3) [SI].
        cell_data: by name, shape (m,) or (m, 3) [SI]; `region` is 1 layered, 2 rock salt.
    """

    dimension: str
    points: Array
    cells: Ints
    point_data: Mapping[str, Array] = field(default_factory=dict)
    cell_data: Mapping[str, Array] = field(default_factory=dict)

    @classmethod
    def from_grid(cls, grid: Any, dimension: str) -> "Fields":
        """Fields of a PyVista unstructured grid in metres."""
        corners = CORNERS[dimension]
        cells = np.asarray(grid.cells, dtype=np.int64).reshape(-1, corners + 1)[:, 1:]
        return cls(
            dimension,
            np.asarray(grid.points, dtype=float),
            cells,
            {name: np.asarray(grid.point_data[name], dtype=float) for name in grid.point_data},
            {name: np.asarray(grid.cell_data[name], dtype=float) for name in grid.cell_data},
        )

    @property
    def region(self) -> Ints:
        """Region of each cell, shape (m,); all layered where the file does not say."""
        return np.asarray(self.cell_data.get("region", np.ones(len(self.cells))), dtype=np.int64)

    def within(self, region: int) -> "Fields":
        """The cells of one region alone, on the same points."""
        return self.chosen(self.region == region)

    def chosen(self, keep: Mask) -> "Fields":
        """The cells of a mask of shape (m,) alone, on the same points."""
        return Fields(
            self.dimension,
            self.points,
            self.cells[keep],
            self.point_data,
            {name: values[keep] for name, values in self.cell_data.items()},
        )

    @property
    def volume(self) -> float:
        """Volume of these cells, of the sector that is meshed [m^3, or m^2 in 2D]."""
        return float(measures(self.dimension, self.points, self.cells).sum())

    def mean(self, name: str) -> float:
        """Volume mean of a scalar point field over these cells [unit of the field]."""
        weights = corner_weights(self.dimension, self.points, self.cells)
        return float((weights * self.point_data[name][self.cells]).sum() / weights.sum())

    def percentile(self, name: str, *percents: float) -> tuple[float, ...]:
        """Values of a scalar point field below which the given percentages [%] of the volume lie."""
        weights = corner_weights(self.dimension, self.points, self.cells).ravel()
        values = self.point_data[name][self.cells].ravel()
        order = np.argsort(values, kind="stable")
        passed = np.cumsum(weights[order])
        passed = (passed - 0.5 * weights[order]) / passed[-1]
        return tuple(float(np.interp(p / 100.0, passed, values[order])) for p in percents)

    def share_above(self, name: str, threshold: float) -> float:
        """Share of these cells' volume where a scalar point field is above a threshold [1].

        Exact for fields that are linear in each cell: cells are cut where they pass the threshold.
        """
        points, cells, values = cut_at(self.points, self.cells, self.point_data[name], threshold)
        volumes = measures(self.dimension, points, cells)
        above = values[cells].mean(axis=1) > threshold
        return float(volumes[above].sum() / volumes.sum())


def measures(dimension: str, points: Array, cells: Ints) -> Array:
    """Volume of each cell with the dimension's weight, shape (m,) [m^3, or m^2 in 2D]."""
    return np.asarray(corner_weights(dimension, points, cells).sum(axis=1))


def corner_weights(dimension: str, points: Array, cells: Ints) -> Array:
    """Integral of each corner's linear shape function with the dimension's weight, shape (m, d + 1)."""
    corners = points[cells]
    if dimension == "spherical":
        a, b = corners[:, 0, 0], corners[:, 1, 0]
        step = b - a
        first = a**2 / 2 + a * step / 3 + step**2 / 12
        second = a**2 / 2 + 2 * a * step / 3 + step**2 / 4
        return np.asarray(4 * np.pi * np.abs(step)[:, None] * np.stack([first, second], axis=1))
    edges = corners[:, 1:] - corners[:, :1]
    if dimension == "3d":
        volume = np.abs(np.linalg.det(edges)) / 6
        return np.repeat(volume[:, None] / 4, 4, axis=1)
    area = np.abs(edges[:, 0, 0] * edges[:, 1, 1] - edges[:, 0, 1] * edges[:, 1, 0]) / 2
    if dimension == "axisymmetric":
        radii = corners[:, :, 0]
        return np.asarray(2 * np.pi * area[:, None] / 12 * (radii + radii.sum(axis=1, keepdims=True)))
    return np.repeat(area[:, None] / 3, 3, axis=1)


def cut_at(points: Array, cells: Ints, values: Array, threshold: float) -> tuple[Array, Ints, Array]:
    """Split simplices until none has corners on both sides of a threshold.

    Each pass splits every crossed cell at the crossing of one of its edges; a simplex of dimension d needs at
    most a few. Points are added for each cell on its own, which does not matter for volumes.

    Returns:
        points, cells and values, whole again, with the pieces in the place of the crossed cells.
    """
    for _ in range(12):
        corner = values[cells]
        low, high = corner.argmin(axis=1), corner.argmax(axis=1)
        rows = np.arange(len(cells))
        v_low, v_high = corner[rows, low], corner[rows, high]
        # A corner that round-off leaves beside the threshold must not be split off for ever.
        slack = 1e-12 * (np.abs(threshold) + np.abs(v_high - v_low))
        crossed = np.flatnonzero((v_low < threshold - slack) & (v_high > threshold + slack))
        if not len(crossed):
            break
        share = (threshold - v_low[crossed]) / (v_high[crossed] - v_low[crossed])
        start, end = points[cells[crossed, low[crossed]]], points[cells[crossed, high[crossed]]]
        added = len(points) + np.arange(len(crossed))
        points = np.concatenate([points, start + share[:, None] * (end - start)])
        values = np.concatenate([values, np.full(len(crossed), threshold)])
        below, above = cells[crossed].copy(), cells[crossed].copy()
        below[np.arange(len(crossed)), high[crossed]] = added
        above[np.arange(len(crossed)), low[crossed]] = added
        cells = np.concatenate([np.delete(cells, crossed, axis=0), below, above])
    return points, cells, values
