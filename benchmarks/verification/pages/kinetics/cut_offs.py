"""Where steps end: limits located within an increment, the first of several, and never overshot."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import brentq

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact.charge_transfer import Electrode
from benchmarks.verification.page import (
    DIMENSIONS,
    Dimension,
    Findings,
    Headline,
    Line,
    Page,
    Panel,
    Workbench,
)
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run

LAW = "located cut-offs"
SOLID = exact.Solid(139e9, 0.26)
STANDARD, CAPACITY, VOLUME, REFERENCE, START, DENSITY = 3.9, 47e3, 1.3e-6, 0.5, 0.52, 4300.0
CONDUCTIVE = 2e-9
"""Diffusivity so large that the particle stays uniform [m^2/s]."""
ELECTRODE = Electrode(1.1, (0.37, 0.71), 0.0123)
CURRENT = 1.3
"""Size of every current [A/m^2]."""
VOLTS = 1e-5
"""How closely a voltage is located; what is promised [V]."""
FILLED, CLOSE = 1e-8, 1e-6
"""How closely an occupancy is located, as promised; largest relative error of a capacity up to a voltage."""
GIVEN = 1e-9
"""Largest relative error of a given current."""
FLOOR = 1e-8
"""Occupancy at which a surface counts as empty."""
SIZES: dict[Dimension, tuple[float, float]] = {
    "spherical": (800e-9, 600e-9),
    "axisymmetric": (1.5e-6, 1.0e-6),
    "generalised_plane_strain": (1.5e-6, 1.0e-6),
    "plane_strain": (1.5e-6, 1.0e-6),
    "3d": (2.0e-6, 1.5e-6),
}
"""Cell sizes, bulk and at the surface [m]."""
SLUGGISH, NEAR = 2e-15, 0.9e-3
"""Diffusivity at which the first increment takes longer [m^2/s] than the voltage takes for so many volts."""


@dataclass(frozen=True)
class Step:
    """A step: its current [A/m^2], its conditions, and which of them should end it."""

    current: float
    conditions: tuple[tuple[str, float], ...]
    reason: str

    def spelt(self) -> dict[str, Any]:
        """As in a case."""
        units = {"voltage": " V", "time": " s"}
        ends = {k: f"{value!r}{units[k]}" if k in units else value for k, value in self.conditions}
        step: dict[str, Any] = {"drive": "current_density", "value": f"{self.current!r} A/m^2"}
        if "time" in ends:
            step["for"] = ends.pop("time")
        return {**step, "until": [{kind: value} for kind, value in ends.items()]}

    @property
    def limit(self) -> float:
        """Value of the condition that should end it."""
        return dict(self.conditions)[self.reason]


STEPS = (
    Step(CURRENT, (("voltage", 3.985),), "voltage"),
    Step(-CURRENT, (("voltage", 3.86), ("time", 1e6)), "voltage"),
    Step(CURRENT, (("voltage", 4.05), ("occupancy", 0.31)), "occupancy"),
    Step(CURRENT, (("occupancy", 0.03), ("voltage", 3.995)), "voltage"),
    Step(-CURRENT, (("voltage", 3.5), ("time", 310.0)), "time"),
)


def under_way(occupancy: float, current: float, dimension: Dimension) -> float:
    """Voltage [V] of the uniform particle under a current; a held length puts it under stress."""
    voltage = exact.lattice_gas_potential(occupancy, STANDARD, cases.TEMPERATURE)
    if dimension == "plane_strain":
        axial = -SOLID.young * VOLUME / 3.0 * CAPACITY * (occupancy - REFERENCE)
        voltage += VOLUME * axial / 3.0 / exact.FARADAY
    kinetic = ELECTRODE.overpotential(current, cases.TEMPERATURE)
    return voltage + kinetic + ELECTRODE.resistance * current


def occupancy_at(voltage: float, current: float, dimension: Dimension) -> float:
    """Occupancy at which the voltage under a current is met."""
    found = brentq(lambda x: under_way(x, current, dimension) - voltage, 1e-9, 1.0 - 1e-9, xtol=1e-15)
    return float(found)


def case(dimension: Dimension, steps: Sequence[Any], diffusivity: float = CONDUCTIVE) -> Any:
    """The particle under some steps, in increments as long as a loose tolerance lets them be."""
    layered = cases.lithium(
        SOLID,
        cases.ideal(STANDARD),
        CAPACITY,
        VOLUME,
        ("chemical", diffusivity),
        REFERENCE,
        density=f"{DENSITY!r} kg/m^3",
    )
    surface = {
        "exchange_current_density": f"{ELECTRODE.exchange!r} A/m^2",
        "anodic_transfer": ELECTRODE.transfer[0],
        "cathodic_transfer": ELECTRODE.transfer[1],
        "area_specific_resistance": f"{ELECTRODE.resistance!r} ohm*m^2",
    }
    geometry = cases.core_shell(dimension, 0.0, SIZES[dimension])
    start = {"occupancy": START}
    loose = {"tolerance": 0.9}
    return cases.case(
        "limits", geometry, {"layered": layered}, start, list(steps), surface=surface, numerics=loose
    )


def compute(bench: Workbench) -> Findings:
    """All ends in each dimension."""
    found = Findings()
    dimensions: tuple[Dimension, ...] = bench.pick(DIMENSIONS, ("spherical", "plane_strain"))
    for dimension in dimensions:
        run = bench.run(case(dimension, [s.spelt() for s in STEPS]), reasons=[s.reason for s in STEPS])
        occupancy = START
        for number, step in enumerate(STEPS, start=1):
            occupancy = _end(found, run, dimension, number, step, occupancy)
        _on_the_way(found, run, dimension)
        if dimension in {"spherical", "3d"}:
            found.panels.append(_panel(run, dimension))
        _at_once(bench, found, dimension)
    _empty(bench, found)
    return found


def _end(found: Findings, run: Run, dimension: Dimension, number: int, step: Step, occupancy: float) -> float:
    """Where a step that began at an occupancy should have ended, and what it passed; gives where it did."""
    history, summary = run.history, run.summary["steps"][number - 1]
    rows = history["step"] == number
    voltage, reached = history["voltage [V]"][rows], float(history["mean_occupancy_layered"][rows][-1])
    words = f"step {number}, by {step.reason}"
    limit = dict(step.conditions)["voltage"]
    end: float | None = None
    if step.reason == "voltage":
        end = occupancy_at(limit, step.current, dimension)
        found.compare(
            LAW, dimension, f"voltage at the end [V], {words}", voltage[-1], limit, VOLTS, scale=1.0
        )
    elif step.reason == "occupancy":
        end = step.limit
        found.compare(LAW, dimension, f"occupancy at the end [1], {words}", reached, end, FILLED, scale=1.0)
    else:
        duration = summary["duration_s"]
        found.compare(LAW, dimension, f"duration [s], {words}", duration, step.limit, 1e-12)
    if end is not None:
        charge = abs(end - occupancy) * exact.FARADAY * CAPACITY / DENSITY / 3600.0
        close = FILLED / abs(end - occupancy) if step.reason == "occupancy" else CLOSE
        found.compare(LAW, dimension, f"capacity [mAh/g], {words}", summary["capacity_mAh_g"], charge, close)
    return reached


def _on_the_way(found: Findings, run: Run, dimension: Dimension) -> None:
    """Every state of the history: none beyond its voltage limit, none with a current not its own."""
    moving = run.history["step"] > 0
    step = [STEPS[int(number) - 1] for number in run.history["step"][moving]]
    current = np.array([s.current for s in step])
    limit = np.array([dict(s.conditions).get("voltage", np.nan) for s in step])
    off = run.history["current_density [A/m2]"][moving] - current
    beyond = np.sign(current) * (run.history["voltage [V]"][moving] - limit)
    for quantity, value, allowed in (
        ("furthest beyond a voltage limit, any increment [V]", max(0.0, float(np.max(beyond))), VOLTS),
        ("furthest off a step's current, any increment [A/m^2]", float(np.max(np.abs(off))), GIVEN * CURRENT),
    ):
        found.compare(LAW, dimension, quantity, value, 0.0, allowed, scale=1.0)


def _panel(run: Run, dimension: Dimension) -> Panel:
    """Voltage over occupancy, step by step."""
    history, lines = run.history, []
    for number, step in enumerate(STEPS, start=1):
        rows = np.flatnonzero(history["step"] == number)
        theta = history["mean_occupancy_layered"][[rows[0] - 1, *rows]]
        fine = np.linspace(theta[0], theta[-1], 50)
        first = number == 1
        curve = [under_way(float(x), step.current, dimension) for x in fine]
        lines.append(Line("exact" if first else "", list(fine), curve, "k-"))
        lines.append(Line("here" if first else "", list(theta[1:]), list(history["voltage [V]"][rows]), "r."))
        limit = dict(step.conditions)["voltage"]
        if step.reason == "voltage":
            lines.append(Line("limits met" if first else "", [fine[0], fine[-1]], [limit, limit], "b:"))
    title = f"{dimension}: {np.count_nonzero(history['step'])} increments for {len(STEPS)} steps"
    return Panel(title, "mean occupancy [1]", "voltage [V]", tuple(lines))


def _at_once(bench: Workbench, found: Findings, dimension: Dimension) -> None:
    """A limit so near that the first increment of a sluggish particle would pass it many times over."""
    limit = under_way(START, CURRENT, dimension) + NEAR
    near = Step(CURRENT, (("voltage", limit),), "voltage")
    run = bench.run(case(dimension, [near.spelt()], SLUGGISH), reasons=["voltage"])
    history = run.history
    words = "limit within the first increment"
    found.compare(
        LAW,
        dimension,
        f"voltage at the end [V], {words}",
        history["voltage [V]"][-1],
        limit,
        VOLTS,
        scale=1.0,
    )
    increments = float(run.summary["counts"]["increments"])
    found.compare(LAW, dimension, f"increments [1], {words}", increments, 1.0, 0.0)


def _empty(bench: Workbench, found: Findings) -> None:
    """A charge without any condition ends where the surface is empty."""
    forever = {"drive": "current_density", "value": f"{CURRENT!r} A/m^2", "for": "1e7 s"}
    run = bench.run(case("spherical", [forever]), reasons=["surface_depleted"], status="ended_early")
    voltage = run.history["voltage [V]"]
    limit = under_way(FLOOR, CURRENT, "spherical")
    words = "no condition but an empty surface"
    found.compare(LAW, "spherical", f"voltage at the end [V], {words}", voltage[-1], limit, VOLTS, scale=1.0)
    charge = (START - FLOOR) * exact.FARADAY * CAPACITY / DENSITY / 3600.0
    taken = run.summary["steps"][0]["capacity_mAh_g"]
    found.compare(LAW, "spherical", f"capacity [mAh/g], {words}", taken, charge, CLOSE)


def headline(bench: Workbench) -> float:
    """Capacity of a disc up to a located voltage."""
    run = bench.run(case("generalised_plane_strain", [STEPS[0].spelt()]), reasons=[STEPS[0].reason])
    return float(run.summary["steps"][0]["capacity_mAh_g"])


def _sentence(step: Step) -> str:
    units = {"voltage": "{:g} V", "occupancy": "occupancy {:g}", "time": "{:g} s"}
    ends = " or ".join(units[kind].format(value) for kind, value in step.conditions)
    return f"{'charge' if step.current > 0.0 else 'discharge'} until {ends} (ends by {step.reason})"


PAGE = Page(
    title="Cut-offs, located",
    claim=f"A step ends at the first of its conditions that is met, within {VOLTS:g} V of a voltage, however "
    "long the increment that would have passed it, and no state of the history lies beyond.",
    equation=r"""
