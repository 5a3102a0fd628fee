"""Plans: combinations in order, every case checked, what is wrong kept in the table."""

import subprocess
import sys
from pathlib import Path

import pytest

from solver.case import case_hash, load_case
from solver.sweep.plan import Plan, Planned, read_plan

HEAD = "name: trial\nbase: quick/core_shell_liquid\n"


def planned(folder: Path, text: str) -> Plan:
    file = folder / "sweep.yaml"
    file.write_text(text)
    return read_plan(file)


def values(plan: Plan) -> list[tuple[object, ...]]:
    return [tuple(case.values.values()) for case in plan.cases]


def test_axes_multiply_the_first_the_slowest_and_repeats_the_fastest(tmp_path: Path) -> None:
    text = HEAD + (
        "axes:\n"
        "  - {field: geometry.shell_thickness, kind: list, values: [40 nm, 90 nm]}\n"
        "  - {field: mechanics.stack_pressure, kind: grid, from: 30 MPa, to: 70 MPa, points: 2}\n"
        "repeat: {count: 2, field: output.every, start: 4}\n"
        "run: {ranks: 3, wall_time: 2 min}\n"
    )
    plan = planned(tmp_path, text)
    assert values(plan) == [
        ("40 nm", "30 MPa", 4),
        ("40 nm", "30 MPa", 5),
        ("40 nm", "70 MPa", 4),
        ("40 nm", "70 MPa", 5),
        ("90 nm", "30 MPa", 4),
        ("90 nm", "30 MPa", 5),
        ("90 nm", "70 MPa", 4),
        ("90 nm", "70 MPa", 5),
    ]
    assert [case.number for case in plan.cases] == list(range(1, 9))
    assert list(plan.cases[0].values) == [
        "geometry.shell_thickness",
        "mechanics.stack_pressure",
        "output.every",
    ]
    assert (plan.name, plan.ranks, plan.wall_time, plan.text) == ("trial", 3, 120.0, text.encode())


def test_a_planned_case_is_the_one_that_set_would_make(tmp_path: Path) -> None:
    text = HEAD + (
        "set: {numerics.tolerance: 2e-2, protocol.steps: [Charge at C/3 for 4 minutes, Rest for 1 hour]}\n"
        "axes:\n"
        "  - {field: phases.rock_salt.activation_volume, kind: list, values: [3.5e-6 m^3/mol]}\n"
        "  - {field: 'protocol.steps[1]', kind: list, values: [Hold at 3.9 V for 7 minutes]}\n"
        "  - {field: couplings.misfit, kind: list, values: [false]}\n"
        "  - {field: mechanics, kind: list, values: [{coherency: 0.3, stack_pressure: 12 MPa}]}\n"
    )
    (case,) = planned(tmp_path, text).cases
    by_hand = (
        "numerics.tolerance=0.02",
        "protocol.steps=[Charge at C/3 for 4 minutes, Hold at 3.9 V for 7 minutes]",
        "phases.rock_salt.activation_volume=3.5e-6 m^3/mol",
        "couplings.misfit=false",
        "mechanics.coherency=0.3",
        "mechanics.stack_pressure=12 MPa",
    )
    wanted = load_case("quick/core_shell_liquid", by_hand)
    found = load_case("quick/core_shell_liquid", case.overrides)
    assert found == wanted
    assert case.hash == case_hash(wanted)[:16]
    assert case.overrides[0].startswith("numerics.tolerance=")
    assert case.problem == ()


def test_equal_cases_have_one_hash_and_run_once(tmp_path: Path) -> None:
    text = (
        HEAD + "axes:\n  - {field: geometry.shell_thickness, kind: list, values: [80 nm, 0.08 um, 90 nm]}\n"
    )
    plan = planned(tmp_path, text)
    first, same, other = (case.hash for case in plan.cases)
    assert first == same != other
    assert [case.number for case in plan.runnable] == [1, 3]


def test_an_invalid_case_is_a_row_with_its_reason_and_ends_nothing(tmp_path: Path) -> None:
    text = (
        HEAD + "axes:\n  - {field: geometry.shell_thickness, kind: list, values: [80 nm, 3 um, 40, 60 nm]}\n"
    )
    plan = planned(tmp_path, text)
    good, thick, bare, last = plan.cases
    assert [case.number for case in plan.runnable] == [1, 4]
    assert (good.problem, last.problem) == ((), ())
    assert [line.partition(": ")[0] for line in thick.problem] == ["--set geometry.shell_thickness"]
    assert "as thick as the particle" in thick.problem[0]
    assert "the number 40 has no unit" in bare.problem[0]
    hashes = {case.hash for case in plan.cases}
    assert len(hashes) == 4
    assert all(len(name) == 16 and int(name, 16) >= 0 for name in hashes)
    assert planned(tmp_path, text) == plan


