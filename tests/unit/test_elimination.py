"""The local problem y + kappa f(y) = b, to round-off whatever the host and b."""

import numpy as np
import pytest

from solver.materials.elimination import LocalSolveError, eliminate
from solver.materials.hosts import DiluteHost, Host, InertHost, MsmrHost

LATTICE_GAS = MsmrHost((0.0,), (1.0,), (1.0,))
SEVERAL = MsmrHost((-25.0, -4.0, 3.0), (0.3, 0.5, 0.2), (4.9, 1.1, 0.2))
DILUTE = DiluteHost(5.0)
HOSTS = {"lattice gas": LATTICE_GAS, "several sites": SEVERAL, "dilute": DILUTE}


def residual(host: Host, kappa: float, b: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Miss in units of the round-off of the terms."""
    theta = host.occupancy(y)
    size = np.finfo(float).eps * (
        np.abs(y) + np.abs(b) + kappa * theta + (1 + kappa * host.slope(y)) * np.abs(y)
    )
    return np.abs(y + kappa * theta - b) / (size + 1e-300)


@pytest.mark.parametrize("name", HOSTS)
@pytest.mark.parametrize("kappa", [0.0, 1e-6, 0.7, 40.0, 3e4])
@pytest.mark.parametrize("start", ["cold", "far"])
def test_the_root_is_met_to_round_off(name: str, kappa: float, start: str) -> None:
    host = HOSTS[name]
    b = np.concatenate([np.linspace(-60.0, 60.0, 241), [-700.0, -300.0, 300.0, 700.0, 2e4]]).reshape(2, -1)
    guess = None if start == "cold" else np.full_like(b, 250.0)
    root = eliminate(host, kappa, b, guess)
    assert root.y.shape == b.shape
    assert residual(host, kappa, b, root.y).max() < 8.0
    np.testing.assert_array_equal(root.occupancy, host.occupancy(root.y))
    flat = root.occupancy.ravel()
    assert np.all(np.diff(flat[:241]) >= 0.0)
    if host.bounded:
        assert np.all((root.occupancy >= 0.0) & (root.occupancy <= 1.0))


def test_lattice_gas_without_stress_is_its_closed_form() -> None:
    b = np.linspace(-30.0, 30.0, 61)
    np.testing.assert_allclose(eliminate(LATTICE_GAS, 0.0, b).occupancy, 1 / (1 + np.exp(-b)), rtol=1e-14)


def test_a_dilute_host_under_stress_has_its_closed_form() -> None:
    from scipy.special import lambertw

    b = np.linspace(-20.0, 20.0, 41)
    kappa = 3.0
    exact = lambertw(kappa * np.exp(b - DILUTE.level)).real / kappa  # ln theta + level + kappa theta = b
    np.testing.assert_allclose(eliminate(DILUTE, kappa, b).occupancy, exact, rtol=1e-12)


@pytest.mark.parametrize("name", HOSTS)
def test_the_response_is_the_derivative(name: str) -> None:
    host, kappa, h = HOSTS[name], 12.0, 1e-5
    b = np.linspace(-25.0, 20.0, 91)
    up, down = eliminate(host, kappa, b + h), eliminate(host, kappa, b - h)
    measured = (up.occupancy - down.occupancy) / (2 * h)
    exact = eliminate(host, kappa, b).response
    np.testing.assert_allclose(measured, exact, rtol=1e-6, atol=1e-9 * exact.max())
    assert exact.max() > 1e-3


def test_an_inert_phase_answers_nothing() -> None:
    root = eliminate(InertHost(), 5.0, np.array([1.0, 2.0]))
    assert not root.occupancy.any()
    assert not root.response.any()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    with pytest.raises(LocalSolveError, match="not finite"):
        eliminate(LATTICE_GAS, 1.0, np.array([0.0, bad]))


def test_a_broken_host_is_noticed() -> None:
    class Broken(MsmrHost):
        def occupancy(self, y: np.ndarray) -> np.ndarray:
            rng = np.random.default_rng(int(1e6 * abs(float(np.sum(y)))) % 2**32)
            return rng.uniform(size=np.shape(y))

    with pytest.raises(LocalSolveError, match="settle"):
        eliminate(Broken((0.0,), (1.0,), (1.0,)), 50.0, np.linspace(-3.0, 3.0, 50))


def test_no_points_are_no_problem() -> None:
    assert eliminate(SEVERAL, 2.0, np.zeros((0, 6))).occupancy.shape == (0, 6)
