"""Locks that a block holds, and waits for."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from solver.results.file_lock import lock_file

_PAUSE = 0.05


class HeldError(Exception):
    """Another process holds the lock."""


@contextmanager
def holding(path: Path, patience: float) -> Iterator[int]:
    """Hold the lock of a file while the block runs; the file is made for it, and removed when the block ends.

    A process that is killed leaves the file and no lock. Where the file system has no locks, nothing is held.

    Args:
        path: The file; its folder exists.
        patience: How long to wait for another holder [s].

    Yields:
        The open file, for appending; a process that inherits it shares the lock.

    Raises:
        HeldError: Somebody else held it all the while.
        OSError: The file cannot be made.
    """
    until = time.monotonic() + patience
    while (file := lock_file(path)) is None:
        if time.monotonic() >= until:
            raise HeldError(str(path))
        time.sleep(_PAUSE)
    try:
        yield file.handle
    finally:
        path.unlink(missing_ok=True)  # still locked: nobody can have taken it over
        os.close(file.handle)
