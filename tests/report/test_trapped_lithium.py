from types import SimpleNamespace

import numpy as np
import pytest

from solver.constants import FARADAY, GAS_CONSTANT
from solver.materials.hosts import InertHost, MsmrHost
from solver.report.concentric import concentric_means
from solver.report.crum import phase_means, transformation_modulus
from solver.report.substances import Substance
from solver.report.trapped import cut_off_voltage, trapped_lithium

TEMPERATURE = 298.15
THERMAL = GAS_CONSTANT * TEMPERATURE / FARADAY


def ideal(
    standard_potential: float, omega: float = 0.0, bulk: float = 1e11, shear: float = 6e10
) -> Substance:
    host = MsmrHost((-standard_potential / THERMAL,), (1.0,), (1.0,))
    return Substance(host, TEMPERATURE, 5000.0, 5e4, omega, 1.0, 0.0, bulk, shear)


def made_up_run(reason: str, end: float) -> SimpleNamespace:
    """A charge of two phases of equal volume that leaves theta 0.4 and 0.3 at `end` volts."""
    volume = {"volume_m3": 1e-17}
    return SimpleNamespace(
        summary={
            "steps": [{"reason": reason}],
            "equilibrium": {"regions": {"layered": volume, "rock_salt": volume}},
        },
        history={
            "step": np.array([0.0, 1, 1]),
            "capacity [mAh/g]": np.array([0.0, 40, 80]),
            "voltage [V]": np.array([3.6, 3.9, end]),
            "mean_occupancy_layered": np.array([0.9, 0.6, 0.4]),
            "mean_occupancy_rock_salt": np.array([0.9, 0.6, 0.3]),
            "mean_hydrostatic_stress_layered [Pa]": np.array([0.0, 0, 1e9]),
        },
    )


def case(limit: float, stress: bool = True) -> SimpleNamespace:
    until = SimpleNamespace(kind="voltage", value=limit)
    step = SimpleNamespace(drive="c_rate", value=1.0, until=(until,))
    return SimpleNamespace(
        protocol=SimpleNamespace(steps=(step,), reference_potential=0.62),
        couplings=SimpleNamespace(stress_in_potential=stress),
    )


def test_trapped_lithium_is_counted_from_free_equilibrium_at_the_cut_off():
    substances = {"layered": ideal(4.2, omega=1.35e-6), "rock_salt": ideal(4.1)}
    found = trapped_lithium(made_up_run("voltage", 3.68), case(3.68), substances)
    free = 1 / (1 + np.exp((3.68 + 0.62 - 4.2) / THERMAL))
    sites = 5e4 / (2 * 5000.0) * FARADAY / 3600  # half of the mass is the other phase
    layered = found["layered"]
    assert layered.sites == pytest.approx(sites, rel=1e-12)
    assert layered.free_occupancy == pytest.approx(free, rel=1e-12)
    assert layered.total == pytest.approx(sites * (0.4 - free), rel=1e-12)
    assert layered.by_stress > 0  # tension draws lithium in
    assert layered.by_stress + layered.by_time == pytest.approx(layered.total, rel=1e-12)
    assert found["rock_salt"].by_stress == 0.0


def test_stress_holds_nothing_where_it_is_not_in_the_potential():
    substances = {"layered": ideal(4.2, omega=1.35e-6), "rock_salt": ideal(4.1)}
    found = trapped_lithium(made_up_run("voltage", 3.68), case(3.68, stress=False), substances)
    assert found["layered"].by_stress == 0.0


def test_an_inert_phase_traps_nothing():
    inert = Substance(InertHost(), TEMPERATURE, 6800.0, 0.0, 0.0, 1.0, 0.02, 2e11, 1e11)
    found = trapped_lithium(
        made_up_run("voltage", 3.68), case(3.68), {"layered": ideal(4.2), "rock_salt": inert}
    )
    assert set(found) == {"layered"}


def test_a_depleted_charge_counts_from_the_limit_it_did_not_reach():
    assert cut_off_voltage(made_up_run("surface_depleted", 3.9), case(3.68), 1) == 3.68
    assert cut_off_voltage(made_up_run("time", 3.5), case(3.68), 1) == 3.5


def test_concentric_sphere_of_equal_moduli_is_crums_and_keeps_the_volume_mean():
    equal = ideal(4.0)
    modulus = transformation_modulus(equal.bulk, equal.shear)
    found = concentric_means(0.7, 0.02, equal, equal, 5e8)
    assert found == pytest.approx(phase_means(0.3, 0.02, modulus, -5e8), rel=1e-12)
    soft = ideal(4.0, bulk=4e10, shear=2e10)
    core, shell = concentric_means(0.7, 0.02, soft, equal, 5e8)
    assert 0.7 * core + 0.3 * shell == pytest.approx(-5e8, rel=1e-12)
    # The wall between them: both sides have one radial stress and stretch alike along it.
    shear_part = (shell - core) / (4 * equal.shear)
    assert core / (3 * soft.bulk) == pytest.approx(0.02 + shell / (3 * equal.bulk) + shear_part, rel=1e-10)
