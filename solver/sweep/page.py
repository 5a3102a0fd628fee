"""The page of a sweep: one HTML file with its table and figures, which needs nothing but itself."""

import base64
import hashlib
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from solver.results.atomic import replace_file
from solver.sweep.collect import CSV, PARQUET
from solver.sweep.columns import Column, Results, read_results
from solver.sweep.flattening import Cell
from solver.sweep.plots import FOLDER, figures_in
from solver.sweep.quantities_shown import default_quantities, usable_values
from solver.sweep.rows import UNFINISHED, USABLE, WENT_WRONG, SweepReadError
from solver.sweep.shown_units import Scale, scale_of, short_number
from solver.version import program_version

FILE: Final = "page.html"
MOST_NAMED: Final = 30
"""Cases of one reason that are named one by one."""
MOST_LEVELS: Final = 8
"""Values of a field that are told one by one."""

COST: Final = {"counts.increments": "increments", "wall_time.total [s]": "wall time"}
"""Figures of the table of cases that say what a run has cost, and their headings."""


@dataclass(frozen=True)
class Field:
    """A swept field: its name, how many values it takes, and which."""

    name: str
    count: int
    words: str


@dataclass(frozen=True)
class Trouble:
    """Cases that gave no result for one reason; `cases` are number and folder of the first ones."""

    status: str
    reason: str
    count: int
    cases: tuple[tuple[int, str], ...]

    @property
    def status_words(self) -> str:
        """The status as it is read."""
        return self.status.replace("_", " ")

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.count - len(self.cases)


@dataclass(frozen=True)
class Picture:
    """A figure, its bytes in base 64, and the file of its numbers."""

    words: str
    data: str
    numbers: str


@dataclass(frozen=True)
class Heading:
    """A column of the table of cases: `number` or `text`."""

    title: str
    kind: str


@dataclass(frozen=True)
class Shown:
    """A cell: what is read, and the number it is sorted by, empty for texts."""

    text: str
    key: str = ""


@dataclass(frozen=True)
class Line:
    """A row of the table of cases."""

    number: int
    status: str
    folder: str
    cells: tuple[Shown, ...]

    @property
    def status_words(self) -> str:
        """The status as it is read."""
        return self.status.replace("_", " ")


@dataclass(frozen=True)
class Page:
    """Everything that the template shows."""

    name: str
    summary: str
    text: str
    fields: tuple[Field, ...]
    troubles: tuple[Trouble, ...]
    pictures: tuple[Picture, ...]
    statuses: tuple[tuple[str, str, int], ...]
    columns: tuple[Heading, ...]
    rows: tuple[Line, ...]
    files: tuple[str, ...]
    version: str
    time: str


def write_page(directory: Path) -> Path:
    """Write page.html into the folder of a sweep.

    It says what was swept, why cases gave no result, shows the figures that lie in `plots` and a table of all
    cases, which sorts by a click on a column and hides statuses, and without scripts is a plain table.
    Nothing is loaded from anywhere: pictures are inside. Texts of the sweep are escaped, and a policy in the
    page forbids scripts but its own.

    Args:
        directory: folder of a sweep, finished or not.

    Returns:
        The page.

    Raises:
        SweepReadError: the folder is none of a sweep, or cannot be written to.
    """
    directory = Path(directory)
    page = page_of(read_results(directory), directory)
    try:
        replace_file(directory / FILE, render(page).encode("utf-8", "replace"))
    except OSError as error:
        raise SweepReadError(f"{directory}: cannot be written ({error.strerror or error})") from error
    return directory / FILE


