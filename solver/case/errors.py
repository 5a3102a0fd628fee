"""What is wrong with a case: one line for each problem, all of them together."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """Where a node of a case was written.

    Attributes:
        source: the file as the user named it, or `--set KEY`.
        line: counted from 1; 0 where there is no file.
        column: counted from 1; 0 where there is no file.
        folder: what relative paths written here are relative to.
    """

    source: str
    line: int
    column: int
    folder: Path

    def __str__(self) -> str:
        """`file:line:column`, or `--set KEY`."""
        return f"{self.source}:{self.line}:{self.column}" if self.line else self.source


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, in which field, what, and what is allowed."""

    place: Place
    field: str
    what: str
    allowed: str = ""

    def __str__(self) -> str:
        """The error line; it never holds a line break."""
        allowed = f"; {self.allowed}" if self.allowed else ""
        return " ".join(f"{self.place}: {self.field}: {self.what}{allowed}".splitlines())


class CaseError(Exception):
    """A case that cannot be used; `lines` holds every problem found, one line each."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Collect the problems in the order of the files and lines, the first one of each field and place."""
        unique = list({(p.place, p.field): p for p in reversed(list(problems))}.values())[::-1]
        order = {place.source: n for n, place in reversed(list(enumerate(p.place for p in unique)))}
        self.problems = tuple(
            sorted(unique, key=lambda p: (order[p.place.source], p.place.line, p.place.column))
        )
        self.lines = tuple(str(problem) for problem in self.problems)
        super().__init__("\n".join(self.lines))
