"""Which figures a sweep gets, and the numbers beside them."""

import csv
import math
from pathlib import Path

import pytest
from PIL import Image

from solver.sweep.columns import read_results
from solver.sweep.grouping import runs_of
from solver.sweep.line_charts import panel_axes
from solver.sweep.plots import figures_in, plot
from solver.sweep.quantities_shown import default_quantities, first_charge
from solver.sweep.rows import SweepReadError
from solver.sweep.shown_units import scale_of, short_number
from tests.sweep.made_sweep import Summary, hash_of, make_sweep, summary_of, write_failed

THICKNESSES = ["40 nm", "80 nm", "160 nm"]
PRESSURES = ["0 MPa", "760 MPa"]
ENSEMBLE = "name: seeds\nbase: x\nrepeat: {count: 4, field: geometry.seed}\n"


def numbers(figure: Path) -> list[dict[str, str]]:
    with figure.with_suffix(".csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


def only_capacity(capacity: float) -> Summary:
    """A run whose summary has a single figure to draw, so that tests draw little."""
    return {**summary_of(capacity), "final": None}


def grid(tmp_path: Path) -> Path:
    cases = [(t, p) for t in THICKNESSES for p in PRESSURES]
    results = {n: only_capacity(150.5 - 10 * n) for n in range(6) if n != 3}
    results[4] |= {"status": "failed", "ended_by": "newton"}
    return make_sweep(
        tmp_path / "grid", ["geometry.shell_thickness", "mechanics.stack_pressure"], cases, results.get
    )


def test_two_swept_numbers_get_lines_and_a_map_with_their_numbers_beside(tmp_path: Path) -> None:
    figures = plot(grid(tmp_path))
    assert [figure.name for figure in figures] == ["lines_capacity.png", "map_capacity.png"]
    for figure in figures:
        rows = numbers(figure)
        found = [
            (float(r["geometry.shell_thickness [m]"]), float(r["mechanics.stack_pressure [Pa]"]),
             float(r["mean [mAh/g]"])) for r in rows
        ]  # fmt: skip
        # Case 4 was not run and case 5 failed: neither is a result, though case 5 has a capacity.
        assert found == [(4e-8, 0.0, 150.5), (4e-8, 7.6e8, 140.5), (8e-8, 0.0, 130.5), (1.6e-7, 7.6e8, 100.5)]
        assert {(row["standard_deviation [mAh/g]"], row["count"]) for row in rows} == {("", "1")}
        with Image.open(figure) as picture:
            colours = picture.convert("RGB").getcolors(1 << 20)
        assert colours is not None
        assert len(colours) > 50


def test_the_default_quantities_are_those_of_both_phases(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path / "s", ["f"], [("1",), ("2",)], lambda n: summary_of(100.5 + n, stress=3e8))
    found = {quantity.key: quantity for quantity in default_quantities(read_results(sweep))}
    assert list(found) == ["capacity", "stress_layered", "stress_rock_salt", "voltage"]
    assert found["capacity"].values == (100.5, 101.5)
    assert found["stress_rock_salt"].values == (-9.3e8, -9.3e8)
    assert found["stress_rock_salt"].label.endswith("[MPa]")
    assert found["voltage"].values == (3.9, 3.9)


def test_what_a_failed_run_reached_is_no_result(tmp_path: Path) -> None:
    results = read_results(grid(tmp_path))
    (capacity,) = default_quantities(results)
    assert results.by_name["steps.1.capacity [mAh/g]"].values == (150.5, 140.5, 130.5, None, 110.5, 100.5)
    assert capacity.values == (150.5, 140.5, 130.5, None, None, 100.5)


def test_the_first_charge_is_found_behind_other_steps_and_named(tmp_path: Path) -> None:
    def result(n: int) -> Summary:
        summary = summary_of(100.5)
        rest = {"name": "Rest for 1 hour", "reason": "time", "duration_s": 3600.0, "capacity_mAh_g": 0.0}
        return {**summary, "steps": [rest, *summary["steps"]]}

    sweep = make_sweep(tmp_path / "s", ["f"], [("1",), ("2",)], result)
    assert first_charge(read_results(sweep)) == (2, "capacity of step 2: Charge at 1C until 4.3 V")


def test_members_of_an_ensemble_are_drawn_as_their_mean_and_its_spread(tmp_path: Path) -> None:
    cases = [(t, str(seed)) for t in THICKNESSES[:2] for seed in range(1, 5)]
    capacities = [101.5, 99.5, 104.5, 98.5, 61.0, 63.0, 67.0, 69.0]
    sweep = make_sweep(
        tmp_path / "s", ["geometry.shell_thickness", "geometry.seed"], cases,
        lambda n: only_capacity(capacities[n]), ENSEMBLE,
    )  # fmt: skip
    (figure,) = plot(sweep)
    rows = numbers(figure)
    assert list(rows[0]) == [
        "geometry.shell_thickness [m]", "mean [mAh/g]", "standard_deviation [mAh/g]", "count",
    ]  # fmt: skip
    assert [float(row["mean [mAh/g]"]) for row in rows] == [101.0, 65.0]
    spreads = [math.sqrt((0.5**2 + 1.5**2 + 3.5**2 + 2.5**2) / 3), math.sqrt((16 + 4 + 4 + 16) / 3)]
    assert [float(row["standard_deviation [mAh/g]"]) for row in rows] == pytest.approx(spreads, rel=1e-14)
    assert [row["count"] for row in rows] == ["4", "4"]


def test_an_ensemble_alone_is_drawn_over_its_seeds(tmp_path: Path) -> None:
    sweep = make_sweep(
        tmp_path / "s",
        ["geometry.seed"],
        [("1",), ("2",), ("3",)],
        lambda n: only_capacity(90.5 + n),
        ENSEMBLE,
    )
    (figure,) = plot(sweep)
    assert [float(row["mean [mAh/g]"]) for row in numbers(figure)] == [90.5, 91.5, 92.5]
    assert [row["geometry.seed"] for row in numbers(figure)] == ["1", "2", "3"]


def test_three_swept_fields_get_parallel_coordinates_and_samples_are_points(tmp_path: Path) -> None:
    cases = [(f"{17 * n + 20} nm", f"{(29 * n) % 97} MPa", str(n % 2 == 0).lower()) for n in range(9)]
    sweep = make_sweep(
        tmp_path / "s", ["geometry.shell_thickness", "mechanics.stack_pressure", "couplings.misfit"], cases,
        lambda n: only_capacity(120.5 - 7 * n),
    )  # fmt: skip
    figures = plot(sweep)
    assert [figure.name for figure in figures] == ["lines_capacity.png", "map_capacity.png", "parallel.png"]
    rows = numbers(figures[-1])
    assert list(rows[0]) == [
        "number", "geometry.shell_thickness [m]", "mechanics.stack_pressure [Pa]", "couplings.misfit",
        "capacity [mAh/g]",
    ]  # fmt: skip
    assert [row["number"] for row in rows] == [str(n + 1) for n in range(9)]
    assert [float(row["capacity [mAh/g]"]) for row in rows] == [120.5 - 7 * n for n in range(9)]


def test_texts_that_nobody_expected_are_drawn_as_they_stand(tmp_path: Path) -> None:
    labels = ["$\\frac{1$", "漢字\u0007", "<b>&", "x" * 400, "50 $"]
    sweep = make_sweep(
        tmp_path / "s", ["phases.$layered", "geometry.shell_thickness"],
        [(label, t) for label in labels for t in THICKNESSES], lambda n: only_capacity(90.5 + n),
        "name: $\\alpha{\nbase: x\n",
    )  # fmt: skip
    assert [figure.name for figure in plot(sweep)] == ["lines_capacity.png"]


def test_figures_of_before_go_with_what_they_showed_and_other_files_stay(tmp_path: Path) -> None:
    sweep = grid(tmp_path)
    plot(sweep)
    (sweep / "plots" / "mine.png").write_bytes(b"mine")
    (sweep / "plots" / "lines_voltage.png").write_bytes(b"of a former call")
    (sweep / "plots" / "lines_voltage.csv").write_text("of a former call")
    assert [path.name for path in figures_in(sweep)] == [
        "lines_capacity.png", "lines_voltage.png", "map_capacity.png",
    ]  # fmt: skip
    plot(sweep)
    assert sorted(path.name for path in (sweep / "plots").iterdir()) == [
        "lines_capacity.csv", "lines_capacity.png", "map_capacity.csv", "map_capacity.png", "mine.png",
    ]  # fmt: skip


def test_nothing_is_drawn_where_nothing_varies_or_is_finished(tmp_path: Path) -> None:
    one = make_sweep(tmp_path / "one", ["f"], [("1",)], lambda n: only_capacity(90.5))
    assert plot(one) == []
    none = make_sweep(tmp_path / "none", ["f"], [("1",), ("2",)], lambda n: None)
    write_failed(none, hash_of(["1"]), "failed", "no mesh")
    assert plot(none) == []
    with pytest.raises(SweepReadError, match="no folder of a sweep"):
        plot(tmp_path)


def test_equal_values_everywhere_can_be_drawn(tmp_path: Path) -> None:
    cases = [(t, p, c) for t in THICKNESSES for p in PRESSURES for c in ("0", "1")]
    fields = ["geometry.shell_thickness", "mechanics.stack_pressure", "mechanics.coherency"]
    assert len(plot(make_sweep(tmp_path / "s", fields, cases, lambda n: only_capacity(0.0)))) == 3


def test_a_sweep_in_ratios_is_drawn_on_a_logarithmic_axis_and_one_in_steps_is_not(tmp_path: Path) -> None:
    cases = [(f"{10 ** (n / 2 - 1)} A/m^2", f"{20 + 70 * n} nm") for n in range(5)]
    sweep = make_sweep(tmp_path / "s", ["i0", "thickness"], cases, lambda n: only_capacity(90.5 + n))
    density, thickness = runs_of(read_results(sweep)).axes
    assert density.logarithmic
    assert not thickness.logarithmic
    assert (density.label, thickness.label) == ("i0 [A/m²]", "thickness [nm]")
    assert [axis.field for axis in panel_axes(runs_of(read_results(sweep)))] == ["i0", "thickness"]


@pytest.mark.parametrize(
    ("unit", "values", "shown"),
    [
        ("m", [4e-8, 2e-7], ("nm", 1e9)),
        ("m", [4e-8, 2.5e-6], ("µm", 1e6)),
        ("Pa", [-7.6e8], ("MPa", 1e-6)),
        ("Pa", [2e11], ("GPa", 1e-9)),
        ("s", [24.0], ("s", 1.0)),
        ("s", [3600.0], ("min", 1 / 60)),
        ("mol/m3", [4.9e4], ("mol/L", 1e-3)),
        ("ohm*m2", [1e-3], ("Ω cm²", 1e4)),
        ("mAh/g", [150.0], ("mAh/g", 1.0)),
        ("", [0.5, None], ("", 1.0)),
        ("m", [], ("nm", 1e9)),
    ],
)
def test_units_are_those_that_people_read(
    unit: str, values: list[float | None], shown: tuple[str, float]
) -> None:
    scale = scale_of(unit, values)
    assert (scale.unit, scale.factor) == shown


def test_numbers_have_a_true_minus_and_none_before_zero() -> None:
    numbers_written = [short_number(value) for value in (-12.34567, -0.0, 1e-9, -23456.7, 1.5e7)]
    assert numbers_written == ["−12.35", "0", "1e−09", "−23457", "1.5e+07"]
