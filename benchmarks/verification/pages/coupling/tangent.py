"""The tangent that Newton uses is the derivative of the residuals, block by block."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.page import DIMENSIONS, Dimension, Findings, Headline, Page, Workbench
from benchmarks.verification.setups import hand_made
from solver.discretisation.assembly import assemble_rows
from solver.discretisation.body import SurfaceLaw
from solver.discretisation.compiled import compile_form
from solver.discretisation.conditions import Condition
from solver.fenics import MPI

LAW = "tangent of the coupled problem"
PERTURBATIONS = 0.04 * 0.25 ** np.arange(5)
COHERENCY, PRESSURE, STATES = 0.8, 3e8, 20
NOISE = 3e-14
"""What round-off may leave, relative to the sizes that cancel."""
SIZES = {"u": 0.01, "axial": 0.01}
"""Lengths of the directions, reduced; 1 for all others."""

Array = npt.NDArray[np.float64]
Parts = dict[str, Array]


class System:
    """Everything whose derivative is asked for: two residuals and the functionals of the scalars."""

    def __init__(self, dimension: str, exchange: str, seed: int = 7) -> None:
        """Build a small particle in a random state.

        Args:
            dimension: name of the dimension.
            exchange: `constant` or `concentration`.
            seed: of the state and of the directions.
        """
        frame = hand_made.FRAMES[dimension]
        self.body = hand_made.particle(
            hand_made.box(dimension, 1 if dimension == "3d" else 2, multiplicity=2.0, split=0.3),
            hand_made.coupled_phases(crystal=frame is not None),
            coherency=COHERENCY,
            pressure=PRESSURE,
            surface=SurfaceLaw(5.0, exchange=exchange, anodic=0.4, cathodic=0.7, contact_fraction=0.6),
            frame=frame,
        )
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
        self.restart(seed)

    def restart(self, seed: int) -> None:
        """Another random state and other directions."""
        hand_made.randomise(self.body, seed=seed)
        rng = np.random.default_rng(seed + 1000)
        self.directions = {}
        for block in self.body.blocks:
            direction = rng.uniform(-1.0, 1.0, block.owned) * SIZES.get(block.name, 1.0)
            direction[block.held] = 0.0
            self.directions[block.name] = direction
        self.start = [block.function.x.array.copy() for block in self.body.blocks]
        self.values = {name: float(self._field(name).x.array[0]) for name in ("electrode", "axial")}

    @property
    def unknowns(self) -> list[str]:
        """Names of what can be moved."""
        return [*(block.name for block in self.body.blocks), *self.scalars]

    def _field(self, name: str) -> Any:
        return getattr(self.body.unknowns, name)

    def evaluate(self, moved: str, step: float) -> Parts:
        """Residuals and functionals after a move along one unknown."""
        for block, start in zip(self.body.blocks, self.start, strict=True):
            block.function.x.array[:] = start
            if moved == block.name:
                block.function.x.array[:] += step * self.directions[moved]
            if moved == "level" and block.name == "mu":
                block.function.x.array[:] += step
        for name, value in self.values.items():
            size = SIZES.get(name, 1.0)
            self._field(name).x.array[:] = value + (step * size if moved == name else 0.0)
        self.scalars["electrode"].set(self.values["electrode"] + (step if moved == "electrode" else 0.0))
        self.body.update()
        found = {
            block.name: assemble_rows(form, block)
            for block, form in zip(self.body.blocks, self.residuals, strict=True)
        }
        return found | {name: np.array([s.residual()]) for name, s in self.scalars.items()}

    def slopes(self, moved: str) -> Parts:
        """What the solver takes for the derivative of all of them along one unknown."""
        self.evaluate(moved, 0.0)
        blocks = self.body.blocks
        if moved in self.directions:
            self.matrix.assemble()
            x, y = self.matrix.matrix.createVecs()
            x.setArray(np.concatenate([self.directions[b.name] * (b.name == moved) for b in blocks]))
            self.matrix.matrix.mult(x, y)
            parts = dict(zip((b.name for b in blocks), self.matrix.split(y.getArray().copy()), strict=True))
            for block in blocks:
                parts[block.name][block.held] = 0.0
            rows = {
                name: sum(float(s.row(b) @ self.directions[b.name]) for b in blocks if b.name == moved)
                for name, s in self.scalars.items()
            }
            return parts | {name: np.array([row]) for name, row in rows.items()}
        scalar, size = self.scalars[moved], SIZES.get(moved, 1.0)
        # The uniform level belongs to the start, which knows no lithium balance.
        columns = {b.name: size * scalar.column(b) for b in blocks if moved != "level" or b.name == "u"}
        return columns | {
            name: np.array([size * other.corner(scalar)]) for name, other in self.scalars.items()
        }

    def remainders(self, moved: str) -> tuple[dict[str, list[float]], float]:
        """Remainders after the linear part, in its size, and the largest change where there should be none.

        What is linear in the unknown leaves round-off, which is not counted as a remainder.
        """
        at_rest, slopes = self.evaluate(moved, 0.0), self.slopes(moved)
        found: dict[str, list[float]] = {name: [] for name in slopes}
        stray = 0.0
        for step in PERTURBATIONS:
            here = self.evaluate(moved, step)
            for name, slope in slopes.items():
                change, size = here[name] - at_rest[name], float(np.linalg.norm(slope))
                scale = float(np.linalg.norm(at_rest[name])) + size
                if size == 0.0:
                    stray = float(np.maximum(stray, np.linalg.norm(change) / scale))
                else:
                    found[name].append(float(np.linalg.norm(change - step * slope)) / size)
        return {name: row for name, row in found.items() if row}, stray


def compute(bench: Workbench) -> Findings:
    """One row of remainders a block, another for all that borders the fields."""
    found = Findings()
    seeds = bench.pick(range(STATES), range(1))
    for dimension in DIMENSIONS:
        exchange = "concentration" if dimension != "axisymmetric" else "constant"
        system, rows = System(dimension, exchange), Rows()
        for seed in seeds:
            system.restart(seed)
            for moved in system.unknowns:
                rows.add(moved, *system.remainders(moved))
        for words, row in rows.of_fields().items():
            _row(found, dimension, f"block {words}", row)
        _row(found, dimension, "borders", rows.of_scalars())
        quantity = "change of what should not feel a move [1]"
        found.compare(LAW, dimension, quantity, rows.stray, 0.0, NOISE, scale=1.0)
    return found


class Rows:
    """Remainders of several states, the root of the sum of their squares."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.squares: dict[tuple[str, str], Array] = {}
        self.stray = 0.0

    def add(self, moved: str, remainders: Mapping[str, Sequence[float]], stray: float) -> None:
        """Count a state in."""
        self.stray = float(np.maximum(self.stray, stray))
        for name, row in remainders.items():
            before = self.squares.get((name, moved), np.zeros(len(row)))
            self.squares[name, moved] = before + np.square(row)

    def of_fields(self) -> dict[str, Array]:
        """By block, residual and unknown."""
        fields = ("u", "mu")
        return {
            f"{name}-{moved}": np.sqrt(row)
            for (name, moved), row in self.squares.items()
            if name in fields and moved in fields
        }

    def of_scalars(self) -> Array:
        """All couplings with a scalar together."""
        fields = ("u", "mu")
        rows = [row for pair, row in self.squares.items() if not set(pair) <= set(fields)]
        return np.asarray(np.sqrt(np.sum(rows, axis=0)))


