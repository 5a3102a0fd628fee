"""What the pages of a core in a shell have in common: all pairs and loads, rates, and profiles."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np

from benchmarks.verification.exact.closed_forms import Concentric, Solid
from benchmarks.verification.exact.radial_profiles import concentric
from benchmarks.verification.page import Dimension, Findings, Line, Panel
from benchmarks.verification.setups.running import Run, relative
from benchmarks.verification.setups.stress_fields import Profile, Stresses, stresses

Pair = tuple[Solid, Solid]
ON_LINES, STRAIGHT = (4.0, 2.0), (3.0, 1.5)
"""Orders of the phase means and of the stress; straight edges along a round interface cost some."""
QUANTITIES = ("phase means [1]", "stress everywhere [1]")
WHY = r"""
Stress everywhere: deviation of $\sigma_r$ and $\sigma_t$ in the middle of all cells, root mean square over
the body, relative to that of the exact field. Straight edges that follow a round interface leave it by $h^2$,
which costs the stress half an order and the means one."""
"""Words of a set-up."""


def power(dimension: str) -> int:
    """With which stress falls off from the centre: 2 for cylinders, 3 for spheres."""
    return 2 if dimension.endswith("plane_strain") else 3


@dataclass(frozen=True)
class CoreInShell:
    """A law of two concentric phases and how it is computed.

    Attributes:
        law: row of the index.
        radii: of interface and surface [m].
        core: phase inside, `layered` or `rock_salt`.
        run: computes dimension, cell size, name of the pair and pressure [Pa].
        exact: exact stresses of name of the pair, pressure and dimension.
        limits: largest errors of phase means and of stress, by dimension.
        orders: of the same two, where they are not `ON_LINES` or `STRAIGHT`.
    """

    law: str
    radii: tuple[float, float]
    core: str
    run: Callable[[Dimension, float, str, float], Run]
    exact: Callable[[str, float, str], Concentric]
    limits: Mapping[Dimension, tuple[float, float]]
    orders: Mapping[Dimension, tuple[float, float]] = field(default_factory=dict)

    def profile(self, dimension: str, pair: str, pressure: float) -> Profile:
        """Exact stresses at any radius."""
        walls, inside = self.exact(pair, pressure, dimension), self.core == "rock_salt"
        return lambda r, rock_salt: concentric(
            walls, power(dimension), self.radii[0] / r, rock_salt == inside
        )

    def _means(self, run: Run, wanted: Concentric) -> list[tuple[str, float, float]]:
        """Part, computed and exact mean hydrostatic stress [Pa]."""
        outside = "layered" if self.core == "rock_salt" else "rock_salt"
        return [
            ("core", run.mean_stress(self.core), wanted.core),
            ("shell", run.mean_stress(outside), wanted.shell),
        ]

    def errors(self, run: Run, dimension: str, pair: str, pressure: float) -> tuple[float, float]:
        """Worst relative deviation of the phase means, and that of the stress everywhere."""
        means = self._means(run, self.exact(pair, pressure, dimension))
        worst = max(relative(value, wanted) for _, value, wanted in means)
        return worst, stresses(run).off(self.profile(dimension, pair, pressure))

    def check(
        self,
        found: Findings,
        dimension: Dimension,
        size: float,
        pairs: Sequence[str],
        loads: Sequence[float],
    ) -> Stresses:
        """Compare all pairs and loads on cells of one size; give the fields of the first."""
        errors, fields, limits = [], [], self.limits[dimension]
        for pair, pressure in product(pairs, loads):
            run = self.run(dimension, size, pair, pressure)
            errors.append(self.errors(run, dimension, pair, pressure))
            if not fields:
                fields.append(stresses(run))
                for part, value, wanted in self._means(run, self.exact(pair, pressure, dimension)):
                    what = f"mean hydrostatic stress of the {part} [Pa], {pair}, {pressure / 1e6:.0f} MPa"
                    found.compare(self.law, dimension, what, value, wanted, limits[0])
        for what, off, limit in zip(QUANTITIES, np.max(errors, axis=0), limits, strict=True):
            words = f"{what}, worst of {len(errors)} pairs and loads"
            found.compare(self.law, dimension, words, float(off), 0.0, limit, scale=1.0)
        return fields[0]

    def rates(
        self, found: Findings, dimension: Dimension, sizes: Sequence[float], pair: str, pressure: float
    ) -> None:
        """Add the orders of both errors for one pair and load."""
        runs = [self.run(dimension, size, pair, pressure) for size in sizes]
        rows = [self.errors(run, dimension, pair, pressure) for run in runs]
        orders = self.orders.get(dimension, ON_LINES if dimension == "spherical" else STRAIGHT)
        for what, errors, order in zip(QUANTITIES, zip(*rows, strict=True), orders, strict=True):
            axis = f"cell size / radius, {what.removesuffix(' [1]')}"
            found.refine(self.law, dimension, what, sizes, errors, order, slack=0.3, parameter=axis)

    def panel(self, fields: Mapping[Dimension, Stresses], pair: str, pressure: float) -> Panel:
        """Computed stress of some cells of two dimensions on the exact lines."""
        lines: list[Line] = []
        for (dimension, cells), mark in zip(fields.items(), "ox", strict=True):
            if not lines or power(dimension) == 2:
                lines += self._exact_lines(dimension, pair, pressure)
            some, words = cells.sample(24), dimension.replace("_", " ")
            for name, stress, colour in (("r", cells.radial, "C0"), ("t", cells.hoop, "C3")):
                label = f"$\\sigma_{name}$, {words}"
                x, y = cells.radius[some] * 1e6, stress[some] / 1e9
                lines.append(Line(label, x.tolist(), y.tolist(), colour + mark))
        title = f"{pair}, {pressure / 1e6:g} MPa; lines: exact"
        return Panel(title, "radius [um]", "stress [GPa]", tuple(lines))

    def _exact_lines(self, dimension: str, pair: str, pressure: float) -> list[Line]:
        lines, middle = [], self.radii[0]
        for low, high, inside in ((1e-3 * middle, middle, True), (*self.radii, False)):
            r = np.linspace(low, high, 60)
            part = np.full(60, (self.core == "rock_salt") == inside)
            for stress, style in zip(
                self.profile(dimension, pair, pressure)(r, part), ("k-", "k--"), strict=True
            ):
                lines.append(Line("", (r * 1e6).tolist(), (stress / 1e9).tolist(), style))
        return lines


def in_words(pairs: Mapping[str, Pair]) -> str:
    """Young's moduli and Poisson's ratios of pairs, for a set-up."""

    def solid(one: Solid) -> str:
        return f"{one.young / 1e9:g} GPa, {one.poisson:g}"

    return "; ".join(f"{name}: {solid(core)} and {solid(shell)}" for name, (core, shell) in pairs.items())
