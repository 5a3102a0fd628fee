"""A linear solve that fails on one rank fails on all of them, so that none waits for the others."""

import subprocess
from collections.abc import Callable

OnRanks = Callable[..., subprocess.CompletedProcess[str]]

ONE_RANK_FAILS = """
from types import SimpleNamespace

import numpy as np
from solver.fenics import MPI, PETSc
from solver.discretisation.linear import Border, DirectSolver, LinearSolveError

comm = MPI.COMM_WORLD
matrix = PETSc.Mat().createAIJ(((3, None), (3, None)), nnz=1, comm=comm)
begin, end = matrix.getOwnershipRange()
for row in range(begin, end):
    matrix.setValue(row, row, 2.0)
matrix.assemble()
linear = DirectSolver(comm, 2)
linear.prepare(SimpleNamespace(matrix=matrix))
none = np.zeros(0), Border(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros((0, 0)))
assert np.all(linear.solve(np.ones(3), *none)[0] == 0.5)
right = np.ones(3)
if comm.rank == 1:
    right[1] = np.nan
try:
    linear.solve(right, *none)
    failed = 0
except LinearSolveError:
    failed = 1
failures = comm.allreduce(failed)
if comm.rank == 0:  # lines of several ranks may be mixed on their way through one pipe
    print("failed on", failures, flush=True)
"""


def test_a_solve_that_fails_on_one_rank_fails_on_all(on_ranks: OnRanks) -> None:
    done = on_ranks(2, "-c", ONE_RANK_FAILS, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["failed on 2"]
