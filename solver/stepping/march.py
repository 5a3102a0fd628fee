"""The march: protocol steps in turn, increments within a step, events located in time."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from solver.protocol.drive import CurrentUnits, Drive, drive_of
from solver.protocol.ending import Ending, Observation, endings_of
from solver.stepping.attempt import Attempt, Stepper
from solver.stepping.bookmark import Barrier, Bookmark, Opening, StepOutcome
from solver.stepping.control import LEAST, StepControl, clip_to_end
from solver.stepping.events import EventFinder
from solver.stepping.history import Entry, History

MAX_REJECTIONS = 60


class Recorder(Protocol):
    """What the march tells the outside; implementations must not change the particle."""

    def increment(self, step: int, entry: Entry, seen: Observation, iterations: int) -> None:
        """An increment was accepted."""

    def rejected(self, step: int, attempt: Attempt, reason: str) -> None:
        """An attempt was rejected and will be repeated smaller."""

    def step_begins(self, step: int, name: str, duration: float | None) -> None:
        """A protocol step begins, or is taken up again where an earlier march stood."""

    def step_ended(self, outcome: StepOutcome, entry: Entry, seen: Observation) -> None:
        """A protocol step ended."""


@dataclass
class _Pace:
    """How a step advances from increment to increment.

    Attributes:
        wanted: next increment [s].
        barrier: the last moment whose state could not be accepted, or None.
        refused: attempts rejected since the last accepted increment.
    """

    wanted: float
    barrier: Barrier | None = None
    refused: int = 0


@dataclass
class March:
    """Runs the steps of a protocol on a prepared stepper.

    Attributes:
        stepper: makes attempts.
        control: chooses increments.
        units: turns protocol currents into amperes.
        recorder: is told what happens.
        interrupted: polled before each attempt, the same answer on every rank.
        first_increment: first increment of every step [s].
        keep: given a bookmark after every increment and between steps, from which a march could go on another
            time; None makes none.
        rejections: how many attempts were rejected, by reason.
    """

    stepper: Stepper
    control: StepControl
    units: CurrentUnits
    recorder: Recorder
    interrupted: Callable[[], bool]
    first_increment: float
    keep: Callable[[Bookmark], None] | None = None
    rejections: Counter[str] = field(default_factory=Counter)

    def run(self, steps: Sequence[Any], start: Entry | Bookmark) -> list[StepOutcome]:
        """March through the steps; stops after one that ends with `numerics` or `interrupted`.

        Args:
            steps: of the protocol, all of them.
            start: the state before the first step, which the system holds; or where an earlier march stood,
                whose state and memory the system is given.
        """
        mark = start if isinstance(start, Bookmark) else Bookmark(1, (start,))
        if isinstance(start, Bookmark):
            self._take_up(start)
        history, outcomes = History(list(mark.entries)), list(mark.outcomes)
        for index, step in enumerate(steps[mark.step - 1 :], start=mark.step):
            outcome = self._step(index, step, history, tuple(outcomes), mark if index == mark.step else None)
            outcomes.append(outcome)
            if outcome.reason in {"numerics", "interrupted", "phase_separation"}:
                break
            self._keep(index + 1, history, tuple(outcomes))
        return outcomes

    def _take_up(self, mark: Bookmark) -> None:
        """Give the system the state and the memory of a bookmark."""
        system, last = self.stepper.system, mark.entries[-1]
        self.rejections.update(mark.rejections)
        system.write(last)
        system.update()
        system.recall(mark.memory)

    def _keep(
        self,
        step: int,
        history: History,
        outcomes: tuple[StepOutcome, ...],
        opening: Opening | None = None,
        pace: _Pace | None = None,
    ) -> None:
        """Give away a bookmark of a step in progress, or of one that has not begun."""
        if self.keep is None:
            return
        mark = Bookmark(
            step=step,
            entries=tuple(history.entries if opening else [history.last]),
            opening=opening,
            wanted=None if pace is None else pace.wanted,
            barrier=None if pace is None else pace.barrier,
            outcomes=outcomes,
            rejections=dict(self.rejections),
            memory=self.stepper.system.memory(),
        )
        self.keep(mark)

    def _step(
        self,
        index: int,
        step: Any,
        history: History,
        outcomes: tuple[StepOutcome, ...],
        mark: Bookmark | None,
    ) -> StepOutcome:
        """March a protocol step, or the rest of it; the history then holds its last accepted state."""
        drive = drive_of(step, self.units)
        pace, opening = _Pace(self.first_increment), None if mark is None else mark.opening
        if opening is None:
            history.restart()
            begin = history.last
            opening = Opening(begin.time, begin.charge, self.stepper.observe(begin))
        elif mark is not None and mark.wanted is not None:
            pace = _Pace(mark.wanted, mark.barrier)
        named = endings_of(step, drive, self.units, opening.seen)
        finder = EventFinder(self.stepper, drive, named, opening.seen)
        self.recorder.step_begins(index, step.name, step.duration)
        way = _Way(index, step, drive, finder, opening, outcomes)
        reason, detail = self._advance(way, history, pace)
        last = history.last
        outcome = StepOutcome(
            index=index,
            name=step.name,
            reason=reason,
            duration=last.time - opening.time,
            charge=(last.charge - opening.charge) * self.stepper.current_unit,
            detail=detail,
        )
        self.stepper.system.write(last)
        self.stepper.system.update()
        self.recorder.step_ended(outcome, last, self.stepper.observe(last))
        return outcome

    def _advance(self, way: "_Way", history: History, pace: _Pace) -> tuple[str, str]:
        """Increments until something ends the step; gives the reason and its detail."""
        duration, begin = way.step.duration, way.opening.time
        while True:
            if self.interrupted():
                return "interrupted", ""
            remaining = None if duration is None else begin + duration - history.last.time
            if remaining is not None and remaining <= 1e-12 * max(begin + duration, 1.0):
                return "time", ""
            size = clip_to_end(self.control.bounded(pace.wanted), remaining)
            order = min(len(history.entries), 2)
            tried = self._attempt(way, history, size)
            if isinstance(tried, Ending):
                return tried.reason, ""
            attempt, ended, fault = tried
            if fault or attempt.entry is None or attempt.seen is None:
                given_up = self._reject(way, history, pace, attempt, fault)
                if given_up is not None:
                    return given_up
                continue
            pace.refused = 0
            history.push(attempt.entry)
            self.recorder.increment(way.index, attempt.entry, attempt.seen, attempt.newton.iterations)
            ended = ended or way.finder.met(attempt)
            if ended is not None:
                return ended.reason, ""
            error = attempt.error / self.control.local_tolerance
            least = min(attempt.increment, LEAST * self.first_increment)
            factor = self.control.factor(error, order)
            pace.wanted = max(max(attempt.increment, min(pace.wanted, size)) * factor, least)
            barrier = pace.barrier
            if barrier is not None and history.last.time < barrier.time:
                # Halfway to where the state could not be accepted, until it is as near as the mesh can tell.
                pace.wanted = min(pace.wanted, 0.5 * (barrier.time - history.last.time))
                if pace.wanted < 0.5 * self.first_increment:
                    return barrier.refusal.reason, barrier.refusal.words
            self._keep(way.index, history, way.outcomes, way.opening, pace)

    def _attempt(
        self, way: "_Way", history: History, size: float
    ) -> Ending | tuple[Attempt, Ending | None, str]:
        """An increment of a size, or up to an event within it.

        Returns:
            What ends the step right where it stands; or the attempt, the ending that it leads to (or None),
            and why it cannot be accepted (or nothing).
        """
        attempt = self.stepper.attempt(history, size, way.drive)
        fault = self._fault(attempt)
        if attempt.entry is not None and (fault or way.finder.passed(attempt) is None):
            return attempt, None, fault
        found = way.finder.find(history, attempt, self.control.smallest_at(history.last.time))
        if found is None:
            return attempt, None, fault or "a limit within it could not be located"
        if found.attempt is None:
            return found.ending
        return found.attempt, found.ending, self._fault(found.attempt)

    def _reject(
        self, way: "_Way", history: History, pace: _Pace, attempt: Attempt, fault: str
    ) -> tuple[str, str] | None:
        """Choose a smaller increment; gives reason and detail where the step is given up instead."""
        pace.refused += 1
        self.rejections[_kind(attempt)] += 1
        self.recorder.rejected(way.index, attempt, fault or attempt.newton.reason)
        pace.wanted = 0.5 * attempt.increment
        if attempt.refusal is not None:
            pace.barrier = Barrier(history.last.time + attempt.increment, attempt.refusal)
            if pace.wanted < self.first_increment:
                return attempt.refusal.reason, attempt.refusal.words
        if pace.wanted < self.control.smallest_at(history.last.time) or pace.refused > MAX_REJECTIONS:
            return "numerics", fault or attempt.newton.reason
        return None

    def _fault(self, attempt: Attempt) -> str:
        """Why an attempt cannot be accepted, or nothing."""
        if attempt.refusal is not None:
            return attempt.refusal.words
        if attempt.entry is None:
            return attempt.newton.reason
        error = attempt.error / self.control.local_tolerance
        if error > 1.0 and attempt.increment > self.first_increment * 1.000001:
            return f"local error {error:.2g} times its tolerance"
        return ""


@dataclass(frozen=True)
class _Way:
    """What stays the same within a step.

    Attributes:
        index: number of the step, from 1.
        step: of the case.
        drive: its control.
        finder: of its endings.
        opening: how it began.
        outcomes: of the steps before it.
    """

    index: int
    step: Any
    drive: Drive
    finder: EventFinder
    opening: Opening
    outcomes: tuple[StepOutcome, ...]


def _kind(attempt: Attempt) -> str:
    """The word under which a rejected attempt is counted."""
    if attempt.refusal is not None:
        return "refused"
    return "newton" if attempt.entry is None else "error"
