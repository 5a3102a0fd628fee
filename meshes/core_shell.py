"""A layered core in a rock-salt shell: sphere, sector of a ball, sphere of revolution, or disc."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from meshes.assembly import assemble
from meshes.concentric import estimate_rings, mesh_rings
from meshes.layered_spheres import estimate_layered, mesh_layered
from meshes.mesh_size import MIN_LAYER, MeshSize
from meshes.radial_line import graded_line
from meshes.sector import sectors_of, tag_boundary
from meshes.simplices import is_plane
from meshes.tagged_mesh import DIMENSIONS, INNER, LAYERED, OUTER, ROCK_SALT, SYM_X, TaggedMesh
from meshes.volume_match import match_volumes

BULK = {1: 1 / 100, 2: 1 / 25, 3: 2 / 25}
INTERFACE = {1: 1 / 400, 2: 1 / 100, 3: 1 / 60}
"""Default cell sizes [outer radii] by number of coordinates: 120 cells, 5000 triangles, 20 000 tetrahedra."""


@dataclass(frozen=True)
class CoreShell:
    """A ball or disc with a concentric shell.

    Attributes:
        radius: Outer radius [m].
        shell_thickness: Thickness of the rock salt at the surface [m]; zero is a plain sphere without any.
        dimension: "spherical", "axisymmetric", "generalised_plane_strain", "plane_strain" or "3d".
        sector: "full", "half", "quarter" or "octant"; None for the smallest of the dimension.
        mesh_size: Cell sizes.
    """

    radius: float
    shell_thickness: float = 0.0
    dimension: str = "spherical"
    sector: str | None = None
    mesh_size: MeshSize = field(default_factory=MeshSize)

    @property
    def default_sector(self) -> str:
        """The smallest sector of this dimension."""
        return {"spherical": "full", "axisymmetric": "half", "3d": "octant"}.get(self.dimension, "quarter")

    def refusals(self) -> list[tuple[str, str]]:
        """Name what cannot be meshed: pairs of field key and reason."""
        found = self.mesh_size.refusals(self.radius)
        found += refuse_sector(self.dimension, self.sector)
        if not 0 <= self.shell_thickness < self.radius:
            found.append(("shell_thickness", "must lie between 0 and the radius (the core must not vanish)"))
        else:
            found += refuse_thin("shell_thickness", self.shell_thickness, self.dimension)
        return found

    def estimate_cells(self) -> int:
        """Number of cells to expect."""
        radii, bulk, interface = self._scaled()
        return estimate_concentric(
            self.dimension, radii, (bulk, interface), self.sector or self.default_sector
        )

    def build(self) -> TaggedMesh:
        """Make the mesh.

        Raises:
            MeshError: The mesh is bad or Gmsh failed.
        """
        radii, bulk, interface = self._scaled()
        phases = [LAYERED] if len(radii) == 2 else [LAYERED, ROCK_SALT]
        return build_rings(
            self.dimension, self.radius, radii, phases, (bulk, interface), self.sector or self.default_sector
        )

    def sizes(self) -> tuple[float, float]:
        """Cell size far from interfaces and at them [m]."""
        d = DIMENSIONS[self.dimension]
        return self.mesh_size.resolved(BULK[d] * self.radius, INTERFACE[d] * self.radius)

    def _scaled(self) -> tuple[list[float], float, float]:
        bulk, interface = self.sizes()
        radii = [0.0, 1.0]
        if self.shell_thickness > 0:
            radii.insert(1, 1.0 - self.shell_thickness / self.radius)
        return radii, bulk / self.radius, interface / self.radius


def estimate_concentric(
    dimension: str, radii: list[float], sizes: tuple[float, float], sector_name: str
) -> int:
    """Number of cells to expect from `build_rings` with the same arguments."""
    bulk, interface = sizes
    if dimension == "spherical":
        return len(graded_line(radii, interface, bulk)[0]) - 1
    sector = sectors_of(dimension)[sector_name]
    if dimension == "3d":
        return estimate_layered(radii, interface, bulk, sector)
    return estimate_rings(radii, interface, bulk, sector.angle)


def build_rings(
    dimension: str,
    radius: float,
    radii: list[float],
    phases: list[int],
    sizes: tuple[float, float],
    sector_name: str,
) -> TaggedMesh:
    """Mesh concentric rings of given phases in any dimension without grains.

    Args:
        dimension: See `TaggedMesh`.
        radius: Outer radius [m].
        radii: Circles or spheres [outer radii], ascending; a leading zero means no cavity.
        phases: Phase of each ring.
        sizes: Cell size far from them and at them [outer radii].
        sector_name: Key of the sector; ignored in `spherical`.

    Returns:
        The mesh.

    Raises:
        MeshError: The mesh is bad or Gmsh failed.
    """
    bulk, interface = sizes
    if dimension == "spherical":
        line, counts = graded_line(radii, interface, bulk)
        points = line[:, None]
        numbers = np.arange(len(line))
        cells = np.column_stack([numbers[:-1], numbers[1:]])
        phase = np.repeat(phases, counts)
        facets = np.array([[0], [len(line) - 1]])
        tags = np.array([INNER if radii[0] > 0 else SYM_X, OUTER])
        multiplicity = 1.0
    else:
        sector = sectors_of(dimension)[sector_name]
        mesh = mesh_layered if dimension == "3d" else mesh_rings
        points, cells, rings = mesh(radii, interface, bulk, sector)
        facets, tags = tag_boundary(points, cells, sector, radii[0])
        points = match_volumes(points, cells, [r for r in radii if r > 0], sector, dimension)
        phase = np.asarray(phases)[rings]
        multiplicity = sector.multiplicity
    return assemble(
        dimension=dimension,
        points=points,
        cells=cells,
        cell_phase=phase,
        facets=facets,
        facet_tags=tags,
        length=radius,
        multiplicity=multiplicity,
        nominal_volumes=nominal_rings(dimension, radius, radii, phases),
    )


def nominal_rings(dimension: str, radius: float, radii: list[float], phases: list[int]) -> dict[str, float]:
    """Exact volume [m^3] (or area [m^2]) of each phase of concentric rings in the whole particle."""
    power, factor = (2, math.pi) if is_plane(dimension) else (3, 4.0 / 3.0 * math.pi)
    volumes: dict[str, float] = {}
    for inner, outer, phase in zip(radii, radii[1:], phases, strict=False):
        name = {LAYERED: "layered", ROCK_SALT: "rock_salt"}[phase]
        volumes[name] = volumes.get(name, 0.0) + factor * radius**power * (outer**power - inner**power)
    return volumes


def refuse_sector(dimension: str, sector: str | None) -> list[tuple[str, str]]:
    """Refuse sectors that a dimension does not have."""
    allowed = ("full",) if dimension == "spherical" else tuple(sectors_of(dimension))
    if sector is None or sector in allowed:
        return []
    return [("sector", f"{sector!r} does not exist in {dimension}; allowed: {', '.join(allowed)}")]


def refuse_thin(key: str, thickness: float, dimension: str) -> list[tuple[str, str]]:
    """Refuse layers too thin to be meshed outside `spherical`."""
    if thickness == 0 or dimension == "spherical" or thickness >= MIN_LAYER * (1 - 1e-9):
        return []
    return [
        (
            key,
            f"layers under {MIN_LAYER * 1e9:.0f} nm are meshed in dimension 'spherical' only: with three "
            f"cells across them a {dimension} mesh would be too large",
        )
    ]
