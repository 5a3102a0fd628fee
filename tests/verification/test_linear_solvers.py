"""The split tangent is the assembled one, and GMRES behind its one elastic set-up solves what LU solves."""

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.verification.setups import hand_made
from solver.discretisation import elastic_block as elastic_block_module
from solver.discretisation.body import SurfaceLaw
from solver.discretisation.elastic_block import ElasticBlock
from solver.discretisation.krylov import KrylovSolver
from solver.discretisation.linear import (
    DIRECT_LIMIT,
    Border,
    DirectSolver,
    LinearSolveError,
    choose,
)
from solver.discretisation.media import Couplings
from solver.discretisation.particle import Particle
from solver.discretisation.split_forms import assemble_points, split_tangent
from solver.discretisation.stiffness import constant_stiffness, elastic_levels

from .test_tabulated_expansion import curved_particle

Array = npt.NDArray[np.float64]
COUNTS = {"spherical": 40, "3d": 2}


def elastic_block(body: Particle, factorise: bool) -> ElasticBlock:
    stiffness = constant_stiffness(body)
    return ElasticBlock(body.comm, stiffness, None if factorise else elastic_levels(body, stiffness))


def free(body: Particle) -> Array:
    """1 at free degrees of freedom of both fields, 0 at held ones."""
    ones = [np.ones(block.owned) for block in body.blocks]
    for entries, block in zip(ones, body.blocks, strict=True):
        entries[block.held] = 0.0
    return np.concatenate(ones)


def border(size: int, owned: int, seed: int = 8) -> Border:
    """Scalars that meet every degree of freedom."""
    rng = np.random.default_rng(seed)
    corner = rng.normal(size=(size, size)) + 5.0 * np.eye(size)
    columns, rows = 0.1 * rng.normal(size=(2, size, owned))
    return Border(columns, rows, 30.0 * corner)


def off(name: str) -> Couplings:
    return Couplings(**{name: False})


BODIES: dict[str, Callable[[str], Particle]] = {
    "isotropic": lambda dimension: hand_made.particle(
        hand_made.box(dimension, COUNTS.get(dimension, 6)),
        hand_made.coupled_phases(),
        surface=SurfaceLaw(5.0, exchange="concentration"),
    ),
    "crystals": lambda dimension: hand_made.particle(
        hand_made.box(dimension, COUNTS.get(dimension, 6), symmetric=False),
        hand_made.coupled_phases(crystal=True),
        frame=hand_made.FRAMES[dimension],
    ),
    "tabulated": curved_particle,
    **{
        f"without {name}": lambda dimension, name=name: hand_made.particle(  # type: ignore[misc]
            hand_made.box(dimension, COUNTS.get(dimension, 6)),
            hand_made.coupled_phases(),
            couplings=off(name),
        )
        for name in ("chemical_strain", "stress_in_potential", "stress_in_mobility")
    },
}


@pytest.mark.parametrize(
    ("dimension", "kind"),
    [
        *((dimension, "isotropic") for dimension in hand_made.DIMENSIONS),
        *(
            (dimension, kind)
            for dimension in ("generalised_plane_strain", "3d")
            for kind in BODIES
            if kind != "isotropic"
        ),
    ],
)
def test_the_split_tangent_is_the_assembled_one(dimension: str, kind: str) -> None:
    body = BODIES[kind](dimension)
    hand_made.randomise(body, 5, size=1e-3)
    body.parameters.increment.value = 40.0
    body.update()
    whole, split = body.tangent(), split_tangent(body, constant_stiffness(body), assemble_points(body))
    whole.assemble()
    split.assemble()
    x = np.random.default_rng(3).normal(size=split.owned) * free(body)
    vector, product = whole.matrix.createVecs()
    vector.setArray(x)
    whole.matrix.mult(vector, product)
    wanted, found = whole.split(product.getArray()), split.split(split.multiply(x))
    for a, b in zip(wanted, found, strict=True):
        assert np.linalg.norm(a - b) < 1e-12 * np.linalg.norm(a)


@pytest.mark.parametrize("scalars", [0, 1, 2])
@pytest.mark.parametrize(
    ("dimension", "factorise"),
    [
        *((dimension, True) for dimension in hand_made.DIMENSIONS),
        ("generalised_plane_strain", False),
        ("3d", False),
    ],
)
def test_krylov_equals_direct(dimension: str, factorise: bool, scalars: int) -> None:
    body = BODIES["isotropic"](dimension)
    direct = DirectSolver(body.comm, body.imported.mesh.topology.dim)
    krylov = KrylovSolver(body.comm, elastic_block(body, factorise), rtol=1e-10)
    whole, split = body.tangent(), split_tangent(body, constant_stiffness(body), assemble_points(body))
    rng, worst = np.random.default_rng(4), 0
    for seed, increment in ((1, 0.5), (2, 40.0), (3, 4000.0)):
        hand_made.randomise(body, seed, size=1e-3)
        body.parameters.increment.value = increment
        body.update()
        whole.assemble()
        split.assemble()
        direct.prepare(whole, 3.0)
        krylov.prepare(split, 3.0)
        right, excess = rng.normal(size=split.owned) * free(body), rng.normal(size=scalars)
        framed = border(scalars, split.owned)
        before = krylov.counts.iterations
        wanted, wanted_scalars = direct.solve(right, excess, framed)
        found, found_scalars = krylov.solve(right, excess, framed)
        worst = max(worst, krylov.counts.iterations - before)
        for a, b in zip(whole.split(wanted), split.split(found), strict=True):
            assert np.linalg.norm(a - b) < 1e-7 * np.linalg.norm(a)
        assert np.allclose(wanted_scalars, found_scalars, rtol=1e-7)
    assert 2 <= worst <= 40
    assert krylov.counts.solves == 3  # one a system, however many scalars
    assert direct.counts.solves == 3 * (1 + scalars)
    assert krylov.counts.factorisations == 1 + 3  # the elastic block once, the potential's at each increment
    assert direct.counts.factorisations == 3


