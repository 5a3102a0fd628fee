"""history.csv: one row per accepted increment, readable at any moment of the run."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

Value = float | int | str


class HistoryWriter:
    """Appends rows to a CSV table whose columns the first row fixes.

    Args:
        path: File to create.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._columns: tuple[str, ...] = ()
        self._stream: TextIO | None = None

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

    def close(self) -> None:
        """Close the file; rows can no longer be appended."""
        if self._stream is not None:
            self._stream.close()


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
