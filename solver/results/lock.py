"""One process at a time writes into a folder.

The lock is the operating system's: it is gone with the process that held it, however that ended, so that no
stale lock keeps anybody out. The text of the file `.lock` only says who it was. Where the file system
knows no such locks, that text decides: a process of this machine that is gone, or another one under its
number, holds nothing.
"""

import json
import os
import socket
from pathlib import Path
from typing import Any

from solver.results.file_lock import lock_file

FILE = ".lock"


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
        holder = _read(self._path)
        locked = lock_file(self._path)
        if locked is None:
            raise FolderInUseError(_words(_read(self._path)))
        if not locked.known and holder and not _is_gone(holder):
            os.close(locked.handle)
            raise FolderInUseError(f"{_words(holder)}; delete {self._path} if it is gone")
        self._handle = locked.handle
        os.ftruncate(self._handle, 0)
        os.write(self._handle, json.dumps(_own()).encode())

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


def _read(path: Path) -> dict[str, Any]:
    """Who the text says it is; nothing where it says nothing."""
    try:
        with path.open("rb") as stream:
            found = json.loads(stream.read(4096))
    except (OSError, ValueError):
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
