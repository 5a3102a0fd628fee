"""Repeated measurements of one number, and ratios of two of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Sample:
    """A number as it was measured, several times.

    Attributes:
        values: one a repeat; at least one.
    """

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.values)

    @property
    def low(self) -> float:
        """The least."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The largest."""
        return max(self.values)

    def __str__(self) -> str:
        """The median, with the range where there is one."""
        if self.low == self.high:
            return short(self.median)
        return f"{short(self.median)} ({short(self.low)} to {short(self.high)})"

    def __truediv__(self, other: "Sample") -> "Sample":
        """Ratios, repeat by repeat: both of a repeat were measured soon after each other."""
        return Sample(tuple(a / b for a, b in zip(self.values, other.values, strict=False)))

    def times(self, factor: float) -> "Sample":
        """Every value times a factor."""
        return Sample(tuple(factor * value for value in self.values))


def short(value: float) -> str:
    """A number to three digits."""
    return f"{value:.0f}" if 1000.0 <= abs(value) < 1e5 else f"{value:.3g}"


def combined(samples: Sequence["Sample | None"], how: Callable[[tuple[float, ...]], float]) -> Sample | None:
    """A number made of several, repeat by repeat; None where one of them was not measured."""
    found = [sample for sample in samples if sample is not None]
    if not found or len(found) < len(samples):
        return None
    return Sample(tuple(how(row) for row in zip(*(one.values for one in found), strict=False)))


def ratio(above: Sample | None, below: Sample | None) -> Sample | None:
    """One over the other; None where either was not measured."""
    return None if above is None or below is None else above / below
