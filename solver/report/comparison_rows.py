"""The numbers of a comparison: one row a quantity, one column a run."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, Final

import numpy as np

from solver.case import Case
from solver.report.concentric import concentric_reference
from solver.report.crum import reference
from solver.report.errors import ReportError
from solver.report.fields import REGION_WORDS
from solver.report.moments import subtitle
from solver.report.numbers import as_number
from solver.report.states import RegionState, State, states
from solver.report.substances import Substance, case_of, substances_of
from solver.report.trapped import Trapped, trapped_lithium
from solver.results.reader import Run

TRAPPED: Final = (
    ("beyond free equilibrium", "mAh/g", 1, "total"),
    ("of it held by stress in equilibrium", "mAh/g", 1, "by_stress"),
    ("of it without time to leave", "mAh/g", 1, "by_time"),
    ("mean occupancy", "", 3, "occupancy"),
    ("occupancy in free equilibrium at the cut-off", "", 3, "free_occupancy"),
)
"""Words, unit, decimals and attribute of `Trapped`."""

STRESSES: Final = (
    ("mean σ_h", "MPa", 0, 1e-6, "mean"),
    ("σ_h, 5 % of the volume below", "MPa", 0, 1e-6, "p05"),
    ("σ_h, 5 % of the volume above", "MPa", 0, 1e-6, "p95"),
    ("σ_1, 5 % of the volume above", "MPa", 0, 1e-6, "principal_p95"),
    ("share with σ_1 above {strength}", "%", 1, 100.0, "tension"),
)
"""Words, unit, decimals, factor from SI and attribute of `RegionState`."""


@dataclass(frozen=True)
class Row:
    """One quantity of both runs.

    Attributes:
        section: which table it belongs to.
        quantity: words.
        unit: empty for a pure number.
        places: decimals to show.
        first: value of the first run in that unit, None where it has none.
        second: of the second run.
    """

    section: str
    quantity: str
    unit: str
    places: int
    first: float | None
    second: float | None


@dataclass(frozen=True)
class Side:
    """One run of a comparison with what was computed from its folder.

    Attributes:
        run: the run folder.
        states: stresses at its key moments.
        case: its case; None where the folder's resolved case is not accepted.
        substances: its phases, by region; empty without a case.
        trapped: lithium left by the first charge, by region; empty without a case.
        notes: what could not be computed, and why.
    """

    run: Run
    states: Sequence[State]
    case: Case | None = None
    substances: Mapping[str, Substance] = field(default_factory=dict)
    trapped: Mapping[str, Trapped] = field(default_factory=dict)
    notes: Sequence[str] = ()

    @classmethod
    def of(cls, run: Run, strength: float) -> "Side":
        """Compute everything that a comparison says of one run.

        Raises:
            ReportError: its fields cannot be read.
        """
        stresses = states(run, strength)
        try:
            case = case_of(run)
        except ReportError as error:
            note = f"{run.name}: without trapped lithium and Crum's means, its case is not accepted: {error}"
            return cls(run, stresses, notes=(note,))
        substances = substances_of(case)
        return cls(run, stresses, case, substances, trapped_lithium(run, case, substances))

    @property
    def title(self) -> str:
        """Name, architecture, dimension and stack pressure."""
        return subtitle(self.run)

    def volumes(self) -> dict[str, float]:
        """Volume of each region of the whole particle [m^3, or m^2 in 2D]."""
        regions = (self.run.summary.get("equilibrium") or {}).get("regions", {})
        return {name: float(values["volume_m3"]) for name, values in regions.items()}

    def volume_mean(self, state: State) -> float:
        """Mean of sigma_h over the whole particle [Pa]."""
        volumes = self.volumes()
        if set(volumes) != set(state.regions) or not volumes:
            return np.nan
        return sum(volumes[name] * state.regions[name].mean for name in volumes) / sum(volumes.values())

    def crum(self, state: State) -> dict[str, float] | None:
        """Crum's phase means at one moment [Pa]; None without a case or with one phase."""
        if self.case is None:
            return None
        occupancies, chemical = _occupancies(state), self.case.couplings.chemical_strain
        return reference(self.substances, self.volumes(), occupancies, self.volume_mean(state), chemical)

    def concentric(self, state: State) -> dict[str, float] | None:
        """Exact phase means of a concentric sphere at one moment [Pa]; None for any other particle."""
        if self.case is None:
            return None
        return concentric_reference(self.case, self.substances, self.volumes(), _occupancies(state))


