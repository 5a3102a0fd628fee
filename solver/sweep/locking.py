"""Locks that end with their holder, however it ends, and that others can look at without touching them.

Locks of an open file (`F_OFD_SETLK`): processes started with the file share one, the last of them to end
gives it back, and network file systems with locks carry them between machines.
"""

import errno
import fcntl
import os
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LAYOUT = "hhqqi"  # struct flock: type, whence, start, length, process
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}
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
    while (file := _try_to_hold(path)) is None:
        if time.monotonic() >= until:
            raise HeldError(str(path))
        time.sleep(_PAUSE)
    try:
        yield file
    finally:
        path.unlink(missing_ok=True)  # still locked: nobody can have taken it over
        os.close(file)


def is_held(path: Path) -> bool:
    """Whether some process holds the lock of a file; the lock itself is not touched."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        found = fcntl.fcntl(file, fcntl.F_OFD_GETLK, _whole_file())
        return bool(struct.unpack_from(_LAYOUT, found)[0] != fcntl.F_UNLCK)
    except OSError:
        return False
    finally:
        os.close(file)


def _whole_file() -> bytes:
    return struct.pack(_LAYOUT, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)


def _try_to_hold(path: Path) -> int | None:
    """The open and locked file, or None where another process was faster."""
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666)
    try:
        fcntl.fcntl(file, fcntl.F_OFD_SETLK, _whole_file())
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            os.close(file)
            if error.errno in {errno.EAGAIN, errno.EACCES}:
                return None
            raise
    # The holder before may have removed the file between opening and locking: then this lock is of nothing.
    with suppress(OSError):
        if path.stat().st_ino == os.fstat(file).st_ino:
            return file
    os.close(file)
    return None
