"""Events in time: named limits, and the surface running empty or full, located within an increment."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from solver.discretisation.body import SurfaceLaw
from solver.materials.mobility import FLOOR
from solver.protocol.drive import Drive
from solver.protocol.ending import Ending, Observation, first_met
from solver.stepping.attempt import Attempt, Stepper
from solver.stepping.history import History
from solver.stepping.locate import locate

MOST_CORRECTIONS: Final = 50
"""Of an overpotential; eight are the most over ranges far wider than any case's."""

ROUND_OFF: Final = 1e-14
"""Relative correction of an overpotential that passes for none."""

FIT: Final = 1e-6
"""How closely the current at a located voltage must be the step's own, relative."""


@dataclass(frozen=True)
class Found:
    """A located event; without an attempt it lies at the very start of the increment."""

    ending: Ending
    attempt: Attempt | None


class EventFinder:
    """Watches one step's endings, and those that physics adds to any current."""

    def __init__(self, stepper: Stepper, drive: Drive, named: list[Ending], start: Observation) -> None:
        """Add the surface's own limits to the named ones (which win where both are met)."""
        self.stepper, self.drive = stepper, drive
        own = _surface_endings(stepper, drive)
        self.endings = [*named, *own]
        # A surface that is full at the start of a step may empty: only to overfill it ends the step.
        full_already = [e for e in own if e.quantity == "surface" and e.excess(start) >= -e.tolerance]
        self._watched = [e for e in self.endings if e not in full_already]

    def passed(self, attempt: Attempt) -> Ending | None:
        """The ending that an attempt has overshot, if any."""
        return None if attempt.seen is None else first_met(self.endings, attempt.seen)

    def met(self, attempt: Attempt) -> Ending | None:
        """The ending that an accepted state meets, if any."""
        if attempt.seen is None:
            return None
        return next((e for e in self._watched if e.excess(attempt.seen) >= -e.tolerance), None)

    def find(self, history: History, attempt: Attempt, smallest: float) -> Found | None:
        """Locate the first ending within an attempt that overshot one or could not be solved.

        Returns:
            The event, or None where the attempt failed for another reason or the search did not reach it.
        """
        trials = _Trials(self.stepper, history, attempt, self.drive)
        ending = self.passed(attempt)
        if ending is None and attempt.refusal is None:
            ending = self._unreachable(trials, attempt.increment)
        high, found = attempt.increment, None
        while ending is not None:
            if ending.quantity == "voltage" and self.drive.current:
                trial = self._at_voltage(trials, ending, high, smallest)
            else:
                trial = self._under_drive(trials, ending, high, smallest)
            if trial is None:
                return Found(ending, None)
            if not self._reached(ending, trial):
                return None
            found = Found(ending, trial)
            high = trial.increment
            ending = self.passed(trial)
            if ending is found.ending:
                break
        return found

    def _reached(self, ending: Ending, trial: Attempt) -> bool:
        """Whether a search ended at its limit, not where trials began to fail."""
        if trial.seen is None:
            return False
        if ending.quantity == "voltage" and self.drive.current:
            return abs(1.0 - trial.seen.current / self.drive.current) <= FIT
        return abs(ending.excess(trial.seen)) <= ending.tolerance

    def _unreachable(self, trials: "_Trials", increment: float) -> Ending | None:
        """The limit that explains a failed attempt: held there, the surface no longer gives the current."""
        if not self.drive.current:
            return None
        limits = [e for e in self.endings if e.quantity == "voltage"]
        for ending in limits:
            held = trials.make(increment, Drive(voltage=ending.limit))
            if held.seen is not None and held.seen.current / self.drive.current < 1.0:
                return ending
        return None

    def _at_voltage(self, trials: "_Trials", ending: Ending, high: float, smallest: float) -> Attempt | None:
        """Locate a voltage limit under current: at the limit's voltage, when does the current fit?

        The current at a given voltage is nearly linear in time where the voltage at a given current is steep,
        and it exists beyond the event too.
        """
        current, held = self.drive.current or 0.0, Drive(voltage=ending.limit)

        def excess(increment: float) -> float | None:
            trial = trials.make(increment, held)
            return None if trial.seen is None else 1.0 - trial.seen.current / current

        value = excess(high)
        if value is not None and value <= 0.0:
            return trials.last if value > -FIT else None
        increment = locate(excess, high, np.inf if value is None else value, 1e-10, smallest)
        return None if increment is None else trials.reached(increment, held)

    def _under_drive(self, trials: "_Trials", ending: Ending, high: float, smallest: float) -> Attempt | None:
        """Locate any other limit by trials under the step's own drive."""

        def excess(increment: float) -> float | None:
            trial = trials.make(increment, self.drive)
            return None if trial.seen is None else ending.excess(trial.seen)

        value = excess(high)
        increment = locate(excess, high, np.inf if value is None else value, 0.5 * ending.tolerance, smallest)
        return None if increment is None else trials.reached(increment, self.drive)


