"""Two phases at one chemical potential under different stress share lithium by their potentials."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq, fsolve

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run, relative

CORE, SHELL = exact.Solid(139e9, 0.25), exact.Solid(203e9, 0.31)
CAPACITY = {"layered": 49e3, "rock_salt": 31e3}
VOLUME = {"layered": 1.4e-6, "rock_salt": 2.2e-6}
STANDARD = {"layered": 3.83, "rock_salt": 3.88}
REFERENCE = {"layered": 1.0, "rock_salt": 0.3}
MISFIT, COHERENCY, PRESSURE, THICKNESS = 0.017, 0.6, 420e6, 0.9e-6
RADII = (cases.RADIUS - THICKNESS, cases.RADIUS)
SHARE = {"layered": (RADII[0] / RADII[1]) ** 3, "rock_salt": 1.0 - (RADII[0] / RADII[1]) ** 3}

Runner = Callable[[Any], Run]


def two_phases(start: dict[str, Any]) -> Any:
    phases = {
        name: cases.lithium(
            solid,
            cases.ideal(STANDARD[name]),
            CAPACITY[name],
            VOLUME[name],
            ("lattice_gas", 2e-15),
            reference=REFERENCE[name],
        )
        for name, solid in (("layered", CORE), ("rock_salt", SHELL))
    }
    phases["rock_salt"]["misfit"] = {"kind": "isotropic", "strain": MISFIT}
    mechanics = {"coherency": COHERENCY, "stack_pressure": f"{PRESSURE!r} Pa"}
    geometry = cases.core_shell("spherical", THICKNESS, (60e-9, 15e-9))
    return cases.case("partition", geometry, phases, start, [], mechanics=mechanics)


def stresses(occupancies: tuple[float, float]) -> tuple[float, float]:
    """Hydrostatic stress of core and shell, each of uniform occupancy; the swelling adds to the misfit."""
    swelling = {
        name: VOLUME[name] / 3.0 * CAPACITY[name] * (theta - REFERENCE[name])
        for name, theta in zip(("layered", "rock_salt"), occupancies, strict=True)
    }
    strain = COHERENCY * MISFIT + swelling["rock_salt"] - swelling["layered"]
    found = exact.coated_sphere(CORE, SHELL, RADII, strain, PRESSURE)
    return found.core, found.shell


def equilibrium(voltage: float) -> tuple[float, float]:
    """Occupancies of core and shell at an open-circuit voltage, with the stress that they make."""

    def excess(occupancies: Any) -> list[float]:
        under = stresses((occupancies[0], occupancies[1]))
        return [
            theta
            - exact.lattice_gas_occupancy(
                voltage - VOLUME[name] * stress / exact.FARADAY, STANDARD[name], cases.TEMPERATURE
            )
            for name, theta, stress in zip(VOLUME, occupancies, under, strict=True)
        ]

    core, shell = fsolve(excess, [0.5, 0.5], xtol=1e-13)
    return float(core), float(shell)


def held_lithium(occupancies: tuple[float, float]) -> float:
    """Lithium over sites."""
    amounts = [CAPACITY[n] * SHARE[n] * theta for n, theta in zip(CAPACITY, occupancies, strict=True)]
    return sum(amounts) / sum(CAPACITY[n] * SHARE[n] for n in CAPACITY)


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
