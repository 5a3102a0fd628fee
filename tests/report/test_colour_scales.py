import numpy as np
import pytest

from solver.report.scales import SHOWN, bar_length, decades, rounded_up, symmetric_limits


def test_stress_limits_are_symmetric_about_zero_and_shared():
    low, high = symmetric_limits(np.array([-3.2e9, 1e8]), np.array([4.1e8, np.nan]))
    assert low == -high
    assert 3.1e9 < high <= 4e9
    assert SHOWN["hydrostatic_stress"].signed
    assert SHOWN["max_principal_stress"].signed


def test_round_off_is_shown_as_zero_not_as_stress():
    assert symmetric_limits(np.array([1e-3, -2e-3])) == (-1e6, 1e6)
    assert symmetric_limits(np.empty(0)) == (-1e6, 1e6)


def test_limits_follow_a_percentile_and_not_a_singular_corner():
    values = np.concatenate([np.linspace(0, 1e9, 2000), [5e10]])
    assert symmetric_limits(values)[1] == pytest.approx(1e9)


@pytest.mark.parametrize(
    ("value", "up"), [(1.0, 1.0), (1.01, 1.5), (7.9e8, 8e8), (8.1, 10.0), (3.3e-6, 4e-6)]
)
def test_round_numbers(value, up):
    assert rounded_up(value) == pytest.approx(up)


def test_flux_scale_spans_at_most_three_decades():
    low, high = decades(np.array([1e-14, 3e-6, 2e-9, 0.0, np.nan]))
    assert high == pytest.approx(3e-6)
    assert high / low == pytest.approx(1e3)
    low, high = decades(np.array([2e-6, 3e-6]))
    assert low == pytest.approx(1e-7, rel=10)
    assert low < 2e-6 < high
    assert decades(np.zeros(3))[0] > 0


@pytest.mark.parametrize(
    ("width", "words"),
    [(5.4e-6, "1 µm"), (12e-6, "2 µm"), (0.4e-6, "100 nm"), (3.4e-6, "1 µm"), (3e-3, "500 µm")],
)
def test_scale_bars_are_round_and_near_a_quarter(width, words):
    length, said = bar_length(width)
    assert said == words
    assert 0.1 * width < length <= 0.3 * width
