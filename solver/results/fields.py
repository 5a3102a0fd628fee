"""Field snapshots: one VTU file each, and an index that is whole at any moment.

`fields.pvd` opens in ParaView and PyVista. It is rewritten after every snapshot, by renaming, so a run that
is killed leaves an index of all snapshots that were finished. `fields/snapshots.csv` says what each shows.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from solver.results.atomic import part_of, replace_file
from solver.results.history import HistoryWriter

CELL_NAMES = {2: "line", 3: "triangle", 4: "tetra"}


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
        if self.cells.ndim != 2 or self.cells.shape[1] not in CELL_NAMES:
            raise ValueError(f"cells need shape (m, 2), (m, 3) or (m, 4), not {self.cells.shape}")
        for kind, data, count in (
            ("point", self.point_data, len(self.points)),
            ("cell", self.cell_data, len(self.cells)),
        ):
            for name, values in data.items():
                if len(values) != count:
                    raise ValueError(f"{kind} field {name!r} has {len(values)} values for {count} {kind}s")


class FieldWriter:
    """Writes snapshots into a run folder and keeps their index.

    Args:
        root: The run folder.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._table: HistoryWriter | None = None
        self._count = 0
        # Time -> file: of two snapshots at one time (a step that ended at once) the index keeps the later.
        self._indexed: dict[float, str] = {}

    def write(self, snapshot: Snapshot) -> Path:
        """Write one snapshot, then the index that names it.

        Args:
            snapshot: The fields.

        Returns:
            The VTU file.
        """
        folder = self._root / "fields"
        folder.mkdir(exist_ok=True)
        if self._table is None:
            self._table = HistoryWriter(folder / "snapshots.csv")
        file = folder / f"{self._count:04d}.vtu"
        _write_vtu(file, snapshot)
        self._indexed[float(snapshot.time)] = f"fields/{file.name}"
        replace_file(self._root / "fields.pvd", _index(self._indexed).encode())
        self._table.append(
            {
                "file": file.name,
                "time [s]": float(snapshot.time),
                "step": int(snapshot.step),
                "increment": int(snapshot.increment),
                "voltage [V]": float(snapshot.voltage),
                "moment": snapshot.moment,
            }
        )
        self._count += 1
        return file

    def close(self) -> None:
        """Close the table of snapshots; the index needs no closing."""
        if self._table is not None:
            self._table.close()


def _index(files: Mapping[float, str]) -> str:
    rows = "".join(
        f'    <DataSet timestep="{time!r}" group="" part="0" file={quoteattr(name)}/>\n'
        for time, name in sorted(files.items())
    )
    return (
        '<?xml version="1.0"?>\n'
        '<VTKFile type="Collection" version="0.1" byte_order="LittleEndian">\n'
        f"  <Collection>\n{rows}  </Collection>\n</VTKFile>\n"
    )


def _write_vtu(file: Path, snapshot: Snapshot) -> None:
    import meshio  # here, so that reading run folders does not pay for it

    name = CELL_NAMES[snapshot.cells.shape[1]]
    mesh = meshio.Mesh(
        np.ascontiguousarray(snapshot.points, dtype=np.float64),
        [(name, np.ascontiguousarray(snapshot.cells, dtype=np.int64))],
        point_data={key: np.ascontiguousarray(values) for key, values in snapshot.point_data.items()},
        cell_data={key: [np.ascontiguousarray(values)] for key, values in snapshot.cell_data.items()},
    )
    part = part_of(file)
    meshio.write(part, mesh, file_format="vtu")
    with part.open("rb") as stream:
        os.fsync(stream.fileno())
    part.replace(file)
