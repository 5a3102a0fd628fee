"""Lines in an annulus as a planar graph: cut at circles, with crowded ends merged, then meshed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from meshes.gmsh_session import PlaneMesh, gmsh_model, mesh_plane
from meshes.grain_layout import Bools, Curves
from meshes.simplices import components
from meshes.tagged_mesh import Floats, Ints

WIDEST_ARC = math.pi / 6
"""Arcs are divided below this angle [rad]."""


@dataclass(frozen=True)
class PlanarGraph:
    """Nodes and the lines between them.

    Attributes:
        nodes: (n, 2) [outer radii].
        lines: (k, 2) node numbers of straight lines.
        arcs: (l, 2) node numbers of arcs about the origin inside the annulus.
        walls: Node numbers round the outer circle and, where there is a cavity, round its wall.
    """

    nodes: Floats
    lines: Ints
    arcs: Ints
    walls: tuple[Ints, ...]


def planar_graph(curves: Curves, inner: float, more_circles: tuple[float, ...], merge: float) -> PlanarGraph:
    """Cut curves at circles and merge what lies too close for a mesh.

    Args:
        curves: Lines, circles and arcs.
        inner: Cavity radius [outer radii], zero for none.
        more_circles: Further full circles that cut the curves (a surface shell).
        merge: Ends nearer than this are one [outer radii].

    Returns:
        The graph.
    """
    circles = [c for c in (*curves.circles, *more_circles) if inner + merge < c < 1.0 - merge]
    walls = [1.0, inner] if inner > 0 else [1.0]
    pieces = np.concatenate(
        [p for line in curves.segments if len(p := _cut_line(line, inner, [*walls, *circles]))]
    )
    ends = pieces.reshape(-1, 2)
    arcs = np.zeros((0, 3)) if curves.arcs is None else curves.arcs
    arcs = arcs[(arcs[:, 0] > inner + merge) & (arcs[:, 0] < 1.0 - merge)]
    arc_ends = np.stack([_polar(arcs[:, 0], arcs[:, 1]), _polar(arcs[:, 0], arcs[:, 2])], axis=1).reshape(
        -1, 2
    )
    fillers = np.concatenate([_polar(r, np.arange(0, 2 * math.pi, math.pi / 2)) for r in [*walls, *circles]])
    nodes, number = _merged(np.concatenate([ends, arc_ends, fillers]), [*walls, *circles], merge)
    lines = _unique_pairs(number[: len(ends)].reshape(-1, 2))
    lines = lines[~_hugs_circle(nodes, lines, [*walls, *circles], merge)]
    partial = number[len(ends) : len(ends) + len(arc_ends)].reshape(-1, 2)
    partial = partial[partial[:, 0] != partial[:, 1]]

    rounds = []
    for radius in [*walls, *circles]:
        nodes, ring = _ring(nodes, radius)
        rounds.append(ring)
    inside = [np.stack([ring, np.roll(ring, -1)], axis=1) for ring in rounds[len(walls) :]]
    return PlanarGraph(nodes, lines, np.concatenate([partial, *inside]), tuple(rounds[: len(walls)]))


def _polar(radius: Floats | float, angle: Floats) -> Floats:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)


def _cut_line(line: Floats, inner: float, radii: list[float]) -> Floats:
    # Parts of a straight line between its crossings with circles, as far as they lie in the annulus.
    start, step = line[0], line[1] - line[0]
    a, b = step @ step, start @ step
    if a == 0:
        return np.zeros((0, 2, 2))
    cuts = [0.0, 1.0]
    for radius in radii:
        root = b * b - a * (start @ start - radius**2)
        if root > 0:
            cuts += [t for t in ((-b - math.sqrt(root)) / a, (-b + math.sqrt(root)) / a) if 0 < t < 1]
    spots = np.unique(cuts)
    middle = start + 0.5 * (spots[1:] + spots[:-1])[:, None] * step
    r = np.hypot(middle[:, 0], middle[:, 1])
    ends = start + spots[:, None] * step
    pieces = np.stack([ends[:-1], ends[1:]], axis=1)
    return np.asarray(pieces[(r > inner) & (r < 1.0)], dtype=np.float64)


def _merged(points: Floats, radii: list[float], merge: float) -> tuple[Floats, Ints]:
    from scipy.spatial import cKDTree

    # Clusters become their mean; one that touches a circle stays on that circle.
    pairs = np.array(sorted(cKDTree(points).query_pairs(merge)), dtype=np.int64).reshape(-1, 2)
    label = components(pairs[:, 0], pairs[:, 1], len(points)).astype(np.int64)
    r = np.hypot(points[:, 0], points[:, 1])
    on_circle = np.zeros(len(points))
    for radius in radii:
        on_circle[np.abs(r - radius) < 1e-9] = radius
    count = int(label.max()) + 1
    circle = np.zeros(count)
    np.maximum.at(circle, label, on_circle)
    weight = np.where((circle[label] > 0) & (on_circle == 0), 0.0, 1.0)
    total = np.bincount(label, weights=weight, minlength=count)
    mean = np.stack(
        [np.bincount(label, weights=weight * points[:, k], minlength=count) for k in range(2)], axis=1
    )
    mean /= total[:, None]
    far = np.hypot(mean[:, 0], mean[:, 1])
    mean = np.where(circle[:, None] > 0, mean * (circle / np.maximum(far, 1e-300))[:, None], mean)
    return mean, label


def _hugs_circle(nodes: Floats, lines: Ints, radii: list[float], merge: float) -> Bools:
    # A short chord of a circle encloses a sliver with it that no mesh should resolve.
    ends = nodes[lines]
    r = np.hypot(ends[..., 0], ends[..., 1])
    length = np.hypot(*(ends[:, 1] - ends[:, 0]).T)
    hugs = np.zeros(len(lines), dtype=bool)
    for radius in radii:
        hugs |= (np.abs(r - radius) < 1e-9).all(axis=1) & (length**2 < 8 * radius * merge)
    return hugs


def _unique_pairs(pairs: Ints) -> Ints:
    pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1)
    return np.unique(pairs, axis=0)


def _ring(nodes: Floats, radius: float) -> tuple[Floats, Ints]:
    # Nodes of a circle in order, with more of them where two lie far apart.
    r = np.hypot(nodes[:, 0], nodes[:, 1])
    mine = np.flatnonzero(np.abs(r - radius) < 1e-9)
    angle = np.arctan2(nodes[mine, 1], nodes[mine, 0])
    order = np.argsort(angle)
    mine, angle = mine[order], angle[order]
    gaps = np.diff(np.append(angle, angle[0] + 2 * math.pi))
    ring: list[int] = []
    added: list[Floats] = []
    for node, start, gap in zip(mine, angle, gaps, strict=True):
        ring.append(int(node))
        parts = math.ceil(gap / WIDEST_ARC)
        for k in range(1, parts):
            ring.append(len(nodes) + len(added))
            added.append(_polar(radius, np.array(start + gap * k / parts)))
    if added:
        nodes = np.concatenate([nodes, np.array(added)])
    return nodes, np.array(ring, dtype=np.int64)


def mesh_graph(graph: PlanarGraph, size: Callable[[float, float], float]) -> PlaneMesh:
    """Mesh the annulus so that every line of the graph is followed by edges.

    Args:
        graph: The graph.
        size: Wanted cell size at (x, y) [outer radii].

    Returns:
        The mesh of one surface.

    Raises:
        MeshError: Gmsh failed.
    """
    with gmsh_model("grains") as gmsh:
        geo = gmsh.model.geo
        centre = geo.addPoint(0, 0, 0)
        used = np.unique(np.concatenate([graph.lines.ravel(), graph.arcs.ravel(), *graph.walls]))
        tag = {int(k): geo.addPoint(*graph.nodes[k], 0) for k in used}
        loops = []
        for ring in graph.walls:
            arcs = [
                geo.addCircleArc(tag[a], centre, tag[b]) for a, b in pairwise([*ring.tolist(), int(ring[0])])
            ]
            loops.append(geo.addCurveLoop(arcs))
        surface = geo.addPlaneSurface(loops)
        inner = [geo.addLine(tag[a], tag[b]) for a, b in graph.lines.tolist()]
        inner += [geo.addCircleArc(tag[a], centre, tag[b]) for a, b in graph.arcs.tolist()]
        geo.synchronize()
        gmsh.model.mesh.embed(1, inner, 2, surface)
        return mesh_plane(gmsh, size)
