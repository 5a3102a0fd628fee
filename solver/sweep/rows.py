"""The folder of a sweep read again: one row a case, whatever became of it."""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from solver.case.errors import Place
from solver.case.tree import plain
from solver.case.yaml_reader import read_yaml
from solver.results.summary import checked_summary
from solver.sweep.store import Store, reason_of

UNFINISHED: Final = ("running", "waiting")
"""Statuses of cases that nothing has come of yet."""
WENT_WRONG: Final = ("failed", "invalid", "lost", "interrupted", "damaged")
"""Statuses of cases that gave no result; the reason says why."""
USABLE: Final = ("done", "ended_early")
"""Statuses of cases that went through their protocol as far as the physics let them."""

_OWN: Final = ("number", "hash", "problem")
_HASH: Final = re.compile(r"[0-9a-f]{4,64}")
_LONGEST_CELL: Final = 2**24


class SweepReadError(Exception):
    """A path is no readable folder of a sweep; the message is one line that says what is missing."""


@dataclass(frozen=True)
class Row:
    """One planned case and what became of it.

    Attributes:
        number: place in the sweep, from 1.
        hash: names the case, and its run folder `cases/HASH`.
        values: of the swept fields, as texts of the table and in its order.
        status: one of `USABLE`, `WENT_WRONG` or `UNFINISHED`.
        reason: why it gave nothing, or why the physics ended it early; one line, empty where all went well.
        valid: whether the case could be read when the sweep was planned.
        summary: its summary.json; empty where there is none that can be read.
        folder: its run folder, relative to that of the sweep; empty where it left none to look at.
    """

    number: int
    hash: str
    values: tuple[str, ...]
    status: str
    reason: str
    valid: bool = True
    summary: Mapping[str, Any] = field(default_factory=dict)
    folder: str = ""


@dataclass(frozen=True)
class Rows:
    """A sweep and all its rows.

    Attributes:
        name: of the sweep; its folder's where sweep.yaml does not tell.
        base: the case that all cases start from; empty where sweep.yaml does not tell.
        repeat: the field in which the members of an ensemble differ; empty without ensembles.
        text: sweep.yaml as given; empty where it cannot be read.
        fields: the swept fields.
        rows: in the order of the table.
    """

    name: str
    base: str
    repeat: str
    text: str
    fields: tuple[str, ...]
    rows: tuple[Row, ...]


def read_rows(directory: Path) -> Rows:
    """Read the folder of a sweep, also while the sweep is going.

    Args:
        directory: the folder, which holds table.csv.

    Returns:
        Its rows. A case whose folder is damaged is a row of status `damaged` that says how.

    Raises:
        SweepReadError: there is no such folder, or its table of cases cannot be read.
    """
    directory = Path(directory)
    fields, lines = _table(directory)
    folder = _Folder(directory)
    rows = tuple(_row(number, line, fields, folder) for number, line in enumerate(lines, 1))
    text, given = _sweep_file(directory)
    repeat = given.get("repeat")
    return Rows(
        name=one_line(given.get("name") or directory.absolute().name),
        base=one_line(given.get("base") or ""),
        repeat=one_line(repeat.get("field") or "") if isinstance(repeat, dict) else "",
        text=text,
        fields=fields,
        rows=rows,
    )


def one_line(value: object) -> str:
    """A text without line breaks and without what UTF-8 cannot hold."""
    parts = [part.strip() for part in str(value).splitlines()]
    return "; ".join(part for part in parts if part).encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True)
class _Line:
    """A line of the table, by column; `fault` says what is wrong with it."""

    cells: Mapping[str, str]
    fault: str


def _table(directory: Path) -> tuple[tuple[str, ...], list[_Line]]:
    path = directory / "table.csv"
    if not directory.is_dir():
        raise SweepReadError(f"{directory}: no such folder")
    try:
        csv.field_size_limit(_LONGEST_CELL)
        with path.open(encoding="utf-8", errors="replace", newline="") as stream:
            lines = [line for line in csv.reader(stream) if line]
    except FileNotFoundError:
        raise SweepReadError(f"{directory}: no folder of a sweep (table.csv is missing)") from None
    except (OSError, csv.Error) as error:
        raise SweepReadError(f"{path}: cannot be read ({error})") from error
    header = [one_line(cell) for cell in lines[0]] if lines else []
    if not set(_OWN) <= set(header) or len(set(header)) < len(header):
        raise SweepReadError(f"{path}: no table of cases; its first line names the columns {', '.join(_OWN)}")
    return tuple(name for name in header if name not in _OWN), list(_lines(header, lines[1:]))


