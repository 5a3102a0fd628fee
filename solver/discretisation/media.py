"""Material numbers per cell: the phases, turned into their crystal frames and reduced."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from meshes import LAYERED, ROCK_SALT
from solver.discretisation.scales import Scales
from solver.materials.curved_elimination import CurvedElimination, CurvedRoot
from solver.materials.elasticity import hemisphere, lamellar_stiffness, strain_vector
from solver.materials.elimination import LocalRoot
from solver.materials.phase import Phase

Array = npt.NDArray[np.float64]

STIFFNESS = slice(0, 21)
FIXED_EIGENSTRAIN = slice(21, 27)
SWELLING = slice(27, 33)
POTENTIAL_STRESS = slice(33, 39)
CAPACITY, DIFFUSIVITY, ACTIVATION = 39, 40, 41
WIDTH = 42
"""Layout of one cell's material numbers; the stiffness is stored as its upper triangle."""

UPPER = np.triu_indices(6)

NORMALS = 64
"""Directions of lamellae that are tried for stability."""


@dataclass(frozen=True)
class Couplings:
    """The four switches of the case, each acting alone."""

    misfit: bool = True
    chemical_strain: bool = True
    stress_in_potential: bool = True
    stress_in_mobility: bool = True


@dataclass(frozen=True)
class Medium:
    """One phase in one frame: reduced material numbers.

    Attributes:
        numbers: shape (42,), see the layout above.
        kappa: V:C:V c_max/(R T) where the chemical strain acts back on the potential, else 0 [1].
        reduced_volume: V E0/(R T) as a strain vector, shape (6,) [1].
        modes: strain vectors that the two swelling strains multiply, shape (2, 6), and C times them over
            R T c_max, of which their slopes make the pull of strain on the potential, shape (2, 6); where V
            is constant the first strain is theta and the second nothing.
        curved: the local problem where V changes with lithium, else None.
    """

    numbers: Array
    kappa: float
    reduced_volume: Array
    modes: Array
    curved: CurvedElimination | None = None

    @property
    def stiffness(self) -> Array:
        """Reduced stiffness, shape (6, 6)."""
        full = np.zeros((6, 6))
        full[UPPER] = self.numbers[STIFFNESS]
        return np.asarray(full + np.triu(full, 1).T)


def build_medium(phase: Phase, scales: Scales, couplings: Couplings, coherency: float) -> Medium:
    """Reduced numbers of a phase that is already in the axes of the particle."""
    stiffness = phase.stiffness / scales.modulus
    if phase.table is not None:
        return _curved_medium(phase, scales, couplings, coherency)
    volume = strain_vector(phase.molar_volume)
    reduced_volume = volume / scales.molar_volume
    swelling = volume * phase.max_concentration if couplings.chemical_strain else np.zeros(6)
    fixed = -swelling * phase.reference_occupancy
    if couplings.misfit:
        fixed = fixed + coherency * strain_vector(phase.misfit)
    pull = stiffness @ reduced_volume if couplings.stress_in_potential else np.zeros(6)
    numbers = np.zeros(WIDTH)
    numbers[STIFFNESS] = stiffness[UPPER]
    numbers[FIXED_EIGENSTRAIN] = fixed
    numbers[SWELLING] = swelling
    numbers[POTENTIAL_STRESS] = pull
    numbers[CAPACITY] = phase.max_concentration / scales.concentration
    numbers[DIFFUSIVITY] = numbers[CAPACITY] * phase.diffusivity / scales.length**2
    numbers[ACTIVATION] = phase.activation_volume / scales.molar_volume * couplings.stress_in_mobility
    zero = np.zeros(6)
    modes = np.stack([[swelling, zero], [pull, zero]])
    return Medium(numbers, max(float(pull @ swelling), 0.0), reduced_volume, modes)


def _curved_medium(phase: Phase, scales: Scales, couplings: Couplings, coherency: float) -> Medium:
    """Reduced numbers of a phase whose expansion is tabulated."""
    plain = replace(phase, table=None, molar_volume=np.zeros((3, 3)))
    medium = build_medium(plain, scales, couplings, coherency)
    if phase.table is None or not phase.host.holds_lithium:
        return medium
    strains = np.stack([strain_vector(mode) for mode in phase.table.modes])
    share = 1.0 / (scales.molar_volume * phase.max_concentration)
    pull = share * strains @ medium.stiffness * couplings.stress_in_potential
    swelling = strains * couplings.chemical_strain
    own, lamellar = pull @ swelling.T, np.zeros((1, 2, 2))
    if np.any(own):
        lamellar = share * lamellar_stiffness(medium.stiffness, strains, hemisphere(NORMALS))
    curved = CurvedElimination(phase.host, phase.table, own, lamellar)
    return replace(medium, modes=np.stack([swelling, pull]), curved=curved)


