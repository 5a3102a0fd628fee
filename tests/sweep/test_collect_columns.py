"""Columns of a sweep: swept fields in SI with their unit in the name, figures as the summary has them."""

import math

import pytest

from solver.sweep.columns import input_column
from solver.sweep.flattening import figures_of, place_of
from tests.sweep.made_sweep import summary_of


@pytest.mark.parametrize(
    ("texts", "name", "kind", "values"),
    [
        (["40 nm", "0.08 um", "2e-7 m"], "f [m]", "float", (4e-8, 8e-8, 2e-7)),
        (["0 MPa", "7600 bar"], "f [Pa]", "float", (0.0, 7.6e8)),
        (["25 degC", "298.15 K"], "f [K]", "float", (298.15, 298.15)),
        (["0.1 mA/cm^2"], "f [A/m2]", "float", (1.0,)),
        (["1.35 cm^3/mol"], "f [m3/mol]", "float", (1.35e-6,)),
        (["150 mA/g"], "f [A/kg]", "float", (150.0,)),
        (["30 min", "1 h"], "f [s]", "float", (1800.0, 3600.0)),
        (["50 %", "0.25"], "f", "float", (0.5, 0.25)),
        (["0.5", "1e-2", "3"], "f", "float", (0.5, 0.01, 3.0)),
        (["1", "2", "-30"], "f", "int", (1, 2, -30)),
        (["true", "False", "true"], "f", "bool", (True, False, True)),
        (["nmc721", "lnmo"], "f", "text", ("nmc721", "lnmo")),
        (["40 nm", "0.5"], "f", "text", ("40 nm", "0.5")),
        (["40 nm", "3 s"], "f", "text", ("40 nm", "3 s")),
        (["Charge at 1C until 4.3 V"], "f", "text", ("Charge at 1C until 4.3 V",)),
        (["nan", "inf", "1_000"], "f", "text", ("nan", "inf", "1_000")),
        (["40 nm", ""], "f [m]", "float", (4e-8, None)),
        (["", ""], "f", "text", (None, None)),
    ],
)
def test_a_field_is_what_all_of_its_values_are(
    texts: list[str], name: str, kind: str, values: tuple[object, ...]
) -> None:
    column = input_column("f", texts, [True] * len(texts))
    assert (column.name, column.kind) == (name, kind)
    for found, wanted in zip(column.values, values, strict=True):
        assert found == (pytest.approx(wanted, rel=1e-15) if isinstance(wanted, float) else wanted)


def test_the_values_of_invalid_cases_do_not_turn_numbers_into_texts() -> None:
    column = input_column("f", ["40 nm", "40 parsecs", "80 nm"], [True, False, True])
    assert (column.kind, column.values) == ("float", (4e-8, None, 8e-8))
    column = input_column("f", ["1", "1.5", "many"], [True, False, False])
    assert (column.kind, column.values) == ("int", (1, None, None))
    assert input_column("f", ["40 parsecs", "x"], [False, False]).kind == "text"


def test_a_sign_and_the_largest_whole_number_are_kept() -> None:
    assert input_column("f", ["9" * 18], [True]).values == (10**18 - 1,)
    assert input_column("f", ["9" * 30], [True]).values == (1e30,)


def test_figures_are_named_by_their_path_with_the_unit_behind_it() -> None:
    figures = figures_of(summary_of(capacity=104.5, voltage=4.1, stress=-2.5e8))
    wanted = {
        "steps.1.name": "Charge at 1C until 4.3 V",
        "steps.1.reason": "voltage",
        "steps.1.capacity [mAh/g]": 104.5,
        "steps.1.capacity_of_pristine [mAh/g]": 1.25 * 104.5,
        "steps.1.duration [s]": 24.5 * 104.5,
        "steps.2.capacity [mAh/g]": 0.9 * 104.5,
        "equilibrium.regions.layered.mean_hydrostatic_stress [Pa]": -1.25e8,
        "final.regions.layered.mean_hydrostatic_stress [Pa]": -2.5e8,
        "final.regions.layered.mean_occupancy": 0.71,
        "final.regions.rock_salt.mean_occupancy": None,
        "final.points.surface.concentration [mol/m3]": 23456.7,
        "final.voltage [V]": 4.1,
        "lithium_balance_error": 3e-14,
        "counts.increments": 37,
        "rejected_by_reason.error": 2,
        "wall_time.total [s]": 1.25,
        "peak_memory [byte]": 214_000_000,
        "warnings": "",
    }
    assert {name: figures.get(name, "absent") for name in wanted} == wanted
    assert sorted(figures, key=place_of) == list(figures)
    assert place_of("steps.10.capacity [mAh/g]") > place_of("steps.9.reason")
    assert place_of("wall_time.total [s]") > place_of("counts.cells") > place_of("final.voltage [V]")


def test_parts_of_a_wrong_shape_give_nothing() -> None:
    nested: object = 1.0
    for _ in range(500):
        nested = {"below": nested}
    odd = {"steps": [7, None, {"capacity_mAh_g": 3.5}], "final": nested, "counts": "many", "mesh": [1, 2]}
    assert figures_of(odd) == {"steps.3.capacity [mAh/g]": 3.5}
    assert figures_of({"final": {"voltage_V": math.nan}}).keys() == {"final.voltage [V]"}
