"""Reading quantities: a number with a unit, turned into an SI float.

Number and unit follow a small grammar, and nothing is evaluated: `2,5 um` is refused rather than taken for
25 um, and `9^9^9 nm` never begins.
"""

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import Final

from solver.units import Unit, UnknownUnitError, unit_of

NUMBER: Final = r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
_FACTOR: Final = r"[A-Za-z\u00b5\u03bc\u00c5\u212b\u03a9\u2126]+(?:(?:\^|\*\*)?-?[0-9]|[\u00b2\u00b3])?"
UNIT: Final = rf"(?:%|{_FACTOR}(?:[*/]{_FACTOR})*)"
_QUANTITY: Final = re.compile(rf"({NUMBER}) ?({UNIT})")
_NUMBER_ONLY: Final = re.compile(NUMBER)
_UNIT_ONLY: Final = re.compile(UNIT)
_LONGEST_UNIT: Final = 40
_LARGEST_EXPONENT: Final = 6


class QuantityError(ValueError):
    """A text that is no quantity of the wanted kind; the message says what is wrong with it."""


def read_quantity(text: str, si_unit: str) -> float:
    """Read `NUMBER [space] UNIT` and return the value in `si_unit`.

    Args:
        text: for instance "2.5 um" or "1e-14 m^2/s".
        si_unit: the SI unit of the result, such as "m"; "" reads a percentage as a fraction.

    Returns:
        The value [si_unit], correctly rounded from the decimal text.

    Raises:
        QuantityError: the text is no quantity, the unit is unknown or measures something else,
            or the value is not finite.
    """
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise QuantityError(_what_is_wrong(text))
    number, unit = match.groups()
    if unit == "%":
        if si_unit:
            raise QuantityError(f"{shown(text)} is a fraction, not in {si_unit}")
        return _finite(Decimal(number) / 100, text)
    factor = _factor(unit, si_unit, text)
    return _finite(Decimal(number) * factor, text)


def read_temperature(text: str) -> float:
    """Read an absolute temperature in K, mK or degC and return it in kelvin [K].

    Raises:
        QuantityError: as for `read_quantity`.
    """
    match = re.fullmatch(rf"({NUMBER}) ?(?:degC|\u00b0C|\u2103)", text)
    if match is not None:
        return _finite(Decimal(match.group(1)) + Decimal("273.15"), text)
    if re.fullmatch(rf"{NUMBER} ?(?:\u00b0 ?)?(?:C|[Cc]elsius)", text):
        raise QuantityError(f"{shown(text)}: degrees Celsius are written degC")
    return read_quantity(text, "K")


def shown(value: object) -> str:
    """Quote a value for an error line: escaped, on one line, shortened to 60 characters."""
    text = repr(value[:61] if isinstance(value, str) else value)
    return text if len(text) <= 60 else text[:56] + "..." + text[0]


@cache
def _unit(text: str) -> Unit:
    """The unit of a text that has passed the grammar."""
    plain = unicodedata.normalize("NFKC", text)
    if any(int(power) > _LARGEST_EXPONENT for power in re.findall(r"[0-9]", plain)):
        raise QuantityError(f"the exponents of a unit go up to {_LARGEST_EXPONENT}")
    try:
        return unit_of(plain)
    except UnknownUnitError as error:
        raise QuantityError(_unknown_unit(error.name)) from None


def _factor(unit: str, si_unit: str, text: str) -> Decimal:
    if len(unit) > _LONGEST_UNIT:
        raise QuantityError(f"a unit has at most {_LONGEST_UNIT} characters")
    found = _unit(unit)
    if not si_unit:
        raise QuantityError(f"{shown(text)} has a unit, but this is a pure number")
    wanted = _unit(si_unit)
    if found.powers != wanted.powers:
        raise QuantityError(f"{shown(text)} is not in a unit of {si_unit}")
    return found.factor / wanted.factor


def _unknown_unit(name: str) -> str:
    if name in {"degC", "celsius", "Celsius"}:
        return "degC is understood for `temperature` only"
    return f"unknown unit {shown(name)}"


def _what_is_wrong(text: str) -> str:
    quoted = shown(text)
    if _NUMBER_ONLY.fullmatch(text):
        return f"{quoted} has no unit"
    if _UNIT_ONLY.fullmatch(text):
        return f"{quoted} has no number"
    if re.match(r"[+-]?[0-9]+,[0-9]", text):
        return f"{quoted} has a decimal comma; a point is understood"
    if re.fullmatch(r"[+-]?\.?(?:nan|inf|infinity)\b.*", text, re.IGNORECASE):
        return f"{quoted} is not finite"
    return f"{quoted} is not NUMBER UNIT"


def _finite(value: Decimal, text: str) -> float:
    try:
        result = float(value)
    except OverflowError:
        result = float("inf")
    if result in (float("inf"), float("-inf")):
        raise QuantityError(f"{shown(text)} is too large")
    return result
