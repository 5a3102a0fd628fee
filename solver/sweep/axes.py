"""The values that axes stand for: pure functions from ends and numbers of points to rows.

A quantity keeps the unit that it is given in: between `0 MPa` and `760 MPa` lies `190 MPa`. Values are
rounded to twelve digits, so that they read as a person would write them and hashes of cases do not hang on
the last bit.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Final

from solver.case.number_fields import described
from solver.quantities import NUMBER, UNIT, shown
from solver.units import UnknownUnitError, unit_of

_QUANTITY: Final = re.compile(rf"({NUMBER}) ?({UNIT}|°C)")
_WRITTEN: Final = Context(prec=12)
_ALLOWED: Final = "a number, or a quantity with its unit, such as 760 MPa"


class AxisError(ValueError):
    """An axis that stands for nothing.

    Attributes:
        what: what is wrong.
        allowed: what would be right.
        at: keys from the axis down to what is to blame.
    """

    def __init__(self, what: str, allowed: str, *at: str) -> None:
        super().__init__(what)
        self.what, self.allowed, self.at = what, allowed, at


@dataclass(frozen=True)
class Ends:
    """Two ends of an axis in one unit.

    Attributes:
        low: where it starts; may be the larger one.
        high: where it ends.
        unit: of both, as it is written back; "" for pure numbers.
        whole: both are whole numbers without a unit: values in between that are whole are written so.
    """

    low: Decimal
    high: Decimal
    unit: str
    whole: bool

    def between(self, fraction: Decimal, log: bool) -> object:
        """The value at a fraction of the way, 0 to 1, as it stands in a case.

        Args:
            fraction: of the way from `low` to `high`.
            log: equal fractions are equal ratios rather than equal differences.
        """
        if fraction in (0, 1):  # as given, whatever a logarithm would make of it
            number = self.high if fraction else self.low
        elif log:
            number = self.low * Decimal(math.exp(float(fraction) * math.log(self.high / self.low)))
        else:
            number = self.low + (self.high - self.low) * fraction
        value = float(_WRITTEN.plus(number))
        if self.unit:
            return f"{value:.12g} {self.unit}"
        return int(value) if self.whole and value.is_integer() else value


def read_ends(start: object, end: object, *, log: bool = False) -> Ends:
    """Read the ends of an axis; the unit of the first is that of all values.

    Args:
        start: value under `from`, as YAML gives it.
        end: value under `to`.
        log: whether ratios are wanted, which zero and a change of sign have not.

    Raises:
        AxisError: they are no quantities, or of different kinds, or equal.
    """
    (low, unit), (high, other) = _number(start, "from"), _number(end, "to")
    if unit != other:
        high *= _ratio(other, unit, end)
    if low == high:
        raise AxisError(f"{shown(end)} is where the axis begins", "two different ends", "to")
    if log:
        for number, given, key in ((low, start, "from"), (high, end, "to")):
            if number <= 0:
                raise AxisError(f"{shown(given)} has no logarithm", "ends above zero", key)
    whole = isinstance(start, int) and isinstance(end, int)
    return Ends(low, high, unit, whole)


def spaced(ends: Ends, points: int, *, log: bool) -> list[object]:
    """Evenly spaced values, both ends included.

    Args:
        ends: of the axis.
        points: how many, at least 2.
        log: equal ratios rather than equal differences.
    """
    return [ends.between(Decimal(n) / (points - 1), log) for n in range(points)]


def sampled(
    kind: str, points: int, seed: int, ranges: Sequence[tuple[Ends, bool]]
) -> list[tuple[object, ...]]:
    """Points in the box of several fields; the same seed gives the same points.

    Scrambled Sobol points are balanced where their number is a power of two; of other numbers the first of
    the next power are taken. Source: Owen, J. Complexity 14 (1998) 466; McKay et al., Technometrics 21
    (1979) 239, both as SciPy has them.

    Args:
        kind: `sobol` or `latin_hypercube`.
        points: how many.
        seed: of the scrambling, or of the hypercube.
        ranges: ends of each field, and whether its scale is logarithmic.
    """
    from scipy.stats import qmc

    if kind == "sobol":
        power = max(points - 1, 1).bit_length()
        unit = qmc.Sobol(len(ranges), scramble=True, rng=seed).random_base2(power)[:points]
    else:
        unit = qmc.LatinHypercube(len(ranges), rng=seed).random(points)
    return [
        tuple(ends.between(Decimal(fraction), log) for fraction, (ends, log) in zip(row, ranges, strict=True))
        for row in unit.tolist()
    ]


def _number(value: object, key: str) -> tuple[Decimal, str]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not math.isfinite(value):
            raise AxisError(f"{described(value)} is not finite", _ALLOWED, key)
        return Decimal(repr(value)), ""
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise AxisError(f"{described(value)} is no number and no quantity", _ALLOWED, key)
    return Decimal(match[1]), match[2]


def _ratio(unit: str, wanted: str, given: object) -> Decimal:
    """How many of the wanted unit one of another unit is."""
    try:
        found, target = (unit_of(unicodedata.normalize("NFKC", name)) for name in (unit, wanted))
    except UnknownUnitError as error:
        raise _apart(given, wanted) from error
    if found.powers != target.powers:
        raise _apart(given, wanted)
    return found.factor / target.factor


def _apart(given: object, wanted: str) -> AxisError:
    what = f"{shown(given)} is not in a unit of {wanted}" if wanted else f"{shown(given)} has a unit"
    return AxisError(what, "both ends in one unit, or in units of the same quantity", "to")
