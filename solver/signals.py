"""Ctrl-C, termination and the end of the time that a run was given: ask first, obey the second time.

The first SIGINT, SIGTERM or SIGUSR1 (which schedulers send before they kill) only sets a flag, which the
time loop looks at between the attempts of an increment; it then writes what it has and says `interrupted`.
A second signal ends the process at once, unless it follows so quickly that it is the same one, sent by the
terminal and passed on by mpiexec or srun too. Ranks may be signalled one by one, so in parallel the loop
has to agree on the flag before acting on it.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

EXIT_CODE = 130
WATCHED = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)
SAME_SIGNAL = 0.3

ROOM = 0.02
"""Part of its time that a run keeps for ending: closing files on a slow disk, the launcher."""

LONGER = 2.0
"""How many times longer than the longest so far an increment may take."""


class StopRequest:
    """Whether somebody asked this process to stop.

    Args:
        wall_time: How long the process may go on from here [s], or None.

    Attributes:
        name: Name of the signal that came, or `wall time`; empty while there is no request.
    """

    def __init__(self, wall_time: float | None = None) -> None:
        self.name = ""
        self._came = 0.0
        self._limit, self._began = wall_time, time.monotonic()
        self._looked: float | None = None
        self._longest = 0.0

    @property
    def requested(self) -> bool:
        """True once a signal has come to this process."""
        return bool(self.name)

    def poll(self, ending: float = 0.0) -> bool:
        """Whether to stop now; to be asked between increments.

        Args:
            ending: How long it takes to write down where the run stands [s].

        Returns:
            True once a signal has come, or where another increment might outlast the time that was given.
        """
        now = time.monotonic()
        if self._looked is not None:  # what came before the first increment will not come again
            self._longest = max(self._longest, now - self._looked)
        self._looked = now
        if self._limit is not None and not self.name:
            wanted = LONGER * (self._longest + ending) + ROOM * self._limit
            if now - self._began + wanted >= self._limit:
                self.name = "wall time"
        return self.requested

    def receive(self, number: int, frame: FrameType | None = None) -> None:
        """Note a signal, or leave at once if it is the second one."""
        now = time.monotonic()
        if self.requested and now - self._came < SAME_SIGNAL:
            return
        if self.requested:
            # Not sys.exit: clean-up may be what hangs. Everything written so far is whole on disk.
            os._exit(EXIT_CODE)
        self._came = now
        self.name = signal.Signals(number).name


@contextmanager
def watch_signals(wall_time: float | None = None) -> Iterator[StopRequest]:
    """Take over SIGINT, SIGTERM and SIGUSR1 while the block runs.

    Enter it after MPI and PETSc have started, because they install handlers of their own: PETSc's would end
    the run when somebody stops reading its output, so SIGPIPE is ignored here. In a thread other than the
    main one Python allows no handlers; the request is then never set.

    Args:
        wall_time: How long the process may go on from here [s], or None.

    Yields:
        The request, to be polled.
    """
    stop = StopRequest(wall_time)
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    earlier = {number: signal.signal(number, stop.receive) for number in WATCHED}
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)  # as Python itself has it; writing then raises an error
    try:
        yield stop
    finally:
        for number, handler in earlier.items():
            # None: installed by C code, which Python can neither call nor put back.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