Where diffusion costs nothing, the occupancy at a cut-off is the root of

$$U(\theta) + \frac{\Omega\sigma_h(\theta)}{F} + \eta(i) + R_a i = V_\mathrm{limit}, \qquad
\Delta Q = F c_\mathrm{max}\,|\theta - \theta_0|/\rho$$

with $\sigma_h = -E\,\Omega c_\mathrm{max}(\theta - \theta_\mathrm{ref})/9$ in a cylinder of held length and
no stress elsewhere.
""",
    source="conservation of charge, and Butler-Volmer as on [its own page](butler_volmer.md)",
    setup=f"""
Lattice gas with {STANDARD:g} V at {cases.TEMPERATURE:g} K, D = {CONDUCTIVE:g} m^2/s, from occupancy {START:g}
at {CURRENT:g} A/m^2 in either direction; i0 = {ELECTRODE.exchange:g} A/m^2, transfer coefficients
{ELECTRODE.transfer[0]:g} and {ELECTRODE.transfer[1]:g}, {ELECTRODE.resistance:g} ohm m^2. The tolerance of
the time steps is so loose that each increment is twice the one before, and the last one that a step would
make passes its limit by far.
Steps: {"; ".join(f"{k}. {_sentence(step)}" for k, step in enumerate(STEPS, 1))}.

Two more: D = {SLUGGISH:g} m^2/s and a limit {NEAR * 1e3:g} mV above the first voltage under current, which
the first increment passes; and a charge without a condition, which ends where the surface would hold less
than {FLOOR:g}.
""",
    compute=compute,
    headline=Headline("capacity to the first cut-off [mAh/g]", "generalised_plane_strain", headline),
)
