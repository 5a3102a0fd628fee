"""Run folders read again: the only door through which reports and comparisons see a run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from solver.results.history import read_table

if TYPE_CHECKING:
    import meshio
    import pyvista

Column = NDArray[np.float64]


class RunReadError(Exception):
    """A path is no readable run folder; the message says what is missing."""


@dataclass(frozen=True)
class SnapshotRecord:
    """One line of the list of snapshots; the fields themselves are read when asked for.

    Attributes:
        file: The VTU file.
        time: Since the protocol began [s].
        step: Number of the protocol step, 0 for the equilibrium before it.
        increment: Accepted increments before it in the run.
        voltage: Cell voltage [V].
        moment: What is shown, in words.
    """

    file: Path
    time: float
    step: int
    increment: int
    voltage: float
    moment: str

    def load(self) -> "pyvista.UnstructuredGrid":
        """The fields as PyVista reads them, points in metres, values in SI units.

        Raises:
            RunReadError: The file holds no unstructured grid.
        """
        import pyvista

        grid = pyvista.read(self.file)
        if not isinstance(grid, pyvista.UnstructuredGrid):
            raise RunReadError(f"{self.file}: no unstructured grid")
        return grid

    def mesh(self) -> "meshio.Mesh":
        """The fields as meshio reads them: plain arrays, without VTK."""
        import meshio

        return meshio.read(self.file)


@dataclass(frozen=True)
class Run:
    """A run folder. Its parts are read when first asked for.

    Attributes:
        path: The folder.
    """

    path: Path

    @cached_property
    def summary(self) -> Mapping[str, Any]:
        """summary.json; empty where the run is still going or was killed."""
        return _json(self.path / "summary.json")

    @cached_property
    def provenance(self) -> Mapping[str, Any]:
        """provenance.json; empty where there is none."""
        return _json(self.path / "provenance.json")

    @cached_property
    def case(self) -> Mapping[str, Any]:
        """The resolved case as plain mappings, lists and scalars, quantities as the text of the file."""
        from ruamel.yaml import YAML

        loaded = YAML(typ="safe", pure=True).load(self.path / "resolved.yaml")
        if not isinstance(loaded, dict):
            raise RunReadError(f"{self.path / 'resolved.yaml'}: no mapping")
        return loaded

    @cached_property
    def table(self) -> Mapping[str, NDArray[np.float64] | NDArray[np.str_]]:
        """history.csv by columns, text columns included."""
        return read_table(self.path / "history.csv")

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
        """All snapshots in the order in which they were written."""
        table = read_table(self.path / "fields" / "snapshots.csv")
        if not table:
            return ()
        folder = self.path / "fields"
        rows = zip(
            *(table[name] for name in ("file", "time [s]", "step", "increment", "voltage [V]", "moment")),
            strict=True,
        )
        return tuple(
            SnapshotRecord(
                folder / str(file),
                float(time),
                int(float(step)),
                int(float(count)),
                float(voltage),
                str(moment),
            )
            for file, time, step, count, voltage, moment in rows
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
        loaded = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise RunReadError(f"{path}: not valid JSON ({error})") from error
    if not isinstance(loaded, dict):
        raise RunReadError(f"{path}: no JSON object")
    return loaded
