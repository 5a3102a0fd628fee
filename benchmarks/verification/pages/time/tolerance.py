"""The tolerance of a case: error falls in proportion to it, and stays below what it promises."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline

from benchmarks.verification.page import Dimension, Findings, Headline, Kind, Line, Page, Panel, Workbench
from benchmarks.verification.setups import timed_charges, twins
from benchmarks.verification.setups.running import Run

LAW = "error in proportion to the tolerance"
EARLY = 0.02
"""Share of the charge after which voltages are judged."""
SPHERE = (1e-3, 1e-4, 1e-5)
"""Tolerances in `spherical`."""
FLAT = (900e-9, (1e-2, 1e-3, 1e-4), 5e-6)
OTHERS: dict[Dimension, tuple[float, tuple[float, ...], float]] = {
    "axisymmetric": FLAT,
    "generalised_plane_strain": FLAT,
    "plane_strain": FLAT,
    "3d": (2000e-9, (4e-3, 1e-3, 2.5e-4), 2e-5),
}
"""Cell size [m], tolerances, and the tolerance that stands for the exact march on the same mesh."""
SHARE = 0.4
"""Largest deviation of the voltage [V] over the tolerance."""
TENTH = 0.1
"""Largest deviation of a capacity, over the charge passed and the tolerance."""
CUT_OFFS, CYCLED = (4.3, 3.65), (1e-2, 1e-3, 1e-4)
"""Ends of a charge and a discharge [V], and their tolerances."""


def compute(bench: Workbench) -> Findings:
    """Voltages in every dimension, capacities of a cycle in `spherical`."""
    found = Findings()
    tolerances = bench.pick(SPHERE, SPHERE[:2])
    charges = [timed_charges.timed(bench, {"tolerance": tolerance}) for tolerance in tolerances]
    errors = [charge.worst(EARLY) for charge in charges]
    _judge(found, "spherical", tolerances, errors, "program")
    lines = [Line("spherical", list(tolerances), [c.increments for c in charges], "o-")]
    for dimension, (size, row, fine) in ({} if bench.short else OTHERS).items():
        runs = [timed_charges.charge(bench, {"tolerance": t}, dimension, size) for t in (*row, fine)]
        errors = [_off(run, runs[-1]) for run in runs[:-1]]
        _judge(found, dimension, row, errors, "itself")
        counts = [run.summary["counts"]["increments"] for run in runs[:-1]]
        lines.append(Line(dimension.replace("_", " "), list(row), counts, ".--"))
    title = "what accuracy costs"
    found.panels.append(Panel(title, "tolerance", "increments", tuple(lines), ("log", "log")))
    _capacities(bench, found)
    return found


def _off(run: Run, fine: Run) -> float:
    """Largest deviation of the voltage from a spline through that of a finer march [V]."""
    times, voltage = (fine.history[name][1:] for name in ("time [s]", "voltage [V]"))
    curve = CubicSpline(np.log(times), voltage)
    late = run.history["time [s]"] >= EARLY * timed_charges.DURATION
    gap = run.history["voltage [V]"][late] - curve(np.log(run.history["time [s]"][late]))
    return float(np.max(np.abs(gap)))


def _judge(
    found: Findings, dimension: Dimension, tolerances: Sequence[float], errors: list[float], kind: Kind
) -> None:
    words = "voltage furthest off [V]"
    found.refine(LAW, dimension, words, tolerances, errors, 1.0, slack=0.3, parameter="tolerance", kind=kind)
    ratios = [error / tolerance for error, tolerance in zip(errors, tolerances, strict=True)]
    worst = int(np.argmax(ratios))
    words = f"volts off over the tolerance [1], worst at {tolerances[worst]:g}"
    found.compare(LAW, dimension, words, ratios[worst], 0.0, SHARE, scale=1.0, kind=kind)


def _capacities(bench: Workbench, found: Findings) -> None:
    """A charge and a discharge between two voltages, beside finite volumes."""
    current = timed_charges.CURRENT
    program = twins.PLAIN.volumes(cells=timed_charges.CELLS)
    state, capacities = program.uniform(twins.PLAIN.occupancy), []
    steps: list[Any] = []
    for sign, end in zip((1.0, -1.0), CUT_OFFS, strict=True):
        course = program.march(state, (0.0, 1e5), current=sign * current, until=lambda v, _, e=end: v - e)
        state = course.states[-1]
        capacities.append(twins.PLAIN.capacity("spherical", current * float(course.times[-1])))
        steps.append(twins.until("current_density", sign * current, voltage=end))
    for tolerance in bench.pick(CYCLED, CYCLED[1:2]):
        size, numerics = timed_charges.FINE, {"tolerance": tolerance}
        case = twins.PLAIN.case("cycle", "spherical", steps, (size, size), numerics=numerics)
        run = bench.run(case, reasons=["voltage", "voltage"])
        taken = [step["capacity_mAh_g"] for step in run.summary["steps"]]
        off = max(abs(a - b) for a, b in zip(taken, capacities, strict=True)) / sum(capacities)
        words = f"capacities off over the charge passed and the tolerance [1], at {tolerance:g}"
        found.compare(LAW, "spherical", words, off / tolerance, 0.0, TENTH, scale=1.0, kind="program")


def headline(bench: Workbench) -> float:
    """Voltage of a disc after the charge, under step control."""
    return float(timed_charges.charge(bench, {"tolerance": 1e-2}, "plane_strain", 900e-9).final["voltage_V"])


PAGE = Page(
    title="Error against tolerance",
    claim="The error of time falls in proportion to the tolerance of the case: voltages are off by less than "
    f"{SHARE:g} volts times the tolerance, capacities by less than {TENTH:g} times it of the charge passed.",
    equation=r"""
$$e_{n+1} < (5\,\mathrm{tol})^{3/2}\ \text{in each increment of a second-order scheme} \quad\Rightarrow\quad
e(t) \propto \mathrm{tol}$$

where $e$ is the root mean square of occupancy or, under current, the electrode potential in volts.
""",
    source="E. Hairer, S. P. Norsett, G. Wanner, Solving Ordinary Differential Equations I (1993), II.4",
    setup=f"""
The stressed particle of [a whole charge](../kinetics/constant_current_charge.md) at
{timed_charges.CURRENT:g} A/m^2 for {timed_charges.DURATION:g} s. Spherical: cells of
{timed_charges.FINE * 1e9:g} nm beside {timed_charges.CELLS} finite volumes. The other dimensions: coarse
cells of {FLAT[0] * 1e9:g} nm, in 3d {OTHERS["3d"][0] * 1e9:g} nm, beside the same mesh with a tolerance of
{FLAT[2]:g}, in 3d {OTHERS["3d"][2]:g}; there the mesh errs alike in both. Voltages are judged after
{100 * EARLY:g} % of the charge. Capacities: a charge to {CUT_OFFS[0]:g} V and a discharge to
{CUT_OFFS[1]:g} V.
""",
    compute=compute,
    headline=Headline("voltage after a charge under step control [V]", "plane_strain", headline),
)