def _lines(header: Sequence[str], lines: Sequence[Sequence[str]]) -> Iterator[_Line]:
    for line in lines:
        cells = dict.fromkeys(header, "") | dict(zip(header, line, strict=False))
        fault = ""
        if len(line) != len(header):
            fault = f"table.csv: a line of {len(line)} cells under {len(header)} columns"
        elif not _HASH.fullmatch(cells["hash"]):
            fault = "table.csv: the line names no hash"
        yield _Line(cells, fault)


def _row(place: int, line: _Line, fields: Sequence[str], folder: "_Folder") -> Row:
    cells = line.cells
    number = int(cells["number"]) if re.fullmatch(r"[0-9]{1,15}", cells["number"]) else place
    values = tuple(one_line(cells[name]) for name in fields)
    if line.fault:
        return Row(number, one_line(cells["hash"]), values, "damaged", line.fault, valid=False)
    if cells["problem"].strip():
        return Row(number, cells["hash"], values, "invalid", one_line(cells["problem"]), valid=False)
    found = folder.outcome(cells["hash"])
    return Row(
        number, cells["hash"], values, found.status, found.reason, summary=found.summary, folder=found.folder
    )


@dataclass(frozen=True)
class _Outcome:
    """What became of a case."""

    status: str
    reason: str = ""
    summary: Mapping[str, Any] = field(default_factory=dict)
    folder: str = ""


class _Folder:
    """What lies in the folder of a sweep, listed once."""

    def __init__(self, directory: Path) -> None:
        store = Store(directory)
        self._directory = directory
        self._cases = _names(store.cases)
        self._failed = _names(store.refused)
        self._begun = _names(store.running)
        self._held = store.being_run()

    def outcome(self, hash_: str) -> _Outcome:
        """What became of a case; a finished run counts, whatever was said of an earlier attempt."""
        if hash_ in self._cases:
            return self._finished(hash_, f"cases/{hash_}")
        if f"{hash_}.json" in self._failed:
            return self._given_up(f"failed/{hash_}.json")
        if hash_ in self._held:
            return _Outcome("running")
        return _Outcome("waiting", "begun and left; a later run takes it up" if hash_ in self._begun else "")

    def _finished(self, hash_: str, folder: str) -> _Outcome:
        place = f"{folder}/summary.json"
        try:
            summary = _json(self._directory / place)
            checked_summary(summary)
        except FileNotFoundError:
            return _Outcome("damaged", f"{place} is missing", folder=folder)
        except (OSError, ValueError) as error:
            return _Outcome("damaged", one_line(f"{place}: {error}"), folder=folder)
        told = str(summary.get("case_hash") or hash_)
        if not told.startswith(hash_):
            reason = one_line(f"{place} belongs to another case, {told[: len(hash_)]}")
            return _Outcome("damaged", reason, folder=folder)
        warnings = summary.get("warnings")
        reason = reason_of({**summary, "warnings": warnings if isinstance(warnings, list) else ()})
        return _Outcome(str(summary["status"]), one_line(reason), summary, folder)

    def _given_up(self, place: str) -> _Outcome:
        try:
            told = _json(self._directory / place)
        except (OSError, ValueError) as error:
            return _Outcome("damaged", one_line(f"{place}: {error}"))
        status = told.get("status")
        if status not in WENT_WRONG:
            return _Outcome("damaged", one_line(f"{place}: unknown status {str(status)[:60]!r}"))
        return _Outcome(str(status), one_line(told.get("reason") or ""))


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(entry.name for entry in folder.iterdir())
    except OSError:
        return frozenset()


def _json(path: Path) -> dict[str, Any]:
    """A JSON object; what is none is a ValueError that says so in a line."""
    try:
        loaded = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not valid JSON ({error})") from error
    if not isinstance(loaded, dict):
        raise ValueError("no JSON object")
    return loaded


def _sweep_file(directory: Path) -> tuple[str, Mapping[str, Any]]:
    """Text of sweep.yaml and what it says; nothing where it says nothing, since rows do without it."""
    path = directory / "sweep.yaml"
    try:
        given = path.read_bytes()
    except OSError:
        return "", {}
    tree, _ = read_yaml(given, Place(path.name, 1, 1, directory))
    loaded = plain(tree) if tree is not None else None
    return given.decode("utf-8", "replace"), loaded if isinstance(loaded, dict) else {}
