"""Move the vertices of a labelled mesh so that its cells follow the true boundaries between grains.

The staircase between the cells of two grains is pulled onto the plane between them, the vertices that three
grains share onto their line, and so on: each vertex is pulled to all planes that meet in it. A barrier
against flat cells holds against the pull, and all vertices move together.

Source: Escobar et al. (2003), Comput. Methods Appl. Mech. Eng. 192, 2775 (shape of cells as a smooth
objective that also passes through inverted ones).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from meshes.grain_cells import incidence
from meshes.simplices import facet_table, quality, signed_measure
from meshes.solid_grains import SolidGrains
from meshes.tagged_mesh import Floats, Ints

if TYPE_CHECKING:
    from scipy.sparse import csr_array

PULL = 3000.0
"""Cost of a distance from a plane, squared, in local cell sizes, against `POWER` of the shape of one cell."""

POWER = 3
"""Of the inverse quality in the cost of a cell: the larger, the more only the worst cells count."""

FLOOR = 0.1
"""A fit whose worst cell is below this quality is done again with less pull."""

WEAKER = 0.2
"""Factor on the pull then."""

RETRIES = 6
ITERATIONS = 100

SOFT = 0.01
"""Volume [local cell volumes] below which a cell counts as having about that, so that no cost is infinite."""

EDGE = (6 * np.sqrt(2.0)) ** (1 / 3)
"""Edge of an equilateral tetrahedron of volume 1."""


@dataclass(frozen=True)
class Pulls:
    """Planes that vertices belong on: normal . x = offset.

    Attributes:
        vertex: (k,).
        normal: (k, 3) unit vectors.
        offset: (k,) [outer radii].
    """

    vertex: Ints
    normal: Floats
    offset: Floats


def pulls_of(cells: Ints, grain: Ints, count: int, layout: SolidGrains) -> Pulls:
    """For each vertex the planes between any two grains of one ring that meet there."""
    touches = incidence(cells, grain, count)
    vertex, one, other = [], [], []
    number = np.diff(touches.indptr)
    for labels in range(2, int(number.max()) + 1):
        mine = np.flatnonzero(number == labels)
        for i, j in combinations(range(labels), 2):
            vertex.append(mine)
            one.append(touches.indices[touches.indptr[mine] + i])
            other.append(touches.indices[touches.indptr[mine] + j])
    if not vertex:
        return Pulls(np.zeros(0, dtype=np.int64), np.zeros((0, 3)), np.zeros(0))
    v, a, b = (np.concatenate(part).astype(np.int64) for part in (vertex, one, other))
    same = layout.ring[a] == layout.ring[b]
    return Pulls(v[same], *layout.planes(a[same], b[same]))


def fit(points: Floats, cells: Ints, walls: Floats, pulls: Pulls) -> Floats:
    """Move vertices to their planes as far as the cells allow.

    Args:
        points: (n, 3) [outer radii].
        cells: (m, 4), positively oriented save for a few that the division of edges on spheres may have hurt.
        walls: (n,) radius of the sphere that a vertex must stay on [outer radii]; zero for free vertices.
        pulls: Where vertices belong.

    Returns:
        (n, 3) moved points, the worst cell at least `FLOOR` good or as good as without any pull.
    """
    pull = PULL
    for _ in range(RETRIES):
        moved = _settled(points, cells, walls, pulls, pull)
        if quality(moved, cells).min() >= FLOOR:
            return moved
        pull *= WEAKER
    return _settled(points, cells, walls, pulls, 0.0)


def tilt(points: Floats, cells: Ints, grain: Ints, layout: SolidGrains) -> float:
    """Mean angle [degrees] between grain boundaries and the planes they stand for, weighted by area."""
    facets, sides, counts = facet_table(cells)
    inside = counts == 2
    ends, (one, other) = points[facets[inside]], grain[sides[inside]].T
    between = (one != other) & (layout.ring[one] == layout.ring[other])
    if not between.any():
        return 0.0
    ends = ends[between]
    normal = np.cross(ends[:, 1] - ends[:, 0], ends[:, 2] - ends[:, 0])
    area = np.linalg.norm(normal, axis=1)
    true, _ = layout.planes(one[between], other[between])
    cosine = np.abs((normal * true).sum(axis=1)) / area
    return float(np.degrees((np.arccos(np.minimum(cosine, 1.0)) * area).sum() / area.sum()))


def _settled(points: Floats, cells: Ints, walls: Floats, pulls: Pulls, pull: float) -> Floats:
    # Arrays here have one row per coordinate: sums over coordinates of many cells are much faster so.
    count = len(points)
    from scipy.optimize import minimize

    corner = _adder(cells.T.ravel(), count)
    owner = _adder(pulls.vertex, count)
    volume = np.abs(signed_measure(points, cells))
    around = (corner @ np.tile(volume, 4)) / np.bincount(cells.ravel(), minlength=count)
    size = EDGE * np.cbrt(around)
    soft = SOFT * around[cells].mean(axis=1)
    held = walls > 0
    normal = pulls.normal.T / size[pulls.vertex]
    offset = pulls.offset / size[pulls.vertex]

    def place(variables: Floats) -> tuple[Floats, Floats, Floats]:
        free = variables.reshape(3, count) * size
        r = np.where(held, np.sqrt((free**2).sum(axis=0)), 1.0)
        factor = np.where(held, walls / r, 1.0)
        return free * factor, free / r, factor

    def cost(variables: Floats) -> tuple[float, Floats]:
        at, outwards, factor = place(variables)
        shape, slope = _inverse_quality(at, cells.T, soft)
        slope *= POWER * shape ** (POWER - 1)
        off = (at[:, pulls.vertex] * normal).sum(axis=0) - offset
        drawn = 2 * pull * off * normal
        gradient = np.array([corner @ slope[:, k].ravel() + owner @ drawn[k] for k in range(3)])
        # On a sphere only what is left after the radial part counts.
        gradient -= np.where(held, (gradient * outwards).sum(axis=0), 0.0) * outwards
        gradient *= factor * size
        return float((shape**POWER).sum() + pull * (off**2).sum()), gradient.ravel()

    start = (points.T / size).ravel()
    found = minimize(cost, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    return np.ascontiguousarray(place(np.asarray(found.x, dtype=np.float64))[0].T)


def _adder(vertex: Ints, count: int) -> csr_array:
    from scipy.sparse import csr_array

    # A matrix that adds up values at the vertices they belong to.
    return csr_array((np.ones(len(vertex)), (vertex, np.arange(len(vertex)))), shape=(count, len(vertex)))


def _inverse_quality(at: Floats, corner: Ints, soft: Floats) -> tuple[Floats, Floats]:
    """1/quality of tetrahedra, large and smooth where they are flat.

    Args:
        at: (3, n) coordinates.
        corner: (4, m) vertex numbers.
        soft: (m,) volume below which it is smoothed.

    Returns:
        (m,) values and their (4, 3, m) derivatives.
    """
    first = at[:, corner[0]]
    a, b, c = (at[:, corner[k]] - first for k in (1, 2, 3))
    areas = _cross(b, c), _cross(c, a), _cross(a, b)
    six = (a * areas[0]).sum(axis=0)
    least = 6 * soft
    root = np.sqrt(six**2 + 4 * least**2)
    # (six + root)/2 without cancellation: it falls to zero from above where a cell turns inside out.
    volume = np.where(six > 0, 0.5 * (six + root), 2 * least**2 / (root - np.minimum(six, 0.0)))
    total = a + b + c
    squares = 4 * (a**2 + b**2 + c**2).sum(axis=0) - (total**2).sum(axis=0)
    weight = 1 / (12 * np.cbrt(0.5 * volume) ** 2)
    shape = squares * weight
    by_volume, by_edge = -2 / 3 * shape / root, 2 * weight
    slope = np.empty((4, *first.shape))
    for k, (edge, area) in enumerate(zip((a, b, c), areas, strict=True), start=1):
        slope[k] = by_volume * area + by_edge * (4 * edge - total)
    slope[0] = -(slope[1] + slope[2] + slope[3])
    return shape, slope


def _cross(u: Floats, v: Floats) -> Floats:
    return np.stack([u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]])
