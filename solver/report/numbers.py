"""Numbers as a reader wants them in a table."""

import math
import re

_QUANTITY = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*Pa\s*")


def megapascals(value: object) -> str:
    """A stress [Pa] in MPa, rounded to whole ones; a dash where there is none."""
    number = as_number(value)
    if number is None:
        return "–"
    return f"{round(number * 1e-6):,d}".replace("-", "−").replace(",", "\u202f")


def plain(value: object, digits: int = 4) -> str:
    """A number in a few digits; a dash where there is none."""
    number = as_number(value)
    return "–" if number is None else f"{number:.{digits}g}".replace("-", "−")


def fixed(value: object, places: int = 1) -> str:
    """A number with a fixed count of decimals; a dash where there is none."""
    number = as_number(value)
    if number is None:
        return "–"
    words = f"{number:.{places}f}"
    return (words.lstrip("-") if float(words) == 0 else words).replace("-", "−")


def percent(value: object, places: int = 1) -> str:
    """A share in per cent; a dash where there is none."""
    number = as_number(value)
    return "–" if number is None else f"{100 * number:.{places}f} %"


def as_number(value: object) -> float | None:
    """A finite number, or None for whatever is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def pressure_words(text: object) -> str:
    """A pressure of a resolved case, written there in Pa, in MPa."""
    match = _QUANTITY.fullmatch(str(text))
    if match is None:
        return str(text)
    return f"{float(match[1]) * 1e-6:g} MPa"
