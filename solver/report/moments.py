"""One moment of a run: its fields, its picture of the whole particle, and how it is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solver.report.errors import ReportError
from solver.report.fields import Array, Fields
from solver.report.numbers import pressure_words
from solver.report.outlines import Particle
from solver.report.solid import Solid
from solver.report.symmetry import whole
from solver.results.reader import Run, RunReadError, SnapshotRecord


@dataclass(frozen=True)
class Moment:
    """A snapshot of a run, read when asked for.

    Attributes:
        run: the run folder.
        record: which snapshot.
    """

    run: Run
    record: SnapshotRecord

    @cached_property
    def fields(self) -> Fields:
        """The fields of the sector as meshed.

        Raises:
            ReportError: the snapshot's file cannot be read.
        """
        try:
            return Fields.from_grid(self.record.load(), self.run.dimension)
        except (RunReadError, OSError, ValueError, KeyError) as error:
            raise ReportError(f"{self.record.file}: not readable as fields ({error})") from error

    @cached_property
    def particle(self) -> Particle:
        """The whole particle's picture with its lines; of a 3D run its slice in the plane z = 0."""
        return self.solid.cuts[2] if self.in_space else Particle.of(whole(self.fields))

    @cached_property
    def solid(self) -> Solid:
        """The whole particle of a 3D run."""
        return Solid.of(self.fields)

    @property
    def in_space(self) -> bool:
        """Whether the run is of dimension `3d`."""
        return self.run.dimension == "3d"

    def alone(self) -> "Moment":
        """The same moment with nothing read yet: for a loop that is to hold one moment at a time."""
        return Moment(self.run, self.record)

    def values(self, name: str) -> Array:
        """All values of a field [SI], vectors as lengths, shape (k,); none where it was not written."""
        if name in self.fields.point_data:
            return self.fields.point_data[name]
        if name in self.fields.cell_data:
            return np.asarray(np.linalg.norm(self.fields.cell_data[name], axis=-1))
        return np.empty(0)

    def has(self, name: str) -> bool:
        """Whether the run wrote this field."""
        return name in self.fields.point_data or name in self.fields.cell_data

    def is_scalar(self, name: str) -> bool:
        """Whether a field was written at points, with one component."""
        return name in self.fields.point_data and self.fields.point_data[name].ndim == 1

    @property
    def title(self) -> str:
        """The moment in words, with its time and voltage."""
        words = self.record.moment
        if self.record.step > 0:
            words += f"   t = {duration(self.record.time)}"
        if np.isfinite(self.record.voltage):
            words += f"   {self.record.voltage:.3f} V"
        return words


def step_ends(run: Run) -> list[Moment]:
    """The equilibrium and the end of each step, in order: the last snapshot of each."""
    last: dict[int, SnapshotRecord] = {record.step: record for record in run.snapshots}
    return [Moment(run, last[step]) for step in sorted(last)]


def duration(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 120:
        return f"{seconds:.3g} s"
    if seconds < 7200:
        return f"{seconds / 60:.3g} min"
    return f"{seconds / 3600:.3g} h"


def names_of(runs: Sequence[Run]) -> list[str]:
    """Names of some runs; where several have one name, with their folders."""
    names = [run.name for run in runs]
    return [
        name if names.count(name) == 1 else f"{name} ({run.path.name})"
        for name, run in zip(names, runs, strict=True)
    ]


def subtitle(run: Run) -> str:
    """Name, architecture, dimension and stack pressure of a run in one line."""
    parts = [run.name]
    if run.architecture:
        parts.append(f"{run.architecture} cell")
    parts.append(run.dimension.replace("_", " "))
    parts.append(f"stack pressure {stack_pressure(run)}")
    return "  ·  ".join(parts)


def stack_pressure(run: Run) -> str:
    """The stack pressure as the resolved case states it, with the kind of loading."""
    mechanics = run.case.get("mechanics") or {}
    pressure = pressure_words(mechanics.get("stack_pressure", "0 MPa"))
    return pressure + (" (die)" if mechanics.get("loading") == "die" else "")
