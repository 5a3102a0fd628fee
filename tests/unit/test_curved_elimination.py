"""The local problem with a V that changes with lithium: all roots, the one that is kept, its derivatives."""

import numpy as np
import pytest
from scipy.optimize import brentq

from benchmarks.verification.setups import tabulated
from solver.materials import elasticity
from solver.materials.curved_elimination import CurvedElimination
from solver.materials.elasticity import hemisphere, lamellar_stiffness, strain_vector
from solver.materials.elimination import LocalSolveError, eliminate
from solver.materials.hosts import DiluteHost, Host, MsmrHost
from solver.materials.lattice_table import AXES, LatticeTable

HOSTS: dict[str, Host] = {
    "lattice gas": MsmrHost((0.0,), (1.0,), (1.0,)),
    "several sites": MsmrHost((-25.0, -4.0, 3.0), (0.3, 0.5, 0.2), (4.9, 1.1, 0.2)),
    "dilute": DiluteHost(5.0),
}
STIFFNESS = elasticity.trigonal(210e9, 66.5e9, 45.5e9, 147e9, 42e9, 0.0) / (8.314 * 298.0 * 4.9e4)
STRAINS = np.stack([strain_vector(mode) for mode in AXES])
OWN = STRAINS @ STIFFNESS @ STRAINS.T
LAMELLAR = lamellar_stiffness(STIFFNESS, STRAINS, hemisphere(64))


def problem(name: str, table: LatticeTable | None = None) -> CurvedElimination:
    return CurvedElimination(HOSTS[name], table or tabulated.table(), OWN, LAMELLAR)


