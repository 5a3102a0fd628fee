"""Mesh a ball or hollow ball of grains: tetrahedra whose facets follow the boundaries between grains."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from meshes.assembly import assemble
from meshes.bisection import bisect
from meshes.concentric_spheres import estimate_shells, mesh_shells
from meshes.core_shell import nominal_rings
from meshes.grain_cells import bridges, label_cells
from meshes.grain_fit import fit, pulls_of, tilt
from meshes.mesh_size import EQUILATERAL
from meshes.prisms import prism_cells
from meshes.radial_line import wall_sizes
from meshes.sector import ON_WALL, sectors_of, tag_boundary
from meshes.simplices import facet_table, oriented
from meshes.solid_grains import SolidGrains, ring_walls
from meshes.stretched_layers import STRETCH
from meshes.tagged_mesh import Floats, Ints, TaggedMesh
from meshes.volume_match import match_volumes

ROUNDS = 2
"""Times that cells are labelled and moved; after the first fit few cells change their grain."""

THIN = 0.5
"""A shell thinner than this is stacked on the grains below it, which go on straight out [grain sizes]."""

LAYERS = 3
"""Fewest cells across a stacked shell."""

ROWS = 2.0
"""Cell sizes across any other gap between two spheres."""

MIN_QUARTER = 3
"""Fewest edges on a quarter of any sphere's equator."""

DIVIDED = 1.2
"""Cells that dividing edges adds [cells before, times cell size over grain size]."""


@dataclass(frozen=True)
class _Ball:
    """A mesh of concentric shells.

    Attributes:
        points: (n, 3) [outer radii].
        cells: (m, 4).
        shell: (m,) shell that each cell lies in.
        walls: (n,) radius of the sphere that a vertex lies on, zero for others.
    """

    points: Floats
    cells: Ints
    shell: Ints
    walls: Floats


@dataclass(frozen=True)
class _Spheres:
    """Spheres that the mesh has facets on.

    Attributes:
        meshed: Radii of those that Gmsh meshes, ascending; a leading zero is the centre [outer radii].
        sizes: Cell size at each of them [outer radii].
        top: Outer radius, where a thin shell is stacked on them; else None.
        layers: Cells across that shell.
    """

    meshed: list[float]
    sizes: list[float]
    top: float | None
    layers: int

    @classmethod
    def of(cls, kind: str, radii: list[float], grain_size: float, bulk: float, interface: float) -> _Spheres:
        walls = ring_walls(grain_size, radii)[1:-1] if kind == "radial" else []
        meshed, top, layers, finest = sorted({*radii, *walls}), None, 0, interface
        shell = radii[-1] - radii[-2]
        # Rings that begin at the shell, or in it, have no grain below that could go on through it.
        if len(radii) > 2 and shell < THIN * grain_size and max(walls, default=0.0) < radii[-2]:
            top, layers = meshed.pop(), max(LAYERS, math.ceil(shell / interface * (1 - 1e-9)))
            finest = min(interface, STRETCH * shell / layers)
        sizes = [
            min(size, bulk, 0.5 * math.pi * r / MIN_QUARTER) if r > 0 else bulk
            for r, size in zip(meshed, wall_sizes(meshed, interface, ROWS), strict=True)
        ]
        sizes[-1] = min(sizes[-1], finest)
        return cls(meshed, sizes, top, layers)

    @property
    def all(self) -> list[float]:
        """Every radius, the stacked shell's included."""
        return self.meshed if self.top is None else [*self.meshed, self.top]


def estimate_solid_grains(
    kind: str, radii: list[float], grain_size: float, sizes: tuple[float, float]
) -> int:
    """Number of cells to expect; see `build_solid_grains`."""
    sector = sectors_of("3d")["full"]
    bulk = sizes[0]
    spheres = _Spheres.of(kind, radii, grain_size, *sizes)
    cells = estimate_shells(spheres.meshed, spheres.sizes, bulk, sector)
    # Cells are divided along grain boundaries, where those far from spheres have the bulk size.
    ends = [spheres.meshed[0], spheres.meshed[-1]]
    cells += int(DIVIDED * bulk / grain_size * estimate_shells(ends, [bulk, bulk], bulk, sector))
    if spheres.top is not None:
        triangles = 4 * math.pi * spheres.meshed[-1] ** 2 / (EQUILATERAL * spheres.sizes[-1] ** 2)
        cells += int(3 * spheres.layers * triangles)
    return cells


