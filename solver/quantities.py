"""Reading quantities: a number with a unit, turned into an SI float.

The number is read by an expression of our own and the unit is checked against a small grammar
before the unit library sees it, because that library evaluates expressions: left alone it would
take `2,5 um` for 25 um and never finish with `9^9^9 nm`. The registry holds the few units that a
case needs, so that it is built in milliseconds.
"""

import re
import unicodedata
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pint

NUMBER: Final = r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?"
_FACTOR: Final = r"[A-Za-z\u00b5\u03bc\u00c5\u212b\u03a9\u2126]+(?:(?:\^|\*\*)?-?[0-9]|[\u00b2\u00b3])?"
UNIT: Final = rf"(?:%|{_FACTOR}(?:[*/]{_FACTOR})*)"
_QUANTITY: Final = re.compile(rf"({NUMBER}) ?({UNIT})")
_NUMBER_ONLY: Final = re.compile(NUMBER)
_UNIT_ONLY: Final = re.compile(UNIT)
_LONGEST_UNIT: Final = 40
_LARGEST_EXPONENT: Final = 6

_DEFINITIONS: Final = (
    "giga- = 1e9 = G-",
    "mega- = 1e6 = M-",
    "kilo- = 1e3 = k-",
    "deci- = 1e-1 = d-",
    "centi- = 1e-2 = c-",
    "milli- = 1e-3 = m-",
    "micro- = 1e-6 = u- = \u03bc-",
    "nano- = 1e-9 = n-",
    "pico- = 1e-12 = p-",
    "femto- = 1e-15 = f-",
    "meter = [length] = m = metre",
    "kilogram = [mass] = kg",
    "second = [time] = s",
    "ampere = [current] = A",
    "kelvin = [temperature] = K",
    "mole = [substance] = mol",
    "gram = 1e-3 kilogram = g",
    "tonne = 1e3 kilogram = t",
    "minute = 60 second = min",
    "hour = 3600 second = h",
    "day = 86400 second = d",
    "angstrom = 1e-10 meter = \u00c5",
    "liter = 1e-3 meter**3 = l = L = litre",
    "newton = kilogram * meter / second**2 = N",
    "pascal = newton / meter**2 = Pa",
    "bar = 1e5 pascal",
    "joule = newton * meter = J",
    "watt = joule / second = W",
    "coulomb = ampere * second = C",
    "volt = joule / coulomb = V",
    "ohm = volt / ampere = \u03a9 = Ohm",
    "siemens = ampere / volt = S",
)


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
    return read_quantity(text, "K")


def shown(value: object) -> str:
    """Quote a value for an error line: escaped, on one line, shortened to 60 characters."""
    text = repr(value[:61] if isinstance(value, str) else value)
    return text if len(text) <= 60 else text[:56] + "..." + text[0]


@cache
def _registry() -> "pint.UnitRegistry[Decimal]":
    import pint

    registry: pint.UnitRegistry[Decimal] = pint.UnitRegistry(None, non_int_type=Decimal)
    for line in _DEFINITIONS:
        registry.define(line)
    return registry


@cache
def _root(unit: str) -> tuple[Decimal, str]:
    """Factor to and name of the root units of a unit that has passed the grammar."""
    import pint

    plain = unicodedata.normalize("NFKC", unit)
    plain = re.sub(r"(?<=[^\W\d_])(?:\^|\*\*)?(-?[0-9])", r"**\1", plain)
    if any(int(power) > _LARGEST_EXPONENT for power in re.findall(r"\*\*-?([0-9])", plain)):
        raise QuantityError(f"the exponents of a unit go up to {_LARGEST_EXPONENT}")
    registry = _registry()
    try:
        factor, units = registry.get_root_units(registry.parse_units(plain))
    except pint.UndefinedUnitError as error:
        name = error.unit_names if isinstance(error.unit_names, str) else error.unit_names[0]
        raise QuantityError(_unknown_unit(name)) from None
    except (pint.PintError, ValueError, TypeError, ArithmeticError):
        raise QuantityError(f"unknown unit {shown(unit)}") from None
    return Decimal(str(factor)), str(units)


def _factor(unit: str, si_unit: str, text: str) -> Decimal:
    if len(unit) > _LONGEST_UNIT:
        raise QuantityError(f"a unit has at most {_LONGEST_UNIT} characters")
    factor, root = _root(unit)
    if not si_unit:
        raise QuantityError(f"{shown(text)} has a unit, but this is a pure number")
    si_factor, si_root = _root(si_unit)
    if root != si_root:
        raise QuantityError(f"{shown(text)} is not in a unit of {si_unit}")
    return factor / si_factor


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
