"""A sweep as a table of typed columns: swept fields in SI, then status and reason, then figures."""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, Literal

from solver.case.number_fields import MEASURES
from solver.quantities import NUMBER, UNIT, QuantityError, read_quantity, read_temperature
from solver.sweep.flattening import Cell, figures_of, place_of, unit_in
from solver.sweep.rows import Row, Rows, one_line, read_rows

Kind = Literal["int", "float", "bool", "text"]

_LARGEST_INT: Final = 2**63 - 1
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_PURE: Final = re.compile(NUMBER)
_MEASURED: Final = re.compile(rf"{NUMBER} ?(?:degC|°C|℃|{UNIT})")
_TRUTHS: Final = {"true": True, "false": False}


@dataclass(frozen=True)
class Column:
    """One column of a sweep's table.

    Attributes:
        name: with the unit, `geometry.shell_thickness [m]`.
        kind: of its values.
        values: one a row, None where there is nothing.
    """

    name: str
    kind: Kind
    values: tuple[Cell, ...]

    @property
    def unit(self) -> str:
        """SI unit as in the name, or mAh/g; empty for pure numbers and texts."""
        return unit_in(self.name)

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.kind in {"int", "float"}


@dataclass(frozen=True)
class Results:
    """A sweep as a table.

    Attributes:
        rows: what was read.
        case: number, hash.
        inputs: one a swept field, in the order of `rows.fields`.
        outcome: status, reason.
        figures: of the summaries.
    """

    rows: Rows
    case: tuple[Column, ...]
    inputs: tuple[Column, ...]
    outcome: tuple[Column, ...]
    figures: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns, each with a name of its own."""
        return (*self.case, *self.inputs, *self.outcome, *self.figures)

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Figures by name."""
        return {column.name: column for column in self.figures}


def read_results(directory: Path) -> Results:
    """Read the folder of a sweep as a table.

    Args:
        directory: folder of a sweep.

    Returns:
        The table, one row a case in the order of table.csv.

    Raises:
        SweepReadError: the folder is none of a sweep.
    """
    return table_of(read_rows(directory))


def table_of(read: Rows) -> Results:
    """Lay rows out as typed columns."""
    rows = read.rows
    valid = [row.valid for row in rows]
    inputs = [
        input_column(name, [row.values[n] for row in rows], valid) for n, name in enumerate(read.fields)
    ]
    case = (
        Column("number", "int", tuple(row.number for row in rows)),
        Column("hash", "text", tuple(row.hash for row in rows)),
    )
    outcome = (
        Column("status", "text", tuple(row.status for row in rows)),
        Column("reason", "text", tuple(row.reason or None for row in rows)),
    )
    taken = {column.name for column in (*case, *inputs, *outcome)}
    figures = tuple(column for column in _figures(rows) if column.name not in taken)
    return Results(read, case, tuple(inputs), outcome, figures)


def input_column(field: str, texts: Sequence[str], valid: Sequence[bool]) -> Column:
    """The column of a swept field.

    Its kind is what the values of all valid cases can be read as: truths, pure numbers, quantities of one
    dimension in SI, or else texts. What an invalid case has in a column of numbers and is none is left out;
    the case's reason says what stood there.

    Args:
        field: dotted name of the field.
        texts: its values as the table has them, one a row; empty where a case does not set it.
        valid: whether the case of each row is valid.
    """
    told = [text for text, good in zip(texts, valid, strict=True) if good and text]
    told = told or [text for text in texts if text]
    if told and all(text.lower() in _TRUTHS for text in told):
        return Column(field, "bool", tuple(_TRUTHS.get(text.lower()) for text in texts))
    if told and all(_INTEGER.fullmatch(text) for text in told):
        return Column(field, "int", tuple(int(t) if _INTEGER.fullmatch(t) else None for t in texts))
    for unit in _units_of(told):
        read = _reader(unit)
        if all(read(text) is not None for text in told):
            name = f"{field} [{_plain_unit(unit)}]" if unit else field
            return Column(name, "float", tuple(read(text) for text in texts))
    return Column(field, "text", tuple(text or None for text in texts))


def _units_of(texts: Sequence[str]) -> list[str]:
    """SI units that the first of some texts might be in, of those that case files know."""
    if not texts:
        return []
    if not _MEASURED.fullmatch(texts[0]) or texts[0].endswith("%"):
        return [""]
    return [unit for unit in MEASURES if _reader(unit)(texts[0]) is not None]


def _reader(unit: str) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        try:
            if not unit and _PURE.fullmatch(text):
                return finite(float(text))
            return read_temperature(text) if unit == "K" else read_quantity(text, unit)
        except QuantityError:
            return None

    return read


def _plain_unit(unit: str) -> str:
    """A unit as columns of history.csv have it: A/m2 for A/m^2."""
    return unit.replace("^", "")


def finite(value: float) -> float | None:
    """A number, or None for one that is not finite."""
    return value if math.isfinite(value) else None


def _figures(rows: Sequence[Row]) -> list[Column]:
    found: dict[str, list[Cell]] = {}
    for n, row in enumerate(rows):
        for name, value in figures_of(row.summary).items() if row.summary else ():
            column = found.get(name)
            if column is None:
                column = found[name] = [None] * len(rows)
            column[n] = value
    found = {one_line(name): cells for name, cells in found.items()}
    return [_figure_column(name, found[name]) for name in sorted(found, key=place_of)]


def _figure_column(name: str, cells: Iterable[Cell]) -> Column:
    """The column of a figure: numbers, unless nothing but truths or texts stands in it."""
    cells = [cell if not isinstance(cell, float) else finite(cell) for cell in cells]
    there = [cell for cell in cells if cell is not None]
    if there and all(isinstance(cell, bool) for cell in there):
        return Column(name, "bool", tuple(cells))
    if there and any(isinstance(cell, str) for cell in there):
        return Column(name, "text", tuple(None if cell is None else one_line(cell) for cell in cells))
    if there and all(isinstance(cell, int) and abs(cell) <= _LARGEST_INT for cell in there):
        return Column(name, "int", tuple(None if cell is None else int(cell) for cell in cells))
    return Column(name, "float", tuple(_as_float(cell) for cell in cells))


def _as_float(cell: Cell) -> float | None:
    if cell is None or isinstance(cell, str):
        return None
    try:
        return finite(float(cell))
    except OverflowError:  # JSON knows whole numbers of any length
        return None
