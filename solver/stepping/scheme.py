"""Variable-step BDF2 and its error estimate, as pure functions.

Source: Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I (1993), section III.5.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def weights(increment: float, previous: float | None) -> tuple[float, float, float]:
    """Weights (a0, a1, a2) of dt dc/dt = a0 c_n+1 + a1 c_n + a2 c_n-1; BDF1 without a previous one."""
    if previous is None:
        return 1.0, -1.0, 0.0
    ratio = increment / previous
    return (1.0 + 2.0 * ratio) / (1.0 + ratio), -(1.0 + ratio), ratio**2 / (1.0 + ratio)


def shares(times: Sequence[float], time: float) -> list[float]:
    """Share of each past value in the polynomial through all of them, evaluated at a later time [1]."""
    found = []
    for i, own in enumerate(times):
        share = 1.0
        for j, other in enumerate(times):
            if j != i:
                share *= (time - other) / (own - other)
        found.append(share)
    return found


def blend[T: (float, Array)](parts: Sequence[float], values: Sequence[T]) -> T:
    """Sum of values by their shares."""
    result = parts[0] * values[0]
    for part, value in zip(parts[1:], values[1:], strict=True):
        result = result + part * value
    return result


def extrapolate[T: (float, Array)](times: Sequence[float], values: Sequence[T], time: float) -> T:
    """Polynomial through past values (newest last), evaluated at a later time."""
    return blend(shares(times, time), values)


def error_share(times: Sequence[float], time: float) -> float:
    """Local error of the step to `time` over the gap between its result and the extrapolated past.

    Both the scheme and the predictor miss the solution by a multiple of the same derivative, the third with
    three past values, the second with two (an overestimate for BDF2, whose order is then not yet seen).

    Args:
        times: past times, two or three, newest last.
        time: end of the step.
    """
    step, last = time - times[-1], times[-1] - times[-2]
    if len(times) == 2:
        return step / (2.0 * step + last)
    before = times[-2] - times[-3]
    # Own error step^2 (step + last)^2/(6 (2 step + last)), the predictor's step (step + last)(step + last +
    # before)/6; their common factor is left out, since it vanishes for tiny steps.
    own = step * (step + last) / (2.0 * step + last)
    return own / (own + step + last + before)
