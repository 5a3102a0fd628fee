"""Stress states at the moments that comparisons speak of: equilibrium, end of charge, end."""

from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from typing import Final

import numpy as np

from solver.report.branches import STEP, end_of_first_charge
from solver.report.fields import REGIONS, Fields
from solver.report.moments import Moment, step_ends
from solver.report.numbers import as_number
from solver.results.reader import Run

SUMMARY_KEYS: Final = {
    "mean": "mean_hydrostatic_stress_Pa",
    "p05": "p05_hydrostatic_stress_Pa",
    "p95": "p95_hydrostatic_stress_Pa",
    "principal_p95": "p95_principal_stress_Pa",
    "occupancy": "mean_occupancy",
}
"""Attributes of a region's state that summaries hold at equilibrium and at the end."""


@dataclass(frozen=True)
class RegionState:
    """Stresses in one region at one moment, as the run integrated them or else from the written fields.

    Attributes:
        mean: volume mean of sigma_h [Pa].
        p05: 5 % of the region's volume has a lower sigma_h [Pa].
        p95: 5 % of the region's volume has a higher sigma_h [Pa].
        principal_p95: 5 % of the region's volume has a higher sigma_1 [Pa].
        tension: share of the region's volume where sigma_1 exceeds the stated strength [1].
        occupancy: mean theta [1]; NaN where inert.
    """

    mean: float
    p05: float
    p95: float
    principal_p95: float
    tension: float
    occupancy: float


@dataclass(frozen=True)
class State:
    """A run at one moment.

    Attributes:
        words: `equilibrium`, `end of charge` or `end`.
        moment: its fields.
        regions: by region.
    """

    words: str
    moment: Moment
    regions: dict[str, RegionState]


def key_moments(run: Run) -> list[tuple[str, Moment]]:
    """Equilibrium, the end of the first charge and the end of the run, as far as they differ and exist."""
    ends = {moment.record.step: moment for moment in step_ends(run)}
    found: list[tuple[str, Moment]] = []
    if 0 in ends:
        found.append(("equilibrium", ends[0]))
    charged, last = end_of_first_charge(run), max(ends, default=0)
    if charged in ends and charged is not None:
        found.append(("end of charge", ends[charged]))
    if last > 0 and last != charged:
        found.append(("end", ends[last]))
    return found


def states(run: Run, strength: float) -> list[State]:
    """The run's states at its key moments.

    Args:
        run: a run folder.
        strength: tensile strength above which volume is counted [Pa].

    Raises:
        ReportError: a snapshot cannot be read.
    """
    return [State(words, moment, _regions(run, moment, strength)) for words, moment in key_moments(run)]


def _regions(run: Run, moment: Moment, strength: float) -> dict[str, RegionState]:
    found = {}
    for name, number in REGIONS.items():
        part = moment.fields.within(number)
        if len(part.cells):
            values = _integrated(part, strength) | _told(run, moment, name)
            found[name] = RegionState(**values)
    return found


def _integrated(part: Fields, strength: float) -> dict[str, float]:
    """A region's state from the written fields; NaN where a field was not written."""
    found = dict.fromkeys((field.name for field in dataclass_fields(RegionState)), np.nan)
    if "hydrostatic_stress" in part.point_data:
        found["mean"] = part.mean("hydrostatic_stress")
        found["p05"], found["p95"] = part.percentile("hydrostatic_stress", 5, 95)
    if "max_principal_stress" in part.point_data:
        (found["principal_p95"],) = part.percentile("max_principal_stress", 95)
        found["tension"] = part.share_above("max_principal_stress", strength)
    return found


def _told(run: Run, moment: Moment, region: str) -> dict[str, float]:
    """What the run itself integrated, at its own quadrature points, of a region at this moment."""
    state, step = None, moment.record.step
    if step == 0:
        state = run.summary.get("equilibrium")
    elif moment.record == run.final():
        state = run.summary.get("final")
    values = ((state or {}).get("regions") or {}).get(region) or {}
    found = {name: as_number(values.get(key)) for name, key in SUMMARY_KEYS.items()}
    rows = np.flatnonzero(run.history.get(STEP, np.empty(0)).astype(int) == step)
    for name, column in (
        ("mean", f"mean_hydrostatic_stress_{region} [Pa]"),
        ("occupancy", f"mean_occupancy_{region}"),
    ):
        if found[name] is None and step > 0 and len(rows) and column in run.history:
            found[name] = as_number(float(run.history[column][rows[-1]]))
    return {name: value for name, value in found.items() if value is not None}
