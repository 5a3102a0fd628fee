"""Accepted states that the time scheme looks back on."""

from dataclasses import dataclass, field, replace

from solver.discretisation.state import State
from solver.stepping.system import System

DEPTH = 3
"""States kept: the newest and the two that the error estimate needs."""


@dataclass(frozen=True)
class Entry(State):
    """One accepted state with its account; everything reduced but the time.

    Attributes:
        time: [s].
        charge: anodic charge passed since the start of the run, with the scheme's own weights.
        current: total anodic current at this time.
        increment: length of the increment that led here [s], 0 at the start.
        settled: whether the electrode potential belongs to the present drive; it jumps where a step begins.
    """

    time: float
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


def capture(system: System, time: float, charge: float, current: float, increment: float = 0.0) -> Entry:
    """Copy the system's present state into an entry.

    Args:
        system: the discretised particle.
        time: [s].
        charge: anodic charge passed since the start of the run, reduced.
        current: total anodic current, reduced.
        increment: length of the increment that led here [s].
    """
    state = system.read()
    return Entry(
        occupancy=state.occupancy,
        displacement=state.displacement,
        potential=state.potential,
        electrode=state.electrode,
        axial=state.axial,
        time=time,
        charge=charge,
        current=current,
        increment=increment,
    )
