"""The closing line of the test command adds up its parts and fails when one of them did."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "count_tests.py"
SUITE = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


@pytest.mark.parametrize(
    ("suites", "line", "code"),
    [
        ([(5, 0, 0, 0), (2, 0, 0, 0)], "7 passed, 0 failed", 0),
        ([(5, 1, 0, 0), (2, 0, 1, 0)], "5 passed, 2 failed", 1),
        ([(5, 0, 0, 2)], "3 passed, 0 failed, 2 skipped", 0),
        ([(0, 0, 0, 0)], "0 passed, 0 failed", 1),
        ([], "0 passed, 0 failed", 1),
    ],
)
def test_parts_are_added_up(
    tmp_path: Path, suites: list[tuple[int, int, int, int]], line: str, code: int
) -> None:
    for number, counts in enumerate(suites):
        (tmp_path / f"{number}.xml").write_text(SUITE.format(*counts))
    result = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert result.stdout == line + "\n"
    assert result.returncode == code
