"""Concentric spheres in a sector of a ball, meshed by Gmsh in units of the outer radius."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from meshes.concentric import on_circles, ring_size_at, ring_sizes
from meshes.gmsh_session import gmsh_model, mesh_space
from meshes.mesh_error import MeshError
from meshes.sector import Sector, distance_from_centre
from meshes.tagged_mesh import Floats, Ints

CELL_VOLUME = 0.22
"""Volume of a tetrahedron of Gmsh's per cubed wanted size [-], measured far from walls; 0.118 is regular."""

WALL_CELLS = 1.6
"""Tetrahedra that a wall adds per its area in squared wanted sizes [-], measured."""


def estimate_shells(radii: Sequence[float], sizes: Sequence[float], bulk: float, sector: Sector) -> int:
    """Number of tetrahedra to expect from `mesh_shells`."""
    spots = np.unique(np.concatenate([np.linspace(a, b, 400) for a, b in pairwise(radii)]))
    h = np.array([ring_size_at(r, radii, sizes, bulk) for r in spots])
    sphere = 4 * math.pi / sector.multiplicity
    # A plane halves the ball and, with each other plane, is halved: its arc at r is 4 pi r / multiplicity.
    planes = sum(tag > 0 for tag in sector.planes) * sphere
    within = np.trapezoid(
        sphere * spots**2 / (CELL_VOLUME * h**3) + WALL_CELLS * planes * spots / h**2, spots
    )
    beside = sum(sphere * (r / size) ** 2 for r, size in zip(radii, sizes, strict=True))
    return int(within + WALL_CELLS * beside)


def estimate_spheres(radii: Sequence[float], interface: float, bulk: float, sector: Sector) -> int:
    """Number of tetrahedra to expect from `mesh_spheres`."""
    return estimate_shells(radii, ring_sizes(radii, interface, bulk), bulk, sector)


def mesh_spheres(
    radii: Sequence[float],
    interface: float,
    bulk: float,
    sector: Sector,
    size: Callable[[float, float, float], float] | None = None,
) -> tuple[Floats, Ints, Ints]:
    """Mesh the shells between concentric spheres with nearly regular tetrahedra.

    Args:
        radii: Spheres, ascending, the last 1; a leading zero means that the ball is filled.
        interface: Upper bound of the cell size at spheres [outer radii].
        bulk: Cell size far from spheres [outer radii].
        sector: The sector to mesh.
        size: One more upper bound of the cell size at (x, y, z) [outer radii].

    Returns:
        (n, 3) points, (m, 4) tetrahedra, positively oriented, (m,) shell number counted from the innermost.

    Raises:
        MeshError: Gmsh failed.
    """
    return mesh_shells(radii, ring_sizes(radii, interface, bulk), bulk, sector, size)


def mesh_shells(
    radii: Sequence[float],
    sizes: Sequence[float],
    bulk: float,
    sector: Sector,
    size: Callable[[float, float, float], float] | None = None,
) -> tuple[Floats, Ints, Ints]:
    """The same with one cell size for each radius, and a last radius of any length."""
    with gmsh_model("spheres") as gmsh:
        _add_shells(gmsh.model.occ, [r for r in radii if r > 0], radii[0] > 0, sector)
        gmsh.model.occ.synchronize()

        def size_at(x: float, y: float, z: float) -> float:
            wanted = ring_size_at(math.hypot(x, y, z), radii, sizes, bulk)
            return wanted if size is None else min(wanted, size(x, y, z))

        mesh = mesh_space(gmsh, size_at)
    points = on_circles(mesh.points, radii)
    far = np.zeros(int(mesh.volumes.max()) + 1)
    np.maximum.at(far, mesh.volumes, distance_from_centre(points)[mesh.cells].max(axis=1))
    # A volume reaches to the sphere around it, and no further.
    shell_of = np.abs(far[:, None] - np.asarray(radii[1:])).argmin(axis=1)
    if len(np.unique(mesh.volumes)) != len(radii) - 1:
        raise MeshError("the spheres did not part the ball into shells")
    return points, mesh.cells, shell_of[mesh.volumes]


def _add_shells(occ: Any, spheres: list[float], hollow: bool, sector: Sector) -> None:
    south = 0.0 if sector.planes[2] else -0.5 * math.pi
    balls = [
        (3, occ.addSphere(0, 0, 0, r, -1, south, 0.5 * math.pi, sector.stop - sector.start)) for r in spheres
    ]
    if len(balls) > 1:
        _, origin = occ.fragment([balls[-1]], balls[:-1])
        if hollow:
            occ.remove(origin[1], recursive=True)
