"""The launcher beside the interpreter starts ranks of one program, and a rank that fails is noticed."""

import subprocess
from collections.abc import Callable

import pytest

OnRanks = Callable[..., subprocess.CompletedProcess[str]]

COUNT = """
from solver.fenics import MPI
total = MPI.COMM_WORLD.allreduce(1)
if MPI.COMM_WORLD.rank == 0:
    print("ranks", total)
"""
LEAVE = """
import sys
from solver.fenics import MPI
sys.exit(4 if MPI.COMM_WORLD.rank == 1 else 0)
"""


@pytest.mark.parametrize("ranks", [1, 2, 3])
def test_ranks_see_each_other(ranks: int, on_ranks: OnRanks) -> None:
    result = on_ranks(ranks, "-c", COUNT, timeout=60)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == ["ranks", str(ranks)]


def test_the_exit_code_of_a_rank_comes_back(
    on_ranks: OnRanks,
) -> None:
    assert on_ranks(2, "-c", LEAVE, timeout=60).returncode == 4


def test_ranks_that_hang_are_ended(on_ranks: OnRanks) -> None:
    with pytest.raises(pytest.fail.Exception, match="2 ranks took more than"):
        on_ranks(2, "-c", "import time; time.sleep(60)", timeout=2)
