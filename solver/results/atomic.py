"""Files that are either the old version or the complete new one, whatever happens in between."""

import os
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that no reader ever meets a half-written one.

    Args:
        path: File to create or replace; its folder exists.
        content: The whole new content.

    Raises:
        OSError: The disk refused; an older version of the file is then still whole.
    """
    part = part_of(path)
    with part.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(path)


def part_of(path: Path) -> Path:
    """Name under which a file is prepared: hidden, in the same folder, so that renaming it is atomic."""
    return path.with_name(f".{path.name}.part")
