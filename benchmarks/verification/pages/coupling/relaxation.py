"""A closed particle forgets a small disturbance at a rate that stress and the mobility law set."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import jn_zeros

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run

PLAIN, STRESSED = "relaxation rate without stress", "relaxation rate raised by stress"
SOLID = exact.Solid(139e9, 0.26)
CAPACITY, VOLUME, DIFFUSIVITY, OCCUPANCY = 47e3, 2.9e-6, 2.1e-15, 0.37
PUSH = 0.02
"""Current density of the disturbance [A/m^2]."""
HARD = 1.0
"""That of the headline."""
PUSHED = 0.3
"""How long the disturbance lasts [decay times]."""
STIFFENING = exact.stress_stiffening(SOLID, VOLUME, cases.TEMPERATURE) * CAPACITY * OCCUPANCY
SPHERE = float(series.diffusion_roots(1)[0]) ** 2
"""l^2 of the first root of tan l = l: 20.19."""
CYLINDER = float(jn_zeros(1, 1)[0]) ** 2
"""l^2 of the first root of J1(l) = 0: 14.68."""
SLOWEST: Mapping[str, float] = {
    "spherical": SPHERE,
    "axisymmetric": SPHERE,
    "generalised_plane_strain": CYLINDER,
    "plane_strain": CYLINDER,
    "3d": SPHERE,
}


@dataclass(frozen=True)
class Law:
    """How lithium moves.

    Attributes:
        kind: of the diffusivity.
        host: `ideal` or `dilute`.
        coupled: whether stress enters the potential.
        factor: D_eff/D of the linearised problem.
    """

    kind: str
    host: str
    coupled: bool
    factor: float

    @property
    def words(self) -> str:
        """For tables."""
        return f"{self.kind.replace('_', ' ')}, {self.host}, {'' if self.coupled else 'no '}stress"


LAWS = (
    Law("lattice_gas", "ideal", False, 1.0),
    Law("lattice_gas", "ideal", True, 1.0 + STIFFENING * (1.0 - OCCUPANCY)),
    Law("chemical", "ideal", True, 1.0 + STIFFENING * (1.0 - OCCUPANCY)),
    Law("tracer", "ideal", True, 1.0 / (1.0 - OCCUPANCY) + STIFFENING),
    Law("tracer", "dilute", True, 1.0 + STIFFENING),
)


COUPLED = LAWS[1]


@dataclass(frozen=True)
class Fineness:
    """Cells and increments, and the deviation that they allow.

    Attributes:
        sizes: of the cells, descending [m].
        increment: longest increment [decay times].
        late: when only the slowest mode is left [decay times].
        rest: how long the particle is left alone [decay times].
        limit: allowed relative deviation of the rate on the finest cells [1].
    """

    sizes: tuple[float, ...]
    increment: float
    late: float
    rest: float
    limit: float

    @property
    def finest(self) -> float:
        """Smallest cells [m]."""
        return self.sizes[-1]


HEADLINE = Fineness((600e-9,), 0.1, 0.5, 1.0, 0.0)
FLAT = Fineness((600e-9, 400e-9, 267e-9), 0.06, 4.2, 6.7, 2.5e-2)
FULL: Mapping[Dimension, Fineness] = {
    "spherical": Fineness((600e-9, 300e-9, 150e-9, 25e-9), 0.02, 5.0, 8.5, 5e-4),
    "axisymmetric": FLAT,
    "generalised_plane_strain": FLAT,
    "plane_strain": replace(FLAT, sizes=(FLAT.finest,)),
    "3d": Fineness((850e-9, 600e-9, 425e-9), 0.08, 3.2, 5.5, 8e-2),
}
QUICK = Fineness((600e-9,), 0.1, 3.0, 5.0, 1e-1)
SHORT: Mapping[Dimension, Fineness] = {
    "spherical": Fineness((50e-9,), 0.04, 3.8, 7.0, 2e-3),
    "axisymmetric": QUICK,
    "generalised_plane_strain": QUICK,
    "plane_strain": QUICK,
}


def wanted(dimension: str, law: Law) -> float:
    """The slowest rate [1/s]."""
    return SLOWEST[dimension] * DIFFUSIVITY * law.factor / cases.RADIUS**2


def relaxing(
    dimension: str,
    law: Law,
    rate: float,
    fineness: Fineness,
    size: float,
    activation: float = 0.0,
    pressure: float = 0.0,
    push: float = PUSH,
) -> Any:
    """The case: a short current disturbs a particle, which then rests.

    Args:
        dimension: name of the dimension.
        law: how lithium moves.
        rate: decay rate that durations and the current go with [1/s].
        fineness: increments and durations.
        size: of the cells [m].
        activation: activation volume [m^3/mol].
        pressure: stack pressure [Pa].
        push: current density of the disturbance at the rate of a ball without pressure [A/m^2].
    """
    host = {"ideal": cases.ideal, "dilute": cases.dilute}[law.host](3.8)
    layered = cases.lithium(SOLID, host, CAPACITY, VOLUME, (law.kind, DIFFUSIVITY), reference=OCCUPANCY)
    layered["activation_volume"] = f"{activation!r} m^3/mol"
    current = push * rate / wanted("spherical", COUPLED)
    return cases.case(
        "relaxation",
        cases.core_shell(dimension, 0.0, (size, size)),
        {"layered": layered},
        {"occupancy": OCCUPANCY},
        [
            cases.drive("current_density", current, PUSHED / rate),
            {"drive": "rest", "for": f"{fineness.rest / rate!r} s"},
        ],
        mechanics={"stack_pressure": f"{pressure!r} Pa"},
        surface={"exchange_current_density": "1.7 A/m^2"},
        couplings={"stress_in_potential": law.coupled},
        numerics={"tolerance": 1e-2, "max_increment": f"{fineness.increment / rate!r} s"},
    )


def resting(run: Run) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Times from the end of the current [s] and open-circuit part of the voltage [V]."""
    rest = run.history["step"] == 2
    times, values = run.history["time [s]"][rest], run.history["open_circuit_part [V]"][rest]
    return times - times[0], values


