"""Observed order, extrapolated value and grid-convergence index of one figure over some levels. Pure.

Sources: Roache, J. Fluids Eng. 116 (1994) 405 and Annu. Rev. Fluid Mech. 29 (1997) 123: the index is
1.25 |e|/(r^p - 1), with e the change between the two finest of three levels and r the ratio of their sizes,
and 3 |e|/(r^p - 1) where p is not observed. Celik et al., J. Fluids Eng. 130 (2008) 078001: the order for
unequal ratios. Oberkampf and Roy, Verification and Validation in Scientific Computing (2010), section 8.6: no
order above the formal one is counted on, one more than 1 above it is a coincidence and takes a factor of 3,
and one below 0.5 is taken as 0.5 with a factor of 3. Where changes go to and fro, their sizes give p, with a
factor of 3, and the index is at most 1.25 times the spread of the three levels; where they do not shrink, it
is 3 times the spread, and none for an extreme, which may be singular.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from scipy.optimize import brentq

SAFETY: Final = 1.25
"""Factor of safety of the index where three levels show an order."""

CAUTION: Final = 3.0
"""Factor of safety where they show none that can be trusted, or there are two levels only."""

LOWEST: Final = 0.5
"""Observed orders below this are not trusted."""

NO_ORDER: Final = 0.1
"""Observed orders below this are none: the changes do not shrink, as those of a logarithm do not."""

RANGE: Final = 1.5
"""Ratio of the largest to the smallest of three sizes below which growth is not taken for a singularity."""

EXTREME_ORDER: Final = 20.0
"""Orders are sought between plus and minus this."""

ROUND_OFF: Final = 1e-8
"""Changes below this, relative, are those of Newton's method and of located ends of steps."""

ALIKE: Final = 1.02
"""Levels whose sizes differ by a smaller ratio are one level as far as an order is concerned."""


@dataclass(frozen=True)
class Judgement:
    """What the levels say of one figure.

    Attributes:
        kind: `constant` (the same on all levels), `ordered` (an order of at least 0.5), `slow` (an order
            above 0 and below that), `oscillating` (the change changes its sign), `diverging` (changes do not
            shrink), `singular` (an extreme that grows like this), `two` (two levels only) or `few` (fewer).
        settled: whether what is left to change is below the threshold.
        order: observed, with regard to the size; infinite where the last change is nothing; None without.
        limit: Richardson's value at size zero, with the observed order; None where none can be given.
        index: what is left to change, relative, with its safety: from the observed order, at most the formal
            one; where no order shows, from the spread; None for what is singular, for an extreme whose
            changes go to and fro without shrinking, and with fewer than two levels.
        change: between the two finest levels, relative and signed; None with fewer than two levels.
        spread: largest less smallest of the finest three, relative; None with fewer than two levels.
    """

    kind: str
    settled: bool
    order: float | None = None
    limit: float | None = None
    index: float | None = None
    change: float | None = None
    spread: float | None = None


