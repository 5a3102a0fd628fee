"""Occupancy laws: the inverse, the slopes, the limits."""

import numpy as np
import pytest

from solver.materials.hosts import DiluteHost, Host, InertHost, MsmrHost

LATTICE_GAS = MsmrHost((-150.0,), (1.0,), (1.0,))
# Narrow and wide sites, far apart and close together.
LAYERED = MsmrHost((-175.0, -155.2, -146.0, -139.0), (0.30, 0.25, 0.35, 0.10), (4.9, 2.8, 1.1, 0.35))
HOSTS = {"lattice gas": LATTICE_GAS, "several sites": LAYERED, "dilute": DiluteHost(-120.0)}


@pytest.fixture(params=HOSTS, ids=str)
def host(request: pytest.FixtureRequest) -> Host:
    return HOSTS[request.param]


def test_potential_inverts_occupancy(host: Host) -> None:
    theta = np.concatenate([np.logspace(-12, -1, 23), np.linspace(0.1, 0.9, 17), 1 - np.logspace(-1, -9, 17)])
    y = host.potential(theta)
    # What one unit in the last place of y makes of theta bounds what any inverse can promise.
    allowed = 4e-16 * (theta + np.abs(y) * host.slope(y)) * 4
    assert np.all(np.abs(host.occupancy(y) - theta) <= allowed)


def test_potential_keeps_the_shape() -> None:
    theta = np.full((3, 2, 4), 0.37)
    assert LAYERED.potential(theta).shape == theta.shape
    assert LAYERED.occupancy(theta).shape == theta.shape
    assert np.ndim(LAYERED.potential(np.array(0.37))) == 0


def test_the_lattice_gas_has_its_closed_form() -> None:
    theta = np.linspace(0.01, 0.99, 50)
    exact = -150.0 + np.log(theta / (1 - theta))
    np.testing.assert_allclose(LATTICE_GAS.potential(theta), exact, rtol=1e-14)
    y = LATTICE_GAS.potential(theta)
    np.testing.assert_allclose(LATTICE_GAS.slope(y), theta * (1 - theta), rtol=1e-11)
    np.testing.assert_allclose(
        LATTICE_GAS.curvature(y), theta * (1 - theta) * (1 - 2 * theta), rtol=1e-11, atol=1e-13
    )


def test_slopes_are_those_of_finite_differences(host: Host) -> None:
    y = np.linspace(-190.0, -121.0, 300)
    h = 1e-4
    slope = (host.occupancy(y + h) - host.occupancy(y - h)) / (2 * h)
    curvature = (host.slope(y + h) - host.slope(y - h)) / (2 * h)
    for exact, measured in ((host.slope(y), slope), (host.curvature(y), curvature)):
        largest = np.max(np.abs(exact))
        assert largest > 0.0
        # The error is h^2/6 times a third derivative of at most 1/0.35^2 times the largest value.
        np.testing.assert_allclose(measured, exact, rtol=1e-6, atol=1e-7 * largest)


def test_a_bounded_host_stays_between_empty_and_full() -> None:
    y = np.array([-900.0, -400.0, -160.0, 200.0, 700.0])
    for law in (LATTICE_GAS, LAYERED):
        theta = law.occupancy(y)
        assert np.all(theta >= 0.0)
        assert np.all(theta <= 1.0)
        assert theta[1] > 0.0
        assert np.all(np.diff(theta[:4]) > 0.0)
        assert np.all(np.isfinite(law.slope(y)))
        assert np.all(np.isfinite(law.curvature(y)))


def test_the_empty_side_keeps_its_digits() -> None:
    # 1 - theta would lose everything here; theta and the slope must not.
    y = np.array([-300.0, -250.0])
    np.testing.assert_allclose(LATTICE_GAS.occupancy(y), np.exp(y + 150.0), rtol=1e-14)
    full = np.array([-110.0, -100.0])
    np.testing.assert_allclose(LATTICE_GAS.slope(full), np.exp(-(full + 150.0)), rtol=1e-14)


def test_a_shift_moves_the_potentials_and_nothing_else(host: Host) -> None:
    y = np.linspace(-180.0, -125.0, 40)
    np.testing.assert_allclose(host.shifted(-150.0).occupancy(y + 150.0), host.occupancy(y), rtol=1e-12)


def test_a_dilute_host_passes_one_and_stays_finite() -> None:
    host = DiluteHost(-120.0)
    assert host.occupancy(np.array(-119.0)) == pytest.approx(np.e, rel=1e-14)
    assert np.isfinite(host.occupancy(np.array(1e4)))


def test_an_inert_host_holds_nothing() -> None:
    host = InertHost()
    y = np.array([-100.0, 0.0, 3.0])
    assert not host.holds_lithium
    assert not host.occupancy(y).any()
    assert not host.slope(y).any()
    assert host.shifted(2.0) is host
