"""Concentric rings in a disc sector, meshed by Gmsh in units of the outer radius."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from meshes.gmsh_session import gmsh_model, mesh_plane
from meshes.mesh_size import EQUILATERAL, SLOPE
from meshes.radial_line import wall_sizes
from meshes.sector import Sector, distance_from_centre
from meshes.tagged_mesh import Floats, Ints

LAYER_ROWS = 3.0
"""Cell sizes across the thinnest layer; rows of triangles are flatter than their sides, which gives more."""

MIN_QUARTER = 6
"""Fewest edges on a quarter of any circle."""


def ring_sizes(radii: Sequence[float], interface: float, bulk: float) -> list[float]:
    """Cell size at each circle, the centre included where radii start at zero.

    Args:
        radii: Circles, ascending, the last 1; a leading zero is the centre.
        interface: Upper bound at circles [outer radii].
        bulk: Size far from circles [outer radii].

    Returns:
        One size per radius.
    """
    wanted = [min(s, bulk) for s in wall_sizes(radii, interface, LAYER_ROWS)]
    return [
        min(s, 0.5 * math.pi * r / MIN_QUARTER) if r > 0 else bulk for s, r in zip(wanted, radii, strict=True)
    ]


def ring_size_at(r: float, radii: Sequence[float], sizes: Sequence[float], bulk: float) -> float:
    """Wanted cell size at radius r [outer radii]."""
    return min(bulk, min(s + SLOPE * abs(r - a) for s, a in zip(sizes, radii, strict=True)))


def estimate_rings(radii: Sequence[float], interface: float, bulk: float, angle: float) -> int:
    """Number of triangles to expect in the rings."""
    sizes = ring_sizes(radii, interface, bulk)
    spots = np.unique(np.concatenate([np.linspace(a, b, 400) for a, b in pairwise(radii)]))
    h = np.array([ring_size_at(r, radii, sizes, bulk) for r in spots])
    return int(np.trapezoid(spots * angle / (EQUILATERAL * h**2), spots))


def mesh_rings(
    radii: Sequence[float],
    interface: float,
    bulk: float,
    sector: Sector,
    finer: Callable[[float, float], float] | None = None,
) -> tuple[Floats, Ints, Ints]:
    """Mesh the rings of a disc sector.

    Args:
        radii: Circles, ascending, the last 1; a leading zero means that the disc is filled.
        interface: Upper bound of the cell size at circles [outer radii].
        bulk: Cell size far from circles [outer radii].
        sector: The sector to mesh.
        finer: One more upper bound of the cell size at (x, y) [outer radii].

    Returns:
        (n, 2) points, (m, 3) triangles, (m,) ring number counted from the innermost.

    Raises:
        MeshError: Gmsh failed.
    """
    sizes = ring_sizes(radii, interface, bulk)
    with gmsh_model("rings") as gmsh:
        geo = gmsh.model.geo
        centre = geo.addPoint(0, 0, 0)
        quarters = max(1, round(sector.angle / (math.pi / 2)))
        angles = np.linspace(sector.start, sector.stop, quarters + 1)
        walls: list[list[int]] = []
        arcs: list[list[int]] = []
        for radius, size in zip(radii, sizes, strict=True):
            if radius == 0.0:
                walls.append([centre] * (quarters + 1))
                arcs.append([])
                continue
            corners = [geo.addPoint(radius * math.cos(t), radius * math.sin(t), 0) for t in angles[:quarters]]
            end = (radius * math.cos(angles[-1]), radius * math.sin(angles[-1]))
            corners.append(corners[0] if sector.closed else geo.addPoint(*end, 0))
            pieces = [geo.addCircleArc(a, centre, b) for a, b in pairwise(corners)]
            edges = math.ceil(radius * (angles[1] - angles[0]) / size * (1 - 1e-9))
            for piece in pieces:
                geo.mesh.setTransfiniteCurve(piece, edges + 1)
            walls.append(corners)
            arcs.append(pieces)
        surface_ring = {}
        for k in range(1, len(radii)):
            surface_ring[_ring_surface(geo, walls[k - 1], walls[k], arcs[k - 1], arcs[k], sector)] = k - 1
        geo.synchronize()

        def size_at(x: float, y: float) -> float:
            wanted = ring_size_at(math.hypot(x, y), radii, sizes, bulk)
            return wanted if finer is None else min(wanted, finer(x, y))

        mesh = mesh_plane(gmsh, size_at)
    ring_of = np.full(int(mesh.surfaces.max()) + 1, -1, dtype=np.int64)
    ring_of[list(surface_ring)] = list(surface_ring.values())
    return on_circles(mesh.points, radii), mesh.cells, ring_of[mesh.surfaces]


def _ring_surface(
    geo: Any,
    inner: list[int],
    outer: list[int],
    inner_arcs: list[int],
    outer_arcs: list[int],
    sector: Sector,
) -> int:
    if sector.closed:
        loops = [geo.addCurveLoop(arcs) for arcs in (outer_arcs, inner_arcs) if arcs]
        return int(geo.addPlaneSurface(loops))
    first, last = geo.addLine(inner[0], outer[0]), geo.addLine(outer[-1], inner[-1])
    loop = [first, *outer_arcs, last, *[-arc for arc in reversed(inner_arcs)]]
    return int(geo.addPlaneSurface([geo.addCurveLoop(loop)]))


def on_circles(points: Floats, radii: Sequence[float]) -> Floats:
    """Put vertices that Gmsh left within round-off of a circle, sphere or plane exactly there."""
    r = distance_from_centre(points)
    for radius in radii:
        if radius > 0:
            near = np.abs(r - radius) < 1e-8
            points[near] *= (radius / r[near])[:, None]
    points[np.abs(points) < 1e-12] = 0.0
    return points
