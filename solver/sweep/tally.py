"""How far a sweep is: counts, the time that is left, and one line of them that changes."""

import contextlib
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

from solver.progress import PLAIN_PAUSE, TERMINAL_PAUSE, duration_text

GOOD = ("done", "ended_early")
"""Statuses with results."""


@dataclass(frozen=True)
class Tally:
    """Cases of a sweep by what became of them.

    Attributes:
        counts: ended cases by status.
        running: cases being run.
        planned: all cases, equal ones once.
        left: time that the rest will take [s]; None where nobody can tell.
    """

    counts: Counter[str]
    running: int
    planned: int
    left: float | None = None

    @property
    def waiting(self) -> int:
        """Cases that nobody runs as yet."""
        return max(self.planned - self.counts.total() - self.running, 0)

    def line(self) -> str:
        """Everything in one line."""
        good = sum(self.counts[status] for status in GOOD)
        parts = [f"{good} of {self.planned} done", f"{self.running} running"]
        parts += [f"{n} {status}" for status, n in self.counts.items() if status not in GOOD]
        parts += [f"{self.waiting} waiting"] if self.waiting else []
        parts += [f"about {duration_text(self.left)} left"] if self.left is not None else []
        return " | ".join(parts)


class Teller:
    """Prints tallies, never more often than a reader wants: one changing line, plain ones off a terminal.

    Args:
        stream: Where to print; standard output unless given.
        clock: Seconds that only grow; given by tests.
    """

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._clock = clock
        self._terminal = self._stream.isatty()
        self._printed = -float("inf")
        self._open_line = False
        self._said = ""

    @property
    def due(self) -> bool:
        """Whether enough time has passed for another line."""
        return self._clock() - self._printed >= (TERMINAL_PAUSE if self._terminal else PLAIN_PAUSE)

    def update(self, tally: Tally) -> None:
        """Show a tally; a plain line only where it says something new."""
        line = tally.line()
        self._printed = self._clock()
        if self._terminal:
            self._write(f"\r\x1b[K{line[: shutil.get_terminal_size().columns - 1]}")
            self._open_line = True
        elif line != self._said:
            self._write(line + "\n")
        self._said = line

    def note(self, line: str) -> None:
        """Print a line that stays."""
        if self._open_line:
            self._write("\r\x1b[K")
            self._open_line = False
        self._write(line + "\n")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()
