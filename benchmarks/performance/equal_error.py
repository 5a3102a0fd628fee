"""Two programs at equal error: from curves of error over time, each with its own finesse."""

import math
from collections.abc import Sequence
from dataclasses import dataclass


SLACK = 1.05


@dataclass(frozen=True)
class Point:
    """One finesse of a program.

    Attributes:
        seconds: what it took [s].
        error: what it left.
    """

    seconds: float
    error: float


def time_at(points: Sequence[Point], error: float) -> float | None:
    """Time in which a program reaches an error [s], between its points on logarithmic scales.

    A point counts only if no faster one is as good. Nothing is extrapolated: where even the fastest point is
    better than asked its time is given, and None where none is good enough.
    """
    best: list[Point] = []
    for point in sorted(points, key=lambda one: (one.seconds, one.error)):
        if not best or point.error < best[-1].error:
            best.append(point)
    if not best or best[-1].error > error:
        return None
    if best[0].error <= error:
        return best[0].seconds
    after = next(number for number, point in enumerate(best) if point.error <= error)
    worse, better = best[after - 1], best[after]
    share = math.log(worse.error / error) / math.log(worse.error / better.error)
    return worse.seconds * (better.seconds / worse.seconds) ** share


def common_error(*curves: Sequence[Point]) -> float | None:
    """The least error that every program reaches, and a little; None where one has no points.

    On one mesh all end at the mesh's own error, near which the finest steps would be paid for nothing.
    """
    if not all(curves):
        return None
    return SLACK * max(min(point.error for point in points) for points in curves)
