"""Whether a file of fields has the layout that a run writes, told before anything of it is read.

HDF5 can name more than it holds: datasets of terabytes that no byte stands behind, links into other files,
values kept elsewhere. Whoever reads such a dataset asks for the memory, or opens the file, that a stranger
names. So the names, kinds, shapes and sizes are looked at first; they cost nothing.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np

from solver.results.history import GREATEST, MOST
from solver.results.vtkhdf import CELL_TYPES, COLUMNS, ROOT, Stored

LARGEST: Final = 1024**3
"""Bytes of the largest array of one moment: the places of ten million tetrahedra that share no corner."""
MOMENTS: Final = 10**6
"""Moments that a file may hold."""
FARTHEST: Final = 1e3
"""Distance from the origin that no particle reaches [m]."""
COMPONENTS: Final = 9
"""Components of a field."""


class LayoutError(Exception):
    """A file that no run wrote; the message says where it differs."""


def check_layout(path: Path) -> None:
    """Refuse a file of fields that cannot be read safely.

    Args:
        path: The file.

    Raises:
        LayoutError: It is of another layout, refers to other files, or holds arrays that are too large.
        OSError: No HDF5 file.
    """
    with h5py.File(path, "r", locking=False) as file:
        root = _group(file, ROOT)
        points, kinds = _dataset(root, "Points", "f", 2), _dataset(root, "Types", "iu", 1)
        ids, table = _dataset(root, "Connectivity", "iu", 1), _group(root, "FieldData")
        _need(points.shape[1] == 3, "Points has other than three columns")
        cells, moments = len(kinds), len(_dataset(table, "step", "iu", 1))
        _need(cells > 0 and len(ids) % cells == 0, "Connectivity and Types do not fit together")
        _need(len(ids) // cells in CELL_TYPES, "cells of a kind that no run writes")
        _need(moments <= MOMENTS, f"more than {MOMENTS:.0e} moments")
        for name in COLUMNS:
            column = _dataset(table, name, "O" if name == "moment" else "f" if "[" in name else "iu", 1)
            _need(len(column) == moments, f"FieldData/{name} has {len(column)} rows for {moments} moments")
        for part, count in (("PointData", len(points)), ("CellData", cells)):
            group = _group(root, part)
            for name in group:
                _dataset(group, name, "fiu", 2, count, moments)


def check_moments(rows: Sequence[Mapping[str, Any]]) -> None:
    """Refuse a list of moments that no run writes.

    Args:
        rows: As `vtkhdf.read_list` gives them.

    Raises:
        LayoutError: A time is not finite, or a number of a step or an increment is none.
    """
    for number, row in enumerate(rows):
        counts = row["step"], row["increment"]
        bounded = abs(row["time [s]"]) <= GREATEST and not abs(row["voltage [V]"]) > GREATEST
        sound = bounded and all(0 <= count <= MOST for count in counts)
        _need(sound, f"moment {number} has no sound time, step and increment")


def check_mesh(stored: Stored) -> None:
    """Refuse a mesh and fields that would lead whoever draws them astray.

    Args:
        stored: What was read of one moment.

    Raises:
        LayoutError: A cell names a point that there is not, a point is far off, or a number is vast.
    """
    _need(bool((np.abs(stored.points) < FARTHEST).all()), "a point is nowhere near a particle")
    _need(bool((np.ptp(stored.points, axis=0) > 0).any()), "all points lie at one place")
    inside = stored.cells.min(initial=0) >= 0 and stored.cells.max(initial=0) < len(stored.points)
    _need(bool(inside), "a cell names a point that there is not")
    for name, values in (*stored.point_data.items(), *stored.cell_data.items()):
        # NaN is a value: that of a field where there is none, as lithium in an inert phase.
        vast = np.abs(np.asarray(values, dtype=np.float64)) > GREATEST
        _need(not vast.any(), f"{name} holds a number larger than any of a run")


def _group(parent: h5py.Group, name: str) -> h5py.Group:
    found = _member(parent, name)
    if not isinstance(found, h5py.Group):
        raise LayoutError(f"{name} is no group")
    return found


def _dataset(
    parent: h5py.Group, name: str, kinds: str, dimensions: int, count: int = 0, moments: int = 1
) -> h5py.Dataset:
    """A dataset of numbers or text; of `count` rows for each of the moments, where a count is given."""
    found = _member(parent, name)
    where = f"{parent.name}/{name}".removeprefix(f"/{ROOT}/")
    if not isinstance(found, h5py.Dataset):
        raise LayoutError(f"{where} is no dataset")
    _need(found.shape is not None and found.dtype.kind in kinds, f"{where} is of another type")
    shape: tuple[int, ...] = found.shape
    _need(found.external is None and not found.is_virtual, f"{where} is kept in another file")
    if count:
        _need(1 <= len(shape) <= dimensions, f"{where} has {len(shape)} dimensions")
        _need(shape[0] == count * moments, f"{where} has {shape[0]} rows for {moments} moments of {count}")
        _need(shape[-1] <= COMPONENTS or len(shape) == 1, f"{where} has {shape[-1]} components")
    else:
        _need(len(shape) == dimensions, f"{where} has {len(shape)} dimensions")
    size = int(np.prod([float(length) for length in shape])) * found.dtype.itemsize / max(1, moments)
    _need(size <= LARGEST, f"{where} holds {size / 1024**3:.3g} GiB a moment; at most 1")
    return found


def _member(parent: h5py.Group, name: str) -> Any:
    link = parent.get(name, getlink=True)
    if link is None:
        raise LayoutError(f"{name} is missing")
    if not isinstance(link, h5py.HardLink):
        raise LayoutError(f"{name} is a link to somewhere else")
    return parent[name]


def _need(right: bool, otherwise: str) -> None:
    if not right:
        raise LayoutError(otherwise)
