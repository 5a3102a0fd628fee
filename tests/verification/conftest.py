"""Cases run in the test's own process, which saves the start of an interpreter for each."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from benchmarks.verification.setups.running import Run, run_case

Runner = Callable[[Mapping[str, Any]], Run]


@pytest.fixture
def run(tmp_path: Path) -> Runner:
    """`run(case)` goes through the command line and gives what its folder says."""
    return lambda case: run_case(case, tmp_path)


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """The same for runs that several tests of a module read."""
    return lambda case: run_case(case, tmp_path_factory.mktemp("run"))
