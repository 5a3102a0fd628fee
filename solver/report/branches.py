"""Charge and discharge branches of a run: consecutive steps of one direction, joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from solver.report.fields import Array, Ints
from solver.results.reader import Run

TIME, STEP, CAPACITY = "time [s]", "step", "capacity [mAh/g]"
VOLTAGE, CURRENT = "voltage [V]", "current_density [A/m2]"


@dataclass(frozen=True)
class Branch:
    """A charge or a discharge, with its holds and rests.

    Attributes:
        charge: whether lithium leaves the particle.
        steps: numbers of its protocol steps, from 1.
        capacity: passed since the branch began, shape (rows,), zero or more [mAh/g].
        voltage: shape (rows,) [V].
        rows: rows of the history.
    """

    charge: bool
    steps: tuple[int, ...]
    capacity: Array
    voltage: Array
    rows: Ints

    @property
    def word(self) -> str:
        """`charge` or `discharge`."""
        return "charge" if self.charge else "discharge"


def branches(history: Mapping[str, Array]) -> list[Branch]:
    """The branches of a history, in order; rests before the first current belong to none.

    Each step's own capacity begins at zero; a step belongs to the branch before it where its charge has the
    same sign or is no more than a thousandth of the largest step's (a rest).
    """
    if STEP not in history or CAPACITY not in history or VOLTAGE not in history:
        return []
    step, capacity, voltage = history[STEP].astype(int), history[CAPACITY], history[VOLTAGE]
    numbers = [int(number) for number in np.unique(step) if number > 0]
    passed = {number: float(capacity[step == number][-1]) for number in numbers}
    least = 1e-3 * max((abs(value) for value in passed.values()), default=0.0)
    groups: list[tuple[bool, list[int]]] = []
    for number in numbers:
        if abs(passed[number]) <= least:
            if groups:
                groups[-1][1].append(number)
        elif groups and groups[-1][0] == (passed[number] > 0):
            groups[-1][1].append(number)
        else:
            groups.append((passed[number] > 0, [number]))
    result = []
    for charge, members in groups:
        before, parts, rows = 0.0, [], []
        for number in members:
            here = np.flatnonzero(step == number)
            parts.append(before + capacity[here])
            rows.append(here)
            before += passed[number]
        index = np.concatenate(rows)
        sign = 1.0 if charge else -1.0
        result.append(Branch(charge, tuple(members), sign * np.concatenate(parts), voltage[index], index))
    return result


def end_of_first_charge(run: Run) -> int | None:
    """Number of the last step of the first charge, without rests after it; None where there is no charge."""
    for branch in branches(run.history):
        if branch.charge:
            step, capacity = run.history[STEP].astype(int), run.history[CAPACITY]
            moved = [n for n in branch.steps if abs(capacity[step == n][-1]) > 1e-3 * branch.capacity.max()]
            # A hold may give back all that it took: then no step ends far from where the branch began.
            return moved[-1] if moved else branch.steps[-1]
    return None


def hardest_step(runs: Sequence[Run]) -> int | None:
    """Number of the step that ends near the largest current of each run; None where they share none."""
    shares = [_end_currents(run) for run in runs]
    common = set(shares[0]).intersection(*shares[1:]) if shares else set()
    if not common:
        return None
    # Rounded, so that the first of several equal steps is taken whatever the round-off.
    return max(sorted(common), key=lambda number: round(min(share[number] for share in shares), 6))


def _end_currents(run: Run) -> dict[int, float]:
    """Current density at the end of each step, as a share of the largest."""
    history = run.history
    if STEP not in history or CURRENT not in history:
        return {}
    step = history[STEP].astype(int)
    ends = {int(n): abs(float(history[CURRENT][step == n][-1])) for n in np.unique(step) if n > 0}
    largest = max(ends.values(), default=0.0)
    return {number: value / largest if largest > 0 else 0.0 for number, value in ends.items()}
