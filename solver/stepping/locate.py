"""Where a function of the increment changes sign: a safeguarded bracket search. Pure."""

from collections.abc import Callable
from typing import Final

MAX_TRIALS: Final = 60


def locate(
    excess: Callable[[float], float | None], high: float, high_value: float, tolerance: float, smallest: float
) -> float | None:
    """Find an increment at which `excess` is zero within a tolerance.

    Illinois' method inside a bracket whose lower end is found by halving. A trial may fail (None), which
    counts as beyond the event.

    Args:
        excess: negative before the event, positive after it; None where the trial failed.
        high: an increment past the event [s].
        high_value: its excess, positive; infinity if unknown.
        tolerance: how small an excess counts as zero.
        smallest: increments below it are not tried [s].

    Returns:
        The increment, whose trial was the last one made, or None where the event lies below `smallest`.
    """
    low, low_value = 0.0, -float("inf")
    side = 0
    for _ in range(MAX_TRIALS):
        if high < smallest:
            return None
        bounded = max(abs(low_value), abs(high_value)) < float("inf")
        trial = high - high_value * (high - low) / (high_value - low_value) if bounded else 0.5 * (low + high)
        width = high - low
        trial = min(max(trial, low + 1e-3 * width), high - 1e-3 * width) if bounded else trial
        value = excess(trial)
        if value is not None and abs(value) <= tolerance:
            return trial
        if value is None or value > 0.0:
            high, high_value = trial, float("inf") if value is None else value
            if side > 0 and bounded:
                low_value *= 0.5
            side = 1
        else:
            low, low_value = trial, value
            if side < 0 and bounded:
                high_value *= 0.5
            side = -1
        if high - low <= 1e-14 * high:
            break
    return None if low == 0.0 else low
