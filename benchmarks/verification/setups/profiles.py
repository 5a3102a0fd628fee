"""Lithium and stress along the radius at the end of a run, and how far they are from exact profiles."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run
from benchmarks.verification.setups.stress_fields import Stresses, stresses
from solver.results.reader import read_run
from solver.results.vtkhdf import read_snapshot

Array = npt.NDArray[np.float64]

LITHIUM = ("concentration", "occupancy", "chemical_potential")
WANTED: Mapping[str, Any] = {"fields": [*LITHIUM, "stress"]}
"""The `output` of a case whose profiles are to be read."""
SHOWN = 40
"""Most points of a computed profile in a plot."""


@dataclass(frozen=True)
class Profiles:
    """Values in the middle of every cell, those of lithium as the mean over its corners.

    Attributes:
        stress: stresses and places.
        lithium: by name: `concentration` [mol/m^3], `occupancy` [1], `chemical_potential` [J/mol].
    """

    stress: Stresses
    lithium: Mapping[str, Array]

    @property
    def radius(self) -> Array:
        """Distance from the centre [m]."""
        return self.stress.radius

    def off(self, found: Array, wanted: Array) -> float:
        """Root mean square over the body of a deviation."""
        return float(np.sqrt(self.stress.volume @ (found - wanted) ** 2))

    def drawn(self, found: Array, unit: float = 1.0) -> tuple[list[float], list[float]]:
        """Some places, r/R, and the values there over `unit`, for a plot."""
        some = self.stress.sample(SHOWN)
        return (self.radius[some] / cases.RADIUS).tolist(), (found[some] / unit).tolist()


def profiles(run: Run) -> Profiles:
    """Profiles at the end of a run on one rank, whose case had `output` as `WANTED`."""
    stress = stresses(run)
    last = read_run(run.folder).snapshots[-1]
    stored = read_snapshot(last.file, last.number)
    lithium = {
        name: np.asarray(stored.point_data[name], dtype=float)[stored.cells].mean(axis=1) for name in LITHIUM
    }
    return Profiles(stress, lithium)
