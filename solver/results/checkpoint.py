"""Checkpoints: what a run needs to go on, in a file that is whole or known to be damaged.

`checkpoint.npz` is an archive of plain NumPy arrays and one JSON text, uncompressed, with a digest of each
part in `digests.json`. Reading it runs no code and takes no more memory than the file is long. A new one is
written beside the old one, which is kept under another name: one of the two is whole at any moment.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from solver.results.atomic import replacing, settle_folder

FILE = "checkpoint.npz"
PREVIOUS = "checkpoint.previous.npz"
FORMAT = 1

_FACTS, _DIGESTS = "facts.json", "digests.json"

Array = npt.NDArray[np.generic]


class CheckpointError(Exception):
    """A checkpoint cannot be used; the message is one line that says why."""


@dataclass(frozen=True)
class Checkpoint:
    """Everything that a run needs to go on.

    Attributes:
        facts: what JSON can hold: position, books, hashes.
        arrays: fields and the like, by name.
    """

    facts: Mapping[str, Any]
    arrays: Mapping[str, Array] = field(default_factory=dict)


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Put a checkpoint into a run folder and keep the one before it.

    Raises:
        OSError: The disk refused; earlier checkpoints are still whole.
    """
    path = folder / FILE
    with replacing(path) as part:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
            digests = {}
            for name, content in _parts(checkpoint):
                archive.writestr(name, content)
                digests[name] = hashlib.blake2b(content, digest_size=32).hexdigest()
            archive.writestr(_DIGESTS, json.dumps(digests))
        if path.exists():
            path.replace(folder / PREVIOUS)
    settle_folder(folder)


def read_checkpoint(folder: Path) -> tuple[Checkpoint | None, list[str]]:
    """The newest checkpoint of a run folder that is whole.

    Returns:
        The checkpoint, None where there is none; and what is wrong with newer ones, one line each.
    """
    damaged: list[str] = []
    for path in (folder / FILE, folder / PREVIOUS):
        if not path.exists():
            continue
        try:
            return _read(path), damaged
        except CheckpointError as error:
            damaged.append(f"{path}: {error}")
    return None, damaged


def drop_checkpoints(folder: Path) -> None:
    """Remove the checkpoints of a run that is over."""
    for name in (FILE, PREVIOUS):
        (folder / name).unlink(missing_ok=True)


def _parts(checkpoint: Checkpoint) -> Iterator[tuple[str, bytes]]:
    yield _FACTS, json.dumps({"format": FORMAT, **checkpoint.facts}, default=_plain).encode()
    for name, values in checkpoint.arrays.items():
        stream = io.BytesIO()
        np.lib.format.write_array(stream, np.ascontiguousarray(values), allow_pickle=False)
        yield f"{name}.npy", stream.getvalue()


def _plain(value: Any) -> Any:
    """A NumPy number as one of Python's."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"a checkpoint cannot hold a {type(value).__name__}")


def _read(path: Path) -> Checkpoint:
    try:
        parts = _whole_parts(path)
        facts = json.loads(parts.pop(_FACTS))
        arrays = {
            name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
            for name, content in parts.items()
        }
    except CheckpointError:
        raise
    except Exception as error:
        # Anything may come of damaged bytes, and whatever it is, the file is of no use.
        raise CheckpointError(f"damaged ({type(error).__name__}: {error})".splitlines()[0]) from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise CheckpointError("of another version of the program, or of another program")
    return Checkpoint(facts, arrays)


def _whole_parts(path: Path) -> dict[str, bytes]:
    """Every part whose digest is right, by name."""
    length = path.stat().st_size
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        packed = any(member.compress_type != zipfile.ZIP_STORED for member in members)
        if packed or sum(member.file_size for member in members) > length:
            # Little on disk must not become much in memory.
            raise CheckpointError("damaged (parts are longer than the file)")
        content = {member.filename: archive.read(member) for member in members}
    digests = json.loads(content.pop(_DIGESTS))
    found = {name: hashlib.blake2b(part, digest_size=32).hexdigest() for name, part in content.items()}
    if found != digests:
        wrong = sorted({name for name, _ in found.items() ^ digests.items()})
        raise CheckpointError(f"damaged ({', '.join(wrong)})")
    return content
