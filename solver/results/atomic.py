"""Files that are either the old version or the complete new one, whatever happens in between."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Prepare a new version of a file beside it and put it into place when the block ends well.

    Whoever has the old version open goes on reading it unchanged. A block that raises leaves the old version
    and nothing beside it; a process that is killed may leave the half-written part, which the next call
    overwrites.

    Args:
        path: File to create or replace; its folder exists.

    Yields:
        Where to write: hidden, in the same folder, so that renaming it is atomic. What lies there already is
        to be overwritten.

    Raises:
        OSError: The disk refused; an older version of the file is then still whole.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        yield part
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def settle_folder(folder: Path) -> None:
    """Have the names in a folder outlive a loss of power, where the file system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that no reader ever meets a half-written one.

    Args:
        path: File to create or replace; its folder exists.
        content: The whole new content.

    Raises:
        OSError: The disk refused; an older version of the file is then still whole.
    """
    with replacing(path) as part:
        part.write_bytes(content)
