"""Where a march stands, and all that it needs to go on from there as if it had never stopped."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from solver.discretisation.state import Memory, Refusal
from solver.protocol.ending import Observation
from solver.stepping.history import Entry


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


@dataclass(frozen=True)
class Barrier:
    """A moment whose state could not be accepted.

    Attributes:
        time: [s].
        refusal: why.
    """

    time: float
    refusal: Refusal


@dataclass(frozen=True)
class Opening:
    """How a step began.

    Attributes:
        time: [s].
        charge: anodic charge passed since the start of the run, reduced.
        seen: what the ending conditions saw.
    """

    time: float
    charge: float
    seen: Observation


@dataclass(frozen=True)
class Bookmark:
    """A march after an accepted increment, or between two steps.

    Attributes:
        step: number of the step in progress, from 1; between steps, of the next one.
        entries: accepted states that the time scheme looks back on, newest last.
        opening: how the step began, None where it has not begun.
        wanted: next increment [s]; None takes the first one.
        barrier: the last moment in this step whose state could not be accepted, or None.
        outcomes: of the finished steps.
        rejections: rejected attempts of the run by reason.
        memory: of the system.
    """

    step: int
    entries: tuple[Entry, ...]
    opening: Opening | None = None
    wanted: float | None = None
    barrier: Barrier | None = None
    outcomes: tuple[StepOutcome, ...] = ()
    rejections: Mapping[str, int] = field(default_factory=dict)
    memory: Memory = field(default_factory=dict)