def render(page: Page) -> str:
    """The page as HTML; every text in it is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    here = Path(__file__).parent
    environment = Environment(loader=FileSystemLoader(here), autoescape=True, undefined=StrictUndefined)
    style, script = ((here / name).read_text(encoding="utf-8") for name in ("page.css", "page.js"))
    return environment.get_template("page.html").render(
        page=page,
        style=style,
        script=script,
        style_hash=_allowed(style),
        script_hash=_allowed(script),
    )


def page_of(results: Results, directory: Path) -> Page:
    """What the page of a sweep shows.

    Args:
        results: of the sweep.
        directory: its folder, for figures and files to link to.
    """
    rows = results.rows.rows
    counts = Counter(row.status for row in rows)
    order = [status for status in (*USABLE, *WENT_WRONG, *UNFINISHED) if counts[status]]
    statuses = tuple((status, status.replace("_", " "), counts[status]) for status in order)
    told = ", ".join(f"{count} {words}" for _, words, count in statuses)
    base = f"Base: {results.rows.base}. " if results.rows.base else ""
    columns = list(_columns(results))
    return Page(
        name=results.rows.name,
        summary=f"{base}{len(rows)} cases: {told}.",
        text=results.rows.text,
        fields=tuple(map(_field, results.rows.fields, results.inputs)),
        troubles=_troubles(results),
        pictures=tuple(_picture(path) for path in figures_in(directory)),
        statuses=statuses,
        columns=(Heading("case", "number"), Heading("status", "text"), *(head for head, _ in columns)),
        rows=tuple(
            Line(row.number, row.status, row.folder, tuple(cells[n] for _, cells in columns))
            for n, row in enumerate(rows)
        ),
        files=tuple(name for name in (CSV, PARQUET) if (directory / name).is_file()),
        version=program_version(),
        time=time.strftime("%Y-%m-%d %H:%M %z"),
    )


def _columns(results: Results) -> Iterator[tuple[Heading, Sequence[Shown]]]:
    """Headings and cells: swept fields, what figures show, the other capacities, cost, and the reason."""
    for field, column in zip(results.rows.fields, results.inputs, strict=True):
        yield _column(field, column)
    quantities = default_quantities(results)
    for quantity in quantities:
        words = quantity.words.partition(":")[0]  # a step's name is too long for a heading
        yield _column(words, Column(quantity.key, "float", quantity.values), quantity.scale)
    shown = {quantity.name for quantity in quantities}
    for name, column in results.by_name.items():
        if name.startswith("steps.") and name.endswith(".capacity [mAh/g]") and name not in shown:
            usable = Column(name, "float", usable_values(results, column))
            yield _column(f"capacity of step {name.split('.')[1]}", usable)
    for name, words in COST.items():
        if name in results.by_name:
            yield _column(words, results.by_name[name])
    reason = results.outcome[1]
    if any(reason.values):
        yield _column("reason", reason)


def _column(words: str, column: Column, scale: Scale | None = None) -> tuple[Heading, Sequence[Shown]]:
    if not column.numeric:
        return Heading(words, "text"), [Shown(_text(value)) for value in column.values]
    numbers = [value if isinstance(value, int | float) else None for value in column.values]
    scale = scale or scale_of(column.unit, numbers)
    cells = [
        Shown("") if value is None else Shown(_number(column, value, scale), repr(value)) for value in numbers
    ]
    return Heading(scale.label(words), "number"), cells


def _number(column: Column, value: float, scale: Scale) -> str:
    return str(value) if column.kind == "int" else short_number(scale.factor * value, 5)


def _text(value: Cell) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _field(name: str, column: Column) -> Field:
    levels = list(dict.fromkeys(value for value in column.values if value is not None))
    if not column.numeric:
        texts = [_text(level) for level in levels]
        told = ", ".join(texts[:MOST_LEVELS]) + (", …" if len(texts) > MOST_LEVELS else "")
        return Field(name, len(levels), told)
    numbers = sorted(level for level in levels if isinstance(level, int | float))
    scale = scale_of(column.unit, numbers)
    texts = [_number(column, number, scale) for number in numbers]
    told = ", ".join(texts) if len(texts) <= MOST_LEVELS else f"{texts[0]} to {texts[-1]}"
    return Field(name, len(levels), f"{told} {scale.unit}".strip())


def _troubles(results: Results) -> tuple[Trouble, ...]:
    found: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for row in results.rows.rows:
        if row.status in WENT_WRONG:
            found.setdefault((row.status, row.reason), []).append((row.number, row.folder))
    troubles = [
        Trouble(status, reason, len(cases), tuple(cases[:MOST_NAMED]))
        for (status, reason), cases in found.items()
    ]
    return tuple(sorted(troubles, key=lambda trouble: -trouble.count))


def _picture(path: Path) -> Picture:
    data = base64.b64encode(path.read_bytes()).decode("ascii")
    return Picture(path.stem.replace("_", " "), data, f"{FOLDER}/{path.stem}.csv")


def _allowed(text: str) -> str:
    """The name under which the page's policy admits a script or a style: the hash of its text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"