def decay(times: npt.NDArray[np.float64], values: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Rate k and limit a of the best a + b exp(-k t)."""

    def fit(rate: float) -> tuple[float, float]:
        basis = np.column_stack([np.ones_like(times), np.exp(-rate * (times - times[0]))])
        found, *_ = np.linalg.lstsq(basis, values, rcond=None)
        return float(np.linalg.norm(basis @ found - values)), float(found[0])

    low, high = 0.5 / (times[-1] - times[0]), 100.0 / (times[-1] - times[0])
    for _ in range(12):
        rates = np.linspace(low, high, 61)
        best = int(np.argmin([fit(rate)[0] for rate in rates]))
        low, high = rates[max(best - 1, 0)], rates[min(best + 1, 60)]
    rate = 0.5 * float(low + high)
    return rate, fit(rate)[1]


def rate_of(run: Run, rate: float, fineness: Fineness) -> tuple[float, float]:
    """Rate and limit of a run that was planned for a rate [1/s]."""
    times, values = resting(run)
    late = times > fineness.late / rate
    return decay(times[late], values[late])


def compute(bench: Workbench) -> Findings:
    """All laws on lines, the lattice gas under stress elsewhere."""
    found, lines = Findings(), []
    planned = bench.pick(FULL, SHORT)
    plan: list[tuple[Dimension, Law]] = [("spherical", law) for law in LAWS]
    plan += [(dimension, COUPLED) for dimension in planned if dimension != "spherical"]
    for number, (dimension, law) in enumerate(plan):
        rate, fineness = wanted(dimension, law), planned[dimension]
        name = STRESSED if law.coupled else PLAIN
        refined = law == COUPLED and len(fineness.sizes) > 1
        sizes = fineness.sizes if refined else (fineness.finest,)
        runs = [bench.run(relaxing(dimension, law, rate, fineness, size)) for size in sizes]
        rates = [rate_of(run, rate, fineness)[0] for run in runs]
        found.compare(name, dimension, f"slowest rate [1/s], {law.words}", rates[-1], rate, fineness.limit)
        if refined:
            count = 3  # the finest cells of a line have an error of time beside theirs
            relative = [size / cases.RADIUS for size in sizes[:count]]
            errors = [abs(one / rate - 1.0) for one in rates[:count]]
            slack = 0.4 if dimension == "3d" else 0.25
            found.refine(name, dimension, "slowest rate", relative, errors, 2.0, slack=slack)
        if dimension == "spherical":
            lines += _curves(runs[-1], rate, fineness, law.words, number)
    across, up = "time over R²/D [1]", "voltage from its limit [mV]"
    title = "spherical; dotted: the exact rates"
    found.panels.append(Panel(title, across, up, tuple(lines), ("linear", "log")))
    return found


def _curves(run: Run, rate: float, fineness: Fineness, label: str, number: int) -> list[Line]:
    """A relaxation, and its end with the exact rate."""
    times, values = resting(run)
    height = 1e3 * np.abs(values - rate_of(run, rate, fineness)[1])
    shown = times < 4.5 / rate
    times, height = times[shown], height[shown]
    scaled = times * DIFFUSIVITY / cases.RADIUS**2
    tail = height[-1] * np.exp(-rate * (times - times[-1]))
    late = times > 0.3 / rate
    return [
        Line(label, scaled.tolist(), height.tolist(), f"C{number % 10}-"),
        Line("", scaled[late].tolist(), tail[late].tolist(), "k:"),
    ]


def headline(bench: Workbench) -> float:
    """Voltage after a while of rest."""
    rate = wanted("axisymmetric", COUPLED)
    run = bench.run(relaxing("axisymmetric", COUPLED, rate, HEADLINE, HEADLINE.finest, push=HARD))
    return float(run.history["open_circuit_part [V]"][-1])


def _row(name: str, fineness: Fineness) -> str:
    words = name.replace("_", " ")
    return f"- {words}: {fineness.finest * 1e9:g} nm, {fineness.increment:g}, {fineness.late:g}"


PAGE = Page(
    title="How fast a particle forgets",
    claim="""
A small disturbance in a closed particle dies at the rate of its slowest mode, with a diffusivity that stress
raises by the same factor in a ball and in a cylinder, and that each mobility law sets in its own way.
""",
    equation=r"""
Linearised about an occupancy $\theta_0$, the potential is $\mu' = RT\,(\theta'/\theta_0)\,\Gamma$ with