def _row(found: Findings, dimension: Dimension, quantity: str, row: Array) -> None:
    found.refine(
        LAW,
        dimension,
        quantity,
        PERTURBATIONS,
        row,
        2.0,
        slack=0.1,
        parameter=f"size of the perturbation, {dimension.replace('_', ' ')}",
    )


def headline(bench: Workbench) -> float:
    """Size of the tangent's answer to a smooth move."""
    body = hand_made.particle(
        hand_made.box("axisymmetric", 4, multiplicity=2.0, split=0.3),
        hand_made.coupled_phases(),
        pressure=PRESSURE,
        comm=MPI.COMM_WORLD,
    )
    n, f = body.unknowns, body.forms
    n.mu.interpolate(lambda x: 0.8 * np.cos(3.0 * x[0]) + 0.3 * x[1])
    n.u.interpolate(lambda x: 0.01 * np.array([x[0] * np.cos(x[1]), x[1] * (1.0 + x[0])]))
    body.parameters.increment.value, body.parameters.lead.value = 37.0, 1.4
    body.update()
    du, dmu = n.u.copy(), n.mu.copy()
    block = body.blocks[1]
    rows = assemble_rows(compile_form(f.vary(f.lithium, u=du, mu=dmu)), block)
    return float(body.comm.allreduce(float(rows @ dmu.x.array[: block.owned])))


PAGE = Page(
    title="The tangent is the derivative",
    claim="""
What Newton's method takes for the derivative of both residuals, of the electrode's current, of the
content and of the axial force is exact: what is left after it vanishes with the square of the
perturbation.
""",
    equation=r"""
$$\left\|F(x + h\,d) - F(x) - h\,F'(x)\,d\right\| = O(h^2)$$

block by block, $F = (F_u, F_\mu)$ and the functionals of the scalars, $d$ along one unknown at a time.
Occupancy is eliminated at each point, so that $F'$ contains $\partial\theta/\partial b = f'/(1 + \kappa f')$.
""",
    source="Taylor's theorem",
    setup=rf"""
A warped box of a few cells of two phases, with misfit (coherency {COHERENCY:g}), crystal frames,
swelling, stress in potential and mobility, pressure {PRESSURE / 1e6:g} MPa and Butler-Volmer kinetics
whose exchange current depends on occupancy (constant in `axisymmetric`). {STATES} random states
(displacement, potential, scalars, past) and directions. Remainders are relative to the linear part, over all
states together; the borders are all rows and columns of the scalars. Where a derivative is zero, the quantity
itself must stay still.
""",
    compute=compute,
    headline=Headline(
        "derivative of the lithium balance along a smooth move, tested with it [1]", "axisymmetric", headline
    ),
)
