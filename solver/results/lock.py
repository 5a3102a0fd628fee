"""One process at a time writes into a folder.

The lock is the operating system's (`flock`): it is gone with the process that held it, however that ended, so
that no stale lock keeps anybody out. The file `.lock` beside it only says who it was. Where the file system
knows no such locks, that text decides: a process of this machine that is gone, or another one under its
number, holds nothing.
"""

import errno
import fcntl
import json
import os
import socket
from pathlib import Path
from typing import Any

FILE = ".lock"

_UNKNOWN = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}
"""Errors of file systems without locks."""


class FolderInUseError(Exception):
    """Somebody else writes into the folder; the message is one line that says who."""


class FolderLock:
    """Holds a folder until it is released or the process ends."""

    def __init__(self, folder: Path) -> None:
        """Lock an existing folder.

        Raises:
            FolderInUseError: Another process holds it.
            OSError: The folder cannot be written.
        """
        self._path = folder / FILE
        self._handle = self._opened()
        while not self._is_current():
            # It was released, and its name removed, between opening and locking it.
            os.close(self._handle)
            self._handle = self._opened()
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, json.dumps(_own()).encode(), 0)

    def _opened(self) -> int:
        """A handle on the file, locked."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            self._take(handle)
        except BaseException:
            os.close(handle)
            raise
        return handle

    def _is_current(self) -> bool:
        """Whether the file that is held still goes by its name."""
        try:
            return os.path.samestat(self._path.stat(), os.fstat(self._handle))
        except FileNotFoundError:
            return False

    def _take(self, handle: int) -> None:
        holder = _read(handle)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUseError(_words(holder)) from None
        except OSError as error:
            if error.errno not in _UNKNOWN:
                raise
            if holder and not _is_gone(holder):
                raise FolderInUseError(f"{_words(holder)}; delete {self._path} if it is gone") from None

    def release(self) -> None:
        """Let go of the folder; the second time nothing happens."""
        if self._handle < 0:
            return
        # Its name goes first: whoever opens the file from now on opens another one.
        self._path.unlink(missing_ok=True)
        os.close(self._handle)
        self._handle = -1


def _own() -> dict[str, Any]:
    return {"pid": os.getpid(), "host": socket.gethostname(), "began": _began(os.getpid())}


def _began(pid: int) -> str:
    """When a process began, in the machine's own count; empty where nobody knows."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    # The name of the program, in parentheses, may hold anything.
    return text.rpartition(")")[2].split()[19]


def _read(handle: int) -> dict[str, Any]:
    try:
        found = json.loads(os.pread(handle, 4096, 0))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _is_gone(holder: dict[str, Any]) -> bool:
    """Whether a process of this machine no longer exists; False where nobody can tell."""
    if holder.get("host") != socket.gethostname() or not isinstance(holder.get("pid"), int):
        return False
    return _began(holder["pid"]) != holder.get("began")


def _words(holder: dict[str, Any]) -> str:
    if "pid" not in holder:
        return "another process writes into it"
    return f"process {holder['pid']} on {holder.get('host', 'an unknown machine')} writes into it"