def rows_of(first: Side, second: Side, strength: float) -> list[Row]:
    """All rows of a comparison, section by section."""
    rows = [*_capacities(first, second), *_trapped(first, second)]
    for one, other in zip_longest(first.states, second.states):
        rows += _stresses(first, second, one, other, strength)
    return rows


def _capacities(first: Side, second: Side) -> list[Row]:
    rows = []
    for number, pair in enumerate(zip_longest(*(_steps(side) for side in (first, second)), fillvalue={}), 1):
        name = str((pair[0] or pair[1]).get("name", ""))
        for key, words in (
            ("capacity_mAh_g", ""),
            ("capacity_mAh_per_g_pristine", ", as if all were layered"),
        ):
            values = (as_number(step.get(key)) for step in pair)
            rows.append(Row("Capacity by step", f"{number}. {name}{words}", "mAh/g", 1, *values))
    return rows


def _steps(side: Side) -> list[Mapping[str, Any]]:
    return list(side.run.summary.get("steps") or ())


def _trapped(first: Side, second: Side) -> list[Row]:
    section = "Lithium trapped at the end of the first charge"
    rows = []
    for region, words in REGION_WORDS.items():
        pair = [side.trapped.get(region) for side in (first, second)]
        if not any(pair):
            continue
        for name, unit, places, attribute in TRAPPED:
            values = (None if trapped is None else float(getattr(trapped, attribute)) for trapped in pair)
            rows.append(Row(section, f"{words}: {name}", unit, places, *values))
    return rows


def _stresses(
    first: Side, second: Side, one: State | None, other: State | None, strength: float
) -> list[Row]:
    section = f"Stress: {' and '.join(dict.fromkeys(state.words for state in (one, other) if state))}"
    rows = []
    both = ((first, one), (second, other))
    for region, name in REGION_WORDS.items():
        pair = [None if state is None else state.regions.get(region) for state in (one, other)]
        if not any(pair):
            continue
        for label, unit, places, factor, attribute in STRESSES:
            values = (
                None if state is None else as_number(factor * getattr(state, attribute)) for state in pair
            )
            words = label.format(strength=f"{strength * 1e-6:g} MPa")
            rows.append(Row(section, f"{name}: {words}", unit, places, *values))
        crum = [None if state is None else side.crum(state) for side, state in both]
        exact = [None if state is None else side.concentric(state) for side, state in both]
        for found, whose, places in ((crum, "Crum's", 0), (exact, "the concentric sphere's exact", 3)):
            of_region = [None if means is None else means[region] for means in found]
            rows += _reference(section, name, whose, places, pair, of_region)
    means = (None if state is None else as_number(1e-6 * side.volume_mean(state)) for side, state in both)
    rows.append(Row(section, "whole particle: mean σ_h", "MPa", 3, *means))
    return rows


def _reference(
    section: str,
    name: str,
    whose: str,
    places: int,
    pair: Sequence[RegionState | None],
    values: Sequence[float | None],
) -> list[Row]:
    """A reference for mean sigma_h [Pa] and the deviation from it; nothing where neither run has one."""
    if all(value is None for value in values):
        return []
    scaled = (None if value is None else as_number(1e-6 * value) for value in values)
    gaps = (
        None if state is None or value is None else as_number(1e-6 * (state.mean - value))
        for state, value in zip(pair, values, strict=True)
    )
    return [
        Row(section, f"{name}: {whose} mean σ_h", "MPa", 0, *scaled),
        Row(section, f"{name}: mean σ_h less {whose}", "MPa", places, *gaps),
    ]


def _occupancies(state: State) -> dict[str, float]:
    return {name: region.occupancy for name, region in state.regions.items() if np.isfinite(region.occupancy)}


def as_csv(rows: Sequence[Row], first: str, second: str) -> str:
    """The rows as CSV: section, quantity, unit, both values in full digits, their difference."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = (f"A: {first}", f"B: {second}")
    writer.writerow(["section", "quantity", "unit", *names, "B - A"])
    for row in rows:
        both = row.first is not None and row.second is not None
        gap = row.second - row.first if both else None  # type: ignore[operator]
        values = ["" if value is None else repr(float(value)) for value in (row.first, row.second, gap)]
        writer.writerow([row.section, row.quantity, row.unit, *values])
    return text.getvalue()
