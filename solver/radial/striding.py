"""The march of a compiled particle in strides: many increments a call.

A stride stops where anything happens. Its quiet increments are taken as they are; from there on
`solver.stepping` asks for increments one by one, as it always does, judges them, and gets those that strides
have made. Where it asks for another one than was guessed, that is made anew.
"""

import math
from collections.abc import Sequence
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from solver.protocol.drive import Drive
from solver.protocol.ending import Ending, Observation
from solver.radial.outcome import outcome_of
from solver.radial.stride import (
    CHARGE,
    CURRENT,
    ELECTRODE,
    ENDED,
    ERROR,
    HIGHEST,
    INCREMENT,
    ITERATIONS,
    LINES,
    LOWEST,
    NORMS,
    OCCUPANCY,
    SETTLED,
    TIME,
    UNSETTLED,
    Course,
    Track,
    stride,
)
from solver.radial.system import ITERATIONS as MOST
from solver.radial.system import NAMES, RadialSystem
from solver.stepping.attempt import Attempt, Stepper
from solver.stepping.control import StepControl, clip_to_end
from solver.stepping.history import DEPTH, Entry, History
from solver.stepping.march import March, Recorder

Array = npt.NDArray[np.float64]

LENGTH: Final = 64
"""Attempts of a stride, at most."""

QUANTITIES: Final = ("voltage", "current", "occupancy", "surface")
"""What limits bound, in the order of `Course.lowest`."""


class StridingSystem(RadialSystem):
    """A compiled particle that makes several increments in one call."""

    def course(self, stepper: Stepper, drive: Drive, control: StepControl, **given: Any) -> Course:
        """How a step is marched.

        Args:
            stepper: knows the electrode's equation.
            drive: control of the electrode.
            control: chooses increments.
            given: limits, first increment and end, as `Course` has them.
        """
        asked = stepper.demand(drive, 1.0)
        return Course(
            own=0.0 if asked is None else asked.own,
            gain=0.0 if asked is None else asked.gain,
            target=0.0 if asked is None else asked.target,
            scale=1.0 if asked is None else asked.scale,
            driven=asked is not None,
            timed=drive.voltage is None,
            held=math.nan if asked is not None or drive.voltage is None else float(self._electrode[0]),
            judged=drive.voltage is None,
            unit=self.body.scales.potential,
            resistance=stepper.resistance,
            largest=math.inf if control.largest is None else control.largest,
            tolerance=control.local_tolerance,
            least_force=self._least_force,
            content=self.lithium_at_start,
            sites=self.sites,
            watched=self._watched,
            iterations=MOST,
            **given,
        )

    def track(self, entries: Sequence[Entry]) -> Track:
        """Room for a stride behind accepted states."""
        states = len(entries) + LENGTH
        account = np.empty((LINES, states))
        unknowns = np.empty((states, self._size))
        occupancy = np.empty((states, *self.line.cells.volume.shape))
        for i, entry in enumerate(entries):
            unknowns[i, self._u], unknowns[i, 1::3] = entry.displacement, entry.potential
            occupancy[i] = entry.occupancy.reshape(occupancy.shape[1:])
            for row, value in (
                (TIME, entry.time),
                (CHARGE, entry.charge),
                (CURRENT, entry.current),
                (ELECTRODE, entry.electrode),
                (SETTLED, float(entry.settled)),
            ):
                account[row, i] = value
        return Track(account, unknowns, occupancy)

    def stride(self, course: Course, increment: float, known: int, track: Track) -> int:
        """Make a stride; gives how many states the track then holds."""
        line = self.line
        self._current = None
        with self._watch.measure("solve"):
            return stride(
                line.laws,
                line.cells,
                line.walls,
                line.kinetics,
                line.shapes,
                line.near,
                line.edges,
                course,
                increment,
                known,
                track,
                self._unknowns,
                self._electrode,
                self._points,
                self._noise[course.driven],
            )

    def count(self, iterations: int, driven: bool) -> None:
        """Count the work of an attempt that is asked for."""
        self.linearisations += iterations
        self.factorisations += iterations
        self.solves += iterations * (2 if driven else 1)

    def entry(self, track: Track, number: int) -> Entry:
        """A state of a track."""
        row = track.account[:, number].tolist()
        return Entry(
            occupancy=track.occupancy[number].reshape(-1),
            displacement=track.unknowns[number, self._u],
            potential=track.unknowns[number, 1::3],
            electrode=row[ELECTRODE],
            axial=0.0,
            time=row[TIME],
            charge=row[CHARGE],
            current=row[CURRENT],
            increment=row[INCREMENT],
        )


class StrideRecorder(Recorder, Protocol):
    """A recorder that is also told of many increments at once."""

    def stride(
        self, step: int, time: Array, voltage: Array, current: Array, charge: Array, occupancy: Array
    ) -> None:
        """Increments were accepted: arrays of one value each, as `Entry` and `Observation` have them."""


