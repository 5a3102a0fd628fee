"""One attempt at an increment: set the clock, predict, solve, judge. A failure is a value."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.discretisation.state import Demand, NewtonResult, Refusal, State
from solver.protocol.drive import Drive
from solver.protocol.ending import Observation
from solver.stepping.history import Entry, History, capture
from solver.stepping.scheme import blend, error_share, extrapolate, shares, weights
from solver.stepping.system import System


@dataclass(frozen=True)
class Attempt:
    """What came of one attempt.

    Attributes:
        entry: the state reached, or None where the solve failed.
        seen: what the ending conditions look at, or None.
        error: local error over its tolerance scale of 1 (occupancy and volts), 0 where it cannot be told.
        newton: outcome of the solve.
        increment: [s].
        refusal: why the state found is not accepted although it solves the equations, or None.
    """

    entry: Entry | None
    seen: Observation | None
    error: float
    newton: NewtonResult
    increment: float
    refusal: Refusal | None = None


class Stepper:
    """Makes attempts from a history of accepted states.

    Attributes:
        system: the discretised particle.
        reference_potential: of the protocol's reference electrode against Li/Li+ [V].
        resistance: voltage per reduced current: R_a over the outer area [V].
        current_unit: one reduced current [A], or [A/m] in 2D.
    """

    def __init__(self, system: System, reference_potential: float) -> None:
        """Take a system that stands at its start."""
        self.system, self.reference_potential = system, reference_potential
        body, scales = system.body, system.body.scales
        self.resistance = body.surface.area_specific_resistance * scales.current_density / system.outer_area
        self.current_unit = scales.charge
        self._unit = scales.potential

    def voltage(self, electrode: float, current: float) -> float:
        """Cell voltage [V] against the protocol's reference from reduced electrode potential and current."""
        phi = (electrode - self.system.body.level) * self._unit
        return phi + self.resistance * current - self.reference_potential

    def electrode_at(self, voltage: float) -> float:
        """Reduced potential phi_s + R_a i_mean at a cell voltage [V]."""
        return (voltage + self.reference_potential) / self._unit + self.system.body.level

    def demand(self, drive: Drive, increment: float) -> Demand | None:
        """State the electrode's equation for a drive; None where its potential is simply given (and set)."""
        system = self.system
        if drive.voltage is None and system.contact_area == 0.0:
            return None  # a sealed particle at rest: no surface gives its electrode a potential
        if drive.voltage is None:
            target = (drive.current or 0.0) / self.current_unit
            own_scale = system.exchange * system.contact_area
            return Demand(0.0, increment, increment * target, increment * max(abs(target), 0.1 * own_scale))
        value = self.electrode_at(drive.voltage)
        if system.body.surface.area_specific_resistance > 0.0:
            return Demand(1.0, self.resistance / self._unit, value, 1.0)
        system.set_electrode(value)
        return None

    def observe(self, entry: Entry) -> Observation:
        """What the ending conditions look at."""
        system = self.system
        return Observation(
            voltage=self.voltage(entry.electrode, entry.current),
            current=entry.current * self.current_unit,
            occupancy=system.lithium() / system.sites if system.sites > 0.0 else 0.0,
            surface_occupancy=system.surface_occupancies(),
        )

    def attempt(
        self, history: History, increment: float, drive: Drive, tried: Sequence[Entry] = ()
    ) -> Attempt:
        """Solve one increment from the newest accepted state.

        Args:
            history: the accepted states.
            increment: [s].
            drive: control of the electrode.
            tried: states that other increments from here led to; between two of them Newton has little to do.
        """
        system, last = self.system, history.last
        entries, time = history.entries, last.time + increment
        previous = last.time - entries[-2].time if len(entries) > 1 else None
        a0, a1, a2 = weights(increment, previous)
        before = entries[-2] if previous is not None else last
        system.set_clock(increment, a0, a1 * last.occupancy + a2 * before.occupancy)
        system.write(_predict(history, time, tried))
        demand = self.demand(drive, increment)
        result = system.solve(demand, abs(last.charge) + increment * abs(last.current))
        if not result.converged:
            return Attempt(None, None, np.inf, result, increment)
        refusal = system.refusal()
        if refusal is not None:
            return Attempt(None, None, np.inf, result, increment, refusal)
        current = system.current()
        charge = (increment * current - a1 * last.charge - a2 * before.charge) / a0
        entry = capture(system, time, charge, current, increment)
        error = self._local_error(history, entry, electrode=drive.voltage is None)
        return Attempt(entry, self.observe(entry), error, result, increment)

    def _local_error(self, history: History, entry: Entry, electrode: bool) -> float:
        """Local error: root mean square of occupancy [1] against the electrode's in volts, the larger one."""
        times, entries = history.times, history.entries
        if len(entries) < 2:
            return 0.0
        share = error_share(times, entry.time)
        gap = entry.occupancy - extrapolate(times, [e.occupancy for e in entries], entry.time)
        error = share * self.system.site_mean(gap)
        past = history.settled
        if electrode and len(past) > 1:
            moments = [e.time for e in past]
            guess = extrapolate(moments, [e.electrode for e in past], entry.time)
            miss = abs(entry.electrode - guess) * self._unit
            error = max(error, error_share(moments, entry.time) * miss)
        return error


def _predict(history: History, time: float, tried: Sequence[Entry]) -> State:
    """Where Newton starts: on the straight line through two states, or at the last one.

    The line leads through the states on either side of the time where later ones were tried, else through
    the last two of the history. The occupancies are those of the last state: they follow the unknowns.
    """
    last, before, after = history.last, history.last, None
    if tried:
        known = (last, *tried)[::-1]  # of two at one time the newer
        before = max((e for e in known if e.time < time), key=lambda e: e.time, default=last)
        after = min((e for e in known if e.time >= time), key=lambda e: e.time, default=None)
    pair = [before, after] if after is not None else history.entries[-2:]
    if len(pair) < 2:
        return last
    parts = shares([entry.time for entry in pair], time)
    electrode = last.electrode
    if pair[0].settled:
        electrode = blend(parts, [e.electrode for e in pair])
    elif after is not None:
        electrode = after.electrode
    return State(
        occupancy=last.occupancy,
        displacement=blend(parts, [e.displacement for e in pair]),
        potential=blend(parts, [e.potential for e in pair]),
        electrode=electrode,
        axial=blend(parts, [e.axial for e in pair]),
    )
