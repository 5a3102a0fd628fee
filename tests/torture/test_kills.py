"""The short form of what `make torture` does to runs."""

import pytest

from benchmarks.torture.kills import kills


def test_runs_that_are_killed_end_as_the_one_left_alone(capsys: pytest.CaptureFixture[str]) -> None:
    held = kills(2, seed=3)
    told = capsys.readouterr().out
    assert held, told
    assert "2 of 2 runs" in told
