"""The protocol of a case: where it starts and the steps, repeats unrolled."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema, model_validator

from solver.case.model_parts import Choice, Spec, literal_words, tag_of
from solver.case.number_fields import (
    CRate,
    CRateMagnitude,
    CurrentDensity,
    CurrentDensityMagnitude,
    Duration,
    Fraction,
    OpenFraction,
    ReadAs,
    SpecificCurrent,
    SpecificCurrentMagnitude,
    Voltage,
    wrong,
)
from solver.case.sentences import EXAMPLES, SentenceError, read_sentence

MOST_STEPS: Final = 10_000


@dataclass(frozen=True)
class Until:
    """A condition that ends a step: `voltage` [V], `occupancy` [1] or a current's magnitude [SI]."""

    kind: str
    value: float


@dataclass(frozen=True)
class Step:
    """One step: what is driven, at which value, and what ends it.

    Attributes:
        name: as the user wrote it, or a sentence that says the same.
        drive: `c_rate`, `specific_current` [A/kg], `current_density` [A/m^2], `voltage` [V] or `rest`.
        value: SI; currents are anodic (charge) positive; 0 for a rest.
        duration: [s], or None.
        until: conditions, of which the first met wins.
    """

    name: str
    drive: str
    value: float
    duration: float | None
    until: tuple[Until, ...]


class Ending(Spec):
    """One condition under `until`."""

    voltage: Voltage | None = None
    c_rate: CRateMagnitude | None = None
    occupancy: Fraction | None = None
    current_density: CurrentDensityMagnitude | None = None
    specific_current: SpecificCurrentMagnitude | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise wrong(
                f"{len(self.model_fields_set)} conditions in one mapping", "one condition each, as a list"
            )
        return self

    def condition(self) -> Until:
        """The same without units."""
        (kind,) = self.model_fields_set
        return Until(kind, getattr(self, kind))


def _as_list(value: object) -> object:
    return (value,) if isinstance(value, dict) else value


Endings = Annotated[tuple[Ending, ...], Field(min_length=1, max_length=20), BeforeValidator(_as_list)]


class _StepSpec(Spec):
    """What all steps share."""

    duration: Annotated[Duration | None, Field(alias="for")] = None
    until: Endings = ()
    name: Annotated[str, Field(min_length=1, max_length=200)] | None = None

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.duration is None and not self.until:
            raise wrong("the step has no end", "`for` a time or `until` a condition, or both")
        held = {"voltage": ("voltage",), "rest": _CURRENTS}.get(self._drive, _CURRENTS)
        for ending in self.until:
            kind = ending.condition().kind
            if kind in held:
                other = "current or occupancy" if kind == "voltage" else "voltage or occupancy"
                raise wrong(f"a step of {self._drive} cannot end at a {kind}: it is held", f"a {other}")
        return self

    @property
    def _drive(self) -> str:
        drive: str = getattr(self, "drive")  # noqa: B009 - declared by each subclass
        return drive

    def step(self) -> Step:
        """The step in SI."""
        value: float = getattr(self, "value", 0.0)
        until = tuple(ending.condition() for ending in self.until)
        nameless = Step("", self._drive, value, self.duration, until)
        return Step(self.name or describe(nameless), self._drive, value, self.duration, until)


_CURRENTS: Final = ("c_rate", "current_density", "specific_current")


class _CurrentStep(_StepSpec):
    """What steps of a current share."""

    @model_validator(mode="after")
    def _flows(self) -> Self:
        if getattr(self, "value") == 0:  # noqa: B009 - declared by each subclass
            raise wrong("the current is zero", "a current, or drive: rest")
        return self


class CRateStep(_CurrentStep):
    """A current as a multiple of the 1C current, anodic positive."""

    drive: Literal["c_rate"]
    value: CRate


class SpecificCurrentStep(_CurrentStep):
    """A current per mass of active phases [A/kg], anodic positive."""

    drive: Literal["specific_current"]
    value: SpecificCurrent


class CurrentDensityStep(_CurrentStep):
    """A current per contacted outer surface [A/m^2], anodic positive."""

    drive: Literal["current_density"]
    value: CurrentDensity


class VoltageStep(_StepSpec):
    """A held voltage [V]."""

    drive: Literal["voltage"]
    value: Voltage


class RestStep(_StepSpec):
    """No current."""

    drive: Literal["rest"]


