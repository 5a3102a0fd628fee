"""Locks of files that end with their holder, however it ends, and are looked at without being touched.

Locks of an open file (`F_OFD_SETLK`): processes started with the file share one, the last of them to end
gives it back, and network file systems with locks carry them between machines.
"""

import errno
import fcntl
import os
import struct
from pathlib import Path
from typing import NamedTuple

_LAYOUT = "hhqqi"  # struct flock: type, whence, start, length, process
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}


class LockedFile(NamedTuple):
    """An open file and its lock.

    Attributes:
        handle: the file, for appending; closing it gives the lock back.
        known: whether the file system has locks; without them nothing is held.
    """

    handle: int
    known: bool


def lock_file(path: Path) -> LockedFile | None:
    """Open a file, made where it is missing, and lock it; None where another process holds its lock.

    Args:
        path: The file; its folder exists.

    Raises:
        OSError: The file cannot be made.
    """
    while True:
        handle, known = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o666), True
        try:
            fcntl.fcntl(handle, fcntl.F_OFD_SETLK, _whole_file())
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                os.close(handle)
                if error.errno in {errno.EAGAIN, errno.EACCES}:
                    return None
                raise
            known = False
        # Its holder may have removed the file between opening and locking: then this lock is of nothing.
        if _stands(path, handle):
            return LockedFile(handle, known)
        os.close(handle)


def is_held(path: Path) -> bool:
    """Whether some process holds the lock of a file; the lock itself is not touched."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        found = fcntl.fcntl(handle, fcntl.F_OFD_GETLK, _whole_file())
        return bool(struct.unpack_from(_LAYOUT, found)[0] != fcntl.F_UNLCK)
    except OSError:
        return False
    finally:
        os.close(handle)


def _stands(path: Path, handle: int) -> bool:
    """Whether an open file still goes by its name."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def _whole_file() -> bytes:
    return struct.pack(_LAYOUT, fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)
