"""The shipped sweeps: found by name, every case of them good, each with a quick form."""

from functools import cache
from pathlib import Path

import pytest

from solver.case.shipped import configs_folder
from solver.sweep.plan import Plan, read_plan
from solver.sweep.shipped import find_sweep, shipped_sweeps

SWEEPS = ["core_shell_thickness", "dispersed_fraction", "hollow_cavity"]


@cache
def planned(name: str) -> Plan:
    return read_plan(Path(name))


def test_what_is_shipped() -> None:
    assert sorted(shipped_sweeps()) == sorted(SWEEPS + [f"quick/{name}" for name in SWEEPS])


@pytest.mark.parametrize("name", shipped_sweeps())
def test_every_case_of_a_shipped_sweep_is_good_and_another_one(name: str) -> None:
    plan = planned(name)
    assert [case.problem for case in plan.cases if case.problem] == []
    assert len(plan.runnable) == len(plan.cases)
    assert plan.name == name.removeprefix("quick/") + ("_quick" if name.startswith("quick/") else "")
    first = shipped_sweeps()[name].read_text(encoding="utf-8").partition("\n")[0]
    assert first.startswith("# ")


@pytest.mark.parametrize("name", SWEEPS)
def test_a_quick_form_sweeps_the_same_fields_of_the_quick_case(name: str) -> None:
    whole, quick = planned(name), planned(f"quick/{name}")
    assert list(quick.cases[0].values) == list(whole.cases[0].values)
    assert Path(quick.base).parent == Path(whole.base).parent / "quick"
    assert Path(quick.base).name == Path(whole.base).name
    assert len(quick.cases) <= 12


def test_a_bare_name_is_a_shipped_sweep_unless_such_a_file_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shipped = configs_folder() / "sweeps"
    assert find_sweep("hollow_cavity") == shipped / "hollow_cavity.yaml"
    assert find_sweep("quick/hollow_cavity") == shipped / "quick" / "hollow_cavity.yaml"
    Path("hollow_cavity").write_text("")
    assert find_sweep("hollow_cavity") == Path("hollow_cavity")
    assert find_sweep("nothing") == Path("nothing")
