"""The units that a case may be written in: how many SI units each is, and what it measures.

A unit is a product of named ones, each with a power. What a name means stands in two short tables; a
registry of all the units there are would take longer to load than a case takes to be checked.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

_BASE: Final = ("m meter metre", "kg kilogram", "s second", "A ampere", "K kelvin", "mol mole")

_DERIVED: Final = (
    ("g gram", "1e-3", "kg"),
    ("t tonne", "1e3", "kg"),
    ("min minute", "60", "s"),
    ("h hour", "3600", "s"),
    ("d day", "86400", "s"),
    ("\u00c5 angstrom", "1e-10", "m"),
    ("l L liter litre", "1e-3", "m^3"),
    ("N newton", "1", "kg*m/s^2"),
    ("Pa pascal", "1", "N/m^2"),
    ("bar", "1e5", "Pa"),
    ("J joule", "1", "N*m"),
    ("W watt", "1", "J/s"),
    ("C coulomb", "1", "A*s"),
    ("V volt", "1", "J/C"),
    ("\u03a9 ohm Ohm", "1", "V/A"),
    ("S siemens", "1", "A/V"),
)

_PREFIXES: Final = {
    "giga G": 9,
    "mega M": 6,
    "kilo k": 3,
    "deci d": -1,
    "centi c": -2,
    "milli m": -3,
    "micro u \u03bc": -6,
    "nano n": -9,
    "pico p": -12,
    "femto f": -15,
}

_UNPREFIXED: Final = {"kg", "kilogram"}
"""They bear a prefix already."""

_SHORTEST_PLURAL: Final = 3
"""Letters of a unit with a plural: As would not be many amperes, Pas is no pressure."""

_FACTOR: Final = re.compile(r"([*/])([^\W\d_]+)(?:(?:\^|\*\*)?(-?[0-9]))?")


class UnknownUnitError(ValueError):
    """A name that is no unit.

    Attributes:
        name: the name alone, without the rest of the unit.
    """

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown unit {name}")
        self.name = name


@dataclass(frozen=True)
class Unit:
    """A unit.

    Attributes:
        factor: how many SI units it is.
        powers: of m, kg, s, A, K and mol; units with equal powers measure the same.
    """

    factor: Decimal = Decimal(1)
    powers: tuple[int, ...] = (0,) * len(_BASE)

    def times(self, other: "Unit", power: int) -> "Unit":
        """This unit times a power of another one."""
        powers = tuple(mine + power * its for mine, its in zip(self.powers, other.powers, strict=True))
        return Unit(self.factor * other.factor**power, powers)


@cache
def unit_of(text: str) -> Unit:
    """Read a unit.

    Args:
        text: names with whole powers, one digit each, joined by `*` and `/`: "mol/m^3", "m2/s", "s**-1". The
            micro sign is a Greek mu, the ohm sign a Greek omega.

    Raises:
        UnknownUnitError: one of the names is no unit, or the text is no product.
    """
    return _product(text, _named)


def _product(text: str, named: Callable[[str], Unit]) -> Unit:
    product, end = Unit(), 0
    whole = f"*{text}"
    for factor in _FACTOR.finditer(whole):
        if factor.start() != end:
            break
        joined, name, power = factor.groups()
        exponent = int(power or 1)
        product, end = product.times(named(name), exponent if joined == "*" else -exponent), factor.end()
    if end != len(whole):
        raise UnknownUnitError(text)
    return product


def _named(name: str) -> Unit:
    """The unit of a name: as it stands or with a prefix, and either in the plural."""
    found = _prefixed(name)
    if found is None and name.endswith("s"):
        found = _prefixed(name.removesuffix("s"), _SHORTEST_PLURAL)
    if found is None:
        raise UnknownUnitError(name)
    return found


def _prefixed(name: str, shortest: int = 1) -> Unit | None:
    """A unit of at least so many letters with or without a prefix, or None."""
    for prefix, exponent in _exponents().items():
        rest = name.removeprefix(prefix)
        if not name.startswith(prefix) or len(rest) < shortest or (prefix and rest in _UNPREFIXED):
            continue
        unit = _units().get(rest)
        if unit is not None:
            return Unit(Decimal(1).scaleb(exponent)).times(unit, 1)
    return None


@cache
def _units() -> dict[str, Unit]:
    known: dict[str, Unit] = {}
    for place, names in enumerate(_BASE):
        powers = tuple(int(place == other) for other in range(len(_BASE)))
        known |= dict.fromkeys(names.split(), Unit(powers=powers))
    for names, factor, others in _DERIVED:
        unit = Unit(Decimal(factor)).times(_product(others, known.__getitem__), 1)
        known |= dict.fromkeys(names.split(), unit)
    return known


@cache
def _exponents() -> dict[str, int]:
    return {"": 0} | {prefix: exponent for names, exponent in _PREFIXES.items() for prefix in names.split()}
