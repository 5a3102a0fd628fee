import math

import pytest

from solver.quantities import QuantityError, read_quantity, read_temperature, shown


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("2.5 um", "m", 2.5e-6),
        ("2.5um", "m", 2.5e-6),
        ("2.5 µm", "m", 2.5e-6),
        ("2.5 \u03bcm", "m", 2.5e-6),
        ("2.878 Å", "m", 2.878e-10),
        ("2.878 \u212b", "m", 2.878e-10),
        ("150 nm", "m", 1.5e-7),
        ("760 MPa", "Pa", 7.6e8),
        ("1e-14 m^2/s", "m^2/s", 1e-14),
        ("1e-14 m2/s", "m^2/s", 1e-14),
        ("1E-10 cm2/s", "m^2/s", 1e-14),
        ("1e-14 m**2/s", "m^2/s", 1e-14),
        ("1e-14 m²/s", "m^2/s", 1e-14),
        ("1 m^2*s^-1", "m^2/s", 1.0),
        ("1.35 cm^3/mol", "m^3/mol", 1.35e-6),
        ("4.76 g/cm^3", "kg/m^3", 4760.0),
        ("48.94 mol/l", "mol/m^3", 48940.0),
        ("150 mA/g", "A/kg", 150.0),
        ("0.1 mA/cm2", "A/m^2", 1.0),
        ("20 ohm*cm2", "ohm*m^2", 2e-3),
        ("20 Ohm*cm^2", "ohm*m^2", 2e-3),
        ("2 A/m^2", "A/m^2", 2.0),
        ("-2 A/m^2", "A/m^2", -2.0),
        ("+.5 V", "V", 0.5),
        ("15 minutes", "s", 900.0),
        ("2 h", "s", 7200.0),
        ("1 day", "s", 86400.0),
        ("3 kbar", "Pa", 3e8),
        ("5 kilopascals", "Pa", 5000.0),
        ("4 mV", "V", 0.004),
        ("7 ms", "s", 0.007),
        ("2 kgram/m^3", "kg/m^3", 2.0),
        ("3 N*s^2/m^4", "kg/m^3", 3.0),
        ("6 S^-1*m2", "ohm*m^2", 6.0),
        ("8 mW*s/C", "V", 0.008),
        ("30 %", "", 0.3),
        ("30%", "", 0.3),
    ],
)
def test_reads_number_and_unit_correctly_rounded(text: str, unit: str, value: float) -> None:
    assert read_quantity(text, unit) == value


@pytest.mark.parametrize(
    ("text", "unit", "reason"),
    [
        ("2,5 um", "m", "decimal comma"),
        ("2 um + 3 nm", "m", "not NUMBER UNIT"),
        ("9^9^9 nm", "m", "not NUMBER UNIT"),
        ("(2) um", "m", "not NUMBER UNIT"),
        ("2 um um", "m", "not NUMBER UNIT"),
        ("2  um", "m", "not NUMBER UNIT"),
        ("2\tum", "m", "not NUMBER UNIT"),
        ("2 um\n", "m", "not NUMBER UNIT"),
        ("2_000 nm", "m", "not NUMBER UNIT"),
        ("0x10 nm", "m", "not NUMBER UNIT"),
        ("１ um", "m", "not NUMBER UNIT"),
        ("2 um/0", "m", "not NUMBER UNIT"),
        ("2 __import__", "m", "not NUMBER UNIT"),
        ("um", "m", "no number"),
        ("2.5", "m", "no unit"),
        ("", "m", "not NUMBER UNIT"),
        ("inf um", "m", "not finite"),
        ("nan m", "m", "not finite"),
        ("1e999 m", "m", "too large"),
        ("1e400 m", "m", "too large"),
        ("2 parsec", "m", "unknown unit"),
        ("2 foo/bar", "m", "unknown unit"),
        ("25 degC", "m", "temperature"),
        ("2 s", "m", "not in a unit of m"),
        ("2 C", "A/m^2", "not in a unit of A/m^2"),
        ("3 A", "m", "not in a unit of m"),
        ("3 As", "s", "unknown unit 'As'"),
        ("3 mAs", "s", "unknown unit 'mAs'"),
        ("3 mmm", "m", "unknown unit 'mmm'"),
        ("3 milli", "m", "unknown unit 'milli'"),
        ("3 m/s", "m", "not in a unit of m"),
        ("1 m^9", "m", "exponents"),
        ("1 " + "m*" * 30 + "m", "m", "characters"),
        ("2 um", "", "pure number"),
        ("30 %", "m", "fraction"),
        ("30 %%", "", "not NUMBER UNIT"),
    ],
)
def test_refuses_what_is_no_quantity(text: str, unit: str, reason: str) -> None:
    with pytest.raises(QuantityError, match=reason.replace("^", r"\^")):
        read_quantity(text, unit)


@pytest.mark.parametrize(
    "text", ["9^9^9^9 nm", "1" * 100_000 + " m", "1 " + "m" * 100_000, "1 " + "m*" * 50_000]
)
def test_never_evaluates_what_would_not_end(text: str) -> None:
    with pytest.raises(QuantityError) as caught:
        read_quantity(text, "m")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("text", "kelvin"), [("298.15 K", 298.15), ("25 degC", 298.15), ("25 °C", 298.15), ("-10 degC", 263.15)]
)
def test_temperature_also_in_degrees(text: str, kelvin: float) -> None:
    assert read_temperature(text) == kelvin


def test_a_small_number_underflows_to_zero_rather_than_failing() -> None:
    assert read_quantity("1e-999 m", "m") == 0.0
    assert math.copysign(1, read_quantity("0 m", "m")) == 1


def test_shown_text_stays_on_one_short_line() -> None:
    assert shown("a\nb\x00\ud800") == r"'a\nb\x00\ud800'"
    assert len(shown("x" * 10_000)) <= 60
