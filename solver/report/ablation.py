"""What each coupling changes: runs with one coupling switched off beside the runs with all."""

from collections.abc import Mapping, Sequence

import numpy as np

from solver.report.branches import STEP, branches, end_of_first_charge
from solver.report.comparison_rows import Row
from solver.report.fields import REGION_WORDS
from solver.report.numbers import as_number
from solver.results.reader import Run

COUPLINGS = ("misfit", "chemical_strain", "stress_in_potential", "stress_in_mobility")
SECTION = "What each coupling changes (switched off less switched on)"


def ablation_rows(full: Sequence[Run], without: Mapping[str, Sequence[Run]]) -> list[Row]:
    """Changes of capacities and phase means when a coupling is switched off.

    Args:
        full: both runs with every coupling that their cases have.
        without: by coupling, both runs with it switched off.

    Returns:
        Rows, one coupling after another: value without it less value with it.
    """
    rows = []
    before = [outcomes(run) for run in full]
    for coupling, runs in without.items():
        after = [outcomes(run) for run in runs]
        for key, (unit, places) in _quantities([*before, *after]).items():
            changes = [
                None if key not in new or key not in old else as_number(new[key] - old[key])
                for new, old in zip(after, before, strict=True)
            ]
            if any(change is not None for change in changes):
                words = f"{coupling.replace('_', ' ')}: {key}"
                rows.append(Row(SECTION, words, unit, places, changes[0], changes[1]))
    return rows


def outcomes(run: Run) -> dict[str, float]:
    """What a run comes to: capacity of its first charge and discharge [mAh/g], phase means [MPa]."""
    found: dict[str, float] = {}
    for branch in branches(run.history):
        found.setdefault(f"{branch.word} capacity", float(branch.capacity[-1]))
    for region, words in REGION_WORDS.items():
        start = (run.summary.get("equilibrium") or {}).get("regions", {}).get(region)
        if start is not None:
            found[f"mean σ_h at equilibrium, {words}"] = 1e-6 * start["mean_hydrostatic_stress_Pa"]
        stress = run.history.get(f"mean_hydrostatic_stress_{region} [Pa]")
        charged = end_of_first_charge(run)
        if stress is not None and charged is not None:
            row = np.flatnonzero(run.history[STEP].astype(int) == charged)[-1]
            found[f"mean σ_h at the end of charge, {words}"] = 1e-6 * float(stress[row])
    return found


def _quantities(found: Sequence[Mapping[str, float]]) -> dict[str, tuple[str, int]]:
    """Every quantity with its unit and decimals, in the order in which they were found."""
    names = dict.fromkeys(name for one in found for name in one)
    return {name: ("mAh/g", 2) if name.endswith("capacity") else ("MPa", 0) for name in names}
