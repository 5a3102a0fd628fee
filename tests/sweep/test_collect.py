"""The files of results: one row a case, typed columns, the same in both."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from solver.case import case_hash, load_case
from solver.results import read_run
from solver.sweep.collect import collect
from solver.sweep.rows import SweepReadError
from solver.version import program_version
from tests.sweep.made_sweep import hash_of, make_sweep, summary_of, write_failed

FIELDS = ["geometry.shell_thickness", "mechanics.coherency", "couplings.misfit", "phases.layered"]
CASES = [
    ("40 nm", "0.12", "true", "nmc721"),
    ("80 nm", "50 %", "false", "nmc721"),
    ("-1 nm", "0.12", "true", "nmc721"),
    ("0.12 um", "1", "true", "lnmo"),
]


def four(tmp_path: Path) -> Path:
    sweep = make_sweep(
        tmp_path / "sweep", FIELDS, CASES, {0: summary_of(104.5), 1: summary_of(87.25)}.get,
        problems={2: "geometry.shell_thickness: out of range"},
    )  # fmt: skip
    write_failed(sweep, hash_of(CASES[3]), "lost", "the worker died")
    return sweep


def test_a_row_a_case_in_the_order_of_the_table_with_typed_columns(tmp_path: Path) -> None:
    sweep = four(tmp_path)
    path = collect(sweep)
    assert path == sweep / "results.parquet"
    table = pq.read_table(path)
    assert table.column_names[:8] == [
        "number", "hash", "geometry.shell_thickness [m]", "mechanics.coherency", "couplings.misfit",
        "phases.layered", "status", "reason",
    ]  # fmt: skip
    types = [pa.int64(), pa.string(), pa.float64(), pa.float64(), pa.bool_(), *[pa.string()] * 3]
    assert [table.schema.field(n).type for n in range(8)] == types
    assert table["number"].to_pylist() == [1, 2, 3, 4]
    assert table["hash"].to_pylist() == [hash_of(case) for case in CASES]
    assert table["geometry.shell_thickness [m]"].to_pylist() == [4e-8, 8e-8, -1e-9, 1.2e-7]
    assert table["mechanics.coherency"].to_pylist() == [0.12, 0.5, 0.12, 1.0]
    assert table["status"].to_pylist() == ["done", "done", "invalid", "lost"]
    assert table["reason"].to_pylist()[2:] == ["geometry.shell_thickness: out of range", "the worker died"]
    assert table["steps.1.capacity [mAh/g]"].to_pylist() == [104.5, 87.25, None, None]
    assert table["counts.increments"].to_pylist() == [37, 37, None, None]
    assert table.schema.field("counts.increments").type == pa.int64()
    nothing = table["final.regions.rock_salt.mean_occupancy"]
    assert (nothing.type, nothing.null_count) == (pa.float64(), 4)


def test_the_file_says_what_it_is_of_and_the_unit_of_each_column(tmp_path: Path) -> None:
    schema = pq.read_schema(collect(four(tmp_path)))
    told = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    assert told == {
        "sweep": "made-up", "base": "quick/core_shell_liquid", "program": "lithostat",
        "version": program_version(),
    }  # fmt: skip
    units = {field.name: (field.metadata or {}).get(b"unit", b"").decode() for field in schema}
    assert units["geometry.shell_thickness [m]"] == "m"
    assert units["final.points.surface.concentration [mol/m3]"] == "mol/m3"
    assert units["mechanics.coherency"] == ""
    assert all(name.endswith(f" [{unit}]") for name, unit in units.items() if unit)


def test_the_csv_holds_the_same(tmp_path: Path) -> None:
    table = pq.read_table(collect(four(tmp_path)))
    with (tmp_path / "sweep" / "results.csv").open(newline="") as stream:
        header, *lines = list(csv.reader(stream))
    assert header == table.column_names
    for n, name in enumerate(header):
        for text, value in zip((line[n] for line in lines), table[name].to_pylist(), strict=True):
            if value is None:
                assert text == ""
            elif isinstance(value, bool):
                assert text == str(value).lower()
            else:
                assert type(value)(text) == value


def test_a_later_call_takes_up_what_is_finished_since_and_leaves_nothing_beside(tmp_path: Path) -> None:
    sweep = make_sweep(tmp_path / "s", ["label"], [("a",), ("b",)], {1: summary_of(90.0)}.get)
    assert pq.read_table(collect(sweep))["status"].to_pylist() == ["waiting", "done"]
    write_failed(sweep, hash_of(["a"]), "failed", "no mesh")
    assert pq.read_table(collect(sweep))["status"].to_pylist() == ["failed", "done"]
    assert {path.name for path in sweep.iterdir()} == {
        "cases", "failed", "results.csv", "results.parquet", "sweep.yaml", "table.csv",
    }  # fmt: skip


def test_a_sweep_without_any_case_or_result_is_a_table_too(tmp_path: Path) -> None:
    empty = make_sweep(tmp_path / "empty", ["label"], [], lambda n: None)
    assert pq.read_table(collect(empty)).num_rows == 0
    fresh = make_sweep(tmp_path / "fresh", ["label"], [("a",)], lambda n: None)
    assert pq.read_table(collect(fresh)).to_pylist() == [
        {"number": 1, "hash": hash_of(["a"]), "label": "a", "status": "waiting", "reason": None}
    ]


def test_a_disk_that_refuses_is_told_in_a_line(tmp_path: Path) -> None:
    sweep = four(tmp_path)
    (sweep / "results.csv").mkdir()
    with pytest.raises(SweepReadError, match="cannot be written"):
        collect(sweep)


def test_what_neither_format_can_hold_is_replaced(tmp_path: Path) -> None:
    """JSON knows half characters and whole numbers of any length."""
    odd = {
        **summary_of(90.5),
        "counts": {"cells": 2**80, "dofs": 2**2000, "odd \ud800": 1},
        "warnings": ["\ud800"],
    }
    sweep = make_sweep(tmp_path / "s", ["label"], [("a",), ("b",)], lambda n: None)
    write_failed(sweep, hash_of(["a"]), "failed", "half \ud800 of a character")
    (sweep / "cases" / hash_of(["b"])).mkdir(parents=True)
    (sweep / "cases" / hash_of(["b"]) / "summary.json").write_text(json.dumps(odd))
    first, second = pq.read_table(collect(sweep)).to_pylist()
    assert first["reason"] == "half ? of a character"
    assert (second["counts.cells"], second["counts.dofs"], second["counts.odd ?"]) == (2.0**80, None, 1)
    assert second["warnings"] == "?"


ANYTHING = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
KEYS = ["steps", "final", "counts", "wall_time_s", "warnings", "ended_by", "lithium_balance_error", "mesh"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    odd=some.dictionaries(some.sampled_from(KEYS), ANYTHING, max_size=4),
    reason=some.text(max_size=20),
    label=some.text(some.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
)
def test_no_summary_and_no_text_ends_the_collecting(
    tmp_path_factory: pytest.TempPathFactory, odd: dict[str, object], reason: str, label: str
) -> None:
    folder = tmp_path_factory.mktemp("odd") / "s"
    sweep = make_sweep(folder, ["label"], [("sound",), ("odd",), (f"{label}!",)], {0: summary_of(90.5)}.get)
    case = sweep / "cases" / hash_of(["odd"])
    case.mkdir()
    (case / "summary.json").write_text(json.dumps({**summary_of(80.5), **odd}))
    write_failed(sweep, hash_of([f"{label}!"]), "failed", reason)
    table = pq.read_table(collect(sweep))
    assert table["status"].to_pylist()[0] == "done"
    assert table["status"].to_pylist()[1] in {"done", "damaged"}
    assert table["status"].to_pylist()[2] == "failed"
    assert table["steps.1.capacity [mAh/g]"][0].as_py() == 90.5


def test_real_runs_of_a_sphere_are_collected_as_their_folders_have_them(tmp_path: Path) -> None:
    from solver.fenics import MPI
    from solver.run import run

    coarse = ["geometry.mesh_size={bulk: 250 nm, interface: 20 nm}", "numerics.tolerance=1e-2"]
    thicknesses = ["40 nm", "80 nm"]
    cases = [
        load_case("quick/core_shell_liquid", [*coarse, f"geometry.shell_thickness={t}"]) for t in thicknesses
    ]
    names = [case_hash(case)[:16] for case in cases]
    sweep = make_sweep(tmp_path / "s", ["geometry.shell_thickness"], [], lambda n: None)
    lines = [f"{n},{name},{t},\n" for n, (name, t) in enumerate(zip(names, thicknesses, strict=True), 1)]
    (sweep / "table.csv").write_text("number,hash,geometry.shell_thickness,problem\n" + "".join(lines))
    for case, name in zip(cases, names, strict=True):
        run(case, sweep / "cases" / name, comm=MPI.COMM_SELF)
    table = pq.read_table(collect(sweep)).to_pylist()
    assert [row["status"] for row in table] == ["done", "done"]
    for row, name in zip(table, names, strict=True):
        ran = read_run(sweep / "cases" / name)
        assert f"{row['geometry.shell_thickness [m]']:g} m" == ran.case["geometry"]["shell_thickness"]
        assert row["steps.1.capacity [mAh/g]"] == ran.summary["steps"][0]["capacity_mAh_g"] > 1.0
        assert row["final.voltage [V]"] == ran.history["voltage [V]"][-1]
        stress = row["final.regions.layered.mean_hydrostatic_stress [Pa]"]
        assert stress == pytest.approx(ran.history["mean_hydrostatic_stress_layered [Pa]"][-1], rel=1e-9)
        assert row["counts.increments"] == ran.summary["counts"]["increments"]
        assert row["wall_time.total [s]"] > 0.0
        assert abs(row["lithium_balance_error"]) < 1e-10
    first, second = (row["final.regions.layered.mean_hydrostatic_stress [Pa]"] for row in table)
    assert first != second
