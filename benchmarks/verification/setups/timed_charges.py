"""A charge of given duration, whose voltage is set beside finite volumes: what remains is error of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from benchmarks.verification.exact.radial_volumes import RadialVolumes
from benchmarks.verification.page import Dimension, Workbench
from benchmarks.verification.setups import cases, twins
from benchmarks.verification.setups.running import Run

CURRENT, DURATION = 0.31, 11000.0
"""Anodic current [A/m^2] and its duration [s]."""
FINE = 50e-9
"""Cell size of spheres [m]: the mesh then costs a few microvolts."""
CELLS, ACCURACY = 400, 1e-10
"""Finite volumes, and the relative error of their time steps."""


@dataclass(frozen=True)
class Timed:
    """A charge as it was computed, and how far its voltage was off at every increment.

    Attributes:
        run: the run.
        times: ends of the increments [s].
        off: deviation of the voltage [V].
    """

    run: Run
    times: Any
    off: Any

    @property
    def increments(self) -> int:
        """How many there were."""
        return len(self.times)

    def worst(self, share: float) -> float:
        """Largest deviation after a share of the duration [V]."""
        return float(np.max(self.off[self.times >= share * DURATION]))


def charge(
    bench: Workbench, numerics: Mapping[str, Any], dimension: Dimension = "spherical", size: float = FINE
) -> Run:
    """The charge with given `numerics` on cells of a size [m]."""
    steps = [cases.drive("current_density", CURRENT, DURATION)]
    return bench.run(twins.PLAIN.case("timed", dimension, steps, (size, size), numerics=dict(numerics)))


@cache
def _volumes() -> RadialVolumes:
    return twins.PLAIN.volumes(cells=CELLS)


def timed(bench: Workbench, numerics: Mapping[str, Any]) -> Timed:
    """The charge of a sphere beside its finite volumes."""
    run = charge(bench, numerics)
    times, voltage = run.history["time [s]"], run.history["voltage [V]"]
    program = _volumes()
    start = program.uniform(twins.PLAIN.occupancy)
    wanted = program.march(start, times, current=CURRENT, accuracy=ACCURACY).voltage
    return Timed(run, times[1:], np.abs(voltage - wanted)[1:])
