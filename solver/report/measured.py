"""Measured curves for comparison, read from CSV."""

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from solver.report.errors import ReportError
from solver.report.fields import Array

CAPACITY, VOLTAGE, STEP = "capacity [mAh/g]", "voltage [V]", "step"
MOST_ROWS = 1_000_000


@dataclass(frozen=True)
class MeasuredCurve:
    """One measured branch.

    Attributes:
        step: its label in the file, empty where the file has no such column.
        capacity: shape (rows,) [mAh/g].
        voltage: shape (rows,) [V].
    """

    step: str
    capacity: Array
    voltage: Array


def read_measured(path: Path) -> list[MeasuredCurve]:
    """Read measured curves.

    The first line names the columns: `capacity [mAh/g]`, `voltage [V]` and, if wanted, `step`, whose values
    part the rows into curves; further columns are left alone. Lines that begin with `#` are comments.

    Args:
        path: CSV file, UTF-8, comma, numbers with a decimal point.

    Returns:
        The curves in the order in which they begin.

    Raises:
        ReportError: `file:line: what is wrong; what is allowed`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ReportError(f"{path}: cannot be read ({error.strerror}); give a CSV file") from error
    except UnicodeDecodeError as error:
        raise ReportError(f"{path}: not UTF-8 text (byte {error.start}); save it as CSV in UTF-8") from error
    numbered = enumerate(text.splitlines(), 1)
    lines = [(number, line) for number, line in numbered if line.strip() and not line.startswith("#")]
    if not lines:
        raise ReportError(f"{path}: is empty; the first line names the columns '{CAPACITY}' and '{VOLTAGE}'")
    if len(lines) > MOST_ROWS:
        raise ReportError(f"{path}: has {len(lines)} rows; at most {MOST_ROWS} are read")
    header = [name.strip() for name in next(csv.reader([lines[0][1]]))]
    missing = [name for name in (CAPACITY, VOLTAGE) if name not in header]
    if missing:
        raise ReportError(
            f"{path}:{lines[0][0]}: column '{missing[0]}' is missing; columns are '{CAPACITY}', '{VOLTAGE}'"
            f" and, if wanted, '{STEP}'; found: {', '.join(header)[:200]}"
        )
    branches: dict[str, list[tuple[float, float]]] = {}
    for number, line in lines[1:]:
        cells = next(csv.reader([line]))
        if len(cells) != len(header):
            raise ReportError(
                f"{path}:{number}: {len(cells)} values; the first line names {len(header)} columns"
            )
        row = dict(zip(header, cells, strict=True))
        pair = (_number(path, number, CAPACITY, row), _number(path, number, VOLTAGE, row))
        branches.setdefault(row.get(STEP, "").strip(), []).append(pair)
    if not branches:
        raise ReportError(f"{path}: names its columns but holds no rows; at least one is needed")
    return [MeasuredCurve(step, *np.array(pairs, dtype=float).T) for step, pairs in branches.items()]


def _number(path: Path, line: int, column: str, row: dict[str, str]) -> float:
    try:
        value = float(row[column])
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        shown = row[column][:40]
        raise ReportError(f"{path}:{line}: {column}: '{shown}' is no finite number; write it as 123.4")
    return value