$$\Gamma = \frac{1}{1-\theta_0} + s\,c_{max}\theta_0\ \text{(ideal host)}, \qquad
\Gamma = 1 + s\,c_{max}\theta_0\ \text{(dilute)}, \qquad s = \frac{2\Omega^2E}{9(1-\nu)RT}$$

since $\nabla\sigma_h' = -\frac{2\Omega E}{9(1-\nu)}\,\nabla c'$ wherever the displacement is a gradient: in
balls and in cylinders, whether these are free to grow longer or not. So $k = \lambda^2 D_{eff}/R^2$ with
$D_{eff} = D\,\Gamma$ for `tracer`, $D\,\Gamma(1-\theta_0)$ for `lattice_gas` and for `chemical` (of an ideal
host), and $\lambda$ the first root of $\tan\lambda = \lambda$ (ball) or $J_1(\lambda) = 0$ (cylinder).
""",
    source="""
J. Crank, The Mathematics of Diffusion (1975), sections 5.3 and 6.3; X. Zhang, W. Shyy and A. M. Sastry, J.
Electrochem. Soc. 154 (2007) A910, eq. 12, for the factor
""",
    setup=rf"""
$R$ = {cases.RADIUS * 1e6:g} µm, $E$ = {SOLID.young / 1e9:g} GPa, $\nu$ = {SOLID.poisson:g},
$\Omega$ = {VOLUME:g} m³/mol, $c_{{max}}$ = {CAPACITY:g} mol/m³, $D$ = {DIFFUSIVITY:g} m²/s, $\theta_0$ =
{OCCUPANCY:g}, $T$ = {cases.TEMPERATURE:g} K, so that $s\,c_{{max}}\theta_0$ = {STIFFENING:.3g}. {PUSH:g} A/m²
for {PUSHED:g} decay times, then rest; the rate is that of the best $a + b\,e^{{-kt}}$ through the late
open-circuit voltage. Smallest cells, longest increments in decay times, and decay times after which the fit
begins:

{chr(10).join(_row(name, fineness) for name, fineness in FULL.items())}
""",
    compute=compute,
    headline=Headline(
        f"open-circuit voltage one decay time after {HARD:g} A/m² [V]", "axisymmetric", headline
    ),
)
