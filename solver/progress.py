"""What a run tells while it works: one changing line on a terminal, a plain line now and then elsewhere."""

import contextlib
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TextIO

TERMINAL_PAUSE = 0.2
PLAIN_PAUSE = 5.0


@dataclass(frozen=True)
class Position:
    """Where a run stands.

    Attributes:
        step: Number of the protocol step, from 1; 0 for the equilibrium.
        steps: Number of steps in the protocol.
        name: Name of the step.
        voltage: Cell voltage [V].
        time: Since the protocol began [s].
        increments: Accepted increments so far.
        rejected: Rejected attempts so far.
        share: Part of this step that is done, 0 to 1; None where nobody can tell.
    """

    step: int
    steps: int
    name: str
    voltage: float
    time: float
    increments: int
    rejected: int
    share: float | None = None


class Progress:
    """Prints the position of a run, never more often than a reader wants. For rank 0.

    A stream that fails (a closed pipe) silences it; a run does not end because nobody listens.

    Args:
        stream: Where to print; standard output unless given.
        clock: Seconds that only grow; given by tests.
    """

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._clock = clock
        self._terminal = self._stream.isatty()
        self._began: float | None = None
        self._printed = -float("inf")
        self._step = -1
        self._open_line = False
        self._last: Position | None = None

    def update(self, position: Position) -> None:
        """Tell the position, if enough time has passed since the last line or a step has begun.

        Args:
            position: Where the run stands.
        """
        self._last = position
        now = self._clock()
        if self._began is None:
            # Meshing and compiling are over: they say nothing about how long the rest takes.
            self._began = now
        pause = TERMINAL_PAUSE if self._terminal else PLAIN_PAUSE
        if now - self._printed < pause and position.step == self._step:
            return
        self._step, self._printed = position.step, now
        if self._terminal:
            self._rewrite(position, now - self._began)
            self._open_line = True
        else:
            self._write(_line(position, now - self._began) + "\n")

    def note(self, line: str) -> None:
        """Print a line that stays."""
        self._end_line()
        self._write(line + "\n")

    def close(self) -> None:
        """Leave the last position standing as a line of its own."""
        if self._terminal and self._last is not None and self._open_line:
            self._rewrite(self._last, 0.0)
        self._end_line()

    def _rewrite(self, position: Position, elapsed: float) -> None:
        """Put a line in the place of the last one, its step's name cut so that the numbers fit."""
        width = shutil.get_terminal_size().columns - 1
        excess = len(_line(position, elapsed)) - width
        if excess > 0:
            kept = max(len(position.name) - excess - 1, 8)
            position = replace(position, name=position.name[:kept] + "…")
        self._write(f"\r\x1b[K{_line(position, elapsed)[:width]}")

    def _end_line(self) -> None:
        if self._open_line:
            self._write("\n")
            self._open_line = False

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()


def _line(at: Position, elapsed: float) -> str:
    parts = [
        f"step {at.step}/{at.steps} {at.name}" if at.step else "equilibrium",
        f"{at.voltage:.4f} V" if at.voltage == at.voltage else "",
        f"t {duration_text(at.time)}",
        f"{at.increments} increment{'' if at.increments == 1 else 's'}",
        f"{at.rejected} rejected",
        _time_left(at, elapsed),
    ]
    return " | ".join(part for part in parts if part)


def _time_left(at: Position, elapsed: float) -> str:
    if at.share is None or at.steps < 1 or at.step < 1:
        return ""
    # Steps are counted alike: a rough guess, and named so.
    done = (at.step - 1 + min(max(at.share, 0.0), 1.0)) / at.steps
    if done < 0.02 or elapsed < 1.0:
        return ""
    return f"about {duration_text(elapsed * (1 - done) / done)} left"


def duration_text(seconds: float) -> str:
    """A duration as people say it: `45 s`, `12 min 05 s`, `3 h 20 min`.

    Args:
        seconds: The duration [s].
    """
    whole = round(max(seconds, 0.0))
    if whole < 100:
        return f"{whole} s"
    if whole < 7200:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
