"""Accepted states that the time scheme looks back on."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from solver.discretisation.particle import Particle

Array = npt.NDArray[np.float64]

DEPTH = 3
"""States kept: the newest and the two that the error estimate needs."""


@dataclass(frozen=True)
class Entry:
    """One accepted state, this rank's part; everything reduced but the time.

    Attributes:
        time: [s].
        occupancy: theta at the quadrature points of the owned cells.
        displacement: degrees of freedom of u, ghosts included.
        potential: degrees of freedom of mu, ghosts included.
        electrode: reduced electrode potential.
        axial: axial strain.
        charge: anodic charge passed since the start of the run, with the scheme's own weights.
        current: total anodic current at this time.
        increment: length of the increment that led here [s], 0 at the start.
        settled: whether the electrode potential belongs to the present drive; it jumps where a step begins.
    """

    time: float
    occupancy: Array
    displacement: Array
    potential: Array
    electrode: float
    axial: float
    charge: float
    current: float
    increment: float = 0.0
    settled: bool = True


@dataclass
class History:
    """The last accepted states since the last restart of the scheme, newest last."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def last(self) -> Entry:
        """The newest state."""
        return self.entries[-1]

    @property
    def times(self) -> list[float]:
        """Times of the states [s]."""
        return [entry.time for entry in self.entries]

    def push(self, entry: Entry) -> None:
        """Add an accepted state and forget the oldest beyond the depth."""
        self.entries = [*self.entries, entry][-DEPTH:]

    def restart(self) -> None:
        """Keep only the newest state, whose electrode potential is about to jump; BDF1 follows."""
        self.entries = [replace(self.last, settled=False)]

    @property
    def settled(self) -> list[Entry]:
        """The states whose electrode potential belongs to the present drive."""
        return [entry for entry in self.entries if entry.settled]


def capture(
    particle: Particle,
    time: float,
    electrode: float,
    axial: float,
    charge: float,
    current: float,
    increment: float = 0.0,
) -> Entry:
    """Copy the particle's present state into an entry."""
    n = particle.unknowns
    size = particle.imported.owned_cells * len(particle.volume_points.points)
    return Entry(
        time=time,
        occupancy=n.occupancy.x.array[:size].copy(),
        displacement=n.u.x.array.copy(),
        potential=n.mu.x.array.copy(),
        electrode=electrode,
        axial=axial,
        charge=charge,
        current=current,
        increment=increment,
    )
