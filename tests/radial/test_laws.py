"""Every compiled law beside the NumPy function that defines it."""

import numpy as np
import pytest

from solver.discretisation.media import Media, Region
from solver.materials.elimination import eliminate
from solver.materials.hosts import DiluteHost, Host, InertHost, MsmrHost
from solver.materials.mobility import content_factor
from solver.radial import elimination as compiled_elimination
from solver.radial import laws, line
from solver.radial.tables import DIFFUSIVITY_KINDS, Laws

MSMR = MsmrHost((-3.1, 0.4, 2.2, 7.0), (0.3, 0.35, 0.25, 0.1), (3.9, 1.1, 0.6, 0.2))
HOSTS = [MSMR, DiluteHost(1.7), InertHost()]
KAPPAS = [3.4, 7.9, 0.0]
Y = np.concatenate([np.linspace(-60.0, 60.0, 301), [-300.0, 300.0]])


class _Phase:
    def __init__(self, host: Host, kind: str) -> None:
        self.host, self.diffusivity_kind = host, kind


def tables(kind: str = "tracer") -> Laws:
    nowhere = np.zeros(0, dtype=np.int32)
    regions = tuple(
        Region(f"phase {k}", _Phase(host, kind), kappa, nowhere)
        for k, (host, kappa) in enumerate(zip(HOSTS, KAPPAS, strict=True))
    )
    return line._laws(Media(regions, np.zeros((0, 42))))


@pytest.mark.parametrize("number", range(len(HOSTS)))
def test_hosts(number: int) -> None:
    host, table = HOSTS[number], tables()
    found = np.array([laws.occupy(table, number, y) for y in Y])
    for column, function in enumerate((host.occupancy, host.slope, host.curvature)):
        wanted = function(Y)
        # The curvature cancels between the sites: absolute, on its own scale.
        size = 1e-14 * np.max(np.abs(wanted)) if column == 2 else 0.0
        assert found[:, column] == pytest.approx(wanted, rel=2e-14, abs=size)


@pytest.mark.parametrize("number", [0, 1])
def test_the_third_derivative_is_that_of_the_curvature(number: int) -> None:
    host, table, y, step = HOSTS[number], tables(), np.linspace(-8.0, 8.0, 41), 1e-4
    found = np.array([laws.occupy(table, number, value)[3] for value in y])
    wanted = (host.curvature(y + step) - host.curvature(y - step)) / (2.0 * step)
    assert found == pytest.approx(wanted, rel=1e-6, abs=1e-6 * np.max(np.abs(wanted)))


@pytest.mark.parametrize("kind", DIFFUSIVITY_KINDS)
@pytest.mark.parametrize("number", range(len(HOSTS)))
def test_content_factors(kind: str, number: int) -> None:
    host = HOSTS[number]
    wanted = content_factor(kind, host, Y)
    states = zip(host.occupancy(Y), host.slope(Y), host.curvature(Y), strict=True)
    found = np.array([laws.content_factor(DIFFUSIVITY_KINDS[kind], *state) for state in states])
    assert found[:, 0] == pytest.approx(wanted[0], rel=1e-14)
    assert found[:, 1] == pytest.approx(wanted[1], rel=1e-14)
    if number == 0:
        assert len(np.unique(found[:, 1] == 0.0)) == 2  # the floor acts at some, not at all


@pytest.mark.parametrize("number", range(len(HOSTS)))
@pytest.mark.parametrize("away", [0.0, 1e-9, 1e-3, 0.7, 40.0, -40.0, np.nan])
def test_elimination_from_any_guess(number: int, away: float) -> None:
    table = tables()
    b = np.linspace(-30.0, 45.0, 601)
    root = eliminate(HOSTS[number], KAPPAS[number], b)
    guesses = np.nan_to_num(root.y + away, nan=1e6)
    found = np.array(
        [compiled_elimination.eliminate(table, number, *pair) for pair in zip(b, guesses, strict=True)]
    )
    assert found[:, 0].all()
    assert found[:, 1] == pytest.approx(root.y, rel=1e-14, abs=1e-13)
    assert found[:, 2] == pytest.approx(root.occupancy, rel=1e-12)
    assert found[:, 3] / (1.0 + KAPPAS[number] * found[:, 3]) == pytest.approx(root.response, rel=1e-12)


def test_charge_transfer() -> None:
    anodic, cathodic, eta, step = 0.4, 0.7, np.linspace(-6.0, 6.0, 41), 1e-5

    def wanted(x: np.ndarray) -> np.ndarray:
        return np.exp(anodic * x) - np.exp(-cathodic * x)

    found = np.array([laws.butler_volmer(anodic, cathodic, x) for x in eta])
    assert found[:, 0] == pytest.approx(wanted(eta), rel=1e-14)
    slopes = (wanted(eta + step) - wanted(eta - step)) / (2.0 * step)
    assert found[:, 1] == pytest.approx(slopes, rel=1e-8)


def test_exchange_current_over_occupancy() -> None:
    theta, step = np.linspace(0.01, 0.99, 99), 1e-6
    found = np.array([laws.concentration_factor(value) for value in theta])
    assert found[:, 0] == pytest.approx(np.sqrt(theta * (1.0 - theta)) / 0.5, rel=1e-14)
    above = np.array([laws.concentration_factor(value + step)[0] for value in theta])
    below = np.array([laws.concentration_factor(value - step)[0] for value in theta])
    assert found[:, 1] == pytest.approx((above - below) / (2.0 * step), rel=1e-6, abs=1e-8)
    assert laws.concentration_factor(-0.1) == (2e-4, 0.0)
    assert laws.concentration_factor(1.0) == (2e-4, 0.0)
