"""Runs of a sweep by what was varied: axes, and points that are means over the members of an ensemble."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from solver.sweep.columns import Column, Results
from solver.sweep.flattening import Cell
from solver.sweep.quantities_shown import Quantity
from solver.sweep.rows import USABLE
from solver.sweep.shown_units import Scale, scale_of, short_number


@dataclass(frozen=True)
class Axis:
    """A swept field that takes more than one value in the runs that are drawn.

    Attributes:
        field: dotted name.
        column: all of its values.
        levels: distinct values, numbers and truths ascending, texts as they come.
        numeric: whether they are numbers.
    """

    field: str
    column: Column
    levels: tuple[Cell, ...]
    numeric: bool

    @cached_property
    def scale(self) -> Scale:
        """How its numbers are shown."""
        return scale_of(self.column.unit, _numbers(self.levels)) if self.numeric else Scale("", 1.0)

    @property
    def label(self) -> str:
        """The field with the unit that is shown."""
        return self.scale.label(self.field)

    @cached_property
    def logarithmic(self) -> bool:
        """Whether its values lie evenly in their logarithm rather than in themselves."""
        numbers = _numbers(self.levels)
        if not self.numeric or len(numbers) < 3 or numbers[0] <= 0 or numbers[-1] < 10 * numbers[0]:
            return False
        middle = math.log(statistics.median(numbers))
        low, high = math.log(numbers[0]), math.log(numbers[-1])
        even = math.log(0.5 * (numbers[0] + numbers[-1]))
        return abs(middle - 0.5 * (low + high)) < abs(middle - even)

    @cached_property
    def _order(self) -> dict[Cell, int]:
        return {level: n for n, level in enumerate(self.levels)}

    def place(self, value: Cell) -> float:
        """Where a value stands: the number as it is shown, or the place of a text among the others."""
        if self.numeric and isinstance(value, int | float):
            return self.scale.factor * value
        return float(self._order[value])

    def words(self, value: Cell) -> str:
        """A value as it is shown, without its unit."""
        if self.numeric and isinstance(value, int | float):
            return short_number(self.place(value))
        return str(value).lower() if isinstance(value, bool) else str(value)


@dataclass(frozen=True)
class Point:
    """One combination of values and what came of it.

    Attributes:
        at: a value for each axis.
        mean: over the members of an ensemble [unit of the quantity].
        spread: sample standard deviation over them; None for a single run.
        count: how many they are.
    """

    at: tuple[Cell, ...]
    mean: float
    spread: float | None
    count: int


@dataclass(frozen=True)
class Runs:
    """The runs that are drawn.

    Attributes:
        rows: their places in the table, each case once.
        axes: what varies among them, but for the field of an ensemble.
        ensemble: the field in which the members of an ensemble differ, or None.
    """

    rows: tuple[int, ...]
    axes: tuple[Axis, ...]
    ensemble: Axis | None

    def points(self, quantity: Quantity, axes: Sequence[Axis] | None = None) -> list[Point]:
        """A point for each combination of values of some axes, of all unless given, in ascending order.

        Whatever else varies is averaged over.
        """
        axes = self.axes if axes is None else axes
        groups: dict[tuple[Cell, ...], list[float]] = {}
        for row in self.rows:
            value = quantity.values[row]
            if value is not None:
                at = tuple(axis.column.values[row] for axis in axes)
                groups.setdefault(at, []).append(value)
        ordered = sorted(groups, key=lambda at: [a.place(v) for a, v in zip(axes, at, strict=True)])
        return [_point(at, groups[at]) for at in ordered]


def runs_of(results: Results) -> Runs:
    """The runs of a sweep that went through their protocol, and what varies among them."""
    seen: set[str] = set()
    rows = []
    for n, row in enumerate(results.rows.rows):
        told = all(column.values[n] is not None for column in results.inputs)
        if row.status in USABLE and row.hash not in seen and told:
            seen.add(row.hash)
            rows.append(n)
    axes = [
        axis
        for field, column in zip(results.rows.fields, results.inputs, strict=True)
        if len((axis := _axis(field, column, rows)).levels) > 1
    ]
    repeat = results.rows.repeat
    return Runs(
        tuple(rows),
        tuple(axis for axis in axes if axis.field != repeat),
        next((axis for axis in axes if axis.field == repeat), None),
    )


def _axis(field: str, column: Column, rows: Sequence[int]) -> Axis:
    levels = dict.fromkeys(column.values[row] for row in rows)
    if column.numeric:
        return Axis(field, column, tuple(sorted(_numbers(list(levels)))), True)
    if column.kind == "bool":
        return Axis(field, column, tuple(level for level in (False, True) if level in levels), False)
    return Axis(field, column, tuple(levels), False)


def _numbers(cells: Sequence[Cell]) -> list[float]:
    return [cell for cell in cells if isinstance(cell, int | float)]


def _point(at: tuple[Cell, ...], values: list[float]) -> Point:
    spread = statistics.stdev(values) if len(values) > 1 else None
    return Point(at, statistics.fmean(values), spread, len(values))
