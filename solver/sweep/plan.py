"""What a sweep will run: every case of it, numbered, with its values and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass


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
