"""The list of planted errors is up to date, and the hunt neither invents catches nor overlooks them."""

from pathlib import Path

import pytest

from benchmarks.planted.__main__ import write_table
from benchmarks.planted.error import PlantedError
from benchmarks.planted.errors import ERRORS
from benchmarks.planted.hunting import Catch, Hunt, files_of_tests, first_failure, nearest
from benchmarks.verification.contents import names

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.name)
def test_each_error_can_be_planted(error: PlantedError) -> None:
    text = (ROOT / error.path).read_text(encoding="utf-8")
    changed = error.planted(text)
    assert changed != text
    if error.path.endswith(".py"):
        compile(changed, error.path, "exec")


def test_there_are_enough_errors_and_no_two_alike() -> None:
    assert len(ERRORS) >= 20
    assert len({error.name for error in ERRORS}) == len(ERRORS)


def test_the_nearest_pages_and_tests_exist() -> None:
    pages, tests = nearest(ERRORS)
    assert set(pages) <= set(names())
    assert set(tests) <= set(files_of_tests())


def test_an_error_out_of_date_is_named(tmp_path: Path) -> None:
    (tmp_path / "law.py").write_text("x = 1\nx = 1\n")
    error = PlantedError("twice", "law.py", "x = 1", "x = 2", (), ())
    with (
        pytest.raises(ValueError, match=r"twice: law\.py holds 'x = 1' 2 times, not once"),
        error.in_place(tmp_path),
    ):
        pass


def test_an_error_is_gone_after_the_hunt(tmp_path: Path) -> None:
    path = tmp_path / "law.py"
    path.write_text("y = 3\nx = 1\n")
    error = PlantedError("one", "law.py", "x = 1\n", "", (), ())
    with error.in_place(tmp_path):
        assert path.read_text() == "y = 3\n"
    assert path.read_text() == "y = 3\nx = 1\n"


def test_a_failed_test_is_named_with_its_spaces() -> None:
    said = "=== summary ===\nFAILED tests/a.py::test_b[close moduli-0.0] - GateError: off\n1 failed"
    assert first_failure(said) == Catch("tests/a.py::test_b[close moduli-0.0]", "GateError: off")
    assert first_failure("FAILED tests/a.py::test_b[soft shell]\n") == Catch(
        "tests/a.py::test_b[soft shell]", "failed"
    )
    assert first_failure("3 passed") is None


def test_a_missed_error_is_a_row_that_says_so(tmp_path: Path) -> None:
    error = ERRORS[0]
    caught = Hunt(
        error, Catch("mechanics/core_shell_misfit", "off | by one"), Catch("tests/a.py::b", ""), 1.0
    )
    missed = Hunt(error, None, None, 1.0)
    write_table([caught, missed], tmp_path / "table.md")
    text = (tmp_path / "table.md").read_text()
    assert "2 errors were planted, one at a time, in a copy of the code; 1 were caught" in text
    assert (
        "[mechanics/core_shell_misfit](mechanics/core_shell_misfit.md) | off / by one | `tests/a.py::b` |"
        in text
    )
    assert "| **missed** |  | **missed** |" in text
