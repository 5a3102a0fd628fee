"""history.csv: one row per accepted increment, readable at any moment of the run."""

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from solver.results.atomic import replace_file

Value = float | int | str


class HistoryWriter:
    """Appends rows to a CSV table whose columns the first row fixes.

    Args:
        path: File to create, or to go on with.
        rows: How many rows of an existing table stay; None begins anew with the first row.

    Raises:
        ValueError: The table has fewer rows.
        OSError: It cannot be read or written.
    """

    def __init__(self, path: Path, rows: int | None = None) -> None:
        self._path = path
        self._columns: tuple[str, ...] = ()
        self._stream: TextIO | None = None
        if rows:
            self._columns = _cut(path, rows)
            self._stream = path.open("a", encoding="utf-8", newline="")

    def append(self, row: Mapping[str, Value]) -> None:
        """Add one row and hand it to the operating system at once.

        Args:
            row: Column name, `name [unit]`, to value.

        Raises:
            ValueError: The columns differ from those of the first row.
        """
        if self._stream is None:
            self._columns = tuple(row)
            self._stream = self._path.open("w", encoding="utf-8", newline="")
            self._stream.write(_csv_line(self._columns))
        if tuple(row) != self._columns:
            raise ValueError(f"history columns changed: {tuple(row)} after {self._columns}")
        self._stream.write(_csv_line([_text(row[name]) for name in self._columns]))
        self._stream.flush()

    def settle(self) -> None:
        """Have the rows so far outlive a loss of power."""
        if self._stream is not None:
            os.fsync(self._stream.fileno())

    def close(self) -> None:
        """Close the file; rows can no longer be appended."""
        if self._stream is not None:
            self._stream.close()


def _cut(path: Path, rows: int) -> tuple[str, ...]:
    """Leave a table its first rows; gives its columns."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if len(lines) <= rows or not lines[rows].endswith("\n"):
        raise ValueError(f"{path}: holds fewer than the {rows} rows that were written")
    if len(lines) > rows + 1:
        replace_file(path, "".join(lines[: rows + 1]).encode())
    return tuple(next(csv.reader(io.StringIO(lines[0]))))


def read_table(path: Path) -> dict[str, NDArray[np.float64] | NDArray[np.str_]]:
    """Read a CSV table by columns.

    A last line without its line break is what a killed run was still writing, and is left out.

    Args:
        path: The table; a missing file is an empty table.

    Returns:
        Column name to values, shape (rows,): numbers where every value of a column is one, text otherwise.
    """
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    rows = [row for row in csv.reader(io.StringIO(whole)) if row]
    if not rows:
        return {}
    header, body = rows[0], rows[1:]
    return {name: _column([row[i] for row in body]) for i, name in enumerate(header)}


def _column(values: list[str]) -> NDArray[np.float64] | NDArray[np.str_]:
    try:
        return np.array([float(value) for value in values], dtype=np.float64)
    except ValueError:
        return np.array(values, dtype=np.str_)


def _text(value: Value) -> str:
    # repr gives the shortest digits that read back to the same double.
    return repr(float(value)) if isinstance(value, float | np.floating) else str(value)


def _csv_line(values: list[str] | tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    return line.getvalue()
