"""Taylor tests: the residual minus its linearisation vanishes to second order, block by block."""

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.verification.pages.coupling.tangent import System
from benchmarks.verification.setups import hand_made

STEPS = 0.02 * 0.5 ** np.arange(5)
CASES = [
    (dimension, exchange)
    for dimension in hand_made.DIMENSIONS
    for exchange in (("constant", "concentration") if dimension != "3d" else ("concentration",))
]
MOVES = [
    (dimension, exchange, moved)
    for dimension, exchange in CASES
    for moved in ("u", "mu", "electrode", "level", "axial")
    if moved != "axial" or dimension == "generalised_plane_strain"
]


@pytest.fixture(scope="module")
def system() -> Callable[[str, str], System]:
    known: dict[tuple[str, str], System] = {}

    def get(dimension: str, exchange: str) -> System:
        if (dimension, exchange) not in known:
            known[dimension, exchange] = System(dimension, exchange)
        return known[dimension, exchange]

    return get


@pytest.mark.parametrize(("dimension", "exchange", "moved"), MOVES)
def test_the_remainder_is_of_second_order(
    system: Callable[[str, str], System], dimension: str, exchange: str, moved: str
) -> None:
    problem = system(dimension, exchange)
    at_rest, slopes = problem.evaluate(moved, 0.0), problem.slopes(moved)
    checked = 0
    for name, slope in slopes.items():
        size = np.linalg.norm(slope)
        first, second = [], []
        for step in STEPS:
            change = problem.evaluate(moved, step)[name] - at_rest[name]
            first.append(np.linalg.norm(change))
            second.append(np.linalg.norm(change - step * slope))
        noise = 1e-12 * (np.linalg.norm(at_rest[name]) + size)
        if size == 0.0:
            assert max(first) <= noise, name  # a derivative that is missing would show here
            continue
        checked += 1
        assert max(second) < max(first), name
        if max(second) <= 10 * noise:
            continue  # linear in this unknown
        rate = np.log2(second[-2] / second[-1])
        assert 1.9 < rate < 2.2 or second[-1] <= 10 * noise, (name, second)
    assert checked >= 2


def test_every_coupling_is_there(system: Callable[[str, str], System]) -> None:
    problem = system("generalised_plane_strain", "concentration")
    found = {moved: problem.slopes(moved) for moved in ("u", "mu", "electrode", "axial", "level")}
    sizes = {
        (moved, name): np.linalg.norm(v) for moved, slopes in found.items() for name, v in slopes.items()
    }
    vanishing = {pair for pair, size in sizes.items() if size == 0.0}
    assert vanishing == {("electrode", "u"), ("electrode", "axial"), ("electrode", "level")}


def test_a_wrong_derivative_is_noticed(system: Callable[[str, str], System]) -> None:
    problem = system("spherical", "concentration")
    slope = problem.slopes("mu")["mu"]
    at_rest = problem.evaluate("mu", 0.0)["mu"]
    remainders = []
    for step in STEPS:
        change = problem.evaluate("mu", step)["mu"] - at_rest
        remainders.append(np.linalg.norm(change - step * slope * 1.01))
    assert np.log2(remainders[-2] / remainders[-1]) < 1.5