def test_a_sample_is_one_axis_of_several_fields(tmp_path: Path) -> None:
    text = HEAD + (
        "axes:\n"
        "  - kind: latin_hypercube\n"
        "    points: 3\n"
        "    seed: 5\n"
        "    fields:\n"
        "      mechanics.coherency: {from: 0.1, to: 0.9}\n"
        "      surface.exchange_current_density: {from: 0.2 A/m^2, to: 20 A/m^2, scale: log}\n"
        "  - {field: geometry.shell_thickness, kind: list, values: [40 nm, 90 nm]}\n"
    )
    plan = planned(tmp_path, text)
    rows = values(plan)
    assert len(rows) == 6
    assert [row[:2] for row in rows[::2]] == [row[:2] for row in rows[1::2]]
    assert len({row[:2] for row in rows}) == 3
    assert len(plan.runnable) == 6


def test_a_table_gives_combinations_with_values_as_in_a_case_file(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "cases.csv").write_text(
        "\ufeffgeometry.shell_thickness, mechanics.coherency, couplings.misfit, protocol.steps\n"
        '40 nm, 0.25, true, "[Rest for 1 hour, Hold at 3.9 V for 2 minutes]"\n'
        "\n"
        "90 nm, 1, false, []\n",
        encoding="utf-8",
    )
    plan = planned(tmp_path, HEAD + "axes:\n  - {kind: csv, path: tables/cases.csv}\n")
    assert values(plan) == [
        ("40 nm", 0.25, True, ("Rest for 1 hour", "Hold at 3.9 V for 2 minutes")),
        ("90 nm", 1, False, ()),
    ]
    assert [case.problem for case in plan.cases] == [(), ()]


def test_paths_are_relative_to_the_sweep_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases may be run from any folder; the base, phases and meshes are found all the same."""
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "base.yaml").write_text("extends: core_shell_liquid\nname: mine\n")
    (folder / "heavy.yaml").write_text("extends: nmc721\ndensity: 5432 kg/m^3\n")
    (folder / "sweep.yaml").write_text(
        "name: trial\nbase: base.yaml\n"
        "axes:\n  - field: phases.layered\n    kind: list\n"
        "    values: [nmc811, ./heavy.yaml, {extends: ./heavy.yaml}]\n"
    )
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    plan = read_plan(Path("../study/sweep.yaml"))
    assert [case.problem for case in plan.cases] == [(), (), ()]
    assert Path(plan.base).is_absolute()
    monkeypatch.chdir("/")
    densities = [load_case(plan.base, case.overrides).phases.layered.density for case in plan.cases]
    assert densities[1:] == [5432.0, 5432.0]
    assert densities[0] != 5432.0
    assert plan.cases[0].hash != plan.cases[1].hash == plan.cases[2].hash


def test_a_folder_of_the_name_of_a_shipped_case_hides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quick" / "core_shell_liquid").mkdir(parents=True)
    plan = planned(tmp_path, HEAD + "repeat: {count: 2, field: output.every}\n")
    assert [case.problem for case in plan.cases] == [(), ()]


def test_each_checked_case_is_told(tmp_path: Path) -> None:
    (tmp_path / "sweep.yaml").write_text(HEAD + "repeat: {count: 3, field: output.every}\n")
    told: list[tuple[int, int]] = []
    read_plan(tmp_path / "sweep.yaml", lambda done, count: told.append((done, count)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_plan_is_read_without_heavy_libraries(tmp_path: Path) -> None:
    (tmp_path / "sweep.yaml").write_text(HEAD + "repeat: {count: 2, field: output.every}\n")
    code = (
        "import sys; from pathlib import Path; from solver.sweep.plan import read_plan;"
        "print(len(read_plan(Path('sweep.yaml')).cases), *sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True
    )
    count, *modules = done.stdout.split()
    assert count == "2"
    assert not set(modules) & {
        "dolfinx",
        "mpi4py",
        "distributed",
        "pyarrow",
        "matplotlib",
        "scipy",
        "gmsh",
        "numba",
    }


def test_planned_cases_compare_by_value() -> None:
    case = Planned(1, "0" * 16, {"geometry.seed": 1}, ("geometry.seed=1",), ())
    assert case == Planned(1, "0" * 16, {"geometry.seed": 1}, ("geometry.seed=1",), ())
