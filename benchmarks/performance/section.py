"""What a family says on the page: targets with verdicts, tables, plots, sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.performance.sample import Sample, short

if TYPE_CHECKING:  # it comes with all that the book needs, other programs' environments do without
    from benchmarks.verification.page import Panel


@dataclass(frozen=True)
class Target:
    """What a number should be, beside what it is.

    Attributes:
        words: what is measured.
        limit: the bound.
        found: as it was measured; None where it was not.
        at_least: whether the bound is one from below.
        profile: where the time goes, or what holds the number up; shown where the target is missed.
    """

    words: str
    limit: float
    found: Sample | None
    at_least: bool = False
    profile: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the median keeps the bound; None where nothing was measured."""
        if self.found is None:
            return None
        median = self.found.median
        return median >= self.limit if self.at_least else median <= self.limit

    @property
    def cells(self) -> tuple[str, ...]:
        """The row of a table: words, bound, number, repeats, verdict, profile."""
        bound = f"at {'least' if self.at_least else 'most'} {short(self.limit)}"
        if self.found is None:
            return (self.words, bound, "", "", "not measured", "")
        verdict = "met" if self.met else "**missed**"
        repeats = str(len(self.found.values))
        return (self.words, bound, str(self.found), repeats, verdict, "" if self.met else self.profile)


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        heads: of the columns.
        rows: one text a cell.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """What a family says.

    Attributes:
        title: its heading.
        text: paragraphs before the tables.
        targets: with their verdicts.
        tables: numbers.
        panels: plots of its figure.
        notes: paragraphs after the tables.
    """

    title: str
    text: tuple[str, ...]
    targets: tuple[Target, ...] = ()
    tables: tuple[Table, ...] = ()
    panels: "tuple[Panel, ...]" = ()
    notes: tuple[str, ...] = field(default=())


Curves = Mapping[str, tuple[Sequence[float], Sequence[float]]]


def panel(
    title: str, across: str, up: str, curves: Curves, scales: tuple[str, str] = ("log", "log")
) -> "Panel":
    """A plot of curves by label; points with lines between them."""
    from benchmarks.verification.page import Line, Panel

    marks = "osD^vP*X<>"
    lines = tuple(
        Line(label, list(x), list(y), f"{marks[number % len(marks)]}-")
        for number, (label, (x, y)) in enumerate(curves.items())
        if len(x)
    )
    return Panel(title, across, up, lines, scales)


def shares(parts: Mapping[str, float], whole: float) -> str:
    """Parts of a whole in percent, the largest first; what is below one percent is left out."""
    ordered = sorted(parts.items(), key=lambda item: -item[1])
    return ", ".join(f"{name} {100 * part / whole:.0f} %" for name, part in ordered if part >= 0.01 * whole)