class _Trials:
    """Attempts from one state, each started from those made before it and none made twice in a row."""

    def __init__(self, stepper: Stepper, history: History, first: Attempt, drive: Drive) -> None:
        """Begin with the attempt that overshot or failed under a drive."""
        self._stepper, self._history = stepper, history
        self._made = (first.increment, drive, first)
        self._tried = [] if first.entry is None else [first.entry]

    @property
    def last(self) -> Attempt:
        """The newest attempt."""
        return self._made[2]

    def make(self, increment: float, drive: Drive) -> Attempt:
        """Attempt an increment."""
        if self._made[:2] != (increment, drive):
            made = self._stepper.attempt(self._history, increment, drive, self._tried)
            self._made = (increment, drive, made)
            if made.entry is not None:
                self._tried.append(made.entry)
        return self.last

    def reached(self, increment: float, drive: Drive) -> Attempt | None:
        """The attempt at an increment that the search settled on, or None where it fails."""
        made = self.make(increment, drive)
        return None if made.entry is None else made


def _surface_endings(stepper: Stepper, drive: Drive) -> list[Ending]:
    """Limits that any current meets: a host's surface cannot be emptier or fuller than its floor."""
    system = stepper.system
    current = drive.current or 0.0
    hosts: Sequence[Any] = system.hosts
    endings = []
    if any(not host.bounded for host in hosts):
        endings.append(Ending("surface", 1.0, 1.0, "surface_saturated"))
    if current == 0.0 or not hosts:
        return endings
    at = FLOOR if current > 0.0 else 1.0 - FLOOR
    potentials = [-_potential(host, at) for host in hosts if host.bounded or current > 0.0]
    if not potentials:
        return endings
    strength = abs(current) / stepper.current_unit / (system.exchange * system.contact_area)
    kinetic = _overpotential(strength, system.body.surface, charging=current > 0.0)
    if current > 0.0:
        limit = stepper.voltage(max(potentials) + kinetic, current / stepper.current_unit)
        endings.append(Ending("voltage", limit, 1.0, "surface_depleted"))
    else:
        limit = stepper.voltage(min(potentials) - kinetic, current / stepper.current_unit)
        endings.append(Ending("voltage", limit, -1.0, "surface_saturated"))
    return endings


@lru_cache(maxsize=1024)
def _potential(host: Any, occupancy: float) -> float:
    """Reduced potential of a host at an occupancy; a search that every step, and every like case, repeats."""
    return float(host.potential(np.array(occupancy)))


def _overpotential(strength: float, law: SurfaceLaw, *, charging: bool) -> float:
    """Size of the reduced overpotential that an empty or full surface needs for a current over i0 [1]."""
    along, against = (law.anodic, law.cathodic) if charging else (law.cathodic, law.anodic)
    if law.exchange == "concentration":
        strength /= 2.0 * np.sqrt(FLOOR)

    # The law reads along eta = log(strength + exp(-against eta)); its two sides differ by a concave function
    # of eta that rises, on which Newton's method climbs from zero to the root and never passes it.
    eta = 0.0
    for _ in range(MOST_CORRECTIONS):
        rest = strength + np.expm1(-against * eta)
        slope = along + against * np.exp(-against * eta) / (1.0 + rest)
        correction = float((np.log1p(rest) - along * eta) / slope)
        eta += correction
        if correction <= ROUND_OFF * eta:
            break
    return eta
