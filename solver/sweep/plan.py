"""What a sweep will run: every case of it, numbered, with its values and what is wrong with it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from solver.case.errors import CaseError, Problem
from solver.case.loader import load_case
from solver.case.resolved import case_hash
from solver.sweep.combinations import Combinations, combine
from solver.sweep.spec import read_spec

DIGITS: Final = 16
"""Hex digits of a hash that name a case in the folder of its sweep."""

TRIED: Final = 8
"""Cases, spread over the plan, in none of which a field is known before it is called unknown."""


@dataclass(frozen=True)
class Planned:
    """One case of a sweep.

    Attributes:
        number: from 1, in the order of the table.
        hash: 16 hex digits of the resolved case; equal cases have equal ones. Of the values, where the case
            is invalid.
        values: field to value as it would stand in a case: "40 nm", 0.5, 3, True.
        overrides: texts as for `--set`, those that hold for every case first.
        problem: why the case is invalid, one line each; empty for a good one.
    """

    number: int
    hash: str
    values: Mapping[str, object]
    overrides: tuple[str, ...]
    problem: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """A sweep, read and checked.

    Attributes:
        name: of the sweep.
        base: the case that all cases start from, as `load_case` takes it: absolute path or shipped name.
        cases: all of them, the invalid ones included.
        ranks: MPI ranks of each case.
        wall_time: longest time that one case may take [s]; None for as long as it needs.
        text: the sweep file as given.
    """

    name: str
    base: str
    cases: tuple[Planned, ...]
    ranks: int
    wall_time: float | None
    text: bytes

    @property
    def runnable(self) -> tuple[Planned, ...]:
        """The good cases; of equal ones the first."""
        return tuple({case.hash: case for case in reversed(self.cases) if not case.problem}.values())[::-1]


def read_plan(path: Path, told: Callable[[int, int], None] = lambda done, count: None) -> Plan:
    """Read a sweep file and check every case of it, as `lithostat check` would.

    A case that is wrong stays in the plan with its reasons. What makes the file wrong as a whole is an error:
    its own keys, a base that cannot be read, a field that is in none of its cases.

    Args:
        path: the sweep file, or the name of a shipped sweep.
        told: called after each case with how many are checked, and how many there are.

    Raises:
        CaseError: what is wrong with the file, one line each.
    """
    file = read_spec(path)
    combinations = combine(file)
    rows = list(combinations)
    step = max(1, len(rows) // TRIED)
    tried = {n: _checked(combinations, n, rows[n]) for n in range(0, len(rows), step)}
    _refuse_unknown(combinations, [wrong for _, wrong in tried.values()])
    cases = []
    for n, values in enumerate(rows):
        cases.append((tried.pop(n, None) or _checked(combinations, n, values))[0])
        told(n + 1, len(rows))
    spec = file.spec
    return Plan(
        spec.name, str(combinations.base), tuple(cases), spec.run.ranks, spec.run.wall_time, file.text
    )


def _checked(
    combinations: Combinations, index: int, values: Mapping[str, object]
) -> tuple[Planned, tuple[Problem, ...]]:
    """One case of a plan, and what is wrong with it."""
    overrides = combinations.texts(values)
    try:
        case = load_case(combinations.base, overrides)
    except CaseError as error:
        text = json.dumps([str(combinations.base), overrides])
        digest = hashlib.sha256(text.encode()).hexdigest()
        return Planned(index + 1, digest[:DIGITS], values, overrides, error.lines), error.problems
    return Planned(index + 1, case_hash(case)[:DIGITS], values, overrides, ()), ()


def _refuse_unknown(combinations: Combinations, tried: list[tuple[Problem, ...]]) -> None:
    """Complain about a field that none of the cases has, at its place in the sweep file.

    Raises:
        CaseError: there is such a field.
    """
    found = []
    for name, place in combinations.places.items():
        unknown = [
            [p for p in problems if str(p.place) == f"--set {name}" and p.what.startswith("unknown key")]
            for problems in tried
        ]
        if all(unknown):
            first = unknown[0][0]
            there = combinations.file.problem(place, first.what, first.allowed)
            found.append(replace(there, field=f"{there.field}: {first.field}"))
    if found:
        raise CaseError(found)