def states(count: int, size: float = 0.02, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Random chemical potentials and loads by strains of a size."""
    rng = np.random.default_rng(seed)
    strain = rng.uniform(-size, size, (2, count)) + tabulated.table().strain(rng.uniform(0.05, 0.95, count))
    return rng.uniform(-30.0, 15.0, count), OWN @ strain


@pytest.mark.parametrize("name", HOSTS)
def test_every_root_is_found(name: str) -> None:
    local = problem(name)
    mu, load = states(150)
    roots = local.every_root(mu, load)
    grid = np.concatenate(
        [np.linspace(-200.0, 200.0, 20001), local.host.potential(np.linspace(1e-9, 1 - 1e-9, 20001))]
    )
    grid = np.unique(grid)
    several = 0
    for k in range(mu.size):
        args = np.broadcast_to(mu[k], grid.shape), np.broadcast_to(load[:, k, None], (2, grid.size))
        excess = local.excess(grid, *args)[0]
        where = np.flatnonzero((excess[1:] > 0.0) != (excess[:-1] > 0.0))
        found = roots.y[roots.point == k]
        assert len(found) == len(where), k
        several += len(found) > 1
        for y, at in zip(found, where, strict=True):
            wanted = brentq(
                lambda y, k=k: float(local.excess(np.array([y]), mu[k : k + 1], load[:, k : k + 1])[0][0]),
                grid[at], grid[at + 1], xtol=1e-13, rtol=1e-14,
            )  # fmt: skip
            slope = local.excess(np.array([y]), mu[k : k + 1], load[:, k : k + 1])[1][0]
            assert abs(y - wanted) < 1e-11 * (1.0 + abs(y)) / min(1.0, abs(slope)), k
    assert several >= 5


def test_stable_and_unstable_roots_take_turns() -> None:
    mu, load = states(4000)
    roots = problem("lattice gas").every_root(mu, load)
    count = np.bincount(roots.point)
    assert np.all(count % 2 == 1)
    assert count.max() >= 3
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    place = np.arange(roots.y.size) - first[roots.point]
    np.testing.assert_array_equal(roots.stable, place % 2 == 0)
    assert np.all(np.diff(roots.y)[np.diff(roots.point) == 0] > 0.0)


def test_the_pair_next_to_a_fold_is_found() -> None:
    """Roots far closer together than two occupancies of the scan."""
    local = problem("lattice gas")
    mu, load = states(4000)
    roots = local.every_root(mu, load)
    k = int(np.flatnonzero(np.bincount(roots.point) == 3)[0])
    low, middle, _ = roots.y[roots.point == k]
    y = np.linspace(low, middle, 200001)
    level = local.excess(y, np.zeros_like(y), np.broadcast_to(load[:, k, None], (2, y.size)))[0]
    top = level.max()  # the fold: two roots below it, none above
    for gap, wanted in ((1e-7, 3), (-1e-7, 1)):
        found = local.every_root(np.array([top - gap]), load[:, k : k + 1])
        assert found.y.size == wanted
    pair = local.every_root(np.array([top - 1e-7]), load[:, k : k + 1]).y[:2]
    assert 0.0 < pair[1] - pair[0] < 1e-2


def test_of_several_stable_roots_the_nearest_is_kept() -> None:
    local = problem("lattice gas")
    mu, load = states(4000)
    roots = local.every_root(mu, load)
    k = int(np.flatnonzero(np.bincount(roots.point) == 3)[0])
    low, middle, high = roots.y[roots.point == k]
    for guess, wanted in (
        (low + 0.1 * (middle - low), low),
        (high - 0.1 * (high - middle), high),
        (-50.0, low),
    ):
        found = local.solve(mu[k : k + 1], load[:, k : k + 1], np.array([guess]))
        assert found.y[0] == wanted
        assert found.count[0] == 3


@pytest.mark.parametrize("name", HOSTS)
def test_the_response_is_the_derivative(name: str) -> None:
    local, h = problem(name), 1e-6
    mu, load = states(400, 0.004)
    here = local.solve(mu, load)
    up, down = local.solve(mu + h, load, here.y), local.solve(mu - h, load, here.y)
    rows = np.array(tabulated.OCCUPANCY)[:, None]
    smooth = np.all((rows - up.occupancy) * (rows - down.occupancy) > 0.0, axis=0)
    smooth &= (here.response < 1.0) & (np.abs(up.y - down.y) < 1e-2)
    assert smooth.sum() > 350
    measured = (up.occupancy - down.occupancy) / (2 * h)
    np.testing.assert_allclose(measured[smooth], here.response[smooth], rtol=1e-4, atol=1e-9)
    for axis in range(2):
        change = np.zeros_like(load)
        change[axis] = h
        up, down = local.solve(mu, load + change, here.y), local.solve(mu, load - change, here.y)
        measured = (up.occupancy - down.occupancy) / (2 * h)
        wanted = here.response * here.slope[axis]
        np.testing.assert_allclose(measured[smooth], wanted[smooth], rtol=1e-3, atol=1e-8)


@pytest.mark.parametrize("name", HOSTS)
def test_a_straight_table_is_the_constant_law(name: str) -> None:
    theta = np.array([0.0, 0.3, 1.0])
    slope = np.array([0.03, -0.05])
    lattice = np.array([2.87, 14.2]) * (1.0 + slope * theta[:, None])
    local = problem(name, LatticeTable(theta, lattice, 0.0, AXES))
    rng = np.random.default_rng(5)
    mu, load = rng.uniform(-30.0, 15.0, 500), OWN @ rng.uniform(-0.03, 0.03, (2, 500))
    found = local.solve(mu, load)
    wanted = eliminate(HOSTS[name], float(slope @ OWN @ slope), mu + slope @ load)
    assert np.all(found.count == 1)
    np.testing.assert_allclose(found.y, wanted.y, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(found.occupancy, wanted.occupancy, rtol=1e-10)
    np.testing.assert_allclose(found.response, wanted.response, rtol=1e-9, atol=1e-300)
    assert np.all(found.convexity >= 1.0)


def test_shapes_follow_the_points() -> None:
    local = problem("lattice gas")
    mu, load = states(12, 0.004)
    flat, cells = local.solve(mu, load), local.solve(mu.reshape(4, 3), load.reshape(2, 4, 3))
    np.testing.assert_array_equal(cells.occupancy, flat.occupancy.reshape(4, 3))
    np.testing.assert_array_equal(cells.strain, flat.strain.reshape(2, 4, 3))
    assert local.solve(np.zeros((0, 6)), np.zeros((2, 0, 6))).y.shape == (0, 6)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    with pytest.raises(LocalSolveError, match="not finite"):
        problem("lattice gas").solve(np.array([0.0, bad]), np.zeros((2, 2)))


def test_lamellae_of_an_isotropic_body_have_their_closed_form() -> None:
    """A dilatation e in lamellae costs 2 E e^2/(1 - nu), whatever their normal (Cahn 1961)."""
    young, poisson, size = 140.0, 0.25, 0.3
    found = lamellar_stiffness(
        elasticity.isotropic(young, poisson), np.array([[size] * 3 + [0.0] * 3]), hemisphere(20)
    )
    np.testing.assert_allclose(found, 2.0 * young / (1.0 - poisson) * size**2, rtol=1e-13)


def test_lamellae_relax_a_strain_along_their_normal() -> None:
    found = lamellar_stiffness(STIFFNESS, STRAINS, np.eye(3))
    assert found[2, 1, 1] == pytest.approx(0.0, abs=1e-12 * STIFFNESS[0, 0])
    assert found[0, 1, 1] > 0.1 * STIFFNESS[0, 0]
    np.testing.assert_allclose(found, np.swapaxes(found, 1, 2), rtol=1e-13, atol=1e-12 * STIFFNESS[0, 0])
    assert np.all(found[:, 0, 0] <= OWN[0, 0])


def test_lamellae_are_less_stable_than_a_point_at_given_strain() -> None:
    local = problem("lattice gas")
    mu, load = states(4000, 0.01)
    found = local.solve(mu, load)
    free = local.excess(found.y, mu, load)[1]
    assert np.all(found.convexity <= free + 1e-12 * np.abs(free))
    assert np.any((found.convexity < 0.0) & (found.count == 1))
