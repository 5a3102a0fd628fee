"""Taylor tests: the residual minus its linearisation vanishes to second order, block by block."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.verification.setups import hand_made
from solver.discretisation.assembly import assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.conditions import Condition
from solver.discretisation.particle import SurfaceLaw

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


class System:
    """Everything whose derivative is asked for: two residuals and the functionals of the scalars."""

    def __init__(self, dimension: str, exchange: str) -> None:
        frame = hand_made.FRAMES[dimension]
        self.body = hand_made.particle(
            hand_made.box(dimension, 1 if dimension == "3d" else 2, multiplicity=2.0, split=0.3),
            hand_made.coupled_phases(crystal=frame is not None),
            coherency=0.8,
            pressure=3e8,
            surface=SurfaceLaw(5.0, exchange=exchange, anodic=0.4, cathodic=0.7, contact_fraction=0.6),
            frame=frame,
        )
        hand_made.randomise(self.body, seed=7)
        f, n = self.body.forms, self.body.unknowns
        self.matrix = self.body.tangent()
        self.residuals = [compile_form(f.momentum), compile_form(f.lithium)]
        self.scalars = {
            "electrode": Condition("electrode", f, f.current, "electrode", [n.electrode]),
            "level": Condition("level", f, f.content, "mu", []),
        }
        if dimension == "generalised_plane_strain":
            self.scalars["axial"] = Condition("axial", f, f.axial_force, "axial", [n.axial])
        for name, scalar in self.scalars.items():
            scalar.demand(own=0.3 if name == "electrode" else 0.0, gain=1.7, target=0.1, scale=1.0)
        rng = np.random.default_rng(3)
        self.directions = {}
        for block in self.body.blocks:
            direction = rng.uniform(-1.0, 1.0, block.owned) * (0.01 if block.name == "u" else 1.0)
            direction[block.held] = 0.0
            self.directions[block.name] = direction
        self.start = [block.function.x.array.copy() for block in self.body.blocks]
        self.values = {name: float(self._field(name).x.array[0]) for name in ("electrode", "axial")}

    def _field(self, name: str) -> Any:
        return getattr(self.body.unknowns, name)

    def evaluate(self, moved: str, step: float) -> dict[str, np.ndarray]:
        """Residuals and functionals after a move along one unknown."""
        for block, start in zip(self.body.blocks, self.start, strict=True):
            block.function.x.array[:] = start
            if moved == block.name:
                block.function.x.array[:] += step * self.directions[moved]
            if moved == "level" and block.name == "mu":
                block.function.x.array[:] += step
        for name, value in self.values.items():
            self._field(name).x.array[:] = value + (step * self.weight(name) if moved == name else 0.0)
        self.scalars["electrode"].set(self.values["electrode"] + (step if moved == "electrode" else 0.0))
        self.body.update()
        found = {
            block.name: assemble_rows(form, block)
            for block, form in zip(self.body.blocks, self.residuals, strict=True)
        }
        return found | {name: np.array([s.residual()]) for name, s in self.scalars.items()}

    @staticmethod
    def weight(name: str) -> float:
        return 0.01 if name == "axial" else 1.0

    def slopes(self, moved: str) -> dict[str, np.ndarray]:
        """What the solver takes for the derivative of all of them along one unknown."""
        self.evaluate(moved, 0.0)
        blocks = self.body.blocks
        if moved in self.directions:
            self.matrix.assemble()
            x, y = self.matrix.matrix.createVecs()
            whole = np.concatenate([self.directions[b.name] * (b.name == moved) for b in blocks])
            x.setArray(whole)
            self.matrix.matrix.mult(x, y)
            parts = dict(zip((b.name for b in blocks), self.matrix.split(y.getArray().copy()), strict=True))
            for block in blocks:
                parts[block.name][block.held] = 0.0
            rows = {
                name: sum(float(s.row(b) @ self.directions[b.name]) for b in blocks if b.name == moved)
                for name, s in self.scalars.items()
            }
            return parts | {name: np.array([row]) for name, row in rows.items()}
        scalar, weight = self.scalars[moved], self.weight(moved)
        # The uniform level belongs to the start, which knows no lithium balance.
        columns = {b.name: weight * scalar.column(b) for b in blocks if moved != "level" or b.name == "u"}
        return columns | {
            name: np.array([weight * other.corner(scalar)]) for name, other in self.scalars.items()
        }


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
