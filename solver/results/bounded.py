"""Files read whole, as long as they are no larger than any run writes them."""

import os
from pathlib import Path
from typing import Final

PIECE: Final = 1024**2
"""Bytes read at once: a read asks for the memory of all that it may bring."""


class TooLargeError(Exception):
    """A file larger than is read; the message names it and the limit."""


def read_bounded(path: Path, most: int) -> bytes:
    """Read a whole file.

    Args:
        path: The file.
        most: The largest size that is read [bytes].

    Returns:
        What is in it.

    Raises:
        TooLargeError: There is more.
        OSError: It cannot be read.
    """
    with path.open("rb") as stream:
        # Devices have no size, and files may grow: the read is bounded too.
        size = os.fstat(stream.fileno()).st_size
        data = bytearray()
        while max(size, len(data)) <= most and (piece := stream.read(PIECE)):
            data += piece
    if max(size, len(data)) > most:
        raise TooLargeError(f"{path}: larger than {most // 1024**2} MiB")
    return bytes(data)
