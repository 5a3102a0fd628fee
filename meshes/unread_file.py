"""What is looked at before a mesh file is read: its size, and whether it would open other files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import numpy as np

from meshes.mesh_error import MeshError

LARGEST: Final = 1024**3
"""Bytes of the largest file that is read, and of the largest array in one."""
ELSEWHERE: Final = (".xdmf", ".xmf", ".xml", ".ele", ".node")
"""Kinds of files that keep their arrays in files beside them."""
PACKED: Final = (".gz",)
"""Kinds of files that may hold a thousand times their size."""
HDF5: Final = b"\x89HDF\r\n\x1a\n"
INCLUDE: Final = re.compile(rb"^\s*\*include", re.IGNORECASE | re.MULTILINE)


def refuse_unread(path: Path) -> None:
    """Refuse a mesh file that must not be handed to a library as it is.

    Args:
        path: A file that exists.

    Raises:
        MeshError: It is too large, refers to other files, or names arrays that it cannot hold.
        OSError: It cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix in ELSEWHERE:
        raise MeshError(f"{path}: files {suffix} refer to others; write it as .msh or .vtu")
    if suffix in PACKED:
        raise MeshError(f"{path}: is packed; unpack it")
    if path.stat().st_size > LARGEST:
        raise MeshError(f"{path}: larger than {LARGEST // 1024**3} GiB")
    with path.open("rb") as stream:
        begins = stream.read(len(HDF5))
    if begins == HDF5:
        _refuse_hdf5(path)
    elif suffix == ".inp" and INCLUDE.search(path.read_bytes()):
        raise MeshError(f"{path}: includes another file (*INCLUDE); put both in one")


def _refuse_hdf5(path: Path) -> None:
    """Links to elsewhere, values kept elsewhere, and arrays that are larger than the largest file."""
    import h5py

    with h5py.File(path, "r", locking=False) as file:
        groups: list[Any] = [file]
        seen: set[int] = set()
        while groups:
            group = groups.pop()
            place = h5py.h5o.get_info(group.id).addr
            if place in seen:
                continue  # a group may hold itself
            seen.add(place)
            for name in group:
                if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                    raise MeshError(f"{path}: {group.name}/{name} is a link to somewhere else")
                member = group[name]
                if isinstance(member, h5py.Group):
                    groups.append(member)
                elif isinstance(member, h5py.Dataset):
                    _refuse_dataset(path, member)


def _refuse_dataset(path: Path, dataset: Any) -> None:
    if dataset.external is not None or dataset.is_virtual:
        raise MeshError(f"{path}: {dataset.name} is kept in another file")
    size = float(np.prod([float(length) for length in dataset.shape or ()])) * dataset.dtype.itemsize
    if size > LARGEST:
        raise MeshError(f"{path}: {dataset.name} claims {size / 1024**3:.3g} GiB; at most 1")
