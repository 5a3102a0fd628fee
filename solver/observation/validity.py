"""Where a state leaves the range of the model: large strain, and mobility at its floor."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from solver.discretisation.particle import Particle
from solver.fenics import MPI
from solver.materials.mobility import FLOOR
from solver.observation.pointwise import PointState

SMALL_STRAIN: Final = 0.05
"""Largest strain that small-strain theory takes; beyond it the error is a few per cent [1]."""


@dataclass(frozen=True)
class Validity:
    """Extremes that a reader should know of, the same on all ranks.

    Attributes:
        largest_strain: largest magnitude of a strain component [1].
        floored_share: share of the lithium sites whose mobility stands at its floor [1].
    """

    largest_strain: float = 0.0
    floored_share: float = 0.0

    def worst(self, other: "Validity") -> "Validity":
        """The larger of both, each figure by itself."""
        return Validity(
            max(self.largest_strain, other.largest_strain), max(self.floored_share, other.floored_share)
        )

    def warnings(self) -> list[str]:
        """What to say of it, one line each."""
        lines = []
        if self.largest_strain > SMALL_STRAIN:
            lines.append(f"strain reached {self.largest_strain:.1%}: small-strain theory is off by per cents")
        if self.floored_share > 0.0:
            lines.append(
                f"the mobility stood at its floor for up to {self.floored_share:.2%} of the lithium sites"
            )
        return lines


def judge(particle: Particle, state: PointState, volumes: npt.NDArray[np.float64]) -> Validity:
    """Measure a state; collective.

    Args:
        particle: the particle.
        state: its state at the quadrature points of the owned cells.
        volumes: volume of each of these points, shape (cells, points).
    """
    strain = state.elastic_strain + state.eigenstrain
    # Engineering shears are twice the tensor's.
    size = float(np.max(np.abs(strain) * np.array([1.0, 1.0, 1.0, 0.5, 0.5, 0.5]), initial=0.0))
    content = particle.unknowns.content.x.array[: volumes.size].reshape(volumes.shape)
    floored = 0.0
    for region in particle.media.regions:
        rows = particle.volume_points.rows[region.name]
        capacity = region.phase.max_concentration / particle.body.scales.concentration
        floored += capacity * float(volumes[rows][content[rows] <= FLOOR].sum())
    comm = particle.comm
    share = comm.allreduce(floored) / particle.sites if particle.sites > 0.0 else 0.0
    return Validity(comm.allreduce(size, op=MPI.MAX), share)
