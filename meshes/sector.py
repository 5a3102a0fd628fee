"""Sectors of a disc: angles, symmetry lines, how many copies make the whole."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meshes.mesh_error import MeshError
from meshes.simplices import facet_table
from meshes.tagged_mesh import INNER, OUTER, SYM_X, SYM_Y, SYM_Z, Floats, Ints

ON_WALL = 1e-7
"""Distance [outer radii] within which a vertex counts as lying on a circle or symmetry line."""


@dataclass(frozen=True)
class Sector:
    """A sector of a disc around the origin.

    Attributes:
        start: First angle [rad].
        stop: Last angle [rad].
        multiplicity: Copies that make the whole particle [-].
        lines: Tags of the straight edges: (x = 0, y = 0); zero where that line is no edge.
    """

    start: float
    stop: float
    multiplicity: float
    lines: tuple[int, int]

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


def sectors_of(dimension: str) -> dict[str, Sector]:
    """The sectors that a 2D dimension has."""
    return AXISYMMETRIC_SECTORS if dimension == "axisymmetric" else PLANE_SECTORS


def tag_boundary(
    points: Floats, cells: Ints, sector: Sector, inner: float
) -> tuple[Ints, npt.NDArray[np.int32]]:
    """Find and tag the boundary facets of a disc sector of unit radius.

    Args:
        points: (n, 2) coordinates, circles not yet scaled.
        cells: (m, 3) triangles.
        sector: The sector meshed.
        inner: Cavity radius, zero when there is none.

    Returns:
        (f, 2) facets and (f,) tags.

    Raises:
        MeshError: A boundary edge lies on no known wall, or an edge has more than two cells.
    """
    facets, _, counts = facet_table(cells)
    if counts.max() > 2:
        raise MeshError("an edge is shared by more than two cells")
    facets = facets[counts == 1]
    ends = points[facets]
    r = np.hypot(ends[..., 0], ends[..., 1])
    tags = np.zeros(len(facets), dtype=np.int32)
    for axis, tag in enumerate(sector.lines):
        if tag:
            tags[(np.abs(ends[..., axis]) < ON_WALL).all(axis=1)] = tag
    tags[(np.abs(r - 1.0) < ON_WALL).all(axis=1)] = OUTER
    if inner > 0:
        tags[(np.abs(r - inner) < ON_WALL).all(axis=1)] = INNER
    if (tags == 0).any():
        x, y = ends[tags == 0][0].mean(axis=0)
        raise MeshError(
            f"{(tags == 0).sum()} boundary edges lie on no wall, one near ({x:.4g}, {y:.4g}) radii"
        )
    return facets, tags
