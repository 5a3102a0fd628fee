"""A secondary particle: grains around a cavity, with rock salt at the surface or between the grains."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from meshes.core_shell import BULK, INTERFACE, build_rings, estimate_concentric, refuse_sector, refuse_thin
from meshes.grain_mesh import LAYER_SIZE, build_grains
from meshes.mesh_size import MeshSize
from meshes.simplices import is_plane
from meshes.solid_grain_mesh import build_solid_grains, estimate_solid_grains
from meshes.solid_grains import MAX_GRAINS, ring_counts
from meshes.tagged_mesh import DIMENSIONS, LAYERED, ROCK_SALT, TaggedMesh

GRAIN_KINDS = ("voronoi", "radial")
PLACES = ("none", "surface_shell", "grain_boundary_layer")

COARSEST = 1.5
"""Fewest cells across a grain in `3d`: with fewer, grains fall between the cells and are lost."""


@dataclass(frozen=True)
class Grains:
    """How the grains are laid out.

    Attributes:
        kind: "voronoi" (equiaxed, crystals at random: c axes in the plane, any rotation in `3d`) or "radial"
            (rings of sectors, c axis in the tangent plane).
        seed: Of the random layout.
    """

    kind: str = "radial"
    seed: int = 1


@dataclass(frozen=True)
class RockSaltPlace:
    """Where the rock salt sits.

    Attributes:
        place: "none", "surface_shell" or "grain_boundary_layer".
        thickness: Of the shell, or of the layer across a grain boundary, half of it in each grain [m].
    """

    place: str = "none"
    thickness: float = 0.0


@dataclass(frozen=True)
class HollowSecondary:
    """A sphere, or a disc or ball of grains, with a cavity.

    Attributes:
        radius: Outer radius [m].
        cavity_radius: Radius of the cavity [m], zero for a solid particle.
        grain_size: Grain size [m]: root of the mean area, in `3d` cube root of the mean volume (voronoi), or
            mean width (radial); None only without grains.
        grains: The grains; None for one isotropic body. In `spherical` they are smeared by the solver and
            leave no trace in the mesh.
        rock_salt: Where rock salt sits; it keeps the crystal frame of the grain it is carved from.
        dimension: "spherical", "axisymmetric" (without grains), "generalised_plane_strain", "plane_strain"
            or "3d".
        sector: "full", "half", "quarter" or "octant"; None for the smallest that the grains allow.
        mesh_size: Cell sizes.
    """

    radius: float
    cavity_radius: float = 0.0
    grain_size: float | None = None
    grains: Grains | None = None
    rock_salt: RockSaltPlace = field(default_factory=RockSaltPlace)
    dimension: str = "spherical"
    sector: str | None = None
    mesh_size: MeshSize = field(default_factory=MeshSize)

    @property
    def _meshed_grains(self) -> Grains | None:
        return self.grains if is_plane(self.dimension) or self.dimension == "3d" else None

    @property
    def default_sector(self) -> str:
        """The smallest sector that the grains allow."""
        if self.dimension == "spherical" or self._meshed_grains is not None:
            return "full"
        return {"axisymmetric": "half", "3d": "octant"}.get(self.dimension, "quarter")

    def refusals(self) -> list[tuple[str, str]]:
        """Name what cannot be meshed: pairs of field key and reason."""
        found = self.mesh_size.refusals(self.radius) + refuse_sector(self.dimension, self.sector)
        if self._meshed_grains is not None and self.sector not in (None, "full"):
            found.append(("sector", f"{self.sector!r} would cut the grains; allowed: full"))
        if not 0 <= self.cavity_radius < self.radius:
            found.append(("cavity_radius", "must lie between 0 and the radius"))
        return found + self._refuse_grains() + self._refuse_rock_salt()

    def _refuse_grains(self) -> list[tuple[str, str]]:
        if self.grains is None:
            return []
        found = []
        if self.grains.kind not in GRAIN_KINDS:
            found.append(("grains.kind", f"allowed: {', '.join(GRAIN_KINDS)}"))
        if self.grains.seed < 0:
            found.append(("grains.seed", "must not be negative"))
        if self.dimension == "axisymmetric":
            found.append(
                (
                    "grains",
                    "grains turned in the plane are no bodies of revolution; use a plane dimension, or "
                    "'spherical' for their average",
                )
            )
        if self.grain_size is None:
            found.append(("grain_size", "is needed with grains"))
        elif not self.radius / 100 <= self.grain_size <= self.radius:
            found.append(("grain_size", "must lie between 1/100 of the radius and the radius"))
        elif self.dimension == "3d" and not found and 0 <= self.cavity_radius < self.radius:
            found += self._refuse_solid_grains(self.grains.kind, self.grain_size)
        return found

    def _refuse_solid_grains(self, kind: str, size: float) -> list[tuple[str, str]]:
        number = sum(ring_counts(kind, size / self.radius, self._rings()[0]))
        if number > MAX_GRAINS:
            why = f"would make {number} grains; at most {MAX_GRAINS} are meshed in 3d, so make them larger"
            return [("grain_size", why)]
        if self.sizes()[0] > size / COARSEST * (1 + 1e-9):
            key = "bulk" if self.mesh_size.bulk is not None else "interface"
            return [(f"mesh_size.{key}", f"must not exceed the grain size/{COARSEST:g} in 3d")]
        return []

    def _refuse_rock_salt(self) -> list[tuple[str, str]]:
        place, thickness = self.rock_salt.place, self.rock_salt.thickness
        if place not in PLACES:
            return [("rock_salt.place", f"allowed: {', '.join(PLACES)}")]
        if place == "none":
            return []
        key = "rock_salt.thickness"
        if thickness <= 0:
            return [(key, "must be positive; for no rock salt use place: none")]
        if place == "grain_boundary_layer" and self.dimension == "3d":
            why = (
                "'grain_boundary_layer' is meshed in the plane dimensions only: in 3d a thin layer around "
                "every grain would take far too many cells; allowed: none, surface_shell"
            )
            return [("rock_salt.place", why)]
        if place == "grain_boundary_layer":
            if self._meshed_grains is None:
                return [("rock_salt.place", "a grain-boundary layer needs grains and a plane dimension")]
            if self.grain_size is not None and thickness > 0.5 * self.grain_size:
                return [(key, "must not exceed half the grain size")]
        elif 0 <= self.cavity_radius < self.radius and thickness >= self.radius - self.cavity_radius:
            return [(key, "must be below radius - cavity_radius (the layered phase must not vanish)")]
        return refuse_thin(key, thickness, self.dimension)

    def sizes(self) -> tuple[float, float]:
        """Cell size far from interfaces and at them [m]."""
        if self._meshed_grains is None or self.grain_size is None:
            d = DIMENSIONS[self.dimension]
            bulk, interface = BULK[d] * self.radius, INTERFACE[d] * self.radius
        elif self.dimension == "3d":
            bulk = min(max(self.grain_size / 3, self.radius / 10), self.radius / 5)
            interface = bulk
        else:
            bulk, interface = self.grain_size / 5, self.grain_size / 8
        return self.mesh_size.resolved(bulk, interface)

    def estimate_cells(self) -> int:
        """Number of cells to expect."""
        radii, _ = self._rings()
        bulk, interface = (size / self.radius for size in self.sizes())
        grains = self._meshed_grains
        if self.dimension == "3d" and grains is not None and self.grain_size is not None:
            return estimate_solid_grains(grains.kind, radii, self.grain_size / self.radius, (bulk, interface))
        sector = self.sector or self.default_sector
        cells = estimate_concentric(self.dimension, radii, (bulk, interface), sector)
        if self.rock_salt.place == "grain_boundary_layer" and self.grain_size is not None:
            area = math.pi * (self.radius**2 - self.cavity_radius**2)
            size = min(LAYER_SIZE * self.rock_salt.thickness, self.sizes()[1])
            # Boundary length per area of compact grains, times rows of cells on both sides and their growth.
            cells += int(1.9 * area / self.grain_size / size * (2 * self.rock_salt.thickness / size + 10))
        return cells

    def build(self) -> TaggedMesh:
        """Make the mesh.

        Raises:
            MeshError: The mesh is bad or Gmsh failed.
        """
        radii, phases = self._rings()
        bulk, interface = (size / self.radius for size in self.sizes())
        grains = self._meshed_grains
        if grains is None or self.grain_size is None:
            sector = self.sector or self.default_sector
            return build_rings(self.dimension, self.radius, radii, phases, (bulk, interface), sector)
        if self.dimension == "3d":
            return build_solid_grains(
                radius=self.radius,
                radii=radii,
                phases=phases,
                kind=grains.kind,
                seed=grains.seed,
                grain_size=self.grain_size / self.radius,
                sizes=(bulk, interface),
            )
        layer = self.rock_salt.thickness / self.radius if self.rock_salt.place == PLACES[2] else 0.0
        return build_grains(
            dimension=self.dimension,
            radius=self.radius,
            radii=radii,
            phases=phases,
            kind=grains.kind,
            seed=grains.seed,
            grain_size=self.grain_size / self.radius,
            layer=layer,
            sizes=(bulk, interface),
        )

    def _rings(self) -> tuple[list[float], list[int]]:
        radii, phases = [self.cavity_radius / self.radius, 1.0], [LAYERED]
        if self.rock_salt.place == "surface_shell":
            radii.insert(1, 1.0 - self.rock_salt.thickness / self.radius)
            phases.append(ROCK_SALT)
        return radii, phases
