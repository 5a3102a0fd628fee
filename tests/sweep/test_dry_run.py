"""What is said of a sweep before it is run, and the case that is run to tell its cost."""

import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from solver.cli import main
from solver.sweep.calibration import Calibration, calibrate, typical_case, unknowns_of
from solver.sweep.dry_run import SHOWN, Cost, cost, cost_lines, short_names, table_lines
from solver.sweep.plan import Plan, Planned, read_plan

EQUILIBRIUM = """\
name: trial
base: quick/core_shell_liquid
set: {protocol.steps: []}
axes:
  - {field: geometry.shell_thickness, kind: list, values: [40 nm, 70 nm, 3 um]}
  - {field: mechanics.stack_pressure, kind: list, values: [10 MPa, 60 MPa]}
"""


def made(count: int, invalid: tuple[int, ...] = ()) -> Plan:
    """A plan that no file says."""
    cases = tuple(
        Planned(
            n,
            f"{n:016x}",
            {"geometry.radius": f"{n} um", "couplings.misfit": True},
            (f"geometry.radius={n} um",),
            ("too large",) if n in invalid else (),
        )
        for n in range(1, count + 1)
    )
    return Plan("trial", "/a/base.yaml", cases, 1, None, b"")


@pytest.fixture(scope="module")
def equilibria(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """Four particles without a protocol, and two that are invalid."""
    file = tmp_path_factory.mktemp("sweep") / "sweep.yaml"
    file.write_text(EQUILIBRIUM)
    return read_plan(file)


def test_a_short_table_is_whole_and_names_what_is_invalid() -> None:
    lines = list(table_lines(made(4, invalid=(2, 4))))
    assert lines[0] == "sweep trial: 4 cases from /a/base.yaml: 2 to be run, 2 invalid"
    assert lines[1].split() == ["case", "hash", "radius", "misfit"]
    assert lines[2].split() == ["1", "0000000000000001", "1", "um", "true"]
    assert lines[3].split() == ["2", "0000000000000002", "2", "um", "true", "invalid"]
    assert lines[6:] == ["invalid:", "  2 cases: 2, 4: too large"]


def test_a_long_table_is_shortened() -> None:
    first, last = SHOWN
    lines = list(table_lines(made(500)))
    assert len(lines) == 2 + first + 1 + last
    assert lines[2 + first] == f"  ... {500 - first - last} more"
    assert [line.split()[0] for line in lines[-last:]] == ["497", "498", "499", "500"]
    assert len(list(table_lines(made(first + last)))) == 2 + first + last


def test_equal_cases_are_counted() -> None:
    plan = made(3)
    twice = replace(plan, cases=(*plan.cases, replace(plan.cases[1], number=4)))
    assert next(table_lines(twice)).endswith("4 cases from /a/base.yaml: 3 to be run, 1 equal to another one")


def test_reasons_and_cases_are_listed_up_to_a_number() -> None:
    plan = made(40, invalid=tuple(range(3, 41)))
    assert (
        list(table_lines(plan))[-1] == "  38 cases: 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, ...: too large"
    )
    each = replace(
        plan, cases=tuple(replace(case, problem=(f"reason {case.number}",)) for case in plan.cases)
    )
    assert list(table_lines(each))[-2:] == ["  case 12: reason 12", "  and 28 more reasons"]


def test_fields_are_named_by_as_many_parts_as_tell_them_apart() -> None:
    fields = ["geometry.seed", "phases.layered.density", "phases.rock_salt.density", "temperature"]
    assert short_names(fields) == ["seed", "layered.density", "rock_salt.density", "temperature"]


def test_the_cost_follows_the_unknowns_of_what_is_left() -> None:
    plan = made(5, invalid=(5,))
    names = [case.hash for case in plan.cases]
    calibration = Calibration(plan.cases[1], "done", "", 7.0)
    sizes = {names[0]: 100, names[1]: 200, names[2]: 700}
    found = cost(plan, calibration, sizes, frozenset({names[0]}), 2)
    # Case 2 is the one that was run, case 3 has 3.5 times its unknowns, case 4 nobody knows.
    assert found == Cost(cases=3, finished=1, seconds=7.0 * (1.0 + 3.5 + 1.0), workers=2)
    assert found.elapsed == pytest.approx(38.5 / 3 * 2)
    lines = list(cost_lines(plan, calibration, found))
    assert lines[0] == "calibration: case 2 took 7 s (done)"
    assert lines[1] == (
        "estimate: about 40 seconds for 3 cases one after the other, about 30 seconds with 2 at once, "
        "1 are there already"
    )


def test_nothing_left_costs_nothing() -> None:
    plan = made(2)
    calibration = Calibration(plan.cases[0], "done", "", 7.0)
    found = cost(plan, calibration, {}, frozenset(case.hash for case in plan.cases), 4)
    assert (found.seconds, found.elapsed) == (0.0, 0.0)
    assert "nothing to be run, 2 are there already" in list(cost_lines(plan, calibration, found))[1]


def test_a_case_that_had_to_be_stopped_gives_a_lower_bound() -> None:
    plan = made(2)
    calibration = Calibration(plan.cases[0], "unfinished", "", 900.0)
    lines = list(cost_lines(plan, calibration, cost(plan, calibration, {}, frozenset(), 1)))
    assert "more than 900 s, and was stopped" in lines[0]
    assert lines[1].startswith("estimate: at least 30 minutes for 2 cases")


def test_the_typical_case_is_the_middle_one_of_the_middle_size() -> None:
    plan = made(7, invalid=(4,))
    sizes = {case.hash: size for case, size in zip(plan.cases, (9, 5, 5, 0, 5, 1, 1), strict=True)}
    assert typical_case(plan, sizes).number == 3
    assert typical_case(plan, {}).number == 5


def test_sizes_are_those_of_each_geometry(equilibria: Plan) -> None:
    sizes = unknowns_of(equilibria)
    assert set(sizes) == {case.hash for case in equilibria.runnable}
    thin, thin_too, thick, thick_too = (sizes[case.hash] for case in equilibria.cases[:4])
    assert thin == thin_too
    assert thick == thick_too
    assert thin != thick


def test_a_calibration_that_takes_too_long_is_stopped(equilibria: Plan) -> None:
    short = replace(equilibria, wall_time=0.05)
    found = calibrate(short, short.cases[0])
    assert (found.status, found.tells) == ("unfinished", True)


def test_a_calibration_that_cannot_run_says_why(equilibria: Plan) -> None:
    case = replace(equilibria.cases[0], overrides=("geometry.radius=-1 um",))
    found = calibrate(equilibria, case)
    assert (found.status, found.tells) == ("failed", False)
    assert "geometry.radius" in found.reason


def test_the_command_tells_table_reasons_and_estimate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    Path("sweep.yaml").write_text(EQUILIBRIUM)
    assert main(["sweep", "sweep.yaml", "--dry-run", "--workers", "3"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("sweep trial: 6 cases from quick/core_shell_liquid: 4 to be run, 2 invalid\n")
    assert "2 cases: 5, 6: --set geometry.shell_thickness" in said
    assert re.search(r"^calibration: case [1-4] took [0-9.]+ s \(done\)$", said, re.M)
    assert " for 4 cases one after the other, about " in said
    assert " with 3 at once" in said
    assert os.listdir() == ["sweep.yaml"]  # noqa: PTH208 - names alone
    assert list(tmp_path.glob("lithostat-*")) == []


def test_the_command_says_what_is_wrong_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sweep.yaml").write_text(EQUILIBRIUM.replace("points", "pts").replace("kind: list", "kind: grid"))
    assert main(["sweep", "sweep.yaml"]) == 2
    said = capsys.readouterr().err.splitlines()
    assert any(line.startswith("sweep.yaml:5:5: axes[0].points: missing key") for line in said)
    Path("sweep.yaml").write_text(EQUILIBRIUM.replace("40 nm, 70 nm, ", ""))
    for words in (["sweep", "sweep.yaml"], ["sweep", "sweep.yaml", "--dry-run"]):
        assert main(words) == 2
        said = capsys.readouterr().err.splitlines()
        assert said[0] == "sweep trial: none of its 2 cases can be run"
        assert "as thick as the particle" in said[1]
    assert os.listdir() == ["sweep.yaml"]  # noqa: PTH208 - names alone


@pytest.mark.parametrize(
    "words",
    [
        ["--workers", "0"],
        ["--workers", "x"],
        ["--engine", "ray"],
        ["status"],
        ["plot"],
        ["collect", "a", "b"],
    ],
)
def test_words_that_the_command_does_not_take(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["sweep", *words])
    assert left.value.code == 2
    assert "usage: lithostat" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["status", "collect", "plot"])
def test_a_folder_that_is_none_of_a_sweep(
    word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", word, str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [[], ["status"], ["collect"], ["plot"]])
def test_help_has_an_example(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["sweep", *words, "--help"])
    assert left.value.code == 0
    assert f"  lithostat sweep {' '.join(words)}".rstrip() in capsys.readouterr().out.partition("example:")[2]


def test_a_file_may_be_called_as_a_word_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(Path(__file__), "status")
    assert main(["sweep", "./status"]) == 2
    assert capsys.readouterr().err.startswith("status:")
