"""Run folders read again: the only door through which reports and comparisons see a run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from solver.results.bounded import TooLargeError, read_bounded
from solver.results.fields import FILE
from solver.results.history import TableError, read_table
from solver.results.resolved_case import ResolvedError, read_resolved
from solver.results.sound_summary import damage_of

if TYPE_CHECKING:
    import pyvista

Column = NDArray[np.float64]

LARGEST_TEXT: Final = 64 * 1024**2
"""Bytes of the largest JSON file that is read."""
DAMAGE: Final = (OSError, KeyError, ValueError, TypeError, RuntimeError, AttributeError, MemoryError)
"""What h5py raises over a damaged file, by what was hit first."""


class RunReadError(Exception):
    """A path is no readable run folder; the message says what is missing."""


@dataclass(frozen=True)
class SnapshotRecord:
    """One line of the list of snapshots; the fields themselves are read when asked for.

    Attributes:
        file: The file of all snapshots of the run.
        number: Its place in that file, counted from 0 in the order of writing.
        time: Since the protocol began [s].
        step: Number of the protocol step, 0 for the equilibrium before it.
        increment: Accepted increments before it in the run.
        voltage: Cell voltage [V].
        moment: What is shown, in words.
    """

    file: Path
    number: int
    time: float
    step: int
    increment: int
    voltage: float
    moment: str

    def load(self) -> "pyvista.UnstructuredGrid":
        """The fields as PyVista reads them, points in metres, values in SI units.

        Raises:
            RunReadError: The file holds no such snapshot, or is damaged.
        """
        import pyvista

        from solver.results.sound_fields import LayoutError, check_layout, check_mesh
        from solver.results.vtkhdf import CELL_TYPES, read_snapshot

        try:
            check_layout(self.file)
            stored = read_snapshot(self.file, self.number)
            check_mesh(stored)
        except (LayoutError, *DAMAGE) as error:
            raise RunReadError(f"{self.file}: snapshot {self.number} is not readable ({error})") from error
        kind = CELL_TYPES[stored.cells.shape[1]]
        grid = pyvista.UnstructuredGrid({kind: stored.cells}, stored.points)
        for name, values in stored.point_data.items():
            grid.point_data[name] = values
        for name, values in stored.cell_data.items():
            grid.cell_data[name] = values
        return grid


@dataclass(frozen=True)
class Run:
    """A run folder. Its parts are read when first asked for.

    Attributes:
        path: The folder.
    """

    path: Path

    @cached_property
    def summary(self) -> Mapping[str, Any]:
        """summary.json; empty where the run is still going or was killed.

        Raises:
            RunReadError: It is no JSON, or no run wrote it.
        """
        path = self.path / "summary.json"
        summary = _json(path)
        found = damage_of(summary)
        if found is not None:
            raise RunReadError(f"{path}: {found[0]} {found[1]}")
        return summary

    @cached_property
    def provenance(self) -> Mapping[str, Any]:
        """provenance.json; empty where there is none."""
        return _json(self.path / "provenance.json")

    @cached_property
    def case(self) -> Mapping[str, Any]:
        """The resolved case as plain mappings, lists and scalars, quantities as the text of the file.

        Raises:
            RunReadError: The file is no case.
        """
        try:
            return read_resolved(self.path / "resolved.yaml")
        except ResolvedError as error:
            raise RunReadError(str(error)) from error

    @cached_property
    def table(self) -> Mapping[str, NDArray[np.float64] | NDArray[np.str_]]:
        """history.csv by columns, text columns included.

        Raises:
            RunReadError: It is no table, or damaged.
        """
        try:
            return read_table(self.path / "history.csv")
        except TableError as error:
            raise RunReadError(str(error)) from error

    @cached_property
    def history(self) -> Mapping[str, Column]:
        """The numeric columns of history.csv, each of shape (rows,), named `name [unit]`."""
        return {
            name: np.asarray(values, dtype=np.float64)
            for name, values in self.table.items()
            if values.dtype.kind == "f"
        }

    @cached_property
    def snapshots(self) -> tuple[SnapshotRecord, ...]:
        """All snapshots in the order in which they were written; none where there is no file yet.

        Raises:
            RunReadError: The file is no file of fields.
        """
        file = self.path / FILE
        if not file.exists():
            return ()
        from solver.results.sound_fields import LayoutError, check_layout, check_moments
        from solver.results.vtkhdf import read_list

        try:
            check_layout(file)
            rows = read_list(file)
            check_moments(rows)
        except (LayoutError, *DAMAGE) as error:
            raise RunReadError(f"{file}: not readable as fields ({error})") from error
        return tuple(
            SnapshotRecord(
                file=file,
                number=number,
                time=row["time [s]"],
                step=row["step"],
                increment=row["increment"],
                voltage=row["voltage [V]"],
                moment=row["moment"],
            )
            for number, row in enumerate(rows)
        )

    @property
    def status(self) -> str:
        """Status of the summary, or `unfinished` where there is no summary."""
        return str(self.summary.get("status", "unfinished"))

    @property
    def name(self) -> str:
        """Name of the case."""
        return str(self.summary.get("name") or self.case.get("name") or self.path.name)

    @property
    def architecture(self) -> str:
        """`liquid` or `solid`: the label of the case."""
        return str(self.summary.get("architecture") or self.case.get("architecture") or "")

    @property
    def dimension(self) -> str:
        """The kinematics: spherical, axisymmetric, generalised_plane_strain, plane_strain or 3d."""
        return str(self.summary.get("dimension") or self.case.get("geometry", {}).get("dimension") or "")

    def equilibrium(self) -> SnapshotRecord | None:
        """The snapshot before the protocol, or None."""
        return next((record for record in self.snapshots if record.step == 0), None)

    def final(self) -> SnapshotRecord | None:
        """The last snapshot, or None."""
        return self.snapshots[-1] if self.snapshots else None

    def end_of_step(self, step: int) -> SnapshotRecord | None:
        """The last snapshot of protocol step `step`, counted from 1, or None."""
        return next((record for record in reversed(self.snapshots) if record.step == step), None)


def read_run(path: Path) -> Run:
    """Open a run folder for reading, whatever became of the run.

    Args:
        path: The folder.

    Returns:
        The run.

    Raises:
        RunReadError: There is no such folder, or it lacks the case of a run.
    """
    path = Path(path)
    if not path.is_dir():
        raise RunReadError(f"{path}: no such folder")
    if not (path / "resolved.yaml").is_file():
        raise RunReadError(f"{path}: no run folder (resolved.yaml is missing)")
    return Run(path)


def _json(path: Path) -> Mapping[str, Any]:
    try:
        loaded = json.loads(read_bounded(path, LARGEST_TEXT))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise RunReadError(f"{path}: cannot be read ({error.strerror})") from error
    except TooLargeError as error:
        raise RunReadError(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise RunReadError(f"{path}: not valid JSON ({error})") from error
    if not isinstance(loaded, dict):
        raise RunReadError(f"{path}: no JSON object")
    return loaded