def judge(
    values: Sequence[float | None],
    sizes: Sequence[float],
    scale: float,
    threshold: float,
    formal: float = 2.0,
    extreme: bool = False,
) -> Judgement:
    """Judge one figure over levels, of which the finest three that have it are looked at.

    Args:
        values: one a level, the coarsest first; None where a level has none.
        sizes: of cells or increments, falling, in any unit.
        scale: what changes are relative to, in the unit of the values, positive.
        threshold: relative change that counts as converged.
        formal: order that the method has.
        extreme: whether the figure is an extreme of a field, which a singularity makes grow without limit.

    Returns:
        The judgement.
    """
    last = _finest(values, sizes)
    if len(last) < 2:
        return Judgement("few", False)
    found = [value for value, _ in last]
    change, spread = (found[-1] - found[-2]) / scale, (max(found) - min(found)) / scale
    fine = last[-2][1] / last[-1][1]
    if len(last) == 2:
        index = CAUTION * abs(change) / (fine**formal - 1.0)
        return Judgement("two", False, None, None, index, change, spread)
    before = (found[-2] - found[-3]) / scale
    if spread <= ROUND_OFF:
        return Judgement("constant", True, None, found[-1], 0.0, change, spread)
    if abs(change) <= ROUND_OFF:
        return Judgement("ordered", True, math.inf, found[-1], abs(change), change, spread)
    order = observed_order(abs(before / change), last[-3][1] / last[-2][1], fine)
    if change * before < 0:
        if order < NO_ORDER:
            index = CAUTION * spread
            told = None if extreme and index > threshold else index
            return Judgement("oscillating", index <= threshold, None, None, told, change, spread)
        trusted = min(max(order, LOWEST), formal)
        index = min(SAFETY * spread, CAUTION * abs(change) / (fine**trusted - 1.0))
        return Judgement("oscillating", index <= threshold, None, None, index, change, spread)
    if order < NO_ORDER:
        index = CAUTION * spread
        grows = index > threshold and abs(found[-1]) > abs(found[-2])
        if extreme and grows and last[0][1] >= RANGE * last[-1][1]:
            return Judgement("singular", False, order, None, None, change, spread)
        return Judgement("diverging", index <= threshold, order, None, index, change, spread)
    if order < LOWEST:
        index = CAUTION * abs(change) / (fine**LOWEST - 1.0)
        return Judgement("slow", index <= threshold, order, None, index, change, spread)
    limit = found[-1] + (found[-1] - found[-2]) / (fine**order - 1.0)
    safety = SAFETY if order <= formal + 1.0 else CAUTION
    index = safety * abs(change) / (fine ** min(order, formal) - 1.0)
    return Judgement("ordered", index <= threshold, order, limit, index, change, spread)


def observed_order(shrinkage: float, coarse: float, fine: float) -> float:
    """Order p for which values f + C h^p change from level to level as they do.

    Args:
        shrinkage: change from the first to the second level over that from the second to the third; not
            negative.
        coarse: size of the first level over that of the second, above 1.
        fine: size of the second level over that of the third, above 1.

    Returns:
        The order, within plus and minus `EXTREME_ORDER`; zero or less where changes do not shrink.
    """
    wanted = math.log(max(shrinkage, 1e-300))

    def excess(order: float) -> float:
        # Grows with the order from minus to plus infinity.
        return _shrinkage(order, math.log(coarse), math.log(fine)) - wanted

    if excess(-EXTREME_ORDER) >= 0.0:
        return -EXTREME_ORDER
    if excess(EXTREME_ORDER) <= 0.0:
        return EXTREME_ORDER
    return float(brentq(excess, -EXTREME_ORDER, EXTREME_ORDER, xtol=1e-12))


def _shrinkage(order: float, coarse: float, fine: float) -> float:
    """Logarithm of fine^p (coarse^p - 1)/(fine^p - 1), from logarithms of the ratios."""
    if abs(order) < 1e-9:
        return math.log(coarse / fine) + order * fine
    return order * fine + math.log(math.expm1(order * coarse) / math.expm1(order * fine))


def _finest(values: Sequence[float | None], sizes: Sequence[float]) -> list[tuple[float, float]]:
    """The finest three levels that have a value and differ in size, coarsest first."""
    kept: list[tuple[float, float]] = []
    for value, size in zip(values, sizes, strict=True):
        if value is None or not math.isfinite(value):
            continue
        while kept and kept[-1][1] < ALIKE * size:
            kept.pop()
        kept.append((value, size))
    return kept[-3:]


def too_alike(sizes: Sequence[float], wanted: float) -> list[int]:
    """Levels that are hardly finer than the one before: by less than half of what was asked for.

    Args:
        sizes: of the levels, the coarsest first.
        wanted: ratio of successive sizes asked for.

    Returns:
        Their numbers, counted from 0.
    """
    least = math.sqrt(wanted)
    return [number for number, (a, b) in enumerate(pairwise(sizes), 1) if a / b < least]
