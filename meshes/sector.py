"""Sectors of a disc or ball: angles, symmetry planes, how many copies make the whole."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meshes.mesh_error import MeshError
from meshes.simplices import facet_table
from meshes.tagged_mesh import INNER, OUTER, SYM_X, SYM_Y, SYM_Z, Floats, Ints

ON_WALL = 1e-7
"""Distance [outer radii] within which a vertex counts as lying on a circle, sphere or symmetry plane."""


@dataclass(frozen=True)
class Sector:
    """A sector of a disc or ball around the origin.

    Attributes:
        start: First angle [rad]: polar in the plane, about z in space.
        stop: Last angle [rad].
        multiplicity: Copies that make the whole particle [-].
        planes: Tag of the symmetry plane (line, in 2D) normal to each coordinate axis of the mesh; zero where
            there is none. The sector lies on the positive side of its planes.
    """

    start: float
    stop: float
    multiplicity: float
    planes: tuple[int, ...]

    @property
    def angle(self) -> float:
        """Opening angle [rad]."""
        return self.stop - self.start

    @property
    def closed(self) -> bool:
        """Whether the sector is the full circle."""
        return self.angle > 1.9 * math.pi


PLANE_SECTORS = {
    "full": Sector(0.0, 2 * math.pi, 1.0, (0, 0)),
    "half": Sector(0.0, math.pi, 2.0, (0, SYM_Y)),
    "quarter": Sector(0.0, math.pi / 2, 4.0, (SYM_X, SYM_Y)),
}
"""The half keeps y >= 0, the quarter x >= 0 and y >= 0."""

AXISYMMETRIC_SECTORS = {
    "full": Sector(-math.pi / 2, math.pi / 2, 1.0, (SYM_X, 0)),
    "half": Sector(0.0, math.pi / 2, 2.0, (SYM_X, SYM_Z)),
}
"""In the (r, z) half plane; the half keeps z >= 0."""


SPACE_SECTORS = {
    "full": Sector(0.0, 2 * math.pi, 1.0, (0, 0, 0)),
    "half": Sector(0.0, 2 * math.pi, 2.0, (0, 0, SYM_Z)),
    "quarter": Sector(0.0, math.pi / 2, 4.0, (SYM_X, SYM_Y, 0)),
    "octant": Sector(0.0, math.pi / 2, 8.0, (SYM_X, SYM_Y, SYM_Z)),
}
"""The half keeps z >= 0, the quarter x >= 0 and y >= 0, the octant all three."""


def sectors_of(dimension: str) -> dict[str, Sector]:
    """The sectors that a 2D or 3D dimension has."""
    return {"axisymmetric": AXISYMMETRIC_SECTORS, "3d": SPACE_SECTORS}.get(dimension, PLANE_SECTORS)


def distance_from_centre(points: Floats) -> Floats:
    """Distance of (..., d) points from the origin, shape (...)."""
    return np.asarray(np.hypot.reduce(points, axis=-1), dtype=np.float64)


def tag_boundary(
    points: Floats, cells: Ints, sector: Sector, inner: float
) -> tuple[Ints, npt.NDArray[np.int32]]:
    """Find and tag the boundary facets of a sector of unit radius.

    Args:
        points: (n, d) coordinates, circles or spheres not yet scaled.
        cells: (m, d+1) simplices.
        sector: The sector meshed.
        inner: Cavity radius, zero when there is none.

    Returns:
        (f, d) facets and (f,) tags.

    Raises:
        MeshError: A boundary facet lies on no known wall, or a facet has more than two cells.
    """
    facets, _, counts = facet_table(cells)
    if counts.max() > 2:
        raise MeshError("a facet is shared by more than two cells")
    facets = facets[counts == 1]
    corners = points[facets]
    r = distance_from_centre(corners)
    tags = np.zeros(len(facets), dtype=np.int32)
    tags[(np.abs(r - 1.0) < ON_WALL).all(axis=1)] = OUTER
    if inner > 0:
        tags[(np.abs(r - inner) < ON_WALL).all(axis=1)] = INNER
    # Last: a facet of a plane may have all its corners on a sphere, a facet of a sphere none in a plane.
    for axis, tag in enumerate(sector.planes):
        if tag:
            tags[(np.abs(corners[..., axis]) < ON_WALL).all(axis=1)] = tag
    if (tags == 0).any():
        where = ", ".join(f"{x:.4g}" for x in corners[tags == 0][0].mean(axis=0))
        raise MeshError(f"{(tags == 0).sum()} boundary facets lie on no wall, one near ({where}) radii")
    return facets, tags
