"""A form that fails on one rank alone fails on all: nobody waits for ever."""

import subprocess
from collections.abc import Callable

OnRanks = Callable[..., subprocess.CompletedProcess[str]]

DRIVER = """
from solver.discretisation import compiled
from solver.fenics import MPI

def broken():
    if MPI.COMM_WORLD.rank == 1:
        raise RuntimeError("no ghosts here")
    return "compiled"

try:
    compiled._patiently(broken, MPI.COMM_WORLD)
except RuntimeError as error:
    told = MPI.COMM_WORLD.gather(str(error))
    if told is not None:
        print(*told, sep="; ")
"""


def test_every_rank_raises(on_ranks: OnRanks) -> None:
    done = on_ranks(2, "-c", DRIVER, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "no ghosts here; no ghosts here"
