"""The figures of a case that a study follows, read from the run folders of its levels."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from solver.results.reader import Run

FLOOR: Final = 0.01
"""A figure smaller than this share of the largest of its unit is measured against that: a stress that is zero
by symmetry has no relative change."""

LEAST: Final = {"mAh/g": 1e-6, "V": 1e-6, "MPa": 1.0, "mol/m³": 1e-3}
"""Smallest scale of a unit [in SI; mAh/g as such]: what is below it everywhere is round-off."""

FACTORS: Final = {"MPa": 1e-6}
"""From what run folders hold to the unit that is shown."""

STRESSES: Final = (
    ("mean_hydrostatic_stress_Pa", "mean σ_h"),
    ("p05_hydrostatic_stress_Pa", "5th percentile of σ_h"),
    ("p95_hydrostatic_stress_Pa", "95th percentile of σ_h"),
    ("p95_principal_stress_Pa", "95th percentile of σ_1"),
    ("max_principal_stress_Pa", "largest σ_1"),
)
WALLS: Final = (
    ("hydrostatic_stress_Pa", "σ_h", "MPa"),
    ("radial_stress_Pa", "radial stress", "MPa"),
    ("hoop_stress_Pa", "hoop stress", "MPa"),
    ("concentration_mol_m3", "concentration", "mol/m³"),
)
INTERFACE: Final = (
    ("radial_stress_Pa", "radial stress"),
    ("hoop_stress_core_Pa", "hoop stress on the core side"),
    ("hoop_stress_shell_Pa", "hoop stress on the shell side"),
)
MOMENTS: Final = {
    "equilibrium": ("Equilibrium under load", "at equilibrium"),
    "final": ("End of the run", "at the end"),
}
INCOMPLETE: Final = ("failed", "interrupted", "unfinished")
"""Statuses of runs whose last moment is not the end of the protocol."""


@dataclass(frozen=True)
class Figure:
    """One number of a run, on every level.

    Attributes:
        key: where it stands in summary.json, or `steps.N.end_voltage_V`.
        section: words of the table it belongs to.
        group: what and where, as a beginning that several figures share.
        short: the rest.
        words: what it is, beside the section.
        unit: of the values.
        values: one a level in that unit, None where a level has none.
        scale: what changes are relative to, in that unit.
        extreme: whether it is an extreme of a field.
        wall: whether it belongs to a wall or point; the others say what the particle does as a whole.
        differs: how its levels ended, where that is not the same on all; else nothing.
    """

    key: str
    section: str
    group: str
    short: str
    words: str
    unit: str
    values: tuple[float | None, ...]
    scale: float
    extreme: bool = False
    wall: bool = False
    differs: str = ""

    @property
    def title(self) -> str:
        """What it is, and where, in one phrase."""
        return f"{self.group}{'' if self.short.isdigit() else ':'} {self.short}"


@dataclass(frozen=True)
class _Wanted:
    """A figure before it is read."""

    key: str
    section: str
    group: str
    short: str
    words: str
    unit: str
    read: Callable[[Run], object]
    extreme: bool = False
    wall: bool = False
    step: int = 0


def figures(runs: Sequence[Run]) -> list[Figure]:
    """All figures that at least one of some runs of a case has.

    Args:
        runs: the levels, the coarsest first.

    Returns:
        The figures, section by section.
    """
    found = []
    for wanted in _wanted(runs):
        values = tuple(_shown(wanted.read(run), wanted.unit) for run in runs)
        if any(value is not None for value in values):
            found.append((wanted, values))
    largest: dict[str, float] = {}
    for wanted, values in found:
        if wanted.extreme:
            continue  # a singular one would raise what counts as small
        size = max(abs(value) for value in values if value is not None)
        largest[wanted.unit] = max(largest.get(wanted.unit, 0.0), size)
    span = max((_voltage_span(run) for run in runs), default=0.0)
    return [
        Figure(
            wanted.key,
            wanted.section,
            wanted.group,
            wanted.short,
            wanted.words,
            wanted.unit,
            values,
            _scale(wanted.unit, values, largest.get(wanted.unit, 0.0), span),
            wanted.extreme,
            wanted.wall,
            _differing_ends(runs, wanted.step),
        )
        for wanted, values in found
    ]


def _wanted(runs: Sequence[Run]) -> Iterator[_Wanted]:
    names: list[str] = max((_step_names(run) for run in runs), key=len, default=[])
    for n, name in enumerate(names, 1):
        at = f"steps.{n}.capacity_mAh_g", "Capacity", "capacity of step", f"{n}", f"step {n}: {name}"
        yield _Wanted(*at, "mAh/g", _capacity(n), step=n)
    for n, name in enumerate(names, 1):
        at = f"steps.{n}.end_voltage_V", "End voltage", "end voltage of step", f"{n}", f"step {n}: {name}"
        yield _Wanted(*at, "V", _end_voltage(n), step=n)
    for moment, (section, when) in MOMENTS.items():
        step = len(names) if moment == "final" else 0
        for path, place, short, unit in _of_moment(runs, moment):
            at = ".".join((moment, *path)), section, f"{place} {when}", short, f"{place}: {short}"
            extreme, wall = path[-1].startswith("max"), path[0] != "regions"
            yield _Wanted(*at, unit, _at(moment, path), extreme, wall, step)


def _of_moment(runs: Sequence[Run], moment: str) -> Iterator[tuple[tuple[str, ...], str, str, str]]:
    """Path below the moment, place, words and unit."""
    states = [state for run in runs if (state := _moment(run, moment))]
    regions = dict.fromkeys(name for state in states for name in state.get("regions", {}))
    places = dict.fromkeys(name for state in states for name in state.get("points", {}))
    for region in regions:
        for key, words in STRESSES:
            yield ("regions", region, key), region.replace("_", " "), words, "MPa"
    if any("interface" in state for state in states):
        for key, words in INTERFACE:
            yield ("interface", key), "interface", words, "MPa"
    for place in places:
        for key, words, unit in WALLS:
            yield ("points", place, key), place, words, unit


def _step_names(run: Run) -> list[str]:
    return [str(step.get("name", "")) for step in run.summary.get("steps") or ()]


def _step(run: Run, number: int) -> Mapping[str, Any]:
    """A step that was brought to its end; empty where it was not."""
    steps = run.summary.get("steps") or ()
    if number > len(steps) or steps[number - 1].get("reason") in {"numerics", "interrupted"}:
        return {}
    found: Mapping[str, Any] = steps[number - 1]
    return found


def _capacity(number: int) -> Callable[[Run], object]:
    return lambda run: _step(run, number).get("capacity_mAh_g")


def _end_voltage(number: int) -> Callable[[Run], object]:
    def read(run: Run) -> object:
        if not _step(run, number) or "voltage [V]" not in run.history:
            return None
        voltage = run.history["voltage [V]"][run.history["step"] == number]
        return float(voltage[-1]) if len(voltage) else None

    return read


def _moment(run: Run, moment: str) -> Mapping[str, Any]:
    if moment == "final" and run.status in INCOMPLETE:
        return {}
    return run.summary.get(moment) or {}


def _at(moment: str, path: tuple[str, ...]) -> Callable[[Run], object]:
    def read(run: Run) -> object:
        found: Any = _moment(run, moment)
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    return read


def _shown(value: object, unit: str) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) * FACTORS.get(unit, 1.0)


def _scale(unit: str, values: Sequence[float | None], largest: float, span: float) -> float:
    least = LEAST[unit] * FACTORS.get(unit, 1.0)
    if unit == "V":  # a share of the volts from zero says nothing about a curve that spans a few tenths
        return max(span, least)
    finest = next(value for value in reversed(values) if value is not None)
    return max(abs(finest), FLOOR * largest, least)


def _voltage_span(run: Run) -> float:
    voltage = run.history.get("voltage [V]")
    return float(voltage.max() - voltage.min()) if voltage is not None and len(voltage) else 0.0


def _differing_ends(runs: Sequence[Run], step: int) -> str:
    """How the levels ended the first step, up to the given one, that they did not all end alike."""
    for number in range(1, step + 1):
        reasons = [str(end["reason"]) for run in runs if (end := _step(run, number))]
        if len(set(reasons)) > 1:
            return f"step {number} ended by {', '.join(reason.replace('_', ' ') for reason in reasons)}"
    return ""
