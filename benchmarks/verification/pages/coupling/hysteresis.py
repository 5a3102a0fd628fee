"""A slow cycle leaves no hysteresis: the gap between charge and discharge goes with the rate."""

from typing import Any

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run

FALLS, SLOPE = "hysteresis of a slow cycle", "voltage gap of a slow cycle"
CORE, SHELL = exact.Solid(139e9, 0.25), exact.Solid(203e9, 0.31)
CAPACITY, VOLUME, DIFFUSIVITY, ACTIVATION = 47e3, 2.9e-6, 2e-15, 1.9e-6
PRESSURE, EXCHANGE, STANDARD = 400e6, 1.3, 3.83
THICKNESS = 0.6e-6
MIDDLE, SWING = 0.55, 0.15
"""Occupancy at which the gap is read, and how far the cycle goes to either side of it."""
CURRENTS = (0.08, 0.02, 0.005)
"""Current densities of charge and discharge [A/m^2]."""
SIZES: dict[Dimension, float] = {
    "spherical": 100e-9,
    "axisymmetric": 500e-9,
    "generalised_plane_strain": 500e-9,
    "plane_strain": 500e-9,
}
"""Cell sizes [m]."""
COARSE = 900e-9
"""That of the headline [m]."""
TOLERANCE = 1e-3
SHAPE: dict[Dimension, float] = {"spherical": 5.0, "axisymmetric": 5.0, "generalised_plane_strain": 4.0}
"""n of the closed form. Held ends load the particle as it swells, which the closed form leaves out."""
CLOSE = {"spherical": 2e-4, "axisymmetric": 3e-3, "generalised_plane_strain": 4e-3}
"""Allowed deviation of the gap from the closed form; facets make the surface of a disc or ball uneven."""


def cycle(dimension: Dimension, current: float, shelled: bool, size: float) -> Any:
    """The case: down to less lithium and back to the middle, all at one current density [A/m^2].

    Args:
        dimension: name of the dimension.
        current: of charge and discharge.
        shelled: with a second phase that misfits; else one phase.
        size: of the cells [m].
    """
    layered = cases.lithium(
        CORE, cases.ideal(STANDARD), CAPACITY, VOLUME, ("lattice_gas", DIFFUSIVITY), reference=0.9
    )
    rock_salt = cases.lithium(
        SHELL,
        cases.ideal(STANDARD + 0.02),
        31e3,
        2.2e-6,
        ("lattice_gas", 0.5 * DIFFUSIVITY),
        reference=0.3,
        misfit={"kind": "isotropic", "strain": 0.011},
    )
    phases = {"layered": layered, "rock_salt": rock_salt} if shelled else {"layered": layered}
    for phase in phases.values():
        phase["activation_volume"] = f"{ACTIVATION!r} m^3/mol"

    def until(sign: float, occupancy: float) -> Any:
        value = f"{sign * current!r} A/m^2"
        return {"drive": "current_density", "value": value, "until": {"occupancy": occupancy}}

    return cases.case(
        "hysteresis",
        cases.core_shell(dimension, THICKNESS if shelled else 0.0, (size, size)),
        phases,
        {"occupancy": MIDDLE + SWING},
        [until(1.0, MIDDLE), until(1.0, MIDDLE - SWING), until(-1.0, MIDDLE)],
        mechanics={"coherency": 0.6, "stack_pressure": f"{PRESSURE!r} Pa"},
        surface={"exchange_current_density": f"{EXCHANGE!r} A/m^2"},
        numerics={"tolerance": TOLERANCE},
    )


def cycled(bench: Workbench, dimension: Dimension, current: float, shelled: bool) -> Run:
    """Run a cycle."""
    case = cycle(dimension, current, shelled, SIZES[dimension])
    return bench.run(case, reasons=["occupancy"] * 3)


def gap(run: Run) -> float:
    """Voltage on charge less that on discharge at the middle [V]."""
    step, voltage = run.history["step"], run.history["voltage [V]"]
    return float(voltage[step == 1][-1] - voltage[step == 3][-1])


def slow(dimension: Dimension, current: float) -> float:
    """The gap of one phase at a small current density [V]."""
    thermal = exact.GAS_CONSTANT * cases.TEMPERATURE
    pressed = float(np.exp(-ACTIVATION * PRESSURE / thermal))
    mobility = DIFFUSIVITY * CAPACITY / thermal * MIDDLE * (1.0 - MIDDLE) * pressed
    transfer = thermal / (exact.FARADAY * EXCHANGE)
    diffusion = cases.RADIUS / (SHAPE[dimension] * exact.FARADAY**2 * mobility)
    return 2.0 * current * (transfer + diffusion)


def compute(bench: Workbench) -> Findings:
    """Two phases at all rates, one phase at the lowest."""
    found = Findings()
    for dimension in bench.pick(tuple(SIZES), ("spherical",)):
        currents = bench.pick(CURRENTS, CURRENTS[1:])
        runs = [cycled(bench, dimension, current, shelled=True) for current in currents]
        gaps = [gap(run) for run in runs]
        found.refine(
            FALLS,
            dimension,
            "voltage gap",
            currents,
            gaps,
            1.0,
            slack=0.02,
            parameter="current density [A/m²]",
        )
        left = (gaps[-1] * currents[-2] - gaps[-2] * currents[-1]) / (currents[-2] - currents[-1])
        quantity = f"gap at no current, share of that at {currents[0]:g} A/m² [1]"
        found.compare(FALLS, dimension, quantity, left / gaps[0], 0.0, 2e-4, scale=1.0)
        if dimension == "spherical":
            _draw(found, currents, runs)
        if dimension in SHAPE:
            one = gap(cycled(bench, dimension, currents[-1], shelled=False))
            quantity, wanted = f"gap of one phase at {currents[-1]:g} A/m² [V]", slow(dimension, currents[-1])
            found.compare(SLOPE, dimension, quantity, one, wanted, CLOSE[dimension])
    return found


def _draw(found: Findings, currents: tuple[float, ...], runs: list[Run]) -> None:
    """The loops, closing as the current falls."""
    lines = []
    for number, (current, run) in enumerate(zip(currents, runs, strict=True)):
        moving = run.history["step"] > 0
        for sign, style in ((1.0, "-"), (-1.0, "--")):
            here = moving & (np.sign(run.history["current_density [A/m2]"]) == sign)
            occupancy, voltage = run.history["mean_occupancy_layered"][here], run.history["voltage [V]"][here]
            label = f"{current:g} A/m²" if sign > 0.0 else ""
            lines.append(Line(label, occupancy.tolist(), voltage.tolist(), f"C{number}{style}"))
    title = "charge (full), discharge (dashed), spherical, two phases"
    found.panels.append(Panel(title, "mean occupancy of the layered phase [1]", "voltage [V]", tuple(lines)))


def headline(bench: Workbench) -> float:
    """Voltage of two phases at the end of the first half of a charge."""
    case = cycle("generalised_plane_strain", CURRENTS[0], True, COARSE)
    case["protocol"]["steps"] = case["protocol"]["steps"][:1]
    return float(bench.run(case, reasons=["occupancy"]).history["voltage [V]"][-1])


PAGE = Page(
    title="A slow cycle leaves no hysteresis",
    claim="""
Between charge and discharge at the same mean occupancy the voltage differs in proportion to the rate:
nothing remains at zero rate, with two phases, misfit, pressure and stress in potential and mobility
either. For one phase the factor is that of charge transfer and diffusion.
""",
    equation=r"""
$$\Delta V = V_{charge} - V_{discharge} \to 0 \quad\text{as } i \to 0, \qquad
\Delta V = 2 i\left[\frac{RT}{F i_0} + \frac{R_p}{n F^2 M}\right] + O(i^2), \qquad
M = \frac{D c_{max}}{RT}\,\theta(1-\theta)\,e^{-V_{act}\,p/RT}$$

for one phase of radius $R_p$, $n$ = 5 for a ball and 4 for a cylinder: the quasi-steady potential at
the surface differs from its mean by $J R_p/(n M)$, whatever stress does to it.
""",
    source="""
Linear response about a state whose potential has one minimum of free energy; profile: J. Crank, The
Mathematics of Diffusion (1975), eqs. 5.48 and 6.45 at long times
""",
    setup=rf"""
$R_p$ = {cases.RADIUS * 1e6:g} µm, lattice gas at {STANDARD:g} V, $c_{{max}}$ = {CAPACITY:g} mol/m³,
$\Omega$ = {VOLUME:g} m³/mol, $D$ = {DIFFUSIVITY:g} m²/s, $V_{{act}}$ = {ACTIVATION:g} m³/mol, $i_0$ =
{EXCHANGE:g} A/m², {PRESSURE / 1e6:g} MPa; the second phase is a misfitting shell of {THICKNESS * 1e9:g}
nm with its own host, capacity, swelling and mobility. From occupancy {MIDDLE + SWING:g} down to {
        MIDDLE - SWING:g} and back to {MIDDLE:g}, where the gap is read, at {
        ", ".join(f"{current:g}" for current in CURRENTS)
    } A/m².
""",
    compute=compute,
    headline=Headline(
        f"voltage half way through a charge at {CURRENTS[0]:g} A/m² [V]", "generalised_plane_strain", headline
    ),
)
