"""The layout of `fields.vtkhdf`: all snapshots of a run as one temporal unstructured grid of VTKHDF.

The mesh is stored once. Snapshot k of a field of n values occupies rows k n to (k + 1) n of one compressed
dataset, in a chunk of its own, so that a snapshot is written and read without touching the others.
`FieldData` has one row for every snapshot: when it was and what it shows. `Steps` lists what viewers offer:
of snapshots at one time (a step that ended at once) the last, while all stay readable here.

Format: VTKHDF 2.2, docs.vtk.org, "VTKHDF file format", temporal UnstructuredGrid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from solver.results.fields import Snapshot

ROOT = "VTKHDF"
# VTK's numbers of a line, a triangle and a tetrahedron, by corners.
CELL_TYPES = {2: 3, 3: 5, 4: 10}
# Readable by every HDF5 since 1.10, and with it by the viewers in use.
LIBRARY = ("v110", "v110")
# Doubles shrink by a third at most, and higher levels of compression gain nothing on them.
PACKED = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
# Rows of a small table that are stored together.
ROWS = 32

# Columns of the list of snapshots. VTK reads text of this kind only, and takes its bytes for UTF-8.
COLUMNS: Mapping[str, Any] = {
    "time [s]": np.float64,
    "step": np.int64,
    "increment": np.int64,
    "voltage [V]": np.float64,
    "moment": h5py.string_dtype("ascii"),
}


@dataclass(frozen=True)
class Stored:
    """The fields of one snapshot as stored: the arrays of `Snapshot` of the same names."""

    points: NDArray[np.float64]
    cells: NDArray[np.int64]
    point_data: Mapping[str, NDArray[np.generic]]
    cell_data: Mapping[str, NDArray[np.generic]]


def append_snapshot(path: Path, snapshot: "Snapshot") -> None:
    """Add a snapshot to a file, in place: whoever may be interrupted or read along works on a copy.

    Args:
        path: The file; made where it is missing.
        snapshot: The fields, on the mesh and with the names of those before; not earlier than they.

    Raises:
        ValueError: The names or shapes of the fields changed, or time went backwards.
        OSError: The disk refused.
    """
    # No file that somebody else reads is ever opened for writing: a lock could only fail where none exist.
    with h5py.File(path, "a", libver=LIBRARY, locking=False) as file:
        root = file[ROOT] if ROOT in file else _begin(file, snapshot)
        _check_fields(root, snapshot)
        for kind, data in (("PointData", snapshot.point_data), ("CellData", snapshot.cell_data)):
            for name, values in data.items():
                _extend(root[kind][name], np.asarray(values))
        row = {
            "time [s]": snapshot.time,
            "step": snapshot.step,
            "increment": snapshot.increment,
            "voltage [V]": snapshot.voltage,
            "moment": snapshot.moment.encode(),
        }
        count = len(root["FieldData"]["step"])
        for name, value in row.items():
            _extend(root["FieldData"][name], [value])
        _show(root, count, float(snapshot.time))


def cut_snapshots(path: Path, kept: int) -> None:
    """Leave a file its first snapshots, in place.

    Args:
        path: The file.
        kept: How many, at least one and no more than there are.

    Raises:
        OSError: No HDF5 file, or the disk refused.
        KeyError: A file of another layout.
    """
    with h5py.File(path, "r+", libver=LIBRARY, locking=False) as file:
        root = file[ROOT]
        sizes = {"PointData": len(root["Points"]), "CellData": len(root["Types"]), "FieldData": 1}
        for part, size in sizes.items():
            for dataset in root[part].values():
                dataset.resize(kept * size, axis=0)
        root["Steps"].visititems(lambda _, item: item.resize(0, axis=0) if hasattr(item, "resize") else None)
        root["Steps"].attrs["NSteps"] = 0
        for number, time in enumerate(root["FieldData"]["time [s]"][()].tolist()):
            _show(root, number, time)


def read_list(path: Path) -> list[dict[str, Any]]:
    """What each snapshot shows, in the order of writing.

    Args:
        path: The file.

    Returns:
        One mapping with the keys of `COLUMNS` for each snapshot; its place is the number for `read_snapshot`.

    Raises:
        OSError: No HDF5 file.
        KeyError: A file of another layout.
    """
    with h5py.File(path, "r", locking=False) as file:
        data = file[ROOT]["FieldData"]
        columns = [data[name][()].tolist() for name in COLUMNS]
    rows = [dict(zip(COLUMNS, values, strict=True)) for values in zip(*columns, strict=True)]
    return [{**row, "moment": row["moment"].decode()} for row in rows]


def read_snapshot(path: Path, number: int) -> Stored:
    """The mesh and the fields of one snapshot; nothing of the others is read.

    Args:
        path: The file.
        number: Which snapshot, counted from 0 in the order of writing.

    Raises:
        OSError: No HDF5 file.
        KeyError: A file of another layout, or no such snapshot.
    """
    with h5py.File(path, "r", locking=False) as file:
        root = file[ROOT]
        if not 0 <= number < len(root["FieldData"]["step"]):
            raise KeyError(f"no snapshot {number}")
        points, kinds = root["Points"][()], root["Types"][()]

        def rows(kind: str, count: int) -> dict[str, NDArray[np.generic]]:
            return {name: data[number * count : (number + 1) * count] for name, data in root[kind].items()}

        return Stored(
            points=points,
            cells=root["Connectivity"][()].reshape(len(kinds), -1),
            point_data=rows("PointData", len(points)),
            cell_data=rows("CellData", len(kinds)),
        )


def _begin(file: h5py.File, snapshot: "Snapshot") -> h5py.Group:
    """The mesh, and everything that grows, still empty."""
    root = file.create_group(ROOT)
    root.attrs["Version"] = np.array([2, 2])
    kind = b"UnstructuredGrid"
    root.attrs.create("Type", kind, dtype=h5py.string_dtype("ascii", len(kind)))
    count, corners = snapshot.cells.shape
    for name, number in (
        ("NumberOfPoints", len(snapshot.points)),
        ("NumberOfCells", count),
        ("NumberOfConnectivityIds", snapshot.cells.size),
    ):
        root[name] = np.array([number])
    for name, values in (
        ("Points", np.asarray(snapshot.points, dtype=np.float64)),
        ("Connectivity", np.asarray(snapshot.cells, dtype=np.int64).ravel()),
        ("Offsets", np.arange(0, snapshot.cells.size + 1, corners)),
        ("Types", np.full(count, CELL_TYPES[corners], dtype=np.uint8)),
    ):
        root.create_dataset(name, data=values, chunks=values.shape, **PACKED)
    steps = root.create_group("Steps")
    steps.attrs["NSteps"] = 0
    _grows(steps, "Values", np.float64)
    for name in ("NumberOfParts", "PartOffsets", "PointOffsets"):
        _grows(steps, name, np.int64)
    for name in ("CellOffsets", "ConnectivityIdOffsets"):
        _grows(steps, name, np.int64, 1)
    for part, data in (("PointData", snapshot.point_data), ("CellData", snapshot.cell_data)):
        group = root.create_group(part)
        steps.create_group(f"{part}Offsets")
        for name, field in data.items():
            group.create_dataset(
                name,
                shape=(0, *field.shape[1:]),
                maxshape=(None, *field.shape[1:]),
                chunks=field.shape,
                dtype=field.dtype,
                **PACKED,
            )
            _grows(steps, f"{part}Offsets/{name}", np.int64)
    table = root.create_group("FieldData")
    for name, dtype in COLUMNS.items():
        _grows(table, name, dtype)
        _grows(steps, f"FieldDataOffsets/{name}", np.int64)
        _grows(steps, f"FieldDataSizes/{name}", np.int64, 2)
    return root


def _check_fields(root: h5py.Group, snapshot: "Snapshot") -> None:
    for kind, data in (("PointData", snapshot.point_data), ("CellData", snapshot.cell_data)):
        stored = {name: dataset.chunks for name, dataset in root[kind].items()}
        given = {name: np.shape(values) for name, values in data.items()}
        if stored != given:
            raise ValueError(f"the fields of the snapshots changed: {given} after {stored}")


def _show(root: h5py.Group, number: int, time: float) -> None:
    """Let viewers show snapshot `number` at its time, in place of an earlier one at the same time."""
    steps = root["Steps"]
    times = np.unique(steps["Values"])
    at = int(np.searchsorted(times, time))
    if times.size and time < times[-1]:
        raise ValueError(f"a snapshot of {time} s follows one of {times[-1]} s")
    # VTK takes a file of a single step for one without time and reads the first rows of everything. Where
    # these are not the ones to be shown, the step is listed twice, until another time follows.
    places = (0, 1) if at == 0 and number > 0 else (at,)
    sizes = {"PointData": len(root["Points"]), "CellData": len(root["Types"]), "FieldData": 1}
    for place in places:
        _put(steps["Values"], place, time)
        _put(steps["NumberOfParts"], place, 1)
        for name in ("PartOffsets", "PointOffsets", "CellOffsets", "ConnectivityIdOffsets"):
            _put(steps[name], place, 0)
        for part, size in sizes.items():
            for dataset in steps[f"{part}Offsets"].values():
                _put(dataset, place, number * size)
        for dataset in steps["FieldDataSizes"].values():
            _put(dataset, place, 1)  # one component, one tuple
    steps.attrs["NSteps"] = places[-1] + 1


def _grows(group: h5py.Group, name: str, dtype: Any, *width: int) -> None:
    """An empty table of numbers or text, shape (0,) or (0, width)."""
    group.create_dataset(name, shape=(0, *width), maxshape=(None, *width), chunks=(ROWS, *width), dtype=dtype)


def _extend(dataset: h5py.Dataset, values: Any) -> None:
    begin = len(dataset)
    dataset.resize(begin + len(values), axis=0)
    dataset[begin:] = values


def _put(dataset: h5py.Dataset, row: int, value: float) -> None:
    """Set a row, making the table longer by one where it is the next."""
    if row == len(dataset):
        dataset.resize(row + 1, axis=0)
    dataset[row] = value
