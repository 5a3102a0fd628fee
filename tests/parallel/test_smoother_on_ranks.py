"""Columns of nodes that a border of ranks cuts are solved for whole: the smoother is that of one rank."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

OnRanks = Callable[..., subprocess.CompletedProcess[str]]

DRIVER = """
import json, sys
from dataclasses import replace
import numpy as np
from benchmarks.verification.setups import hand_made
from solver.discretisation.line_smoother import line_smoother
from solver.discretisation.stiffness import constant_stiffness
from solver.fenics import MPI
found = {}
for axis, thickness in ((0, 0.1), (1, 0.03), (2, 0.1), (2, 0.003)):
    name = f"axis {axis} by {thickness}"
    factors = np.where(np.arange(3) == axis, thickness, 1.0)
    mesh = hand_made.box("3d", 5)
    mesh = replace(mesh, points=mesh.points * factors)
    body = hand_made.particle(mesh, hand_made.coupled_phases(), comm=MPI.COMM_WORLD)
    stiffness = constant_stiffness(body)
    smoother = line_smoother(stiffness, body.comm)
    right, result = stiffness.createVecs()
    x, y, z = (body.displacement_nodes / factors).T
    force = np.stack([np.sin(7 * x + 3 * y - 5 * z), np.cos(4 * x * y + z), np.sin(9 * z + x)], axis=1)
    right.setArray(force.ravel())
    smoother.apply(None, right, result)
    moved = result.getArray().reshape(-1, 3)
    weights = np.stack([np.cos(3 * x - y), np.sin(5 * y + 2 * z), np.cos(8 * z * x)], axis=1)
    sizes = sorted(len(g.dofs[0]) for g in smoother._groups)
    sizes = sorted({n for part in body.comm.allgather(sizes) for n in part})
    groups = body.comm.allreduce(sum(len(g.dofs) for g in smoother._groups))
    sums = [body.comm.allreduce(float(np.sum(w * moved))) for w in (weights, moved)]
    found[name] = {"groups": groups, "sizes": sizes, "sums": sums}
if body.comm.rank == 0:
    open(sys.argv[1], "w").write(json.dumps(found))
"""


def test_smoother_is_that_of_one_rank(on_ranks: OnRanks, tmp_path: Path) -> None:
    found = {}
    for ranks in (1, 2, 3):
        path = tmp_path / f"{ranks}.json"
        done = on_ranks(ranks, "-c", DRIVER, path, timeout=300)
        assert done.returncode == 0, done.stderr[-3000:]
        found[ranks] = json.loads(path.read_text())
    one = found[1]
    for ranks in (2, 3):
        for name, alone in one.items():
            several = found[ranks][name]
            assert len(alone["sizes"]) > 1
            assert (several["groups"], several["sizes"]) == (alone["groups"], alone["sizes"])
            assert several["sums"] == pytest.approx(alone["sums"], rel=1e-9)
