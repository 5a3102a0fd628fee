"""The keys of a sweep file, read as strictly as a case and with the same errors."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError

from solver.case.case_model import Name
from solver.case.errors import CaseError, Place, Problem
from solver.case.explaining import explain, node_at
from solver.case.extends import Files
from solver.case.model_parts import Choice, Spec
from solver.case.number_fields import Duration
from solver.case.reach import Reach
from solver.case.shipped import suggestion
from solver.case.tree import Table, field_name, place_of, plain
from solver.sweep.shipped import find_sweep, shipped_sweeps

MOST_CASES: Final = 100_000
"""Cases of one sweep; each is read, checked and kept as a row."""

MOST_RANKS: Final = 4096

Points = Annotated[int, Field(ge=2, le=MOST_CASES)]
Seed = Annotated[int, Field(ge=0, lt=2**32)]
End = Any  # a quantity or a number; `axes.read_ends` says what is wrong with it


class ListAxis(Spec):
    """Values one by one."""

    kind: Literal["list"]
    field: str
    values: Annotated[tuple[Any, ...], Field(min_length=1)]


class GridAxis(Spec):
    """Evenly spaced values, both ends included."""

    kind: Literal["grid"]
    field: str
    start: End = Field(alias="from")
    end: End = Field(alias="to")
    points: Points


class LogAxis(Spec):
    """Values of equal ratio, both ends included."""

    kind: Literal["log"]
    field: str
    start: End = Field(alias="from")
    end: End = Field(alias="to")
    points: Points


class Range(Spec):
    """What a field may take in a sample."""

    start: End = Field(alias="from")
    end: End = Field(alias="to")
    scale: Literal["linear", "log"] = "linear"


class SobolAxis(Spec):
    """Scrambled Sobol points in the box of several fields."""

    kind: Literal["sobol"]
    points: Points
    seed: Seed
    fields: Annotated[dict[str, Any], Field(min_length=1)]


class LatinHypercubeAxis(Spec):
    """A Latin hypercube in the box of several fields."""

    kind: Literal["latin_hypercube"]
    points: Points
    seed: Seed
    fields: Annotated[dict[str, Any], Field(min_length=1)]


class CsvAxis(Spec):
    """Combinations from a table, one a row; its header names the fields."""

    kind: Literal["csv"]
    path: str


AnyAxis = ListAxis | GridAxis | LogAxis | SobolAxis | LatinHypercubeAxis | CsvAxis
Axis = Annotated[AnyAxis, Choice((ListAxis, GridAxis, LogAxis, SobolAxis, LatinHypercubeAxis, CsvAxis))]


class Ensemble(Spec):
    """Every combination several times, with whole numbers in one field, which is a seed as a rule."""

    count: Annotated[int, Field(ge=1, le=MOST_CASES)]
    field: str
    start: Annotated[int, Field(ge=0)] = 1


class Running(Spec):
    """How each case is run."""

    ranks: Annotated[int, Field(ge=1, le=MOST_RANKS)] = 1
    wall_time: Duration | None = None


class SweepSpec(Spec):
    """A sweep file."""

    name: Name
    base: str
    settings: dict[str, Any] = Field(default={}, alias="set")
    axes: tuple[Axis, ...] = ()
    repeat: Ensemble | None = None
    run: Running = Running()


@dataclass(frozen=True)
class SweepFile:
    """A sweep file that is right by itself; what its axes mean is looked at later.

    Attributes:
        spec: its keys.
        ranges: of the axes that sample, by number of the axis.
        tree: the same as written, for the places of errors.
        text: the file as given.
    """

    spec: SweepSpec
    ranges: dict[int, dict[str, Range]]
    tree: Table
    text: bytes

    @property
    def folder(self) -> Path:
        """What relative paths in the file are relative to."""
        return self.tree.place.folder.resolve()

    def problem(self, path: tuple[str | int, ...], what: str, allowed: str) -> Problem:
        """A problem at the value of a field."""
        return Problem(place_of(self.tree, path), field_name(path), what, allowed)


def read_spec(given: Path) -> SweepFile:
    """Read a sweep file.

    Args:
        given: the file, or the name of a shipped sweep.

    Raises:
        CaseError: what is wrong with its keys, all of it together.
    """
    path = find_sweep(given)
    shown_as = str(given if path == Path(given) else path)
    if not path.exists():
        known = shipped_sweeps()
        what = f"there is no such file{suggestion(Path(given).as_posix(), known)}"
        allowed = f"a file, or a shipped sweep: {', '.join(known)}"
        raise CaseError([Problem(Place(shown_as, 0, 0, path.parent), "sweep", what, allowed)])
    files = Files(Reach.of(path, everywhere=False))
    tree = files.read(path, shown_as)
    if not isinstance(tree, Table):
        raise CaseError(files.problems)
    try:
        spec = SweepSpec.model_validate(plain(tree))
    except ValidationError as error:
        raise CaseError([*files.problems, *explain(error, tree, SweepSpec)]) from None
    ranges = _ranges(spec, tree, files.problems)
    if files.problems:
        raise CaseError(files.problems)
    return SweepFile(spec, ranges, tree, path.read_bytes())


def _ranges(spec: SweepSpec, tree: Table, problems: list[Problem]) -> dict[int, dict[str, Range]]:
    """The ranges of the axes that sample; read one by one, since their keys are fields of a case."""
    found: dict[int, dict[str, Range]] = {}
    for number, axis in enumerate(spec.axes):
        if not isinstance(axis, SobolAxis | LatinHypercubeAxis):
            continue
        found[number] = {}
        for field, given in axis.fields.items():
            path = ("axes", number, "fields", field)
            node = node_at(tree, path)
            try:
                found[number][field] = Range.model_validate(given)
            except ValidationError as error:
                below = field_name(path)
                problems += [
                    replace(problem, field=below if problem.field == "case" else f"{below}.{problem.field}")
                    for problem in explain(error, node or tree, Range)
                ]
    return found
