"""history.csv: one row per accepted increment, readable at any moment of the run."""

import csv
import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TextIO

import numpy as np
from numpy.typing import NDArray

from solver.results.atomic import replace_file
from solver.results.bounded import TooLargeError, read_bounded

Value = float | int | str

LARGEST: Final = 512 * 1024**2
"""Bytes of the largest table that is read: some millions of increments."""
COUNTED: Final = ("step", "increment", "newton_iterations")
"""Columns of whole numbers from zero."""
MOST: Final = 1e9
"""No count of a run is larger."""
GREATEST: Final = 1e30
"""No number of a run is larger, in any of its units; what is can be neither drawn nor summed up."""


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


class TableError(Exception):
    """A table that no run writes; the message names the file and the line."""


def read_table(path: Path) -> dict[str, NDArray[np.float64] | NDArray[np.str_]]:
    """Read a CSV table by columns.

    A last line without its line break is what a killed run was still writing, and is left out.

    Args:
        path: The table; a missing file is an empty table.

    Returns:
        Column name to values, shape (rows,): numbers where every value of a column is one, text where
        none is.

    Raises:
        TableError: It is no table, too large, or damaged.
    """
    try:
        data = read_bounded(path, LARGEST)
        text = data.decode("utf-8")
    except FileNotFoundError:
        return {}
    except TooLargeError as error:
        raise TableError(str(error)) from error
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TableError(f"{path}:{line}: byte 0x{data[error.start]:02x} is not UTF-8") from error
    lines = text[: text.rfind("\n") + 1].split("\n")
    header: list[str] = []
    body: list[list[str]] = []
    places: list[int] = []
    # Line by line: a quote that is never closed would take all that follows for one value.
    for place, record in enumerate(map(str.strip, lines), start=1):
        if not record:
            continue
        try:
            row = next(csv.reader([record], strict=True))
        except csv.Error as error:
            raise TableError(f"{path}:{place}: {error}") from error
        if not header:
            header = row
            if len(set(header)) < len(header):
                raise TableError(f"{path}:{place}: two columns have one name")
            continue
        if len(row) != len(header):
            raise TableError(f"{path}:{place}: {len(row)} values for {len(header)} columns")
        body.append(row)
        places.append(place)
    if not body:
        return {}  # a run that was killed before its first row
    try:
        return {name: _column(name, [row[i] for row in body], places) for i, name in enumerate(header)}
    except TableError as error:
        raise TableError(f"{path}:{error}") from None


def _column(name: str, values: list[str], places: list[int]) -> NDArray[np.float64] | NDArray[np.str_]:
    """Numbers, or texts where not one of them is a number."""
    numbers, first_text = [], -1
    for number, value in enumerate(values):
        try:
            numbers.append(float(value))
        except ValueError:
            first_text = number if first_text < 0 else first_text
    if numbers and first_text >= 0:
        shown = values[first_text][:40]
        raise TableError(f"{places[first_text]}: {name[:60]!r}: {shown!r} is no number")
    if first_text >= 0:
        return np.array(values, dtype=np.str_)
    found = np.array(numbers, dtype=np.float64)
    # Infinite is what a ratio to nothing comes to; no curve shows it, and none is led astray.
    vast = np.flatnonzero(np.isfinite(found) & (np.abs(found) > GREATEST))
    if len(vast):
        where = f"{places[vast[0]]}: {name[:60]!r}"
        raise TableError(f"{where}: {values[vast[0]][:40]!r} is larger than any number of a run")
    if name in COUNTED:
        bad = np.flatnonzero(~((found >= 0) & (found <= MOST) & (found == np.floor(found))))
        if len(bad):
            raise TableError(f"{places[bad[0]]}: {name!r}: {values[bad[0]][:40]!r} is no count")
    return found


def _text(value: Value) -> str:
    # repr gives the shortest digits that read back to the same double.
    return repr(float(value)) if isinstance(value, float | np.floating) else str(value)


def _csv_line(values: list[str] | tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    return line.getvalue()
