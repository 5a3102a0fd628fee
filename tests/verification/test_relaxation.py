"""A closed sphere forgets a small disturbance at a rate that stress and the mobility law set."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run, relative

SOLID = exact.Solid(139e9, 0.26)
CAPACITY, VOLUME, DIFFUSIVITY, OCCUPANCY = 47e3, 2.9e-6, 2.1e-15, 0.37
UNIT_TIME = cases.RADIUS**2 / DIFFUSIVITY
SLOWEST = float(series.diffusion_roots(1)[0]) ** 2
"""l^2 of the first root of tan l = l: 20.19."""

Runner = Callable[[Any], Run]
STIFFENING = exact.stress_stiffening(SOLID, VOLUME, cases.TEMPERATURE) * CAPACITY * OCCUPANCY
LAWS = [
    ("lattice_gas", "ideal", False, 1.0),
    ("lattice_gas", "ideal", True, 1.0 + STIFFENING * (1.0 - OCCUPANCY)),
    ("chemical", "ideal", True, 1.0 + STIFFENING * (1.0 - OCCUPANCY)),
    ("tracer", "ideal", True, 1.0 / (1.0 - OCCUPANCY) + STIFFENING),
    ("tracer", "dilute", True, 1.0 + STIFFENING),
]
"""Kind of diffusivity, host, whether stress enters the potential, and D_eff/D of the linearised problem."""


def decay(times: npt.NDArray[np.float64], values: npt.NDArray[np.float64]) -> float:
    """Rate k of the best a + b exp(-k t)."""

    def misfit(rate: float) -> float:
        basis = np.column_stack([np.ones_like(times), np.exp(-rate * (times - times[0]))])
        found, *_ = np.linalg.lstsq(basis, values, rcond=None)
        return float(np.linalg.norm(basis @ found - values))

    low, high = 5.0 / (times[-1] - times[0]) * 0.1, 100.0 / (times[-1] - times[0])
    for _ in range(6):
        rates = np.linspace(low, high, 61)
        best = int(np.argmin([misfit(rate) for rate in rates]))
        low, high = rates[max(best - 1, 0)], rates[min(best + 1, 60)]
    return 0.5 * float(low + high)


@pytest.mark.parametrize(("kind", "host", "coupled", "factor"), LAWS)
def test_slowest_rate(run: Runner, kind: str, host: str, coupled: bool, factor: float) -> None:
    wanted = SLOWEST * DIFFUSIVITY * factor / cases.RADIUS**2
    law = {"ideal": cases.ideal, "dilute": cases.dilute}[host](3.8)
    layered = cases.lithium(SOLID, law, CAPACITY, VOLUME, (kind, DIFFUSIVITY), reference=OCCUPANCY)
    case = cases.case(
        "relaxation",
        cases.core_shell("spherical", 0.0, (50e-9, 50e-9)),
        {"layered": layered},
        {"occupancy": OCCUPANCY},
        [
            cases.drive("current_density", 0.02, 0.3 / wanted),
            {"drive": "rest", "for": f"{7.0 / wanted!r} s"},
        ],
        surface={"exchange_current_density": "1.7 A/m^2"},
        couplings={"stress_in_potential": coupled},
        numerics={"tolerance": 1e-2, "max_increment": f"{0.04 / wanted!r} s"},
    )
    history = run(case).history
    rest = history["step"] == 2
    times, values = history["time [s]"][rest], history["open_circuit_part [V]"][rest]
    late = times > times[0] + 3.8 / wanted  # the second mode is three times as fast
    assert relative(decay(times[late], values[late]), wanted) < 2e-3