class StridingStepper(Stepper):
    """Makes attempts, under the drive of the step in strides."""

    system: StridingSystem

    def __init__(self, system: StridingSystem, reference_potential: float) -> None:
        """Take a system that stands at its start."""
        super().__init__(system, reference_potential)
        self.system = system
        self._drive: Drive | None = None
        self._last: Entry | None = None
        self._known: tuple[Entry, Observation] | None = None

    def begin_step(
        self, drive: Drive, endings: Sequence[Ending], control: StepControl, first: float, end: float
    ) -> None:
        """State what is marched next.

        Args:
            drive: control of the electrode.
            endings: conditions that end it.
            control: chooses increments.
            first: first increment [s].
            end: when it ends, or infinity [s].
        """
        lowest, highest = np.full(4, -np.inf), np.full(4, np.inf)
        for ending in endings:
            place, bound = QUANTITIES.index(ending.quantity), ending.limit
            if ending.quantity == "voltage":
                bound -= self.voltage(0.0, 0.0)
            if ending.quantity == "current":
                bound /= self.current_unit
            if ending.sign > 0.0:
                highest[place] = min(highest[place], bound - ending.tolerance)
            else:
                lowest[place] = max(lowest[place], bound + ending.tolerance)
        self._course = self.system.course(
            self, drive, control, first=first, end=end, lowest=lowest, highest=highest
        )
        self._drive, self._last = drive, None

    def observe(self, entry: Entry) -> Observation:
        """What the ending conditions look at; asked again of the same state, what was seen before."""
        if self._known is None or self._known[0].occupancy is not entry.occupancy:
            self._known = entry, super().observe(entry)
        return self._known[1]

    def attempt(
        self, history: History, increment: float, drive: Drive, tried: Sequence[Entry] = ()
    ) -> Attempt:
        """Solve one increment from the newest accepted state; see `Stepper.attempt`."""
        if tried or drive is not self._drive:
            self._last = None
            return super().attempt(history, increment, drive, tried)
        fits = self._last is history.last and self._next < self._made
        if not fits or self._track.account[INCREMENT, self._next] != increment:
            self.look_ahead(history, increment)
        return self._serve()

    def look_ahead(self, history: History, increment: float) -> int:
        """Make a stride from the newest accepted state; gives how many of its increments are quiet.

        Quiet are those that nothing rejects and after which the step goes on: all but the last.
        """
        self._next = len(history.entries)
        self._track = self.system.track(history.entries)
        self._made = self.system.stride(self._course, increment, self._next, self._track)
        self._last = history.last
        return self._made - self._next - 1

    def take(self, history: History, count: int, step: int, recorder: StrideRecorder) -> float:
        """Accept the first increments of a stride, quiet ones; gives the increment after them [s].

        Args:
            history: grows by them.
            count: how many.
            step: number of the protocol step.
            recorder: is told of them.
        """
        begin, end, account = self._next, self._next + count, self._track.account
        if count > 0:
            for number in range(max(begin, end - DEPTH), end):
                history.push(self.system.entry(self._track, number))
            taken = account[:, begin:end]
            self.system.count(int(taken[ITERATIONS].sum()), self._course.driven)
            voltage: Any = self.voltage(taken[ELECTRODE], taken[CURRENT])
            current = taken[CURRENT] * self.current_unit
            recorder.stride(step, taken[TIME], voltage, current, taken[CHARGE], taken[OCCUPANCY])
        self._next, self._last = end, history.last
        return float(account[INCREMENT, end])

    def _serve(self) -> Attempt:
        """The next attempt of the stride."""
        number, row = self._next, self._track.account[:, self._next].tolist()
        self._next += 1
        driven = self._course.driven
        found = int(row[ENDED]), int(row[ITERATIONS]), int(row[UNSETTLED]), row[NORMS:]
        newton = outcome_of(found, NAMES if driven else NAMES[:3], MOST)
        self.system.count(newton.iterations, driven)
        self._last = None
        if not newton.converged:
            return Attempt(None, None, np.inf, newton, row[INCREMENT])
        self._last = self.system.entry(self._track, number)
        seen = Observation(
            voltage=self.voltage(row[ELECTRODE], row[CURRENT]),
            current=row[CURRENT] * self.current_unit,
            occupancy=row[OCCUPANCY],
            surface_occupancy=(row[LOWEST], row[HIGHEST]) if self._course.watched else None,
        )
        self._known = self._last, seen
        return Attempt(self._last, seen, row[ERROR], newton, row[INCREMENT])


class StridingMarch(March):
    """A march that takes the quiet beginning of each step as a whole."""

    stepper: StridingStepper
    recorder: StrideRecorder

    def _advance(self, way: Any, history: History, pace: Any) -> tuple[str, str]:
        stepper, duration, begin = self.stepper, way.step.duration, way.opening.time
        end = math.inf if duration is None else begin + duration
        stepper.begin_step(way.drive, way.finder.endings, self.control, self.first_increment, end)
        if self.keep is None and history.last.time == begin:
            remaining = None if duration is None else end - begin
            size = clip_to_end(self.control.bounded(pace.wanted), remaining)
            quiet, taken = stepper.look_ahead(history, size), 0
            while taken < quiet and not self.interrupted():
                taken += 1
            pace.wanted = stepper.take(history, taken, way.index, self.recorder)
            if taken < quiet:
                return "interrupted", ""
        return super()._advance(way, history, pace)
