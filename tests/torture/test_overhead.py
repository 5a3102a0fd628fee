"""What a sweep costs is measured against the same cases, each of them run; short form of `make torture`."""

from pathlib import Path

import pytest

from benchmarks.torture.overhead import Measured, measure


def test_a_sweep_is_compared_with_its_neighbours() -> None:
    found = Measured(plain=[90.0, 110.0, 130.0], swept=[105.0, 150.0])
    assert found.beyond == pytest.approx([0.05, 0.25])


def test_the_same_cases_are_run_plainly_and_as_a_sweep(tmp_path: Path) -> None:
    found = measure(tmp_path, (2, 2), 2, 1)
    assert len(found.plain) == 2
    assert len(found.beyond) == 1
    assert min(*found.plain, *found.swept) > 0.0
    assert len(list(tmp_path.glob("swept_0/cases/*/summary.json"))) == 4
