"""What a run tells of its march: how far it is within the protocol."""

from collections.abc import Sequence
from typing import Any

from solver.progress import Position, Progress


class Teller:
    """Turns what the march says into positions for the progress line; silent on all ranks but the first."""

    def __init__(self, steps: Sequence[Any], speaks: bool) -> None:
        """Take the steps of the protocol."""
        self._steps, self._progress = steps, Progress() if speaks else None
        self._step, self._begin = 0, 0.0
        self._duration: float | None = None
        self._first_voltage: float | None = None

    def note(self, line: str) -> None:
        """Print a line that stays."""
        if self._progress is not None:
            self._progress.note(line)

    def step_begins(self, step: int, begin: float, duration: float | None) -> None:
        """A step begins, or is taken up again.

        Args:
            step: its number, from 1.
            begin: when it began [s].
            duration: how long it lasts at most [s], or None.
        """
        self._step, self._begin, self._duration = step, begin, duration
        self._first_voltage = None

    def tell(self, time: float, voltage: float, increments: int, rejected: int) -> None:
        """An increment was accepted.

        Args:
            time: since the protocol began [s].
            voltage: cell voltage [V].
            increments: accepted ones so far.
            rejected: attempts rejected so far.
        """
        if self._progress is None:
            return
        self._progress.update(
            Position(
                step=self._step,
                steps=len(self._steps),
                name=self._steps[self._step - 1].name,
                voltage=voltage,
                time=time,
                increments=increments,
                rejected=rejected,
                share=self._share(time, voltage),
            )
        )

    def _share(self, time: float, voltage: float) -> float | None:
        """Part of the step that is done, by time or by voltage, whichever is further; None if unknown."""
        shares = [(time - self._begin) / self._duration] if self._duration else []
        limits = [until.value for until in self._steps[self._step - 1].until if until.kind == "voltage"]
        if self._first_voltage is None:
            self._first_voltage = voltage
        elif limits and limits[0] != self._first_voltage:
            way = limits[0] - self._first_voltage
            shares.append(min(max((voltage - self._first_voltage) / way, 0.0), 1.0))
        return max(shares, default=None)

    def close(self) -> None:
        """Leave the last position standing."""
        if self._progress is not None:
            self._progress.close()
