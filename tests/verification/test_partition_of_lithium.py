"""Two phases at one chemical potential under different stress share lithium by their potentials."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.pages.diffusion import phase_boundary as page
from benchmarks.verification.pages.diffusion.phase_boundary import STANDARD, VOLUME
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run, relative

Runner = Callable[[Any], Run]


def two_phases(start: dict[str, Any]) -> Any:
    return page.two_phases("spherical", (60e-9, 15e-9), start)


def stresses(occupancies: tuple[float, float]) -> tuple[float, float]:
    return page.stresses("spherical", occupancies)


def equilibrium(voltage: float) -> tuple[float, float]:
    return page.equilibrium("spherical", voltage)


def held_lithium(occupancies: tuple[float, float]) -> float:
    return page.held_lithium("spherical", occupancies)


def check(found: Run, voltage: float) -> None:
    """Occupancies obey their formula with the stresses reported, and all of it is as predicted."""
    assert relative(found.final["voltage_V"], voltage) < 1e-9
    regions = found.final["regions"]
    for name, theta, stress in zip(VOLUME, equilibrium(voltage), stresses(equilibrium(voltage)), strict=True):
        reported = regions[name]["mean_hydrostatic_stress_Pa"]
        potential = found.final["voltage_V"] - VOLUME[name] * reported / exact.FARADAY
        alone = exact.lattice_gas_occupancy(potential, STANDARD[name], cases.TEMPERATURE)
        assert relative(regions[name]["mean_occupancy"], alone) < 1e-7
        assert relative(regions[name]["mean_occupancy"], theta) < 1e-6
        assert relative(reported, stress) < 1e-6


def test_start_by_voltage(run: Runner) -> None:
    check(run(two_phases({"voltage": "3.81 V"})), 3.81)


def test_start_by_occupancy(run: Runner) -> None:
    wanted = 0.55
    voltage = brentq(lambda v: held_lithium(equilibrium(v)) - wanted, 3.6, 4.1, xtol=1e-13)
    check(run(two_phases({"occupancy": wanted})), voltage)


def test_partition_feels_the_stress() -> None:
    """Without the stress the shell would hold another share altogether, so that the checks can fail."""
    core, shell = equilibrium(3.81)
    unstressed = exact.lattice_gas_occupancy(3.81, STANDARD["rock_salt"], cases.TEMPERATURE)
    assert abs(shell - unstressed) > 0.05
    assert np.isfinite(core)


def test_the_less_compressed_phase_takes_more_than_without_stress() -> None:
    core, shell = equilibrium(3.81)
    assert stresses((core, shell))[0] > stresses((core, shell))[1]
    assert core > exact.lattice_gas_occupancy(3.81, STANDARD["layered"], cases.TEMPERATURE)


@pytest.mark.parametrize("coupled", [False, True])
def test_switching_off_the_potential_leaves_the_bare_hosts(run: Runner, coupled: bool) -> None:
    case = two_phases({"voltage": "3.81 V"})
    case["couplings"] = {"stress_in_potential": coupled}
    found = run(case)
    for name in VOLUME:
        bare = exact.lattice_gas_occupancy(3.81, STANDARD[name], cases.TEMPERATURE)
        deviation = relative(found.final["regions"][name]["mean_occupancy"], bare)
        assert deviation > 1e-2 if coupled else deviation < 1e-12
