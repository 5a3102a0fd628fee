"""The weights of the time scheme, the error estimate and the step-size ladder."""

import numpy as np
import pytest

from solver.stepping.control import LADDER, LOCAL_EASE, StepControl, clip_to_end
from solver.stepping.locate import locate
from solver.stepping.scheme import error_share, extrapolate, weights

RATIOS = [0.3, 0.8, 1.0, 1.37, 2.0]


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_second_order_weights_are_exact_for_quadratics(ratio: float) -> None:
    previous, increment = 0.7, 0.7 * ratio
    times = np.array([1.0, 1.0 + previous, 1.0 + previous + increment])
    a0, a1, a2 = weights(increment, previous)
    for power, slope in ((0, 0.0), (1, 1.0), (2, 2 * times[2])):
        values = times**power
        assert a0 * values[2] + a1 * values[1] + a2 * values[0] == pytest.approx(increment * slope, abs=1e-13)
    cubic = times**3
    assert abs(a0 * cubic[2] + a1 * cubic[1] + a2 * cubic[0] - increment * 3 * times[2] ** 2) > 1e-3


def test_the_first_step_is_backward_euler() -> None:
    assert weights(0.3, None) == (1.0, -1.0, 0.0)


def test_extrapolation_is_exact_for_its_degree() -> None:
    times = [0.0, 1.0, 1.5]
    line = [np.array([2.0 - 3.0 * t, t]) for t in times]
    np.testing.assert_allclose(extrapolate(times[1:], line[1:], 4.0), [-10.0, 4.0], rtol=1e-14)
    square = [np.array(t**2 - t) for t in times]
    assert extrapolate(times, square, 4.0) == pytest.approx(12.0, rel=1e-14)
    assert extrapolate([1.0], [np.array(7.0)], 9.0) == 7.0


@pytest.mark.parametrize("ratio", RATIOS)
def test_the_error_share_gives_the_local_error_on_cubics(ratio: float) -> None:
    # dc/dt = g(t): the scheme integrates g exactly up to linear; its local error on a cubic is known.
    step = 0.2 * ratio
    times = [0.0, 0.25, 0.45]
    end = times[-1] + step
    a0, a1, a2 = weights(step, times[2] - times[1])
    reached = (step * 3 * end**2 - a1 * times[2] ** 3 - a2 * times[1] ** 3) / a0
    gap = reached - float(extrapolate(times, [np.array(t**3) for t in times], end))
    assert error_share(times, end) * gap == pytest.approx(reached - end**3, rel=1e-10)


@pytest.mark.parametrize("ratio", RATIOS)
def test_with_two_values_the_share_is_that_of_the_first_order_scheme(ratio: float) -> None:
    step = 0.2 * ratio
    times = [0.25, 0.45]
    end = times[-1] + step
    reached = times[1] ** 2 + step * 2 * end  # backward Euler from an exact value
    gap = reached - float(extrapolate(times, [np.array(t**2) for t in times], end))
    assert error_share(times, end) * gap == pytest.approx(reached - end**2, rel=1e-10)


def test_factors_come_from_the_ladder_and_from_nothing_else() -> None:
    control = StepControl(1e-4)
    errors = np.logspace(-14, 3, 200)
    factors = [control.factor(float(error), 2) for error in errors]
    assert set(factors) == set(LADDER)
    assert np.all(np.diff(factors) <= 0.0)
    assert max(factors) == 2.0
    assert control.factor(0.0, 1) == 2.0


def test_round_off_does_not_move_a_factor() -> None:
    control = StepControl(1e-4)
    for error in np.logspace(-3, 1, 37):
        assert control.factor(error, 2) == control.factor(error * (1 + 1e-9), 2)


def test_the_next_error_stays_below_its_tolerance() -> None:
    control = StepControl(1e-4)
    for order in (1, 2):
        for error in np.logspace(-1, 1.5, 30):
            factor = control.factor(float(error), order)
            assert error * factor ** (order + 1) < 1.0 or factor == LADDER[0]


def test_the_local_tolerance_makes_the_end_error_proportional() -> None:
    # n steps of error tau^(3/2), n growing as tau^(-1/2), add up to tau.
    coarse, fine = StepControl(1e-2), StepControl(1e-4)
    assert coarse.local_tolerance / fine.local_tolerance == pytest.approx(1e3, rel=1e-12)
    assert fine.local_tolerance == pytest.approx((LOCAL_EASE * 1e-4) ** 1.5, rel=1e-12)


def test_the_largest_increment_binds() -> None:
    assert StepControl(1e-4, largest=5.0).bounded(9.0) == 5.0
    assert StepControl(1e-4).bounded(9.0) == 9.0


def test_a_step_ends_exactly_and_leaves_no_sliver() -> None:
    assert clip_to_end(3.0, None) == 3.0
    assert clip_to_end(3.0, 2.0) == 2.0
    assert clip_to_end(3.0, 3.0 * (1 + 1e-12)) == 3.0 * (1 + 1e-12)
    assert clip_to_end(3.0, 4.0) == 2.0
    assert clip_to_end(3.0, 7.0) == 3.0
    time, end, taken = 0.0, 10.0, []
    while time < end:
        taken.append(clip_to_end(3.0, end - time))
        time += taken[-1]
    assert time == pytest.approx(end, rel=1e-15)
    assert min(taken) > 1.4


@pytest.mark.parametrize("root", [1e-4, 0.31, 0.999])
@pytest.mark.parametrize("shape", ["straight", "steep", "flat"])
def test_an_event_is_located(root: float, shape: str) -> None:
    forms = {
        "straight": lambda x: x - root,
        "steep": lambda x: np.expm1(8 * (x - root)),
        "flat": lambda x: np.cbrt(x - root) ** 3 + (x - root) ** 3,
    }
    trials: list[float] = []

    def excess(x: float) -> float:
        trials.append(x)
        return float(forms[shape](x))

    found = locate(excess, 1.0, excess(1.0), 1e-10, 1e-9)
    assert found == trials[-1]
    assert found == pytest.approx(root, abs=1e-9)
    assert len(trials) < 40


def test_a_failed_trial_counts_as_beyond_the_event() -> None:
    found = locate(lambda x: None if x > 0.62 else x - 0.6, 1.0, float("inf"), 1e-9, 1e-9)
    assert found == pytest.approx(0.6, abs=1e-8)


def test_the_edge_of_what_can_be_solved_is_found_from_below() -> None:
    found = locate(lambda x: None if x > 0.62 else -1.0, 1.0, float("inf"), 1e-9, 1e-9)
    assert found is not None
    assert 0.6199 < found <= 0.62


def test_an_event_at_the_start_is_no_increment() -> None:
    assert locate(lambda x: 1.0, 1.0, 1.0, 1e-9, 1e-3) is None
