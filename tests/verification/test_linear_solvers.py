"""The block preconditioner solves what the factorisation solves, in few iterations, on one elastic set-up."""

import gc
import weakref

import numpy as np
import pytest

from benchmarks.verification.setups import hand_made
from solver.discretisation.body import SurfaceLaw
from solver.discretisation.elastic_block import ElasticBlock
from solver.discretisation.linear import (
    DIRECT_LIMIT,
    BlockSolver,
    DirectSolver,
    ElasticSolver,
    LinearSolveError,
    choose,
)
from solver.discretisation.particle import Particle

COUNTS = {"spherical": 40, "3d": 2}


def elastic_block(body: Particle, factorise: bool) -> ElasticBlock:
    return ElasticBlock(body.comm, body.stiffness().assemble(), body.displacement_nodes, factorise)


@pytest.mark.parametrize(
    ("dimension", "factorise"),
    [*((dimension, True) for dimension in hand_made.DIMENSIONS), ("3d", False)],
)
def test_block_equals_direct(dimension: str, factorise: bool) -> None:
    body = hand_made.particle(
        hand_made.box(dimension, COUNTS.get(dimension, 8)),
        hand_made.coupled_phases(),
        surface=SurfaceLaw(5.0, exchange="concentration"),
    )
    mesh_dimension = body.imported.mesh.topology.dim
    direct = DirectSolver(body.comm, mesh_dimension)
    block = BlockSolver(body.comm, elastic_block(body, factorise), rtol=1e-9)
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


def test_the_start_is_solved_behind_multigrid_too() -> None:
    body = hand_made.particle(hand_made.box("3d", 3), hand_made.coupled_phases(), pressure=3e8)
    hand_made.randomise(body, 3, size=1e-3)
    body.update()
    matrix = body.elastic_tangent().assemble()
    direct, behind = (
        DirectSolver(body.comm, 3),
        ElasticSolver(body.comm, elastic_block(body, False), rtol=1e-10),
    )
    direct.prepare(matrix)
    behind.prepare(matrix)
    right = np.random.default_rng(2).normal(size=body.blocks[0].owned)
    wanted = direct.solve(right)
    assert np.linalg.norm(behind.solve(right) - wanted) < 1e-8 * np.linalg.norm(wanted)
    assert 3 <= behind.counts.iterations <= 40


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
        DirectSolver(body.comm, 1) if kind == "direct" else BlockSolver(body.comm, elastic_block(body, True))
    )
    linear.prepare(system.assemble())
    right = np.ones(sum(b.owned for b in body.blocks))
    right[3] = np.nan
    with pytest.raises(LinearSolveError):
        linear.solve(right)


def test_a_solver_that_is_dropped_frees_its_factors() -> None:
    body = hand_made.particle(hand_made.box("3d", 2), hand_made.coupled_phases())
    hand_made.randomise(body, 1, size=1e-3)
    body.update()
    block = BlockSolver(body.comm, elastic_block(body, True))
    system = body.tangent("nest")
    block.prepare(system.assemble())
    block.solve(np.ones(sum(b.owned for b in body.blocks)))
    kept = weakref.ref(block)
    del block
    gc.collect()
    assert kept() is None
