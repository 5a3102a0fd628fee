import numpy as np
import pytest

from solver.materials.hosts import InertHost, MsmrHost
from solver.report.crum import phase_means, reference, transformation_modulus
from solver.report.substances import Substance

E, NU = 190e9, 0.25
BULK, SHEAR = E / 3 / (1 - 2 * NU), E / 2 / (1 + NU)


def substance(misfit: float, volume: float = 0.0, bulk: float = BULK) -> Substance:
    host = MsmrHost((0.0,), (1.0,), (1.0,)) if volume else InertHost()
    return Substance(host, 298.15, 5000.0, 5e4 if volume else 0.0, volume, 1.0, misfit, bulk, SHEAR)


def test_modulus_of_the_inclusion_problem():
    assert transformation_modulus(BULK, SHEAR) == pytest.approx(2 * E / (3 * (1 - NU)), rel=1e-14)


def test_phase_means_agree_with_the_concentric_sphere_of_equal_moduli():
    core, misfit, pressure = 0.7, 0.0241, 760e6
    # Lame: tension P in the core, -P f/(1 - f) in the shell; f is the core's share.
    tension = misfit * (1 - core) / ((1 - core) / (3 * BULK) + core / (3 * BULK) + 1 / (4 * SHEAR))
    layered, rock_salt = phase_means(1 - core, misfit, transformation_modulus(BULK, SHEAR), -pressure)
    assert layered == pytest.approx(tension - pressure, rel=1e-13)
    assert rock_salt == pytest.approx(-tension * core / (1 - core) - pressure, rel=1e-13)


def test_reference_keeps_the_volume_mean_and_follows_the_expansion_of_the_layered_phase():
    phases = {"layered": substance(0.0, 1.35e-6), "rock_salt": substance(0.02)}
    volumes = {"layered": 3.0, "rock_salt": 1.0}
    found = reference(phases, volumes, {"layered": 0.4}, -5e8, chemical=True)
    assert found is not None
    assert 0.75 * found["layered"] + 0.25 * found["rock_salt"] == pytest.approx(-5e8, rel=1e-12)
    gap = 0.02 + 1.35e-6 / 3 * 5e4 * 0.6
    assert found["layered"] - found["rock_salt"] == pytest.approx(2 * E / (3 * (1 - NU)) * gap, rel=1e-12)
    without = reference(phases, volumes, {"layered": 0.4}, -5e8, chemical=False)
    assert without is not None
    assert without["layered"] - without["rock_salt"] == pytest.approx(
        2 * E / (3 * (1 - NU)) * 0.02, rel=1e-12
    )


def test_one_phase_has_no_reference():
    assert reference({"layered": substance(0.0)}, {"layered": 1.0}, {}, 0.0, True) is None


def test_occupancy_under_stress_is_shifted_by_omega_sigma_over_f():
    layered = substance(0.0, 1.35e-6)
    free = layered.occupancy(0.03)
    shifted = layered.occupancy(0.03, 1e9)
    assert layered.occupancy(0.03 - 1.35e-6 * 1e9 / 96485.33212331001) == pytest.approx(shifted, rel=1e-12)
    assert shifted > free
    assert substance(0.01).occupancy(3.0, 1e9) == 0.0
    assert np.isclose(free, 1 / (1 + np.exp(0.03 * 96485.33212331001 / (8.31446261815324 * 298.15))))