def test_factors_of_the_potential_last_while_they_are_good() -> None:
    body = BODIES["isotropic"]("3d")
    krylov = KrylovSolver(body.comm, elastic_block(body, False))
    split = split_tangent(body, constant_stiffness(body), assemble_points(body))
    hand_made.randomise(body, 1, size=1e-3)
    right = np.random.default_rng(1).normal(size=split.owned) * free(body)
    made, outer = [], set()
    for increment in (40.0, 40.4, 41.0, 400.0, 401.0):
        body.parameters.increment.value = increment
        body.update()
        split.assemble()
        krylov.prepare(split)
        krylov.solve(right, np.zeros(0), border(0, split.owned))
        made.append(krylov.counts.factorisations)
        outer.add(krylov.ksp.handle)
    assert made == [2, 2, 2, 3, 3]
    assert len(outer) == 1  # its vectors are allocated once


def test_the_start_is_solved_behind_multigrid_too() -> None:
    body = hand_made.particle(hand_made.box("3d", 3), hand_made.coupled_phases(), pressure=3e8)
    hand_made.randomise(body, 3, size=1e-3)
    body.update()
    elastic = elastic_block(body, False)
    direct, behind = DirectSolver(body.comm, 3), KrylovSolver(body.comm, elastic, rtol=1e-10)
    whole, split = (
        body.elastic_tangent(),
        split_tangent(body, elastic.stiffness, assemble_points(body), with_lithium=False),
    )
    for linear, tangent in ((direct, whole), (behind, split)):
        tangent.assemble()
        linear.prepare(tangent)
    right = np.random.default_rng(2).normal(size=split.owned) * free(body)[: split.owned]
    none = border(0, split.owned)
    wanted, _ = direct.solve(right, np.zeros(0), none)
    found, _ = behind.solve(right, np.zeros(0), none)
    assert np.linalg.norm(found - wanted) < 1e-8 * np.linalg.norm(wanted)
    assert 3 <= behind.counts.iterations <= 40


def test_multigrid_takes_no_more_iterations_on_a_finer_mesh() -> None:
    taken = [
        elastic_iterations(hand_made.particle(hand_made.box("3d", count), hand_made.coupled_phases()))
        for count in (3, 6)
    ]
    assert taken[1] <= 1.3 * taken[0]
    assert taken[1] <= 25


def elastic_iterations(body: Particle) -> int:
    """Iterations of GMRES behind multigrid on the displacement alone, eight digits."""
    hand_made.randomise(body, 3, size=1e-3)
    body.update()
    elastic = elastic_block(body, False)
    krylov = KrylovSolver(body.comm, elastic, rtol=1e-8)
    split = split_tangent(body, elastic.stiffness, assemble_points(body), with_lithium=False)
    split.assemble()
    krylov.prepare(split)
    right = np.random.default_rng(2).normal(size=split.owned) * free(body)[: split.owned]
    krylov.solve(right, np.zeros(0), border(0, split.owned))
    return krylov.counts.iterations


@pytest.mark.parametrize(("thickness", "most"), [(1.0, 25), (0.1, 25), (0.01, 40)])
def test_flat_cells_take_few_iterations(thickness: float, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    mesh = hand_made.box("3d", 5)
    mesh = replace(mesh, points=mesh.points * np.array([1.0, 1.0, thickness]))
    body = hand_made.particle(mesh, hand_made.coupled_phases())
    assert elastic_iterations(body) <= most
    if thickness == 0.1:
        monkeypatch.setattr(elastic_block_module, "line_smoother", lambda *_: None)
        assert elastic_iterations(body) > 40


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
    elastic = elastic_block(body, True)
    system = (
        body.tangent() if kind == "direct" else split_tangent(body, elastic.stiffness, assemble_points(body))
    )
    linear = DirectSolver(body.comm, 1) if kind == "direct" else KrylovSolver(body.comm, elastic)
    system.assemble()
    linear.prepare(system)
    right = np.ones(sum(b.owned for b in body.blocks))
    right[3] = np.nan
    with pytest.raises(LinearSolveError):
        linear.solve(right, np.zeros(0), border(0, len(right)))


def test_scalars_that_mean_nothing_are_said() -> None:
    body = hand_made.particle(hand_made.box("spherical", 6), hand_made.coupled_phases())
    hand_made.randomise(body, 1)
    body.update()
    elastic = elastic_block(body, True)
    system = split_tangent(body, elastic.stiffness, assemble_points(body))
    krylov = KrylovSolver(body.comm, elastic)
    system.assemble()
    krylov.prepare(system)
    nothing = Border(np.zeros((1, system.owned)), np.zeros((1, system.owned)), np.zeros((1, 1)))
    with pytest.raises(LinearSolveError, match="singular"):
        krylov.solve(np.ones(system.owned), np.ones(1), nothing)


def test_a_solver_that_is_dropped_frees_its_factors() -> None:
    body = hand_made.particle(hand_made.box("3d", 2), hand_made.coupled_phases())
    hand_made.randomise(body, 1, size=1e-3)
    body.update()
    elastic = elastic_block(body, True)
    krylov, system = (
        KrylovSolver(body.comm, elastic),
        split_tangent(body, elastic.stiffness, assemble_points(body)),
    )
    system.assemble()
    krylov.prepare(system)
    krylov.solve(np.ones(system.owned), np.zeros(0), border(0, system.owned))
    kept = weakref.ref(krylov)
    del krylov
    gc.collect()
    assert kept() is None