def build_solid_grains(
    *,
    radius: float,
    radii: list[float],
    phases: list[int],
    kind: str,
    seed: int,
    grain_size: float,
    sizes: tuple[float, float],
) -> TaggedMesh:
    """Mesh grains in `3d`.

    Args:
        radius: Outer radius [m].
        radii: Cavity wall (or zero), shell, surface [outer radii].
        phases: Phase of each shell between them.
        kind: "voronoi" or "radial".
        seed: Of the layout.
        grain_size: [outer radii].
        sizes: Cell size far from spheres and at them [outer radii].

    Returns:
        The mesh.

    Raises:
        MeshError: The mesh is bad or Gmsh failed.
    """
    layout = SolidGrains.of(kind, grain_size, radii, np.random.default_rng(seed))
    spheres = _Spheres.of(kind, radii, grain_size, *sizes)
    sector = sectors_of("3d")["full"]
    points, cells, shell = mesh_shells(spheres.meshed, spheres.sizes, sizes[0], sector)
    r = np.linalg.norm(points, axis=1)
    walls = np.zeros(len(points))
    for sphere in spheres.meshed:
        walls[np.abs(r - sphere) < ON_WALL] = sphere
    ball = _Ball(points, cells, shell, walls)

    middle = 0.5 * (np.array(spheres.all[1:]) + np.array(spheres.all[:-1]))
    ring = np.searchsorted(layout.spheres, middle)
    before = tilt(points, cells, label_cells(points, cells, ring[shell], layout), layout)
    grain = np.zeros(0, dtype=np.int64)
    for _ in range(ROUNDS):
        grain = label_cells(ball.points, ball.cells, ring[ball.shell], layout)
        ball, grain = _divided(ball, grain, bridges(ball.points, ball.cells, grain))
        pulls = pulls_of(ball.cells, grain, len(ball.points), layout)
        ball = _Ball(fit(ball.points, ball.cells, ball.walls, pulls), ball.cells, ball.shell, ball.walls)
    after = tilt(ball.points, ball.cells, grain, layout)
    if spheres.top is not None:
        ball, grain = _with_shell(
            ball, grain, np.linspace(spheres.meshed[-1], spheres.top, spheres.layers + 1)
        )

    facets, tags = tag_boundary(ball.points, ball.cells, sector, radii[0])
    present, number = np.unique(grain, return_inverse=True)
    notes = [
        f"{len(present)} grains; facets of their boundaries stand {after:.0f} degrees off the true ones on "
        f"average ({before:.0f} before they were fitted)"
    ]
    if len(present) < len(layout.seeds):
        lost = len(layout.seeds) - len(present)
        notes.append(f"{lost} grains too small to resolve were given to the grains around them")
    phase = np.asarray(phases)[np.searchsorted(radii[1:-1], middle)]
    return assemble(
        dimension="3d",
        points=match_volumes(ball.points, ball.cells, [a for a in spheres.all if a > 0], sector, "3d"),
        cells=ball.cells,
        cell_phase=phase[ball.shell],
        cell_grain=number,
        frames=layout.frames[present],
        facets=facets,
        facet_tags=tags,
        length=radius,
        multiplicity=sector.multiplicity,
        nominal_volumes=nominal_rings("3d", radius, radii, phases),
        notes=notes,
    )


def _divided(ball: _Ball, grain: Ints, edges: Ints) -> tuple[_Ball, Ints]:
    count = len(ball.points)
    facets, sides, counts = facet_table(ball.cells)
    on_sphere = facets[(counts == 1) | (ball.shell[sides[:, 0]] != ball.shell[sides[:, 1]])]
    held = np.concatenate([on_sphere[:, [0, 1]], on_sphere[:, [0, 2]], on_sphere[:, [1, 2]]])
    along = np.isin(edges[:, 0] * count + edges[:, 1], held[:, 0] * count + held[:, 1])
    walls = np.where(along, ball.walls[edges[:, 0]], 0.0)
    middle = ball.points[edges].mean(axis=1)
    middle *= np.where(along, walls / np.linalg.norm(middle, axis=1), 1.0)[:, None]
    points = np.concatenate([ball.points, middle])
    cells, parent = bisect(points, ball.cells, edges, count)
    return _Ball(points, cells, ball.shell[parent], np.concatenate([ball.walls, walls])), grain[parent]


def _with_shell(ball: _Ball, grain: Ints, levels: Floats) -> tuple[_Ball, Ints]:
    """Repeat the outermost triangles outwards, each column of cells part of the grain below it."""
    facets, sides, counts = facet_table(ball.cells)
    skin = (counts == 1) & (ball.walls[facets] == levels[0]).all(axis=1)
    vertices, triangles = np.unique(facets[skin], return_inverse=True)
    triangles = triangles.reshape(-1, 3)
    count = len(ball.points)
    outwards = ball.points[vertices] / levels[0]
    above = count + np.arange(len(vertices) * (len(levels) - 1)).reshape(-1, len(vertices))
    numbers = [vertices, *above]
    prisms = [prism_cells(triangles, a, b) for a, b in pairwise(numbers)]
    points = np.concatenate([ball.points, *(level * outwards for level in levels[1:])])
    cells = oriented(points, np.concatenate([ball.cells, *prisms]))
    added = len(cells) - len(ball.cells)
    walls = np.zeros(len(points))
    walls[:count] = ball.walls
    walls[above[-1]] = levels[-1]
    shell = np.concatenate([ball.shell, np.full(added, ball.shell.max() + 1)])
    below = np.tile(grain[sides[skin, 0]], added // int(skin.sum()))
    return _Ball(points, cells, shell, walls), np.concatenate([grain, below])
