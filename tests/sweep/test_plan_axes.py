"""Values of axes: units, ends, spacing, and samples that fill their box."""

import math

import numpy as np
import pytest

from solver.quantities import read_quantity
from solver.sweep.axes import AxisError, read_ends, sampled, spaced


@pytest.mark.parametrize(
    ("start", "end", "points", "values"),
    [
        ("0 MPa", "760 MPa", 5, ["0 MPa", "190 MPa", "380 MPa", "570 MPa", "760 MPa"]),
        ("40nm", "0.12 um", 3, ["40 nm", "80 nm", "120 nm"]),  # in the unit of the first
        ("2e-6 m^2/s", "-1e-6 m^2/s", 4, ["2e-06 m^2/s", "1e-06 m^2/s", "0 m^2/s", "-1e-06 m^2/s"]),
        ("20 degC", "45 degC", 2, ["20 degC", "45 degC"]),
        ("10 %", "70 %", 4, ["10 %", "30 %", "50 %", "70 %"]),
        (1, 9, 3, [1, 5, 9]),
        (0, 1, 3, [0, 0.5, 1]),
        (0.1, 0.7, 4, [0.1, 0.3, 0.5, 0.7]),  # and not 0.30000000000000004
    ],
)  # fmt: skip
def test_a_grid_is_even_and_keeps_its_unit(
    start: object, end: object, points: int, values: list[object]
) -> None:
    made = spaced(read_ends(start, end), points, log=False)
    assert made == values
    assert [type(value) for value in made] == [type(value) for value in values]


def test_whole_numbers_stay_whole_only_between_whole_ends() -> None:
    assert all(isinstance(value, int) for value in spaced(read_ends(2, 8), 4, log=False))
    assert all(isinstance(value, float) for value in spaced(read_ends(2.0, 8), 4, log=False))


def test_a_log_axis_has_equal_ratios_and_its_ends_as_given() -> None:
    made = spaced(read_ends("0.1 A/m^2", "7 A/m^2", log=True), 6, log=True)
    numbers = np.array([read_quantity(str(value), "A/m^2") for value in made])
    assert (made[0], made[-1]) == ("0.1 A/m^2", "7 A/m^2")
    assert np.diff(np.log(numbers)) == pytest.approx(math.log(70) / 5, rel=1e-10)
    assert spaced(read_ends(10, 1000, log=True), 3, log=True) == [10, 100, 1000]


@pytest.mark.parametrize(
    ("start", "end", "log", "key", "words"),
    [
        ("0 MPa", "760", False, "to", "the text '760' is no number and no quantity"),
        ("0 MPa", 760, False, "to", "760 is not in a unit of MPa"),
        (0, "760 MPa", False, "to", "'760 MPa' has a unit"),
        ("0 MPa", "760 mV", False, "to", "'760 mV' is not in a unit of MPa"),
        ("0 MPa", "760 Mpa", False, "to", "'760 Mpa' is not in a unit of MPa"),
        ("0 K", "20 degC", False, "to", "'20 degC' is not in a unit of K"),
        ("2,5 um", "3 um", False, "from", "no quantity"),
        (True, 3, False, "from", "the boolean true"),
        (float("inf"), 3, False, "from", "not finite"),
        ({"a": 1}, 3, False, "from", "a mapping"),
        ("1000 nm", "1 um", False, "to", "where the axis begins"),
        ("0 nm", "1 um", True, "from", "'0 nm' has no logarithm"),
        (1, -2, True, "to", "-2 has no logarithm"),
    ],
)
def test_ends_that_span_nothing(start: object, end: object, log: bool, key: str, words: str) -> None:
    with pytest.raises(AxisError) as error:
        read_ends(start, end, log=log)
    assert words in error.value.what
    assert error.value.at == (key,)


@pytest.mark.parametrize("kind", ["sobol", "latin_hypercube"])
def test_samples_hang_on_their_seed_alone(kind: str) -> None:
    ranges = [(read_ends("2 nm", "9 nm"), False), (read_ends(0.5, 50.0, log=True), True)]
    made = [sampled(kind, 8, seed, ranges) for seed in (3, 3, 4)]
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize("kind", ["sobol", "latin_hypercube"])
def test_samples_fill_each_field_evenly(kind: str) -> None:
    """Of 16 points one lies in each sixteenth of each range, as its scale divides it."""
    ranges = [(read_ends("20 nm", "200 nm"), False), (read_ends(0.5, 50.0, log=True), True)]
    made = sampled(kind, 16, 7, ranges)
    lengths = np.array([read_quantity(str(row[0]), "nm") for row in made])
    ratios = np.array([float(str(row[1])) for row in made])
    assert sorted(np.floor(16 * (lengths - 20) / 180)) == list(range(16))
    assert sorted(np.floor(16 * np.log(ratios / 0.5) / math.log(100))) == list(range(16))


def test_sobol_points_of_any_number_are_the_first_of_the_next_power_of_two() -> None:
    ranges = [(read_ends(0.0, 3.0), False), (read_ends(1.0, 2.0), False)]
    assert sampled("sobol", 11, 5, ranges) == sampled("sobol", 16, 5, ranges)[:11]
