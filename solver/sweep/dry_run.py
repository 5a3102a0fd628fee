"""A sweep before it is run: its table, what is wrong with it, and what it will cost, told from one case."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from solver.case.shipped import shipped_cases
from solver.estimates import duration_text
from solver.sweep.calibration import Calibration
from solver.sweep.plan import Plan, Planned

SHOWN: Final = (16, 4)
"""Rows of a long table that are shown: first ones and last ones."""

LISTED: Final = 12
"""Cases named by number beside a reason that they share, and reasons that are listed."""

WIDEST: Final = 28
"""Characters of a value in the table."""


@dataclass(frozen=True)
class Cost:
    """What is left of a sweep.

    Attributes:
        cases: to be run.
        finished: in the sweep's folder already.
        seconds: of all cases to be run, one after the other [s].
        workers: that share them.
    """

    cases: int
    finished: int
    seconds: float
    workers: int

    @property
    def elapsed(self) -> float:
        """Time until the last case ends, if all take about as long [s]."""
        if not self.cases:
            return 0.0
        return self.seconds / self.cases * math.ceil(self.cases / self.workers)


def table_lines(plan: Plan) -> Iterator[str]:
    """The table of a plan, shortened where it is long.

    Args:
        plan: with all its cases.
    """
    invalid = sum(bool(case.problem) for case in plan.cases)
    runnable = len(plan.runnable)
    equal = len(plan.cases) - invalid - runnable
    parts = [f"{runnable} to be run", f"{invalid} invalid" if invalid else ""]
    parts.append(f"{equal} equal to another one" if equal else "")
    counted = ", ".join(part for part in parts if part)
    yield f"sweep {plan.name}: {len(plan.cases)} cases from {_origin(plan.base)}: {counted}"
    fields = list(plan.cases[0].values)
    first, last = SHOWN
    rows = list(plan.cases)
    hidden = len(rows) - first - last
    if hidden > 1:
        rows = [*rows[:first], *rows[-last:]]
    cells = [["case", "hash", *short_names(fields), ""], *map(_cells, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for n, row in enumerate(cells):
        if hidden > 1 and n == first + 1:
            yield f"  ... {hidden} more"
        yield ("  " + "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))).rstrip()
    yield from _problem_lines(plan)


def short_names(fields: Sequence[str]) -> list[str]:
    """The last parts of fields, as many as tell them apart.

    Args:
        fields: as `geometry.shell_thickness`.
    """
    names = []
    for field in fields:
        parts = field.split(".")
        for count in range(1, len(parts) + 1):
            name = ".".join(parts[-count:])
            if sum(other == name or other.endswith(f".{name}") for other in fields) == 1:
                break
        names.append(name)
    return names


def cost(
    plan: Plan, calibration: Calibration, sizes: Mapping[str, int], finished: frozenset[str], workers: int
) -> Cost:
    """Estimate what the cases that are not finished take, in proportion to their unknowns.

    Args:
        plan: with all its cases.
        calibration: how long one of them took.
        sizes: unknowns of cases by hash, as far as they can be told; others are taken to be as large as the
            one that was run.
        finished: hashes of cases whose results are there already.
        workers: cases that run at once.
    """
    left = [case.hash for case in plan.runnable if case.hash not in finished]
    own = sizes.get(calibration.case.hash)
    shares = [sizes[name] / own if own and name in sizes else 1.0 for name in left]
    there = len(plan.runnable) - len(left)
    return Cost(len(left), there, calibration.seconds * sum(shares), workers)


def cost_lines(plan: Plan, calibration: Calibration, found: Cost) -> Iterator[str]:
    """What a sweep will cost, in words.

    Args:
        plan: the sweep.
        calibration: how long one case took.
        found: what that means for all of them.
    """
    ranks = f" on {plan.ranks} ranks" if plan.ranks > 1 else ""
    took = f"{calibration.seconds:.2g} s" if calibration.seconds < 10 else f"{calibration.seconds:.0f} s"
    if calibration.status == "unfinished":
        took = f"more than {took}, and was stopped"
    yield f"calibration: case {calibration.case.number}{ranks} took {took} ({_status(calibration)})"
    there = f", {found.finished} are there already" if found.finished else ""
    least = "at least" if calibration.status == "unfinished" else "about"
    if not found.cases:
        yield f"estimate: nothing to be run{there}"
        return
    yield (
        f"estimate: {least} {duration_text(found.seconds)} for {found.cases} cases one after the other, "
        f"{least} {duration_text(found.elapsed)} with {min(found.workers, found.cases)} at once{there}"
    )
    yield "  one case was run; the others are taken to need as many increments, and time by their unknowns"


def _origin(base: str) -> str:
    """A base case by the name that it is shipped under, or by its file."""
    return {str(path): name for name, path in shipped_cases().items()}.get(base, base)


def _status(calibration: Calibration) -> str:
    status = calibration.status.replace("_", " ")
    return f"{status}: {calibration.reason}" if calibration.reason else status


def _cells(case: Planned) -> list[str]:
    values = [_shortened(value) for value in case.values.values()]
    return [str(case.number), case.hash, *values, "invalid" if case.problem else ""]


def _shortened(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"


def _problem_lines(plan: Plan) -> Iterator[str]:
    """What is wrong with invalid cases, one line a reason and the cases that share it."""
    reasons: dict[str, list[int]] = {}
    for case in plan.cases:
        for line in case.problem:
            reasons.setdefault(line, []).append(case.number)
    if reasons:
        yield "invalid:"
    for reason, numbers in list(reasons.items())[:LISTED]:
        named = ", ".join(map(str, numbers[:LISTED])) + (", ..." if len(numbers) > LISTED else "")
        yield f"  {'case' if len(numbers) == 1 else f'{len(numbers)} cases:'} {named}: {reason}"
    if len(reasons) > LISTED:
        yield f"  and {len(reasons) - LISTED} more reasons"
