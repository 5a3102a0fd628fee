"""The march: protocol steps in turn, increments within a step, events located in time."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from solver.discretisation.state import Refusal
from solver.protocol.drive import CurrentUnits, Drive, drive_of
from solver.protocol.ending import Ending, Observation, endings_of
from solver.stepping.attempt import Attempt, Stepper
from solver.stepping.control import StepControl, clip_to_end
from solver.stepping.events import EventFinder
from solver.stepping.history import Entry, History

MAX_REJECTIONS = 60


@dataclass(frozen=True)
class StepOutcome:
    """How a protocol step ended.

    Attributes:
        index: number of the step, from 1.
        name: its name.
        reason: the one machine-readable reason.
        duration: [s].
        charge: anodic charge passed in the step [C], or [C/m] in 2D.
        detail: what failed, for `numerics`.
    """

    index: int
    name: str
    reason: str
    duration: float
    charge: float
    detail: str = ""


class Recorder(Protocol):
    """What the march tells the outside; implementations must not change the particle."""

    def increment(self, step: int, entry: Entry, seen: Observation, iterations: int) -> None:
        """An increment was accepted."""

    def rejected(self, step: int, attempt: Attempt, reason: str) -> None:
        """An attempt was rejected and will be repeated smaller."""

    def step_begins(self, step: int, name: str, duration: float | None) -> None:
        """A protocol step begins."""

    def step_ended(self, outcome: StepOutcome, entry: Entry, seen: Observation) -> None:
        """A protocol step ended."""


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
        rejections: how many attempts were rejected, by reason.
    """

    stepper: Stepper
    control: StepControl
    units: CurrentUnits
    recorder: Recorder
    interrupted: Callable[[], bool]
    first_increment: float
    rejections: Counter[str] = field(default_factory=Counter)

    def run(self, steps: Sequence[Any], start: Entry) -> list[StepOutcome]:
        """March through the steps; stops after one that ends with `numerics` or `interrupted`."""
        history, outcomes = History([start]), []
        for index, step in enumerate(steps, start=1):
            outcome = self._step(index, step, history)
            outcomes.append(outcome)
            if outcome.reason in {"numerics", "interrupted", "phase_separation"}:
                break
        return outcomes

    def _step(self, index: int, step: Any, history: History) -> StepOutcome:
        """March one protocol step; the history holds its last accepted state afterwards."""
        history.restart()
        begin = history.last
        drive = drive_of(step, self.units)
        before = self.stepper.observe(begin)
        finder = EventFinder(self.stepper, drive, endings_of(step, drive, self.units, before), before)
        self.recorder.step_begins(index, step.name, step.duration)
        reason, detail = self._advance(index, step, history, drive, finder)
        outcome = StepOutcome(
            index=index,
            name=step.name,
            reason=reason,
            duration=history.last.time - begin.time,
            charge=(history.last.charge - begin.charge) * self.stepper.current_unit,
            detail=detail,
        )
        self.stepper.system.write(history.last)
        self.stepper.system.update()
        self.recorder.step_ended(outcome, history.last, self.stepper.observe(history.last))
        return outcome

    def _advance(
        self, index: int, step: Any, history: History, drive: Drive, finder: EventFinder
    ) -> tuple[str, str]:
        """Increments until something ends the step; gives the reason and its detail."""
        begin, wanted, refused = history.last.time, self.first_increment, 0
        barrier: tuple[float, Refusal] | None = None
        while True:
            if self.interrupted():
                return "interrupted", ""
            remaining = None if step.duration is None else begin + step.duration - history.last.time
            if remaining is not None and remaining <= 1e-12 * max(begin + step.duration, 1.0):
                return "time", ""
            size = clip_to_end(self.control.bounded(wanted), remaining)
            attempt = self.stepper.attempt(history, size, drive)
            error = attempt.error / self.control.local_tolerance
            order = min(len(history.entries), 2)
            fault = self._fault(attempt, error, size)
            ended: Ending | None = None
            if attempt.entry is None or (not fault and finder.passed(attempt) is not None):
                found = finder.find(history, attempt, self.control.smallest_at(history.last.time))
                if found is None and not fault:
                    fault = "a limit within it could not be located"
                if found is not None and found.attempt is None:
                    return found.ending.reason, ""
                if found is not None and found.attempt is not None:
                    attempt, ended = found.attempt, found.ending
                    error = attempt.error / self.control.local_tolerance
                    fault = self._fault(attempt, error, attempt.increment)
            if fault or attempt.entry is None or attempt.seen is None:
                refused += 1
                self.rejections[_kind(attempt)] += 1
                self.recorder.rejected(index, attempt, fault or attempt.newton.reason)
                wanted = 0.5 * attempt.increment
                if attempt.refusal is not None:
                    barrier = history.last.time + attempt.increment, attempt.refusal
                    if wanted < self.first_increment:
                        return attempt.refusal.reason, attempt.refusal.words
                smallest = self.control.smallest_at(history.last.time)
                if wanted < smallest or refused > MAX_REJECTIONS:
                    return "numerics", fault or attempt.newton.reason
                continue
            refused = 0
            history.push(attempt.entry)
            self.recorder.increment(index, attempt.entry, attempt.seen, attempt.newton.iterations)
            if ended is None:
                ended = finder.met(attempt)
            if ended is not None:
                return ended.reason, ""
            wanted = max(attempt.increment, min(wanted, size)) * self.control.factor(error, order)
            if barrier is not None and history.last.time < barrier[0]:
                # Halfway to where the state could not be accepted, until it is as near as the mesh can tell.
                wanted = min(wanted, 0.5 * (barrier[0] - history.last.time))
                if wanted < 0.5 * self.first_increment:
                    return barrier[1].reason, barrier[1].words

    def _fault(self, attempt: Attempt, error: float, size: float) -> str:
        """Why an attempt cannot be accepted, or nothing."""
        if attempt.refusal is not None:
            return attempt.refusal.words
        if attempt.entry is None:
            return attempt.newton.reason
        if error > 1.0 and size > self.first_increment * 1.000001:
            return f"local error {error:.2g} times its tolerance"
        return ""


def _kind(attempt: Attempt) -> str:
    """The word under which a rejected attempt is counted."""
    if attempt.refusal is not None:
        return "refused"
    return "newton" if attempt.entry is None else "error"
