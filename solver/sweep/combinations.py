"""The combinations of a sweep: its axes multiplied out, each as settings to lay over the base case."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Final

from solver.case.errors import CaseError, Problem
from solver.case.extends import Files
from solver.case.overrides import read_overrides
from solver.case.reach import Reach
from solver.case.shipped import shipped_cases, suggestion
from solver.case.tree import Puzzling, place_of
from solver.sweep.axes import AxisError, read_ends, sampled, spaced
from solver.sweep.csv_axis import Rows, read_table
from solver.sweep.spec import MOST_CASES, AnyAxis, CsvAxis, GridAxis, ListAxis, LogAxis, SweepFile

type Keys = tuple[str | int, ...]

_MESH_FILE: Final = "geometry.path"
_PHASES: Final = ("phases.layered", "phases.rock_salt")


@dataclass
class Combinations:
    """What a sweep file multiplies out to.

    Attributes:
        file: the sweep file.
        base: the case file that all start from.
        axes: fields and rows of each axis, the repeats last.
        places: where each field is named in the sweep file.
        problems: what is wrong with them.
    """

    file: SweepFile
    base: Path
    axes: list[Rows] = field(default_factory=list)
    places: dict[str, Keys] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many combinations there are."""
        return math.prod(len(rows) for _, rows in self.axes)

    def __iter__(self) -> Iterator[dict[str, object]]:
        """Field to value, combination by combination, the first axis the slowest."""
        fields = [name for names, _ in self.axes for name in names]
        for picked in product(*(rows for _, rows in self.axes)):
            yield dict(zip(fields, (value for row in picked for value in row), strict=True))

    def texts(self, values: Mapping[str, object]) -> tuple[str, ...]:
        """Settings as texts of `--set`, those for every case first.

        Args:
            values: of one combination.
        """
        folder = self.file.folder
        return tuple(
            f"{name}={json.dumps(_rooted(name, value, folder), ensure_ascii=False)}"
            for name, value in (self.file.spec.settings | dict(values)).items()
        )

    def name(self, field: str, place: Keys) -> None:
        """Take a field, and look whether it may be set.

        Args:
            field: as the sweep file names it.
            place: where it does.
        """
        complaint = _refusal(field)
        if field in self.places:
            complaint = ("this field has its values already", "each field once")
        if complaint is not None:
            self.problems.append(self.file.problem(place, f"{field!r}: {complaint[0]}", complaint[1]))
        self.places[field] = place


def combine(file: SweepFile) -> Combinations:
    """Multiply out the axes of a sweep.

    Args:
        file: as `read_spec` returns it.

    Raises:
        CaseError: the base cannot be read, an axis stands for nothing, a field may not be set, or there are
            too many cases; all of it together.
    """
    spec = file.spec
    problems: list[Problem] = []
    made = Combinations(file, _base(file, problems), problems=problems)
    for name, value in spec.settings.items():
        made.name(name, ("set", name))
        _look_at(file, ("set", name), name, value, problems)
    for number, axis in enumerate(spec.axes):
        try:
            fields, rows = _rows(file, number, axis, problems)
        except AxisError as error:
            problems.append(file.problem(("axes", number, *error.at), error.what, error.allowed))
            continue
        for name in fields:
            made.name(name, _place(axis, number, name))
        made.axes.append((fields, rows))
    if spec.repeat is not None:
        first = spec.repeat.start
        made.name(spec.repeat.field, ("repeat", "field"))
        numbers = range(first, first + spec.repeat.count)
        made.axes.append(((spec.repeat.field,), [(number,) for number in numbers]))
    if not spec.axes and spec.repeat is None:
        problems.append(file.problem(("axes",), "there is nothing to vary", "`axes`, `repeat` or both"))
    if made.count > MOST_CASES:
        what = f"{made.count} cases"
        problems.append(file.problem(("axes",), what, f"at most {MOST_CASES} in one sweep"))
    if problems:
        raise CaseError(problems)
    return made


def _base(file: SweepFile, problems: list[Problem]) -> Path:
    """The case file that a sweep starts from: one beside the sweep file, or a shipped one."""
    given = file.spec.base
    path = file.folder / given
    if not path.is_file():
        known = shipped_cases()
        if given not in known:
            what = f"there is no case {given!r}{suggestion(given, known)}"
            allowed = "a shipped case, or a file by its path from the sweep file"
            problems.append(file.problem(("base",), what, allowed))
            return path
        path = known[given]
    elif (outside := _outside(file, ("base",), given)) is not None:
        problems.append(outside)
        return path
    files = Files(Reach.of(path, everywhere=False))
    if files.case(path, str(path)) is None:
        problems += files.problems
    return path


