"""Orders, extrapolated values, indices and verdicts on rows that were made up with a known answer."""

import math
from collections.abc import Sequence

import pytest

from solver.convergence.grids import Judgement, judge, observed_order, too_alike

HALVED = (1.0, 0.5, 0.25)
UNEVEN = (1.0, 0.7, 0.4)


def row(order: float, sizes: Sequence[float], factor: float = 0.1, limit: float = 10.0) -> list[float]:
    return [limit + factor * size**order for size in sizes]


def judged(values: Sequence[float | None], sizes: Sequence[float] = HALVED, **more: object) -> Judgement:
    return judge(values, sizes, scale=10.0, threshold=0.01, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("sizes", [HALVED, UNEVEN])
@pytest.mark.parametrize("order", [0.6, 1.0, 2.0, 2.7])
@pytest.mark.parametrize("factor", [3.0, -3.0])
def test_order_and_limit_of_a_power_law(order: float, sizes: Sequence[float], factor: float) -> None:
    found = judged(row(order, sizes, factor), sizes)
    assert found.kind == "ordered"
    assert found.order == pytest.approx(order, rel=1e-8)
    assert found.limit == pytest.approx(10.0, rel=1e-10)


def test_index_is_that_of_roache() -> None:
    found = judged([10.4, 10.2, 10.1])
    # e = 0.1 of 10, r = 2, p = 1.
    assert found.index == pytest.approx(1.25 * 0.01 / (2 - 1))
    assert not found.settled
    assert judge([10.4, 10.2, 10.1], HALVED, 10.0, 0.013).settled


@pytest.mark.parametrize("order", [0.7, 1.0, 2.0, 2.7, 6.0])
def test_index_covers_the_error_of_the_finest_level(order: float) -> None:
    values = row(order, UNEVEN)
    found = judged(values, UNEVEN)
    assert found.index is not None
    assert found.index >= 1.2 * abs(values[-1] - 10.0) / 10.0


def test_an_order_above_the_formal_one_is_not_counted_on() -> None:
    values = row(4.0, HALVED)
    found = judged(values)
    assert found.index == pytest.approx(3.0 * abs(values[2] - values[1]) / 10.0 / (2**2 - 1))
    assert found.limit == pytest.approx(10.0, rel=1e-12)
    values = row(2.7, HALVED)
    assert judged(values).index == pytest.approx(1.25 * abs(values[2] - values[1]) / 10.0 / (2**2 - 1))


def test_an_order_below_a_half_is_taken_as_a_half_with_more_caution() -> None:
    values = row(0.3, HALVED, 1.0)
    found = judged(values)
    assert (found.kind, found.settled, found.limit) == ("slow", False, None)
    assert found.order == pytest.approx(0.3, rel=1e-8)
    assert found.index == pytest.approx(3.0 * abs(values[2] - values[1]) / 10.0 / (math.sqrt(2.0) - 1.0))


@pytest.mark.parametrize("sizes", [HALVED, UNEVEN])
def test_an_extreme_that_grows_is_singular_and_has_no_percentage(sizes: Sequence[float]) -> None:
    for values in (row(-0.3, sizes, 5.0, 0.0), [5.0 - 2.0 * math.log(size) for size in sizes]):
        found = judged(values, sizes, extreme=True)
        assert (found.kind, found.settled, found.index, found.limit) == ("singular", False, None, None)
        assert found.order == pytest.approx(-0.3, abs=1e-8) or found.order == pytest.approx(0.0, abs=1e-8)
        assert judged([-value for value in values], sizes, extreme=True).kind == "singular"


def test_only_extremes_that_grow_are_singular() -> None:
    values = row(-0.3, HALVED, 5.0, 0.0)
    assert judged(values).kind == "diverging"
    falling = [20.0 - value for value in values]
    assert judged(falling, extreme=True).kind == "diverging"
    # Neither is growth between meshes that hardly differ: it may be noise.
    near = (1.0, 0.9, 0.8)
    assert judged(row(-0.3, near, 5.0, 0.0), near, extreme=True).kind == "diverging"
    # Changes of round-off are no singularity, whatever their ratio.
    assert judged([10.0, 10.00001, 10.00003], extreme=True).settled


def test_an_oscillating_row_has_no_order() -> None:
    found = judged([10.0, 10.4, 10.2], extreme=True)
    assert (found.kind, found.settled, found.order, found.limit) == ("oscillating", False, None, None)
    assert found.index == pytest.approx(1.25 * 0.04)
    assert judged([10.0, 10.04, 10.02]).settled
    # A last change that is much smaller than the one before counts, but with caution.
    assert judged([10.0, 11.0, 10.99]).index == pytest.approx(3.0 * 0.001 / (2**2 - 1))
    # One that is larger makes three times the spread count, and gives an extreme no percentage.
    assert judged([10.0, 10.1, 9.9]).index == pytest.approx(3.0 * 0.02)
    assert judged([10.0, 10.1, 9.9], extreme=True).index is None
    assert judge([1.0, 1.001, 0.9935], HALVED, 1.0, 0.01).settled is False


def test_a_constant_row_is_converged() -> None:
    for values in ([10.0] * 3, [10.0, 10.0 + 1e-9, 10.0 - 2e-9], [0.0] * 3):
        found = judged(values)
        assert (found.kind, found.settled, found.order, found.index) == ("constant", True, None, 0.0)


def test_a_row_that_has_arrived_is_converged() -> None:
    found = judged([11.0, 10.0, 10.0])
    assert (found.kind, found.settled, found.order, found.limit) == ("ordered", True, math.inf, 10.0)


def test_a_row_that_leaves_a_plateau_is_not() -> None:
    found = judged([10.0, 10.0, 11.0])
    assert (found.kind, found.settled) == ("diverging", False)


def test_two_levels_are_too_few_for_an_order() -> None:
    found = judged([10.2, 10.1], (1.0, 0.5))
    assert (found.kind, found.settled, found.order) == ("two", False, None)
    assert found.index == pytest.approx(3.0 * 0.01 / (2**2 - 1))
    assert judged([10.2, None, None]).kind == "few"
    assert judged([None, math.nan, None]).kind == "few"


def test_the_finest_three_levels_that_have_a_value_are_looked_at() -> None:
    sizes = (1.0, 0.5, 0.25, 0.125, 0.0625)
    values: list[float | None] = [99.0, *row(2.0, sizes[1:])]
    assert judged(values, sizes).order == pytest.approx(2.0)
    values[3] = None
    assert judged(values, sizes).order == pytest.approx(2.0)


def test_levels_of_one_size_count_once() -> None:
    assert judged([10.3, 10.2, 10.1], (1.0, 0.999, 0.5)).kind == "two"
    assert too_alike((1.0, 0.9, 0.4), 2.0) == [1]
    assert too_alike((1.0, 0.55, 0.3), 2.0) == []


def test_orders_stay_within_bounds() -> None:
    assert observed_order(1e12, 2.0, 1.05) == 20.0
    assert observed_order(0.0, 2.0, 2.0) == -20.0
    assert observed_order(1.0, 2.0, 2.0) == pytest.approx(0.0, abs=1e-9)
