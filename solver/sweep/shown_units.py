"""Numbers of a sweep in the units that people read: nm, MPa, mAh/g."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Scale:
    """How numbers of one column are shown.

    Attributes:
        unit: as it is written behind a name; empty for pure numbers.
        factor: shown number = factor * number of the column.
    """

    unit: str
    factor: float

    def label(self, words: str) -> str:
        """Words with the unit behind them."""
        return f"{words} [{self.unit}]" if self.unit else words


_SIZED: Final = {
    "m": ((1e-6, "nm", 1e9), (1e-3, "µm", 1e6), (float("inf"), "mm", 1e3)),
    "Pa": ((2e10, "MPa", 1e-6), (float("inf"), "GPa", 1e-9)),
    "s": ((300.0, "s", 1.0), (18000.0, "min", 1 / 60), (float("inf"), "h", 1 / 3600)),
    "byte": ((float("inf"), "MB", 1e-6),),
    "kg": ((float("inf"), "kg", 1.0),),
    "m3": ((float("inf"), "µm³", 1e18),),
    "mol/m3": ((float("inf"), "mol/L", 1e-3),),
    "m3/mol": ((float("inf"), "cm³/mol", 1e6),),
    "kg/m3": ((float("inf"), "g/cm³", 1e-3),),
    "A/kg": ((float("inf"), "mA/g", 1.0),),
    "A/m2": ((float("inf"), "A/m²", 1.0),),
    "m2/s": ((float("inf"), "m²/s", 1.0),),
    "ohm*m2": ((float("inf"), "Ω cm²", 1e4),),
}
"""By SI unit: up to which size [SI], shown as what, times what."""


def scale_of(unit: str, values: Iterable[float | None]) -> Scale:
    """The scale that suits some numbers of one unit.

    Args:
        unit: of the numbers, as a column has it; one that is not known is shown as it is.
        values: the numbers, None where there is none.
    """
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    for limit, shown, factor in _SIZED.get(unit, ()):
        if largest < limit:
            return Scale(shown, factor)
    return Scale(unit, 1.0)


def short_number(value: float, digits: int = 4) -> str:
    """A number in a few digits, with a minus sign that is as long as a plus and none before zero."""
    # Thousands are written out: 1090 reads better than 1.09e+03.
    form = ".0f" if 10.0**digits <= abs(value) < 1e6 else f".{digits}g"
    return f"{value + 0.0:{form}}".replace("-", "−")