@dataclass(frozen=True)
class Region:
    """All local cells of one phase: they share host law and local problem, which no rotation changes."""

    name: str
    phase: Phase
    kappa: float
    cells: npt.NDArray[np.int32]
    curved: CurvedElimination | None = None

    def swelling(self, root: LocalRoot) -> tuple[Array, Array]:
        """The strains that the modes multiply, and their slopes with occupancy, each (*y.shape, 2) [1]."""
        if isinstance(root, CurvedRoot):
            return np.moveaxis(root.strain, 0, -1), np.moveaxis(root.slope, 0, -1)
        zero = np.zeros_like(root.occupancy)
        return np.stack([root.occupancy, zero], axis=-1), np.stack([zero + 1.0, zero], axis=-1)


@dataclass(frozen=True)
class Media:
    """Material numbers of the whole mesh.

    Attributes:
        regions: the phases that the mesh holds, on this rank possibly without cells.
        numbers: shape (cells, 42), per local cell.
        modes: of `Medium`, shape (cells, 2, 2, 6), where the V of any phase changes with lithium, else None.
    """

    regions: tuple[Region, ...]
    numbers: Array
    modes: Array | None = None

    @property
    def hears_stress(self) -> bool:
        """Whether stress acts on the potential or on the mobility of lithium in any cell of this rank."""
        pulled = np.any(self.numbers[:, POTENTIAL_STRESS])
        if self.modes is not None:
            pulled = pulled or np.any(self.modes[:, 1])
        slowed = (self.numbers[:, ACTIVATION] != 0.0) & (self.numbers[:, DIFFUSIVITY] != 0.0)
        return bool(pulled or np.any(slowed))

    @property
    def swells(self) -> bool:
        """Whether lithium strains any cell of this rank."""
        curved = self.modes is not None and np.any(self.modes[:, 0])
        return bool(curved or np.any(self.numbers[:, SWELLING]))

    @property
    def largest_offset(self) -> float:
        """Largest part of the eigenstrain that lithium may cancel, of this rank's cells [1]."""
        fixed = float(np.max(np.abs(self.numbers[:, FIXED_EIGENSTRAIN]), initial=0.0))
        return max([fixed, *(self._largest_swelling(region) for region in self.regions)])

    def _largest_swelling(self, region: Region) -> float:
        """Largest strain of a region's table [1]; 0 without one, or without cells on this rank."""
        if region.curved is None or self.modes is None:
            return 0.0
        strains = region.curved.table.strain(region.curved.table.occupancy)
        swollen = np.einsum("kr,cki->cri", strains, self.modes[region.cells, 0])
        return float(np.max(np.abs(swollen), initial=0.0))


NAMES = {LAYERED: "layered", ROCK_SALT: "rock_salt"}


@dataclass(frozen=True)
class CellTags:
    """What the cells of a mesh consist of.

    Attributes:
        phase: of each local cell, shape (cells,).
        grain: of each local cell, shape (cells,).
        frames: crystal frames, shape (grains, 3, 3), or None.
        present: phases of the whole mesh, those of other ranks included.
    """

    phase: npt.NDArray[np.int8]
    grain: npt.NDArray[np.int32]
    frames: Array | None
    present: Collection[int]


def build_media(
    tags: CellTags,
    phases: Mapping[str, Phase],
    scales: Scales,
    couplings: Couplings,
    coherency: float,
    frame: Array | None = None,
    transverse: bool = False,
) -> Media:
    """Numbers per cell from phases in crystal axes.

    Args:
        tags: what the cells consist of.
        phases: phase by region name.
        scales: reference values.
        couplings: switches of the case.
        coherency: factor on the misfit.
        frame: crystal frame of a geometry without grains, shape (3, 3); None averages over orientations.
        transverse: average about the first axis instead of over all orientations (smeared radial grains).
    """
    count = len(tags.phase)
    numbers, modes = np.zeros((count, WIDTH)), np.zeros((count, 2, 2, 6))
    regions = []
    for tag, name in NAMES.items():
        if tag not in tags.present:
            continue
        cells = np.flatnonzero(tags.phase == tag).astype(np.int32)
        phase = phases[name]
        if tags.frames is None:
            shaped = phase.averaged(transverse) if frame is None else phase.turned(frame)
            medium = build_medium(shaped, scales, couplings, coherency)
            numbers[cells], modes[cells] = medium.numbers, medium.modes
        else:
            for grain, rotation in enumerate(tags.frames):
                inside = cells[tags.grain[cells] == grain]
                medium = build_medium(phase.turned(rotation), scales, couplings, coherency)
                numbers[inside], modes[inside] = medium.numbers, medium.modes
        regions.append(Region(name, phase, medium.kappa, cells, medium.curved))
    curved = any(region.curved is not None for region in regions)
    return Media(tuple(regions), numbers, modes if curved else None)
