"""Field snapshots: one file for the whole run, whole at any moment.

`fields.vtkhdf` opens in ParaView and PyVista. Each snapshot is added to a copy that then takes the file's
place, by renaming: HDF5 changed in place could not be read after a kill, nor while it is being written.
"""

import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from solver.results.atomic import replacing

FILE = "fields.vtkhdf"
CORNERS = (2, 3, 4)


@dataclass(frozen=True)
class Snapshot:
    """The fields at one moment on exploded linear simplices.

    Every cell has points of its own, so that what jumps across a phase boundary stays a jump.

    Attributes:
        time: Since the protocol began [s].
        step: Number of the protocol step, 0 for the equilibrium before it.
        increment: Accepted increments so far in the run.
        voltage: Cell voltage [V], NaN where none is defined.
        moment: What is shown, in words.
        points: Places in picture coordinates, shape (n, 3) [m].
        cells: Point numbers of each simplex, shape (m, 2..4).
        point_data: Field name to values, shape (n,) or (n, components); SI units.
        cell_data: Field name to values, shape (m,) or (m, components); SI units.
    """

    time: float
    step: int
    increment: int
    voltage: float
    moment: str
    points: NDArray[np.float64]
    cells: NDArray[np.int64]
    point_data: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)
    cell_data: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.points.ndim != 2 or self.points.shape[1] != 3:
            raise ValueError(f"points need shape (n, 3), not {self.points.shape}")
        if self.cells.ndim != 2 or self.cells.shape[1] not in CORNERS:
            raise ValueError(f"cells need shape (m, 2), (m, 3) or (m, 4), not {self.cells.shape}")
        for kind, data, count in (
            ("point", self.point_data, len(self.points)),
            ("cell", self.cell_data, len(self.cells)),
        ):
            for name, values in data.items():
                if len(values) != count:
                    raise ValueError(f"{kind} field {name!r} has {len(values)} values for {count} {kind}s")


class FieldWriter:
    """Writes the snapshots of a run into its folder.

    Args:
        root: The run folder.
        kept: How many snapshots of an existing file stay; None begins anew with the first one.

    Attributes:
        count: Snapshots in the file.

    Raises:
        ValueError: The file holds fewer.
        OSError: It cannot be read or written.
    """

    def __init__(self, root: Path, kept: int | None = None) -> None:
        self._path = root / FILE
        self._mesh = b""
        self.count = kept or 0
        if kept:
            self._cut(kept)

    def _cut(self, kept: int) -> None:
        from solver.results.vtkhdf import cut_snapshots, read_list

        present = len(read_list(self._path))
        if present < kept:
            raise ValueError(f"{self._path}: holds fewer than the {kept} snapshots that were written")
        if present > kept:
            with replacing(self._path) as part:
                shutil.copyfile(self._path, part)
                cut_snapshots(part, kept)

    def write(self, snapshot: Snapshot) -> None:
        """Add one snapshot.

        Args:
            snapshot: The fields, on the mesh and with the names of those before; not earlier than they.

        Raises:
            ValueError: It does not follow those before it; they stay.
            OSError: The disk refused; those before it stay.
        """
        from solver.results.vtkhdf import append_snapshot  # here: a run's other files need no HDF5

        mesh = _digest(snapshot)
        if self._mesh not in (b"", mesh):
            raise ValueError("the mesh of the snapshots changed")
        with replacing(self._path) as part:
            # What a killed process left under the name of the part must not be added to.
            part.unlink(missing_ok=True)
            if self.count:
                shutil.copyfile(self._path, part)
            append_snapshot(part, snapshot)
        self._mesh = mesh
        self.count += 1


def _digest(snapshot: Snapshot) -> bytes:
    found = hashlib.blake2b(np.ascontiguousarray(snapshot.points).data)
    found.update(np.ascontiguousarray(snapshot.cells).data)
    return found.digest()
