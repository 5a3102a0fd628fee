"""Rock salt dispersed through a disc (a cylinder) or a ball."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from meshes.assembly import assemble
from meshes.concentric import mesh_rings
from meshes.concentric_spheres import estimate_spheres, mesh_spheres
from meshes.core_shell import nominal_rings, refuse_sector, refuse_thin
from meshes.dispersed_pattern import Pattern
from meshes.dispersed_report import dispersed_report
from meshes.interface_fit import FittedMesh, fit_interface
from meshes.layered_spheres import estimate_layered, mesh_layered
from meshes.mesh_error import MeshError
from meshes.mesh_size import EQUILATERAL, MeshSize
from meshes.morphologies import Lamellae, Morphology, Spheres
from meshes.morphologies.lamellae import ORIENTATIONS
from meshes.morphologies.spheres import MOST_APART
from meshes.sector import Sector, sectors_of, tag_boundary
from meshes.seeds import ball_measure
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

DEFAULT_CELLS = {2: (0, 16_000), 3: (11_500, 22_000)}
"""Fewest and most background cells that a default size asks for, by number of coordinates."""

PER_FEATURE = {2: (2, 4), 3: (1.5, 3)}
"""Cells across the finest feature by default: at least, and where their number allows it."""

CELL = {2: EQUILATERAL, 3: 0.23}
"""Measure of a background cell of unit size [-], by number of coordinates, in 3D that of an octant's mean."""

CUT = {2: 1.25, 3: 1.09}
"""Cells after cutting per background cell [-], by number of coordinates."""

PASSES = 12
WORST_FRACTION = 0.008
"""Difference from the fraction asked for [-] at which the mesh is refused."""

SPECK = 0.05
"""Area or volume below which an island is a speck [feature widths to the power d]."""

PART = {2: "quarter", 3: "third"}
NO_RADIAL_PLATES = (
    "plates that run outwards cannot keep their spacing over a sphere: they would all meet in one axis. "
    "Allowed in 3d: parallel, by_domain"
)

