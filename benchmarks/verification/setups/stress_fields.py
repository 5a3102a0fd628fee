"""Stresses of a run, cell by cell, from the fields that it wrote."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.setups.running import Run
from solver.results.reader import read_run
from solver.results.vtkhdf import read_snapshot

Array = npt.NDArray[np.float64]

AXES = {
    "spherical": [0],
    "axisymmetric": [0, 2],
    "generalised_plane_strain": [0, 1],
    "plane_strain": [0, 1],
    "3d": [0, 1, 2],
}
"""Axes of stress that the coordinates of a dimension lie along."""
WANTED: Mapping[str, Any] = {"fields": ["stress"]}
"""The `output` of a case whose stresses are to be read."""

Profile = Callable[[Array, npt.NDArray[np.bool_]], tuple[Array, Array]]
"""Exact radial and hoop stress [Pa] from the radius [m] and whether the place is in rock salt."""


@dataclass(frozen=True)
class Stresses:
    """Stress in the middle of every cell.

    Attributes:
        dimension: name of the dimension.
        direction: unit vectors from the centre, shape (cells, 3), in the axes of the dimension.
        radius: distance from the centre [m].
        volume: share of the body [1].
        tensor: xx, yy, zz, yz, xz, xy [Pa], shape (cells, 6).
        rock_salt: whether the cell is rock salt.
    """

    dimension: str
    direction: Array
    radius: Array
    volume: Array
    tensor: Array
    rock_salt: npt.NDArray[np.bool_]

    @property
    def radial(self) -> Array:
        """Stress along the radius [Pa]."""
        x, y, z = self.direction.T
        squares = np.stack([x * x, y * y, z * z, 2.0 * y * z, 2.0 * x * z, 2.0 * x * y], axis=1)
        return np.asarray((squares * self.tensor).sum(axis=1))

    @property
    def hoop(self) -> Array:
        """Stress around the centre [Pa]: the mean of both tangential ones; in the plane the one in it."""
        if self.dimension.endswith("plane_strain"):
            return np.asarray(self.tensor[:, :2].sum(axis=1) - self.radial)
        return np.asarray(0.5 * (self.tensor[:, :3].sum(axis=1) - self.radial))

    def mean(self, rock_salt: bool) -> Array:
        """Mean of the tensor over a phase [Pa], shape (6,)."""
        share = np.where(self.rock_salt == rock_salt, self.volume, 0.0)
        return np.asarray(share @ self.tensor / share.sum())

    def off(self, exact: Profile) -> float:
        """Deviation from an exact profile, root mean square over the body, relative to the profile's."""
        wanted = np.stack(exact(self.radius, self.rock_salt))
        found = np.stack([self.radial, self.hoop])
        deviation, size = ((part**2 * self.volume).sum() for part in (found - wanted, wanted))
        return float(np.sqrt(deviation / size))

    def sample(self, number: int) -> npt.NDArray[np.int64]:
        """So many cells, evenly spread over the radius."""
        order = np.argsort(self.radius)
        places = np.linspace(self.radius[order[0]], self.radius[order[-1]], number)
        return np.unique(order[np.searchsorted(self.radius[order], places).clip(0, len(order) - 1)])


def stresses(run: Run) -> Stresses:
    """Stresses at the end of a run on one rank, whose case had `output` as `WANTED`.

    Raises:
        ValueError: the run wrote no fields.
    """
    folder = read_run(run.folder)
    last = folder.final()
    if last is None:
        msg = f"{run.folder}: no fields"
        raise ValueError(msg)
    stored, dimension = read_snapshot(last.file, last.number), folder.dimension
    axes = AXES[dimension]
    corners = np.asarray(stored.points, dtype=float)[stored.cells][..., : len(axes)]
    middle = corners.mean(axis=1)
    radius = np.linalg.norm(middle, axis=1)
    direction = np.zeros((len(middle), 3))
    direction[:, axes] = middle / radius[:, None]
    size = np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1]))
    size = size * middle[:, 0] ** {"spherical": 2, "axisymmetric": 1}.get(dimension, 0)
    return Stresses(
        dimension=dimension,
        direction=direction,
        radius=radius,
        volume=size / size.sum(),
        tensor=np.asarray(stored.point_data["stress"], dtype=float)[stored.cells].mean(axis=1),
        rock_salt=np.asarray(stored.cell_data["region"]) == 2,
    )
