"""Tabulated lattice parameters between their rows, beyond them, turned and averaged."""

import numpy as np
import pytest
from scipy.interpolate import PchipInterpolator
from scipy.spatial.transform import Rotation

from benchmarks.verification.setups import tabulated
from solver.materials.lattice_table import AXES, LatticeTable

TABLE = tabulated.table()
ROWS = np.array(tabulated.OCCUPANCY)
BETWEEN = np.linspace(ROWS[0], ROWS[-1], 1001)


def test_it_passes_through_its_rows() -> None:
    at = np.interp(tabulated.REFERENCE, ROWS, np.arange(len(ROWS)))
    assert at == int(at)  # the reference is a row here
    for strain, lattice in zip(TABLE.strain(ROWS), (tabulated.A, tabulated.C), strict=True):
        np.testing.assert_allclose(strain, np.array(lattice) / lattice[int(at)] - 1.0, atol=1e-15)


def test_between_them_it_is_the_monotone_cubic() -> None:
    parts = LatticeTable(ROWS, TABLE.lattice, 0.63, AXES).evaluate(BETWEEN)
    for axis, lattice in enumerate((tabulated.A, tabulated.C)):
        curve = PchipInterpolator(ROWS, lattice)
        for order, part in enumerate(parts):
            wanted = curve(BETWEEN, order) / curve(0.63) - (order == 0)
            np.testing.assert_allclose(part[axis], wanted, rtol=1e-10, atol=1e-11)


def test_it_never_leaves_the_range_of_two_rows() -> None:
    strain = TABLE.strain(BETWEEN)
    rows = TABLE.strain(ROWS)
    piece = np.clip(np.searchsorted(ROWS, BETWEEN, "right") - 1, 0, len(ROWS) - 2)
    assert np.all(strain >= np.minimum(rows[:, piece], rows[:, piece + 1]) - 1e-15)
    assert np.all(strain <= np.maximum(rows[:, piece], rows[:, piece + 1]) + 1e-15)


def test_slope_and_curvature_are_derivatives() -> None:
    h = 1e-6
    inside = BETWEEN[(np.abs(BETWEEN[:, None] - ROWS).min(axis=1) > h)]
    strain, slope, curvature = TABLE.evaluate(inside)
    up, down = TABLE.evaluate(inside + h), TABLE.evaluate(inside - h)
    np.testing.assert_allclose((up[0] - down[0]) / (2 * h), slope, atol=1e-9)
    np.testing.assert_allclose((up[1] - down[1]) / (2 * h), curvature, atol=1e-7)
    assert np.abs(curvature).max() > 1.0
    assert strain.shape == slope.shape == (2, inside.size)


def test_the_slope_has_no_jump_at_a_row() -> None:
    left, right = TABLE.evaluate(ROWS[1:-1] - 1e-12)[1], TABLE.evaluate(ROWS[1:-1] + 1e-12)[1]
    np.testing.assert_allclose(left, right, atol=1e-9)


def test_beyond_the_rows_it_goes_straight_on() -> None:
    table = LatticeTable(ROWS[2:-1], TABLE.lattice[2:-1], 0.5, AXES)
    for end, outside in ((table.lowest, 0.01), (table.highest, 1.3)):
        strain, slope, curvature = table.evaluate(np.array([end, outside]))
        np.testing.assert_allclose(slope[:, 1], slope[:, 0], rtol=1e-12)
        np.testing.assert_allclose(strain[:, 1], strain[:, 0] + slope[:, 0] * (outside - end), rtol=1e-12)
        assert not curvature[:, 1].any()


@pytest.mark.parametrize("rows", [2, 3, 7])
def test_a_straight_line_stays_one(rows: int) -> None:
    theta = np.sort(np.random.default_rng(rows).uniform(0.0, 1.0, rows))
    lattice = np.column_stack([2.87e-10 * (1 + 0.03 * theta), 14.2e-10 * (1 - 0.05 * theta)])
    strain, slope, curvature = LatticeTable(theta, lattice, theta[0], AXES).evaluate(BETWEEN)
    start = np.array([1 + 0.03 * theta[0], 1 - 0.05 * theta[0]])
    wanted = np.array([0.03, -0.05]) / start
    np.testing.assert_allclose(slope, np.broadcast_to(wanted[:, None], slope.shape), rtol=1e-11)
    np.testing.assert_allclose(strain, wanted[:, None] * (BETWEEN - theta[0]), atol=1e-14)
    np.testing.assert_allclose(curvature, 0.0, atol=1e-9)


def test_volume_and_strain_are_one_law() -> None:
    h, capacity = 1e-6, 4.9e4
    theta = np.array([0.13, 0.5, 0.77])
    change = (TABLE.tensor(theta + h) - TABLE.tensor(theta - h)) / (2 * h * capacity)
    np.testing.assert_allclose(TABLE.molar_volume(theta, capacity), change, atol=1e-14)


def test_a_crystal_turns_with_its_strains() -> None:
    rotation = Rotation.from_euler("zyx", [0.3, -0.8, 1.2]).as_matrix()
    theta = np.array([0.1, 0.4])
    turned = rotation @ TABLE.tensor(theta) @ rotation.T
    np.testing.assert_allclose(TABLE.turned(rotation).tensor(theta), turned, atol=1e-16)
    mean = np.trace(TABLE.tensor(theta), axis1=1, axis2=2)[:, None, None] / 3 * np.eye(3)
    np.testing.assert_allclose(TABLE.averaged().tensor(theta), mean, atol=1e-16)
    about = TABLE.averaged(about_first_axis=True).tensor(theta)
    np.testing.assert_allclose(about[:, 0, 0], TABLE.tensor(theta)[:, 0, 0], rtol=1e-14)
    np.testing.assert_allclose(about[:, 1, 1], about[:, 2, 2], rtol=1e-14)
    assert TABLE.mean_slope[0, 0] == pytest.approx(
        tabulated.A[-1] / tabulated.A[-2] - tabulated.A[0] / tabulated.A[-2]
    )
