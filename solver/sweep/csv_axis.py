"""Combinations of a sweep from a table: a header of field names, and a row for each of them."""

import csv
import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from solver.case.errors import Place, Problem
from solver.case.tree import Puzzling, plain
from solver.case.yaml_reader import read_yaml
from solver.sweep.axes import AxisError
from solver.sweep.spec import MOST_CASES

if TYPE_CHECKING:
    from _csv import Reader

LARGEST_TABLE: Final = 64 * 2**20

type Rows = tuple[tuple[str, ...], list[tuple[object, ...]]]


def read_table(path: str, folder: Path, problems: list[Problem]) -> Rows:
    """Read a table of cases; every cell is YAML, as a value in a case file is.

    Args:
        path: as written in the sweep file.
        folder: of the sweep file; a table outside it is refused, since a sweep is handed on as a folder.
        problems: takes what is wrong in the table, at its lines and columns.

    Returns:
        The fields, and a tuple of values for each row.

    Raises:
        AxisError: it cannot be read.
    """
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise AxisError(f"{path!r} leads out of the folder of the sweep file", "a table beside it", "path")
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_TABLE + 1)
        if len(data) > LARGEST_TABLE:
            raise AxisError(f"larger than {LARGEST_TABLE // 2**20} MiB", "a smaller table", "path")
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise AxisError(f"{path!r} cannot be read: {error.strerror}", "a table in CSV", "path") from None
    except ValueError:
        raise AxisError(f"{path!r} is not UTF-8", "save the table as UTF-8", "path") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
    try:
        header = tuple(cell.strip() for cell in next(reader, []))
        if not all(header) or not header:
            raise AxisError(f"{path!r} has no header", "names of fields in its first line", "path")
        return header, _rows(reader, header, path, file.parent, problems)
    except csv.Error as error:
        what = f"line {reader.line_num} of {path!r} is not CSV: {error}"
        raise AxisError(what, "commas between cells, quotes around a cell that holds one", "path") from None


def _rows(
    reader: "Reader", header: tuple[str, ...], path: str, folder: Path, problems: list[Problem]
) -> list[tuple[object, ...]]:
    rows = []
    for cells in reader:
        if not cells:
            continue
        line = reader.line_num
        if len(cells) != len(header):
            place = Place(path, line, 1, folder)
            what = f"{len(cells)} cells under a header of {len(header)}"
            problems.append(Problem(place, "row", what, "as many as the header names"))
            continue
        values = []
        for column, (field, cell) in enumerate(zip(header, cells, strict=True), start=1):
            value, wrong = _value(cell.strip())
            values.append(value)
            if wrong:
                place = Place(path, line, column, folder)
                problems.append(Problem(place, field, wrong, "a value in YAML; the column counts cells"))
        rows.append(tuple(values))
        if len(rows) > MOST_CASES:
            raise AxisError(f"more than {MOST_CASES} rows", "a smaller table", "path")
    if not rows:
        raise AxisError(f"{path!r} has a header and no rows", "a row for each case", "path")
    return rows


@lru_cache(maxsize=4096)
def _value(cell: str) -> tuple[object, str]:
    """The value of a cell, and what is wrong with it."""
    if not cell:
        return None, "the cell is empty"
    node, problems = read_yaml(cell.encode(), Place("cell", 0, 0, Path()))
    if node is None or problems:
        return None, problems[0].what
    value = plain(node)
    return (None, f"{value!r} may be read as a {value.kind}") if isinstance(value, Puzzling) else (value, "")
