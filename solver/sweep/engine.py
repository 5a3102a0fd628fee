"""What an engine is: it takes the cases of a sweep and tells how each of them ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

STATUSES = ("done", "ended_early", "failed", "invalid", "lost", "interrupted")
"""Of a case in a sweep: as a run's own, or `invalid` (never began), or `lost` (its workers died)."""


@dataclass(frozen=True)
class Task:
    """One case to be run, with all that a worker on another machine needs.

    Attributes:
        hash: of the case, 16 hex digits.
        base: case that it starts from, as `load_case` takes it.
        overrides: texts as for `--set`.
        folder: absolute path of the sweep's folder, which all workers see.
        session: which call of the command asks for it; deaths of workers count within one session.
        ranks: MPI ranks.
        wall_time: longest time it may take [s]; None for as long as it needs.
    """

    hash: str
    base: str
    overrides: tuple[str, ...]
    folder: Path
    session: str
    ranks: int = 1
    wall_time: float | None = None


@dataclass(frozen=True)
class Result:
    """How a case ended.

    Attributes:
        hash: of the case.
        status: of `STATUSES`.
        reason: why it ended so, one line; empty for one that is done.
        seconds: how long it took [s].
    """

    hash: str
    status: str
    reason: str
    seconds: float


class Engine(Protocol):
    """Runs the cases of a sweep somewhere."""

    def run(self, tasks: Sequence[Task], each: Callable[[Result], None]) -> None:
        """Run tasks until all are told or a stop is asked for.

        Args:
            tasks: The cases.
            each: Called in this thread with the result of each case as it ends, in any order.

        Raises:
            SweepError: The engine cannot work; what has ended so far stays.
        """


class SweepError(Exception):
    """A sweep cannot be run as asked; `lines` says why, one reason a line."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines
