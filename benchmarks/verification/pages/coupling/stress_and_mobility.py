"""Stress in the mobility: a particle under pressure relaxes slower, one under tension faster."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.pages.coupling import relaxation
from benchmarks.verification.setups import cases

LAW = "stress in the mobility"
ACTIVATION = 1.9e-6
"""Activation volume [m^3/mol]."""
PRESSURES = (-250e6, 500e6)
"""Stack pressures [Pa]; the first pulls."""
SIZES: Mapping[Dimension, float] = {
    "spherical": 600e-9,
    "axisymmetric": 600e-9,
    "generalised_plane_strain": 600e-9,
    "plane_strain": 600e-9,
    "3d": 900e-9,
}
"""Cell sizes [m]: what is compared is two runs on one mesh, whose error is the same in both."""
FINENESS = relaxation.Fineness((), 0.06, 2.5, 5.0, 2e-6)
EXCHANGE = 1.7
"""Exchange current density without pressure [A/m^2]."""
COUPLED = relaxation.COUPLED


def hydrostatic(dimension: str, pressure: float) -> float:
    """Hydrostatic stress of a uniform body under stack pressure [Pa]; held ends keep a part of it off."""
    share = 2.0 * (1.0 + relaxation.SOLID.poisson) / 3.0 if dimension == "plane_strain" else 1.0
    return -share * pressure


def factor(dimension: str, pressure: float) -> float:
    """What the pressure multiplies the rate with."""
    thermal = exact.GAS_CONSTANT * cases.TEMPERATURE
    return float(np.exp(ACTIVATION * hydrostatic(dimension, pressure) / thermal))


def pressed(
    dimension: str, pressure: float, fineness: relaxation.Fineness, push: float = relaxation.PUSH
) -> tuple[Any, float]:
    """A case and the rate that it is planned for [1/s]; durations and currents go with that rate."""
    slower = factor(dimension, pressure)
    rate = relaxation.wanted(dimension, COUPLED) * slower
    size = SIZES[dimension]
    case = relaxation.relaxing(dimension, COUPLED, rate, fineness, size, ACTIVATION, pressure, push)
    case["surface"] = {"exchange_current_density": f"{EXCHANGE * slower!r} A/m^2"}
    return case, rate


def _rate(bench: Workbench, dimension: str, pressure: float) -> float:
    """Measured rate [1/s]."""
    case, rate = pressed(dimension, pressure, FINENESS)
    return relaxation.rate_of(bench.run(case), rate, FINENESS)[0]


def compute(bench: Workbench) -> Findings:
    """Rates under pressure over the rate without, on one mesh."""
    found, lines = Findings(), []
    curve = np.linspace(PRESSURES[0] - 5e7, PRESSURES[-1] + 5e7, 60)
    for dimension in bench.pick(tuple(SIZES), ("spherical",)):
        limit = 5e-5 if dimension == "3d" else FINENESS.limit  # the first increments there are not alike
        free = _rate(bench, dimension, 0.0)
        ratios = [_rate(bench, dimension, pressure) / free for pressure in PRESSURES]
        for pressure, ratio in zip(PRESSURES, ratios, strict=True):
            quantity = f"rate at {pressure / 1e6:g} MPa over that at none [1]"
            found.compare(LAW, dimension, quantity, ratio, factor(dimension, pressure), limit)
        mark = "osD^v"[list(SIZES).index(dimension)]
        megapascals = [pressure / 1e6 for pressure in PRESSURES]
        lines.append(Line(dimension.replace("_", " "), megapascals, ratios, mark))
    for dimension, label in (("spherical", "exact"), ("plane_strain", "exact, ends held")):
        exact_line = [factor(dimension, pressure) for pressure in curve]
        lines.append(Line(label, (curve / 1e6).tolist(), exact_line, "k-" if label == "exact" else "k--"))
    up = "rate over that without pressure [1]"
    found.panels.append(Panel("pressure slows diffusion down", "stack pressure [MPa]", up, tuple(lines)))
    return found


def headline(bench: Workbench) -> float:
    """Voltage after a while of rest under pressure."""
    case, _ = pressed("axisymmetric", PRESSURES[-1], relaxation.HEADLINE, relaxation.HARD)
    return float(bench.run(case).history["open_circuit_part [V]"][-1])


PAGE = Page(
    title="Pressure slows diffusion down",
    claim="""
The mobility carries the factor of the activation volume with the sign that tension speeds diffusion up: a
uniform particle under stack pressure relaxes slower by exactly that factor, one that is pulled faster.
""",
    equation=r"""
$$M = M_0\,e^{V_{act}\sigma_h/RT}, \qquad \frac{k(p)}{k(0)} = e^{V_{act}\sigma_h(p)/RT}, \qquad
\sigma_h = -p, \quad\text{in plane strain}\quad \sigma_h = -\tfrac23(1+\nu)\,p$$

The stress that the disturbance itself makes enters in second order only.
""",
    source="""
M. J. Aziz, P. C. Sabin and G.-Q. Lu, Phys. Rev. B 44 (1991) 9812, for the activation volume; held ends:
Hooke's law
""",
    setup=rf"""
The particle of [relaxation](relaxation.md), lattice gas with stress in the potential, $V_{{act}}$ =
{ACTIVATION:g} m³/mol, at stack pressures of {", ".join(f"{p / 1e6:g}" for p in PRESSURES)} MPa and none. The
rates of one mesh are compared with each other, increments and the exchange current
({EXCHANGE:g} A/m² without pressure) going with the expected rate, so that cells may be coarse
({SIZES["spherical"] * 1e9:g} to {SIZES["3d"] * 1e9:g} nm).
""",
    compute=compute,
    headline=Headline(
        f"open-circuit voltage one decay time after a current, {PRESSURES[-1] / 1e6:g} MPa [V]",
        "axisymmetric",
        headline,
    ),
)
