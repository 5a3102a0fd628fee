"""`lithostat` on a machine that dies in the middle of writing a checkpoint.

    python -m benchmarks.torture.faulty OPERATION WORD ...

Runs the command of these words and kills its own process, as a loss of power would, at the given file
operation of all those that write checkpoints: half of a part of the archive written, a file not yet on the
disk, a name not yet changed.
"""

import os
import signal
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from solver.results import checkpoint, folder

OPERATIONS = 8
"""File operations of one checkpoint, about: parts of the archive, flushing, and two changes of names."""


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class _Count:
    """Counts down to the operation at which the process dies."""

    def __init__(self, operation: int) -> None:
        self._left, self.writing = operation, False

    def passes(self) -> bool:
        """Whether this operation happens; otherwise the process is about to die in it."""
        if not self.writing:
            return True
        self._left -= 1
        return self._left > 0


def damage(operation: int) -> None:
    """Have the process die at an operation, counted from 1, of those that write checkpoints."""
    count = _Count(operation)
    write: Callable[..., None] = checkpoint.write_checkpoint
    add: Callable[..., Any] = zipfile.ZipFile.writestr
    settle, rename = os.fsync, Path.replace

    def write_checkpoint(path: Path, kept: checkpoint.Checkpoint) -> None:
        count.writing = True
        write(path, kept)
        count.writing = False

    def writestr(archive: zipfile.ZipFile, name: str, content: bytes | str) -> None:
        if not count.passes():
            add(archive, name, content[: len(content) // 2])
            if archive.fp is not None:
                archive.fp.flush()
            _die()
        add(archive, name, content)

    def fsync(handle: int) -> None:
        if not count.passes():
            _die()
        settle(handle)

    def replace(path: Path, target: Path) -> Path:
        if not count.passes():
            _die()
        return rename(path, target)

    folder.write_checkpoint = write_checkpoint  # type: ignore[attr-defined]
    zipfile.ZipFile.writestr = writestr  # type: ignore[assignment,method-assign]
    os.fsync = fsync  # type: ignore[assignment]
    Path.replace = replace  # type: ignore[assignment,method-assign]


if __name__ == "__main__":
    from solver.cli import main

    damage(int(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
