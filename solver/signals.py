"""Ctrl-C and termination: ask first, obey the second time.

The first SIGINT or SIGTERM only sets a flag, which the time loop looks at between the attempts of an
increment; it then writes what it has and says `interrupted`. A second signal ends the process at once,
unless it follows so quickly that it is the same one, sent by the terminal and passed on by mpiexec or srun
too. Ranks may be signalled one by one, so in parallel the loop has to agree on the flag before acting on it.
"""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

EXIT_CODE = 130
WATCHED = (signal.SIGINT, signal.SIGTERM)
SAME_SIGNAL = 0.3


class StopRequest:
    """Whether somebody asked this process to stop.

    Attributes:
        name: Name of the signal that came, empty while none has.
    """

    def __init__(self) -> None:
        self.name = ""
        self._came = 0.0

    @property
    def requested(self) -> bool:
        """True once a signal has come to this process."""
        return bool(self.name)

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
def watch_signals() -> Iterator[StopRequest]:
    """Take over SIGINT and SIGTERM while the block runs.

    Enter it after MPI and PETSc have started, because they install handlers of their own: PETSc's would end
    the run when somebody stops reading its output, so SIGPIPE is ignored here. In a thread other than the
    main one Python allows no handlers; the request is then never set.

    Yields:
        The request, to be polled.
    """
    stop = StopRequest()
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