_STEPS: Final[tuple[type[_StepSpec], ...]] = (
    CRateStep,
    SpecificCurrentStep,
    CurrentDensityStep,
    VoltageStep,
    RestStep,
)
_DRIVES: Final = {word: tag_of(model) for model in _STEPS for word in literal_words(model, "drive")}


class Repeat(Spec):
    """Steps done several times over."""

    repeat: Annotated[int, Field(ge=1, le=MOST_STEPS)]
    steps: "Annotated[tuple[Entry, ...], Field(min_length=1)]"


def _from_sentence(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return read_sentence(value)
    except SentenceError as error:
        raise wrong(error.what, error.allowed) from None


def _entry_tag(value: Any) -> str | None:
    if isinstance(value, str):
        return "<Sentence>"
    if not isinstance(value, dict):
        return None
    if "repeat" in value:
        return tag_of(Repeat)
    drive = value.get("drive")
    return _DRIVES.get(drive) if isinstance(drive, str) else None


_AnyStep = Annotated[
    CRateStep | SpecificCurrentStep | CurrentDensityStep | VoltageStep | RestStep, Choice(_STEPS, key="drive")
]
_Sentence = Annotated[
    _AnyStep, BeforeValidator(_from_sentence), WithJsonSchema({"type": "string", "description": EXAMPLES})
]
Entry = Annotated[
    Annotated[_Sentence, Tag("<Sentence>")]
    | Annotated[Repeat, Tag(tag_of(Repeat))]
    | Annotated[CRateStep, Tag(tag_of(CRateStep))]
    | Annotated[SpecificCurrentStep, Tag(tag_of(SpecificCurrentStep))]
    | Annotated[CurrentDensityStep, Tag(tag_of(CurrentDensityStep))]
    | Annotated[VoltageStep, Tag(tag_of(VoltageStep))]
    | Annotated[RestStep, Tag(tag_of(RestStep))],
    Discriminator(
        _entry_tag,
        custom_error_type="choice",
        custom_error_message="no such step",
        custom_error_context={"key": "drive", "words": tuple(_DRIVES)},
    ),
]
Repeat.model_rebuild()


def _unrolled(entries: tuple[_StepSpec | Repeat, ...]) -> tuple[Step, ...]:
    if _count(entries) > MOST_STEPS:
        raise wrong("too many steps, repeats unrolled", f"at most {MOST_STEPS}")
    return tuple(_walk(entries))


def _count(entries: tuple[_StepSpec | Repeat, ...]) -> int:
    return sum(e.repeat * _count(e.steps) if isinstance(e, Repeat) else 1 for e in entries)


def _walk(entries: tuple[_StepSpec | Repeat, ...]) -> list[Step]:
    steps: list[Step] = []
    for entry in entries:
        if isinstance(entry, Repeat):
            steps += _walk(entry.steps) * entry.repeat
        else:
            steps.append(entry.step())
    return steps


class Start(Spec):
    """Where the run starts: open-circuit voltage under load [V], or occupancy of all sites."""

    voltage: Voltage | None = None
    occupancy: OpenFraction | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise wrong("a start is one of two things", "{voltage: 3.6 V} or {occupancy: 0.9}")
        return self


_NO_START: Final = Start.model_construct()
"""What a case without any lithium may leave out."""


class Protocol(Spec):
    """The protocol: the 1C current, the reference electrode, the start and the steps."""

    specific_current_1C: SpecificCurrentMagnitude | None = None
    reference_potential: Voltage = 0.0
    start: Start = _NO_START
    steps: Annotated[tuple[Step, ...], ReadAs(tuple[Entry, ...], _unrolled)]


_WORDS: Final[Mapping[str, Callable[[float], str]]] = {
    "c_rate": lambda v: f"{v:g}C",
    "specific_current": lambda v: f"{v:g} mA/g",
    "current_density": lambda v: f"{v:g} A/m^2",
    "voltage": lambda v: f"{v:g} V",
    "occupancy": lambda v: f"occupancy {v:g}",
}


def describe(step: Step) -> str:
    """Return a sentence that says what the step does."""
    if step.drive == "rest":
        text = "Rest"
    elif step.drive == "voltage":
        text = f"Hold at {step.value:g} V"
    else:
        text = f"{'Charge' if step.value > 0 else 'Discharge'} at {_WORDS[step.drive](abs(step.value))}"
    if step.duration is not None:
        text += f" for {step.duration:g} s"
    endings = " or ".join(_WORDS[until.kind](until.value) for until in step.until)
    joint = " or until " if step.duration is not None else " until "
    return text + (joint + endings if endings else "")
