"""The block preconditioner solves what the factorisation solves, in few iterations, on one elastic set-up."""

import numpy as np
import pytest

from solver.discretisation.linear import DIRECT_LIMIT, BlockSolver, DirectSolver, LinearSolveError, choose
from solver.discretisation.particle import SurfaceLaw
from tests.verification import hand_made

COUNTS = {"spherical": 40, "3d": 2}


@pytest.mark.parametrize("dimension", [*hand_made.DIMENSIONS, "3d"])
def test_block_equals_direct(dimension: str) -> None:
    body = hand_made.particle(
        hand_made.box(dimension, COUNTS.get(dimension, 8)),
        hand_made.coupled_phases(),
        surface=SurfaceLaw(5.0, exchange="concentration"),
    )
    mesh_dimension = body.imported.mesh.topology.dim
    direct = DirectSolver(body.comm, mesh_dimension)
    block = BlockSolver(body.comm, mesh_dimension, 1000, lambda: body.stiffness().assemble())
    monolithic, nested = body.tangent("mpi"), body.tangent("nest")
    rng = np.random.default_rng(4)
    worst = 0
    for seed, increment in ((1, 0.5), (2, 40.0), (3, 4000.0)):
        hand_made.randomise(body, seed, size=1e-3)
        body.parameters.increment.value = increment
        body.update()
        direct.prepare(monolithic.assemble())
        block.prepare(nested.assemble())
        right = rng.normal(size=sum(b.owned for b in body.blocks))
        before = block.counts.iterations
        wanted, found = direct.solve(right), block.solve(right)
        worst = max(worst, block.counts.iterations - before)
        for a, b in zip(monolithic.split(wanted), monolithic.split(found), strict=True):
            assert np.linalg.norm(a - b) < 1e-7 * np.linalg.norm(a)
    assert 2 <= worst <= 25
    assert block.counts.solves == direct.counts.solves == 3
    assert block.counts.factorisations == 1 + 3  # the elastic block once, the potential's at each matrix
    assert direct.counts.factorisations == 3


def test_the_choice_follows_the_size() -> None:
    assert choose("auto", 1, 10**7) == "direct"
    assert choose("auto", 2, DIRECT_LIMIT[2]) == "direct"
    assert choose("auto", 2, DIRECT_LIMIT[2] + 1) == "block"
    assert choose("auto", 3, 100_000) == "block"
    assert choose("block", 1, 10) == "block"
    assert choose("direct", 3, 10**7) == "direct"


@pytest.mark.parametrize("kind", ["direct", "block"])
def test_what_cannot_be_solved_is_said(kind: str) -> None:
    body = hand_made.particle(hand_made.box("spherical", 6), hand_made.coupled_phases())
    hand_made.randomise(body, 1)
    body.update()
    system = body.tangent("mpi" if kind == "direct" else "nest")
    linear = (
        DirectSolver(body.comm, 1)
        if kind == "direct"
        else BlockSolver(body.comm, 1, 1000, lambda: body.stiffness().assemble())
    )
    linear.prepare(system.assemble())
    right = np.ones(sum(b.owned for b in body.blocks))
    right[3] = np.nan
    with pytest.raises(LinearSolveError):
        linear.solve(right)