def _rows(file: SweepFile, number: int, axis: AnyAxis, problems: list[Problem]) -> Rows:
    """Fields and rows of an axis."""
    if isinstance(axis, ListAxis):
        for n, value in enumerate(axis.values):
            _look_at(file, ("axes", number, "values", n), axis.field, value, problems)
        return (axis.field,), [(value,) for value in axis.values]
    if isinstance(axis, GridAxis | LogAxis):
        log = axis.kind == "log"
        ends = read_ends(axis.start, axis.end, log=log)
        return (axis.field,), [(value,) for value in spaced(ends, axis.points, log=log)]
    if isinstance(axis, CsvAxis):
        fields, rows = read_table(axis.path, file.folder, problems)
        for name, values in zip(fields, zip(*rows, strict=True), strict=False):
            for value in dict.fromkeys(value for value in values if isinstance(value, str)):
                _look_at(file, ("axes", number, "path"), name, value, problems)
        return fields, rows
    ranges = []
    for name, wanted in file.ranges[number].items():
        log = wanted.scale == "log"
        try:
            ranges.append((read_ends(wanted.start, wanted.end, log=log), log))
        except AxisError as error:
            path: Keys = ("axes", number, "fields", name, *error.at)
            problems.append(file.problem(path, error.what, error.allowed))
    if len(ranges) < len(file.ranges[number]):
        return (), [()]
    return tuple(axis.fields), sampled(axis.kind, axis.points, axis.seed, ranges)


def _place(axis: AnyAxis, number: int, name: str) -> Keys:
    """Where an axis names a field."""
    if isinstance(axis, ListAxis | GridAxis | LogAxis):
        return ("axes", number, "field")
    return ("axes", number, "path") if isinstance(axis, CsvAxis) else ("axes", number, "fields", name)


def _refusal(name: str) -> tuple[str, str] | None:
    """Why a field may not be set, and what may; None where it may, as far as its spelling tells."""
    if read_overrides([f"{name}=0"])[1]:
        return "this is no field of a case", "keys joined by dots, such as geometry.shell_thickness"
    if name == "name":
        return "a name changes nothing in a case", "a field that does"
    return None


def _look_at(file: SweepFile, place: Keys, name: str, value: Any, problems: list[Problem]) -> None:
    """Refuse values that would not reach a case as they stand, and files that a sweep may not name."""
    if isinstance(value, dict):
        for key, inner in value.items():
            _look_at(file, (*place, key), f"{name}.{key}", inner, problems)
    elif isinstance(value, tuple):
        for n, inner in enumerate(value):
            _look_at(file, (*place, n), f"{name}[{n}]", inner, problems)
    elif isinstance(value, Puzzling):
        problems.append(file.problem(place, f"{value!r}, which YAML may read as a {value.kind}", "quote it"))
    elif isinstance(value, float) and not math.isfinite(value):
        problems.append(file.problem(place, "the number is not finite", "a finite number"))
    elif _is_path(name, value) and (outside := _outside(file, place, value)) is not None:
        problems.append(outside)


def _is_path(name: str, value: object) -> bool:
    """Whether a value of a field is the path of a file; as in a case file, a phase is one with a slash."""
    phase = name.removesuffix(".extends") in _PHASES and "/" in str(value)
    return isinstance(value, str) and (phase or name == _MESH_FILE)


def _outside(file: SweepFile, place: Keys, given: str) -> Problem | None:
    """Why a sweep may not name a file: cases would take its path for one that their reader typed."""
    written = place_of(file.tree, place)
    said = Reach.of(Path(file.folder / "-"), everywhere=False).refusal(written, file.folder / given, given)
    return None if said is None else file.problem(place, said, "a path inside one of the two")


def _rooted(name: str, value: Any, folder: Path) -> Any:
    """A value whose relative paths have become absolute: cases may run in any folder."""
    if isinstance(value, dict):
        return {key: _rooted(f"{name}.{key}", inner, folder) for key, inner in value.items()}
    return str(folder / value) if _is_path(name, value) else value
