"""Material numbers per cell: the phases, turned into their crystal frames and reduced."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meshes import LAYERED, ROCK_SALT
from solver.discretisation.mesh_import import ImportedMesh
from solver.discretisation.scales import Scales
from solver.materials.elasticity import strain_vector
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
    """

    numbers: Array
    kappa: float
    reduced_volume: Array

    @property
    def stiffness(self) -> Array:
        """Reduced stiffness, shape (6, 6)."""
        full = np.zeros((6, 6))
        full[UPPER] = self.numbers[STIFFNESS]
        return np.asarray(full + np.triu(full, 1).T)


def build_medium(phase: Phase, scales: Scales, couplings: Couplings, coherency: float) -> Medium:
    """Reduced numbers of a phase that is already in the axes of the particle."""
    stiffness = phase.stiffness / scales.modulus
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
    return Medium(numbers, max(float(pull @ swelling), 0.0), reduced_volume)


@dataclass(frozen=True)
class Region:
    """All local cells of one phase: they share the host law and kappa, which no rotation changes."""

    name: str
    phase: Phase
    kappa: float
    cells: npt.NDArray[np.int32]


@dataclass(frozen=True)
class Media:
    """Material numbers of the whole mesh.

    Attributes:
        regions: the phases that the mesh holds, on this rank possibly without cells.
        numbers: shape (cells, 42), per local cell.
    """

    regions: tuple[Region, ...]
    numbers: Array


NAMES = {LAYERED: "layered", ROCK_SALT: "rock_salt"}


def build_media(
    imported: ImportedMesh,
    phases: Mapping[str, Phase],
    scales: Scales,
    couplings: Couplings,
    coherency: float,
    frame: Array | None = None,
    transverse: bool = False,
) -> Media:
    """Numbers per cell from phases in crystal axes.

    Args:
        imported: the mesh with phases, grains and frames.
        phases: phase by region name.
        scales: reference values.
        couplings: switches of the case.
        coherency: factor on the misfit.
        frame: crystal frame of a geometry without grains, shape (3, 3); None averages over orientations.
        transverse: average about the first axis instead of over all orientations (smeared radial grains).
    """
    count = len(imported.phase)
    numbers = np.zeros((count, WIDTH))
    regions = []
    present: set[int] = set().union(
        *imported.mesh.comm.allgather({int(p) for p in np.unique(imported.phase)})
    )
    for tag, name in NAMES.items():
        if tag not in present:
            continue
        cells = np.flatnonzero(imported.phase == tag).astype(np.int32)
        phase, kappa = phases[name], 0.0
        if imported.frames is None:
            shaped = phase.averaged(transverse) if frame is None else phase.turned(frame)
            medium = build_medium(shaped, scales, couplings, coherency)
            numbers[cells] = medium.numbers
            kappa = medium.kappa
        else:
            for grain, rotation in enumerate(imported.frames):
                inside = cells[imported.grain[cells] == grain]
                medium = build_medium(phase.turned(rotation), scales, couplings, coherency)
                numbers[inside] = medium.numbers
                kappa = medium.kappa
        regions.append(Region(name, phase, kappa, cells))
    return Media(tuple(regions), numbers)
