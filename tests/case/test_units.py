import re
from fractions import Fraction
from pathlib import Path

import pytest
from scipy import constants

from solver.quantities import QuantityError, read_quantity, read_temperature
from solver.units import UnknownUnitError, unit_of

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cases.md"

# Names, size and base units of each: SI Brochure, 9th edition (2019), tables 2, 4 and 8.
DEFINITIONS = {
    "m": ("meter metre", "1", "m"),
    "g": ("gram", "1/1000", "kg"),
    "kg": ("kilogram", "1", "kg"),
    "t": ("tonne", "1000", "kg"),
    "s": ("second", "1", "s"),
    "min": ("minute", "60", "s"),
    "h": ("hour", "3600", "s"),
    "d": ("day", "86400", "s"),
    "A": ("ampere", "1", "A"),
    "K": ("kelvin", "1", "K"),
    "mol": ("mole", "1", "mol"),
    "N": ("newton", "1", "kg*m*s^-2"),
    "Pa": ("pascal", "1", "kg*m^-1*s^-2"),
    "bar": ("", "100000", "kg*m^-1*s^-2"),
    "J": ("joule", "1", "kg*m^2*s^-2"),
    "W": ("watt", "1", "kg*m^2*s^-3"),
    "C": ("coulomb", "1", "A*s"),
    "V": ("volt", "1", "kg*m^2*s^-3*A^-1"),
    "S": ("siemens", "1", "kg^-1*m^-2*s^3*A^2"),
    "L": ("l liter litre", "1/1000", "m^3"),
    "ohm": ("\u03a9 Ohm", "1", "kg*m^2*s^-3*A^-2"),
    "\u00c5": ("angstrom", "1/10000000000", "m"),
}
PREFIXES = {
    "G": "giga",
    "M": "mega",
    "k": "kilo",
    "d": "deci",
    "c": "centi",
    "m": "milli",
    "u": "micro",
    "\u00b5": "micro",
    "n": "nano",
    "p": "pico",
    "f": "femto",
}
NUMBER = Fraction("7.25")


def words_after(start: str, end: str) -> set[str]:
    """The words between two texts of the page of case files."""
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    (found,) = re.findall(f"{re.escape(start)}(.*?){re.escape(end)}", text)
    return set(found.split())


def test_the_table_holds_what_the_page_promises() -> None:
    named = words_after("**Units**: `", "` and their long names")
    assert named == {*DEFINITIONS, "angstrom"}
    assert words_after("with the prefixes `", "`.") == set(PREFIXES)


@pytest.mark.parametrize("symbol", DEFINITIONS)
def test_a_unit_is_what_its_definition_says(symbol: str) -> None:
    names, size, base = DEFINITIONS[symbol]
    for name in (symbol, *names.split()):
        assert read_quantity(f"7.25 {name}", base) == float(NUMBER * Fraction(size)), name


@pytest.mark.parametrize("name", [name for names, _, _ in DEFINITIONS.values() for name in names.split()])
def test_long_names_have_a_plural(name: str) -> None:
    if len(name) > 1:
        assert unit_of(f"{name}s") == unit_of(name)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_prefix_is_its_power_of_ten_before_every_unit(prefix: str) -> None:
    power = Fraction(repr(getattr(constants, PREFIXES[prefix])))
    for symbol, (names, size, base) in DEFINITIONS.items():
        if symbol == "kg":
            continue
        wanted = float(NUMBER * power * Fraction(size))
        assert read_quantity(f"7.25 {prefix}{symbol}", base) == wanted, symbol
        for name in names.split():
            assert read_quantity(f"7.25 {PREFIXES[prefix]}{name}", base) == wanted, name


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("molar gas constant", "kg*m^2*s^-2*mol^-1*K^-1"),
        ("Faraday constant", "A*s*mol^-1"),
        ("von Klitzing constant", "kg*m^2*s^-3*A^-2"),
        ("conductance quantum", "kg^-1*m^-2*s^3*A^2"),
        ("standard atmosphere", "kg*m^-1*s^-2"),
        ("Boltzmann constant", "kg*m^2*s^-2*K^-1"),
        ("Stefan-Boltzmann constant", "kg*s^-3*K^-4"),
        ("mag. flux quantum", "kg*m^2*s^-2*A^-1"),
    ],
)
def test_constants_are_read_in_the_units_that_codata_gives_them_in(name: str, base: str) -> None:
    value, unit, _ = constants.physical_constants[name]
    coherent = unit.replace("Wb", "V s").replace(" ", "*")
    assert read_quantity(f"{value!r} {coherent}", base) == value


@pytest.mark.parametrize("unit", ["Pas", "GPas", "kgs", "kkg", "mkilogram", "Mkg", "microkilograms"])
def test_no_short_symbol_has_a_plural_and_no_kilogram_a_prefix(unit: str) -> None:
    with pytest.raises(UnknownUnitError, match=unit):
        unit_of(unit)


@pytest.mark.parametrize("text", ["", "m_x", "m+s", "m s", "m/", "m^12", "m^", "2m", "(m)", "m//s"])
def test_what_is_no_product_of_units_is_refused_as_a_whole(text: str) -> None:
    with pytest.raises(UnknownUnitError):
        unit_of(text)


@pytest.mark.parametrize("text", ["25 C", "25C", "25 celsius", "-3.5 Celsius", "25 \u00b0 C"])
def test_a_temperature_in_degrees_is_told_how_to_be_written(text: str) -> None:
    with pytest.raises(QuantityError, match="are written degC"):
        read_temperature(text)
