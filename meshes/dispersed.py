"""Rock salt dispersed through a disc (a cylinder)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from meshes.assembly import assemble
from meshes.concentric import mesh_rings
from meshes.core_shell import nominal_rings, refuse_sector, refuse_thin
from meshes.dispersed_pattern import Pattern
from meshes.interface_fit import FittedMesh, fit_interface
from meshes.mesh_error import MeshError
from meshes.mesh_size import EQUILATERAL, MeshSize
from meshes.morphologies import Lamellae, Morphology, Spheres
from meshes.morphologies.lamellae import ORIENTATIONS
from meshes.morphologies.spheres import MOST_APART
from meshes.sector import PLANE_SECTORS, Sector, tag_boundary
from meshes.simplices import signed_measure
from meshes.smoothing import smooth
from meshes.specks import flip_specks
from meshes.tagged_mesh import DIMENSIONS, LAYERED, ROCK_SALT, TaggedMesh
from meshes.volume_match import match_volumes
from meshes.walls import wall_bits

MOST = 0.75
"""Largest rock-salt fraction [-]."""

CLOSE = 0.002
"""Difference from the fraction asked for [-] at which correcting stops; also 0.5 % of the fraction."""

PASSES = 12
WORST_FRACTION = 0.008
"""Difference from the fraction asked for [-] at which the mesh is refused."""

SPECK = 0.05
"""Area below which an island is a speck [feature widths squared]."""

Phases = npt.NDArray[np.int8]
DEFAULT_CELLS = 16_000
"""A default size never asks for more background cells than this; cutting adds about a fifth."""


@dataclass(frozen=True)
class Dispersed:
    """A disc of both phases.

    Attributes:
        radius: Outer radius [m].
        rock_salt_fraction: Area fraction of rock salt, the skin included [-].
        morphology: Where it sits.
        skin_thickness: Thickness of a closed rock-salt skin at the surface [m], zero for none.
        seed: Of the random pattern.
        dimension: "generalised_plane_strain" or "plane_strain".
        sector: "full", "half" or "quarter"; None for full.
        mesh_size: Cell sizes; None for a quarter of the finest feature, bounded in number.
    """

    radius: float
    rock_salt_fraction: float
    morphology: Morphology
    skin_thickness: float = 0.0
    seed: int = 1
    dimension: str = "generalised_plane_strain"
    sector: str | None = None
    mesh_size: MeshSize = field(default_factory=MeshSize)

    def refusals(self) -> list[tuple[str, str]]:
        """Name what cannot be meshed: pairs of field key and reason."""
        found = self.mesh_size.refusals(self.radius) + refuse_sector(self.dimension, self.sector)
        if not 0 < self.rock_salt_fraction <= MOST:
            found.append(("rock_salt_fraction", f"must be above 0 and at most {MOST}"))
        if self.seed < 0:
            found.append(("seed", "must not be negative"))
        if not 0 <= self.skin_thickness < self.radius:
            found.append(("skin_thickness", "must lie between 0 and the radius"))
        else:
            found += refuse_thin("skin_thickness", self.skin_thickness, self.dimension)
            if self.skin_fraction >= self.rock_salt_fraction > 0:
                found.append(
                    (
                        "skin_thickness",
                        f"the skin alone is {self.skin_fraction:.3g} of the area, which "
                        "rock_salt_fraction (skin included) must exceed",
                    )
                )
        found += self._refuse_morphology()
        feature = self.morphology.feature(min(max(self.rock_salt_fraction, 0.01), 0.99))
        if not found and self.sizes()[1] > feature:
            found.append(
                (
                    "mesh_size.interface",
                    f"the finest regions are about {feature * 1e9:.0f} nm wide; allowed: at most that, "
                    "better a quarter of it",
                )
            )
        return found

    def _refuse_morphology(self) -> list[tuple[str, str]]:
        found = []
        for key, value in self.morphology.lengths().items():
            if not self.radius / 200 <= value <= self.radius:
                found.append((f"morphology.{key}", "must lie between 1/200 of the radius and the radius"))
        if isinstance(self.morphology, Lamellae):
            if self.morphology.orientation not in ORIENTATIONS:
                found.append(("morphology.orientation", f"allowed: {', '.join(ORIENTATIONS)}"))
            elif (self.morphology.orientation == "by_domain") != (self.morphology.domain_size is not None):
                found.append(("morphology.domain_size", "belongs to orientation 'by_domain', and only to it"))
        apart = isinstance(self.morphology, Spheres) and not self.morphology.overlap
        most = MOST_APART[DIMENSIONS[self.dimension]]
        if apart and self.rock_salt_fraction > most:
            found.append(("morphology.overlap", f"without overlap the fraction is at most {most}"))
        return found

    @property
    def skin_fraction(self) -> float:
        """Share of the skin in the area [-]."""
        return 1.0 - (1.0 - self.skin_thickness / self.radius) ** 2

    def sizes(self) -> tuple[float, float]:
        """Cell size far from interfaces and at them [m]."""
        angle = self._sector.angle
        few = math.sqrt(0.5 * angle * self.radius**2 / (EQUILATERAL * DEFAULT_CELLS))
        feature = self.morphology.feature(self.rock_salt_fraction)
        default = max(feature / 4, min(few, feature / 2))
        return self.mesh_size.resolved(max(default, min(few, feature)), default)

    def estimate_cells(self) -> int:
        """Number of cells to expect: interfaces are everywhere, so their size rules."""
        bulk, interface = self.sizes()
        # A region of the finest width is graded from both sides; 0.2 is the growth of the size with distance.
        mean = min(bulk, interface + 0.2 * self.morphology.feature(self.rock_salt_fraction) / 4)
        cells = 1.25 * 0.5 * self._sector.angle * self.radius**2 / (EQUILATERAL * interface * mean)
        if self.skin_thickness > 0:
            size = min(interface, self.skin_thickness / 3)
            cells += 8 * self._sector.angle * self.radius / size
        return int(cells)

    @property
    def _sector(self) -> Sector:
        return PLANE_SECTORS[self.sector or "full"]

    def build(self) -> TaggedMesh:
        """Make the mesh.

        Raises:
            MeshError: The fraction cannot be met, the mesh is bad or Gmsh failed.
        """
        sector = self._sector
        core = 1.0 - self.skin_thickness / self.radius
        radii = [0.0, 1.0] if core == 1.0 else [0.0, core, 1.0]
        bulk, interface = (size / self.radius for size in self.sizes())
        wanted = (self.rock_salt_fraction - self.skin_fraction) / (1.0 - self.skin_fraction)
        pattern = Pattern.of(self.morphology, self.radius, core, wanted, sector, self.seed)
        points, cells, rings = mesh_rings(
            radii, interface, bulk, sector, pattern.size_function(interface, bulk, wanted)
        )
        walls = wall_bits(points, sector, core)
        smallest = SPECK * (self.morphology.feature(self.rock_salt_fraction) / self.radius) ** 2
        share, low, high = wanted, 0.0, 1.0
        best = None
        for _ in range(PASSES):
            fit = fit_interface(points, cells, rings == 0, walls, core, pattern.implicit(share))
            inside = rings[fit.parent] == 0
            phase = np.where(fit.negative | ~inside, ROCK_SALT, LAYERED).astype(np.int8)
            area = signed_measure(fit.points, fit.cells)
            phase, specks = flip_specks(fit.cells, phase, area, smallest)
            error = float(area[inside & (phase == ROCK_SALT)].sum() / area[inside].sum()) - wanted
            if best is None or abs(error) < abs(best[0]):
                best = (error, fit, phase, specks)
            if abs(error) < min(CLOSE, 0.005 * wanted):
                break
            # Regions that merge or vanish make the fraction jump: never leave the bracket found so far.
            low, high = (low, min(high, share)) if error > 0 else (max(low, share), high)
            share = share - error if low < share - error < high else 0.5 * (low + high)
        if best is None or abs(best[0]) * (1 - self.skin_fraction) > WORST_FRACTION:
            raise MeshError(
                f"the rock-salt fraction misses {self.rock_salt_fraction} by more than {WORST_FRACTION}: "
                "its regions are narrower than the cells; make mesh_size.interface smaller"
            )
        return self._assembled(*best[1:], radii, sector)

    def _assembled(
        self, fit: FittedMesh, phase: Phases, specks: int, radii: list[float], sector: Sector
    ) -> TaggedMesh:
        moved = smooth(fit.points, fit.cells, phase, fit.walls == 0)
        facets, tags = tag_boundary(moved, fit.cells, sector, 0.0)
        points = match_volumes(moved, fit.cells, radii[1:], sector, self.dimension)
        whole = nominal_rings(self.dimension, self.radius, [0.0, 1.0], [LAYERED])["layered"]
        mesh = assemble(
            dimension=self.dimension,
            points=points,
            cells=fit.cells,
            cell_phase=phase,
            facets=facets,
            facet_tags=tags,
            length=self.radius,
            multiplicity=sector.multiplicity,
            nominal_volumes={
                "layered": whole * (1 - self.rock_salt_fraction),
                "rock_salt": whole * self.rock_salt_fraction,
            },
            fraction_asked=self.rock_salt_fraction,
        )
        return replace(
            mesh,
            report=replace(
                mesh.report, notes=_notes(mesh.report.connected_share, specks, self.skin_thickness > 0)
            ),
        )


def _notes(share: Mapping[str, float], specks: int, skin: bool) -> tuple[str, ...]:
    notes = []
    if specks:
        notes.append(f"{specks} specks too small to resolve were given to the phase around them")
    if skin:
        notes.append(
            "the skin closes the surface: none of the layered phase reaches it except through rock salt"
        )
    elif min(share.values()) < 0.95:
        links = ", ".join(
            f"{100 * value:.0f} % of the {name.replace('_', ' ')}" for name, value in share.items()
        )
        notes.append(
            f"a 2D mesh cannot percolate both phases: {links} linked to the outer surface; in 3D nearly "
            "all of both phases would be. Radial lamellae are the 2D pattern that links both."
        )
    return tuple(notes)
