"""Step-size control on a fixed ladder of factors, so that round-off cannot flip a decision. Pure."""

from dataclasses import dataclass
from typing import Final

LADDER: Final = (0.25, 0.5, 0.7, 1.0, 1.25, 1.5, 2.0)
"""Allowed ratios of successive increments."""

SAFETY: Final = 0.85

CLOCK: Final = 1e-12
"""Smallest increment relative to the time reached."""

LEAST: Final = 1e-3
"""Part of the first increment below which errors make no increment smaller: increments up to the first pass
whatever their error, and where that is round-off they would shrink to nothing."""

LOCAL_EASE: Final = 5.0
"""Ratio that makes the tolerance honest: measured on a charge and discharge, the capacities are then off by
the tolerance, relative, or by less (1e-2 to 1e-5 tried)."""


@dataclass(frozen=True)
class StepControl:
    """Chooses increments from local errors.

    The local error allowed in an increment grows with tolerance^(3/2): with a second-order scheme the error
    at the end of a run is then proportional to the tolerance.

    Attributes:
        tolerance: of occupancy [1] and of the electrode potential [V].
        largest: upper bound of an increment [s], or None.
        smallest: an increment below it is given up [s].
    """

    tolerance: float
    largest: float | None = None
    smallest: float = 1e-9

    @property
    def local_tolerance(self) -> float:
        """Local error allowed in one increment."""
        return float((LOCAL_EASE * self.tolerance) ** 1.5)

    def factor(self, error: float, order: int) -> float:
        """Largest ladder factor that keeps the next local error below one.

        Args:
            error: local error of the last increment over its tolerance.
            order: order of the scheme.
        """
        wanted = SAFETY * max(error, 1e-12) ** (-1.0 / (order + 1))
        return max((f for f in LADDER if f <= wanted), default=LADDER[0])

    def smallest_at(self, time: float) -> float:
        """Increment below which an attempt is given up [s]: a sum with the time would not feel it."""
        return max(self.smallest, CLOCK * abs(time))

    def bounded(self, increment: float) -> float:
        """An increment within the upper bound."""
        return increment if self.largest is None else min(increment, self.largest)


def clip_to_end(increment: float, remaining: float | None) -> float:
    """Shorten an increment so that a step of given duration ends exactly, without a sliver at the end."""
    if remaining is None:
        return increment
    if increment >= remaining * (1.0 - 1e-9):
        return remaining
    return 0.5 * remaining if 2.0 * increment > remaining else increment
