"""Mesh a disc or annulus of grains: the mesh follows every grain boundary and layer edge."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from meshes.assembly import assemble
from meshes.concentric import on_circles, ring_size_at, ring_sizes
from meshes.core_shell import nominal_rings
from meshes.gmsh_session import PlaneMesh
from meshes.grain_layout import Curves, GrainLayout
from meshes.mesh_error import MeshError
from meshes.planar_graph import mesh_graph, planar_graph
from meshes.radial_grains import RadialGrains
from meshes.sector import PLANE_SECTORS, tag_boundary
from meshes.simplices import components, facet_table, signed_measure
from meshes.size_table import grid_axis, tabulated_size
from meshes.tagged_mesh import LAYERED, ROCK_SALT, Floats, Ints, TaggedMesh
from meshes.volume_match import match_volumes
from meshes.voronoi_grains import VoronoiGrains

LAYOUTS: dict[str, type[VoronoiGrains] | type[RadialGrains]] = {
    "voronoi": VoronoiGrains,
    "radial": RadialGrains,
}
ATTEMPTS = 4
GOOD = 0.2
"""A layout whose worst cell is at least this good is taken; else the best of a few is."""

MERGE = 0.4
"""Ends of lines nearer than this are one [cell sizes at the lines]."""

GAP = 0.15
"""Ends nearer than this are one [distance between two circles], so that no circle is merged away."""

LAYER_SLOPE = 0.24
"""Growth of the cell size per distance from a layer [-]: most cells lie beside layers, not in them."""

LAYER_SIZE = 0.29
"""Cell size [layer thicknesses] that puts two rows of triangles on each side of a grain boundary."""


def build_grains(
    *,
    dimension: str,
    radius: float,
    radii: list[float],
    phases: list[int],
    kind: str,
    seed: int,
    grain_size: float,
    layer: float,
    sizes: tuple[float, float],
) -> TaggedMesh:
    """Mesh grains in a plane dimension.

    Args:
        dimension: See `TaggedMesh`.
        radius: Outer radius [m].
        radii: Cavity wall (or zero), shell, surface [outer radii].
        phases: Phase of each ring between them.
        kind: Key of `LAYOUTS`.
        seed: Of the layout.
        grain_size: [outer radii].
        layer: Thickness of the rock salt across grain boundaries [outer radii], zero for none.
        sizes: Cell size far from interfaces and at them [outer radii].

    Returns:
        The mesh; of the first few layouts of a seed, the first whose cells are well shaped.

    Raises:
        MeshError: No layout gave a usable mesh.
    """
    best: TaggedMesh | None = None
    failure = MeshError("no layout of grains was tried")
    for attempt in range(ATTEMPTS):
        rng = np.random.default_rng([seed, attempt])
        layout = LAYOUTS[kind].of(grain_size, radii[0], layer, rng)
        try:
            mesh = _attempt(dimension, radius, radii, phases, layout, layer, sizes)
        except MeshError as reason:
            failure = reason
            continue
        if best is None or mesh.report.quality_min > best.report.quality_min:
            best = mesh
        if best.report.quality_min >= GOOD:
            break
    if best is None:
        raise failure
    return best


def _attempt(
    dimension: str,
    radius: float,
    radii: list[float],
    phases: list[int],
    layout: GrainLayout,
    layer: float,
    sizes: tuple[float, float],
) -> TaggedMesh:
    finest = min(sizes[1], LAYER_SIZE * layer) if layer else sizes[1]
    merge = min(MERGE * finest, GAP * float(np.diff(radii).min()))
    graph = planar_graph(layout.curves(), radii[0], tuple(radii[1:-1]), merge)
    mesh = mesh_graph(graph, _size_function(layout, radii, layer, sizes, finest))
    points = on_circles(mesh.points, radii)
    area = signed_measure(points, mesh.cells)
    label = _pieces(mesh)
    middle = points[mesh.cells].mean(axis=1)
    grain = _by_vote(label, layout.grain_at(middle), area)
    r = np.hypot(middle[:, 0], middle[:, 1])
    ring = np.clip(np.searchsorted(radii, r) - 1, 0, len(phases) - 1)
    salt = np.asarray(phases)[ring] == ROCK_SALT
    if layer:
        salt |= layout.in_layer(middle)
    phase = np.where(_by_vote(label, salt.astype(np.int64), area) == 1, ROCK_SALT, LAYERED)

    sector = PLANE_SECTORS["full"]
    facets, tags = tag_boundary(points, mesh.cells, sector, radii[0])
    present, grain = np.unique(grain, return_inverse=True)
    return assemble(
        dimension=dimension,
        points=match_volumes(points, mesh.cells, [a for a in radii if a > 0], sector, dimension),
        cells=mesh.cells,
        cell_phase=phase,
        cell_grain=grain,
        frames=layout.frames()[present],
        facets=facets,
        facet_tags=tags,
        length=radius,
        multiplicity=1.0,
        # The area of a grain-boundary layer depends on the layout and has no closed form.
        nominal_volumes={} if layer else nominal_rings(dimension, radius, radii, phases),
        notes=[f"{len(present)} grains"],
    )


def _pieces(mesh: PlaneMesh) -> Ints:
    # Cells that can be reached from each other without crossing a line of the graph.
    edges, sides, counts = facet_table(mesh.cells)
    key = len(mesh.points)
    blocked = np.isin(edges[:, 0] * key + edges[:, 1], mesh.lines[:, 0] * key + mesh.lines[:, 1])
    open_sides = sides[(counts == 2) & ~blocked]
    return components(open_sides[:, 0], open_sides[:, 1], len(mesh.cells)).astype(np.int64)


def _by_vote(label: Ints, value: Ints, area: Floats) -> Ints:
    # Merged ends bend lines a little, so that single cells may see another value than their piece.
    votes = np.zeros((label.max() + 1, value.max() + 1))
    np.add.at(votes, (label, value), area)
    return np.asarray(votes.argmax(axis=1)[label], dtype=np.int64)


def _size_function(
    layout: GrainLayout, radii: list[float], layer: float, sizes: tuple[float, float], finest: float
) -> Callable[[float, float], float]:
    bulk, interface = sizes
    walls = ring_sizes(radii, interface, bulk)

    def near_walls(x: float, y: float) -> float:
        return ring_size_at(float(np.hypot(x, y)), radii, walls, bulk)

    if not layer:
        return near_walls
    axis = grid_axis(finest)
    distance = np.maximum(0.0, _distance(layout.boundary_curves(), axis) - 0.5 * layer)
    near_lines = tabulated_size(axis, distance, finest, bulk, LAYER_SLOPE)
    return lambda x, y: min(near_walls(x, y), near_lines(x, y))


def _distance(curves: Curves, axis: Floats) -> Floats:
    """Distance from the nearest grain boundary at each grid point, to about a grid step."""
    from scipy.ndimage import distance_transform_edt

    step = axis[1] - axis[0]
    share = np.arange(0.0, 1.0, 0.5 * step / 2.0)[:, None]
    spots = [line[0] + share * (line[1] - line[0]) for line in curves.segments]
    turn = np.arange(0.0, 2 * np.pi, 0.5 * step)
    spots += [radius * np.stack([np.cos(turn), np.sin(turn)], axis=1) for radius in curves.circles]
    index = np.rint((np.concatenate(spots) + 1.0) / step).astype(np.int64)
    index = index[((index >= 0) & (index < len(axis))).all(axis=1)]
    free = np.ones((len(axis), len(axis)), dtype=bool)
    free[index[:, 0], index[:, 1]] = False
    return np.asarray(step * distance_transform_edt(free), dtype=np.float64)
