"""Which planes map a crystal to itself: its tensors turned, reflected and compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

import meshes
from meshes.sector import sectors_of
from solver.case.phases import CubicElasticity, Lattice, LatticeMisfit, Phase, TrigonalElasticity
from solver.materials import elasticity, expansion
from solver.materials.lattice_table import AXES
from solver.materials.phase import build_misfit, build_stiffness

type Array = npt.NDArray[np.float64]

ROUND_OFF: Final = 1e-9
"""Relative change of a tensor that passes for none."""

TAGS: Final = {meshes.SYM_X: 0, meshes.SYM_Y: 1, meshes.SYM_Z: 2}
"""Axis across the symmetry planes that bear a tag."""

ROUND: Final = {"spherical": (meshes.SYM_X, meshes.SYM_Y, meshes.SYM_Z), "axisymmetric": (meshes.SYM_X,)}
"""Tags that mark the centre or the axis of revolution there, and no mirror."""


@dataclass(frozen=True)
class CrystalTensors:
    """Everything in a phase that has directions, in the axes of its crystal.

    Attributes:
        stiffness: shape (6, 6) [Pa].
        strains: chemical expansion and misfit, each of shape (3, 3), in any unit.
        threefold: whether C14 is there.
    """

    stiffness: Array
    strains: tuple[Array, ...]
    threefold: bool = False

    def alike(self, one: Array, other: Array, tolerance: float = ROUND_OFF) -> bool:
        """Whether the crystal is the same in two orientations.

        Args:
            one: shape (3, 3), orthogonal, perhaps improper; the columns are the crystal axes.
            other: the same for the other orientation.
            tolerance: largest change of a component, relative to the largest component [1].
        """
        pairs = [(elasticity.rotate(self.stiffness, one), elasticity.rotate(self.stiffness, other))]
        pairs += [(expansion.rotate(strain, one), expansion.rotate(strain, other)) for strain in self.strains]
        return all(np.abs(a - b).max() <= tolerance * np.abs(a).max() for a, b in pairs)

    def mirrored(self, frame: Array, axis: int, tolerance: float = ROUND_OFF) -> bool:
        """Whether the plane across a coordinate axis maps the crystal to itself.

        A crystal with C14 has a mirror across its a axis. No case may rely on it: cases do not give a.

        Args:
            frame: shape (3, 3); the columns are the crystal axes.
            axis: 0, 1 or 2.
            tolerance: as for `alike`.
        """
        flip = np.eye(3)
        flip[axis, axis] = -1.0
        return not self.threefold and self.alike(frame, flip @ frame, tolerance)


def crystal_tensors(phase: Phase, lattice: Lattice | None, on_slabs: bool) -> CrystalTensors | None:
    """The tensors of a phase in crystal axes, or None of one whose elasticity is not known yet.

    Args:
        phase: the phase; what is wrong in it may be None.
        lattice: of the layered phase, if it is known.
        on_slabs: whether a cube stands with its (111) planes on the layered crystal's (003) planes.
    """
    law, swelling = phase.elasticity, phase.expansion
    if law is None:
        return None
    stiffness = build_stiffness(law)
    if on_slabs and isinstance(law, CubicElasticity):
        stiffness = elasticity.rotate(stiffness, elasticity.CUBE_ON_SLABS)
    strains: list[Array] = []
    if swelling is not None and swelling.kind == "table":
        strains.extend(AXES)
    if swelling is not None and swelling.kind == "anisotropic":
        volumes = swelling.partial_molar_volume_ab, swelling.partial_molar_volume_c
        strains.append(expansion.partial_molar_volume(*volumes))
    if isinstance(phase.misfit, LatticeMisfit) and lattice is not None:
        strains.append(build_misfit(phase.misfit, lattice))
    threefold = isinstance(law, TrigonalElasticity) and law.C14 != 0
    return CrystalTensors(stiffness, tuple(strains), threefold)


def mirror_axes(dimension: str, tags: Iterable[int]) -> list[int]:
    """Axes across the symmetry planes or lines that some tags stand for, ascending."""
    round_tags = ROUND.get(dimension, ())
    return sorted({TAGS[tag] for tag in tags if tag in TAGS and tag not in round_tags})


def sector_axes(dimension: str, sector: str) -> list[int]:
    """Axes across the symmetry planes or lines of a sector, ascending."""
    known = sectors_of(dimension)
    return mirror_axes(dimension, known[sector].planes) if sector in known else []


def fitting_sectors(dimension: str, crystals: Iterable[CrystalTensors], frame: Array) -> list[str]:
    """Sectors of a dimension whose planes map all of these crystals to themselves, the smallest first."""
    known, held = sectors_of(dimension), list(crystals)
    return [
        name
        for name in sorted(known, key=lambda name: -known[name].multiplicity)
        if all(crystal.mirrored(frame, axis) for axis in sector_axes(dimension, name) for crystal in held)
    ]