Phases = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Dispersed:
    """A disc or ball of both phases.

    Attributes:
        radius: Outer radius [m].
        rock_salt_fraction: Volume (in the plane area) fraction of rock salt, the skin included [-].
        morphology: Where it sits.
        skin_thickness: Thickness of a closed rock-salt skin at the surface [m], zero for none.
        seed: Of the random pattern.
        dimension: "generalised_plane_strain", "plane_strain" or "3d".
        sector: "full", "half", "quarter" or, in 3D, "octant"; None for full, in 3D the octant.
        mesh_size: Cell sizes; None for a quarter (in 3D a third) of the finest feature, bounded in number.
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
                        f"the skin alone is {self.skin_fraction:.3g} of the particle, which "
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
                    f"better a {PART[self.coordinates]} of it",
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
            elif self.morphology.orientation == "radial" and self.coordinates == 3:
                found.append(("morphology.orientation", NO_RADIAL_PLATES))
            elif (self.morphology.orientation == "by_domain") != (self.morphology.domain_size is not None):
                found.append(("morphology.domain_size", "belongs to orientation 'by_domain', and only to it"))
        apart = isinstance(self.morphology, Spheres) and not self.morphology.overlap
        most = MOST_APART[self.coordinates]
        if apart and self.rock_salt_fraction > most:
            found.append(("morphology.overlap", f"without overlap the fraction is at most {most}"))
        return found

    @property
    def coordinates(self) -> int:
        """Number of coordinates, 2 or 3."""
        return DIMENSIONS[self.dimension]

    @property
    def skin_fraction(self) -> float:
        """Share of the skin in the particle [-]."""
        return 1.0 - (1.0 - self.skin_thickness / self.radius) ** self.coordinates

    def sizes(self) -> tuple[float, float]:
        """Cell size far from interfaces and at them [m]."""
        d = self.coordinates
        fewest, most = DEFAULT_CELLS[d]
        coarse, fine = PER_FEATURE[d]
        few = (self._measure / (CELL[d] * most)) ** (1 / d)
        feature = self.morphology.feature(self.rock_salt_fraction)
        default = max(feature / fine, min(few, feature / coarse))
        if fewest:
            default = min(default, (self._measure / (CELL[d] * fewest)) ** (1 / d))
        return self.mesh_size.resolved(max(default, min(few, feature)), default)

    def estimate_cells(self) -> int:
        """Number of cells to expect: interfaces are everywhere, so their size rules."""
        bulk, interface = self.sizes()
        d = self.coordinates
        # A region of the finest width is graded from both sides; 0.2 is the growth of the size with distance.
        mean = min(bulk, interface + 0.2 * self.morphology.feature(self.rock_salt_fraction) / 4)
        if d == 3:
            fine, coarse = interface / self.radius, mean / self.radius
            if self.skin_thickness > 0:
                return int(CUT[d] * estimate_layered(self._radii, fine, fine, self._sector))
            return int(CUT[d] * estimate_spheres(self._radii, fine, coarse, self._sector))
        cells = CUT[d] * self._measure / (CELL[d] * interface * mean)
        if self.skin_thickness > 0:
            size = min(interface, self.skin_thickness / 3)
            cells += 8 * self._sector.angle * self.radius / size
        return int(cells)

    @property
    def _sector(self) -> Sector:
        return sectors_of(self.dimension)[self.sector or self.default_sector]

    @property
    def default_sector(self) -> str:
        """The sector meshed where none is named; the pattern meets symmetry planes at any angle."""
        return "octant" if self.coordinates == 3 else "full"

    @property
    def _radii(self) -> list[float]:
        # Spheres or circles [outer radii]: the inner side of the skin, if there is one, and the surface.
        core = 1.0 - self.skin_thickness / self.radius
        return [0.0, 1.0] if core == 1.0 else [0.0, core, 1.0]

    @property
    def _measure(self) -> float:
        # Area or volume of the sector.
        return ball_measure(self.radius, self.coordinates) / self._sector.multiplicity

    def build(self) -> TaggedMesh:
        """Make the mesh.

        Raises:
            MeshError: The fraction cannot be met, the mesh is bad or Gmsh failed.
        """
        sector = self._sector
        radii = self._radii
        core = radii[-2] if len(radii) > 2 else 1.0
        bulk, interface = (size / self.radius for size in self.sizes())
        wanted = (self.rock_salt_fraction - self.skin_fraction) / (1.0 - self.skin_fraction)
        pattern = Pattern.of(self.morphology, self.radius, core, wanted, sector, self.seed)
        if self.coordinates == 3 and self.skin_thickness > 0:
            points, cells, shells = mesh_layered(radii, interface, interface, sector)
        else:
            mesh_shells = mesh_rings if self.coordinates == 2 else mesh_spheres
            points, cells, shells = mesh_shells(
                radii, interface, bulk, sector, pattern.size_function(interface, bulk, wanted)
            )
        walls = wall_bits(points, sector, core)
        smallest = (
            SPECK * (self.morphology.feature(self.rock_salt_fraction) / self.radius) ** self.coordinates
        )
        share, low, high = wanted, 0.0, 1.0
        best = None
        for _ in range(PASSES):
            fit = fit_interface(points, cells, shells == 0, walls, core, pattern.implicit(share))
            inside = shells[fit.parent] == 0
            phase = np.where(fit.negative | ~inside, ROCK_SALT, LAYERED).astype(np.int8)
            measure = signed_measure(fit.points, fit.cells)
            phase, specks = flip_specks(fit.cells, phase, measure, smallest)
            error = float(measure[inside & (phase == ROCK_SALT)].sum() / measure[inside].sum()) - wanted
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
        feature = self.morphology.feature(self.rock_salt_fraction)
        across = feature / self.sizes()[1]
        report = dispersed_report(mesh, specks, self.skin_thickness > 0, feature, across)
        return replace(mesh, report=report)
