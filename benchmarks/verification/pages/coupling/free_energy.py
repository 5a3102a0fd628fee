"""A closed particle only loses free energy, and loses what its fluxes dissipate."""

from collections.abc import Sequence

import numpy as np

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
from benchmarks.verification.setups.closed_body import AMPLITUDE, MODES, Closed, Leap
from solver.fenics import MPI

FALLS, DISSIPATES = "free energy only falls", "dissipation of free energy"
PRESSURE = 7e8
CELLS: dict[Dimension, int] = {
    "spherical": 16,
    "axisymmetric": 4,
    "generalised_plane_strain": 4,
    "plane_strain": 4,
    "3d": 2,
}
"""Cells along a side of the box."""
STATES, MARCHED, SHORT_MARCHED = 1000, 40, 2
"""Random initial states, and how many are marched with the step control, in full and in short form."""
LEAPS = (0.5, 40.0, 1e3, 1e6)
"""Increments of backward Euler, from a fraction of a cell's time to rest [s]."""
TOLERANCES = (3e-3, 1e-3, 3e-4)
DURATION, SHARES = 300.0, (1 / 8, 1 / 16, 1 / 32)
"""Duration over which dissipation is summed [s], and the increments [durations]."""
SOFTENING = tuple(0.2 * 2.0**k for k in range(10))
"""Increments after which what is left is smooth in time, too [s]."""


def excess(leaps: Sequence[Leap]) -> float:
    """Largest gain beyond minus the dissipation in an increment, as a share of the whole fall; 0 for none."""
    fall = abs(sum(leap.gain for leap in leaps))
    return float(np.max([0.0, *(leap.gain + leap.lost for leap in leaps)])) / fall


def rise(leaps: Sequence[Leap]) -> float:
    """Largest gain in any increment, as a share of the whole fall; 0 for none."""
    fall = abs(sum(leap.gain for leap in leaps))
    return float(np.max([0.0, *(leap.gain for leap in leaps)])) / fall


def imbalance(closed: Closed, share: float, first_order: bool) -> float:
    """Energy lost over the dissipation summed in time, less 1, of equal increments of a share of DURATION.

    Backward Euler is summed as it dissipates, at the ends of increments; BDF2 by trapezoids.
    """
    closed.begin()
    closed.settle()
    closed.leaps(SOFTENING, first_order=True)
    at_start = closed.account.energy()
    first = closed.account.dissipation()
    increment = share * DURATION
    leaps = closed.leaps([increment] * round(1.0 / share), first_order)
    summed = sum(leap.lost for leap in leaps)
    if not first_order:
        summed += 0.5 * (increment * first - leaps[-1].lost)
    return (at_start - leaps[-1].energy) / summed - 1.0


def compute(bench: Workbench) -> Findings:
    """Random states by both schemes, then dissipation in every dimension."""
    found = Findings()
    line = Closed("spherical", CELLS["spherical"], pressure=PRESSURE)
    worst = []
    for seed in range(bench.pick(STATES, 20)):
        line.begin(seed)
        worst.append(excess(line.leaps(LEAPS, first_order=True)))
    quantity = f"backward Euler: rise beyond minus the dissipation, worst of {len(worst)} states [1]"
    found.compare(FALLS, "spherical", quantity, float(np.max(worst)), 0.0, 1e-11, scale=1.0)
    if line.refused:
        found.notes.append(
            f"Newton's method refused {line.refused} attempts at increments of backward Euler, which are too "
            f"long on purpose ({len(worst) * len(LEAPS)} of them in all); they were done in halves."
        )
    _marches(found, line, bench)
    for dimension in bench.pick(DIMENSIONS, ("spherical", "generalised_plane_strain")):
        closed = line if dimension == "spherical" else Closed(dimension, CELLS[dimension], pressure=PRESSURE)
        if dimension != "spherical":
            closed.begin()
            beyond = excess(closed.leaps(LEAPS, first_order=True))
            quantity = "backward Euler: rise beyond minus the dissipation [1]"
            found.compare(FALLS, dimension, quantity, beyond, 0.0, 1e-11, scale=1.0)
        _dissipation(found, closed, dimension, bench.pick(SHARES, SHARES[:2]))
    return found


def _marches(found: Findings, line: Closed, bench: Workbench) -> None:
    """Rises under the step control, and how the energy falls."""
    rises, lines, increments = [], [], 0
    tolerances = bench.pick(TOLERANCES, TOLERANCES[:2])
    for tolerance in tolerances:
        highest = 0.0
        for seed in range(bench.pick(MARCHED, SHORT_MARCHED)):
            line.begin(seed)
            line.settle()
            leaps = line.controlled(tolerance)
            highest, increments = float(np.maximum(highest, rise(leaps))), increments + len(leaps)
            if tolerance == tolerances[-1] and seed < 8:
                above = [leap.energy - leaps[-1].energy for leap in leaps]
                shown = [k for k, value in enumerate(above) if value > 1e-9 * above[0]]
                times = [leaps[k].time for k in shown]
                lines.append(Line("", times, [above[k] / above[0] for k in shown], f"C{seed}-"))
        rises.append(highest)
        quantity = f"BDF2: largest rise at tolerance {tolerance:g} [1]"
        found.compare(FALLS, "spherical", quantity, highest, 0.0, 2e4 * tolerance**3, scale=1.0)
    if not bench.short:
        found.refine(
            FALLS,
            "spherical",
            "BDF2, largest rise",
            tolerances,
            rises,
            3.0,
            slack=0.6,
            parameter="tolerance of time",
        )
    states = bench.pick(MARCHED, SHORT_MARCHED)
    found.notes.append(
        f"The marches of {states} states to rest took {increments} increments of BDF2: for all {STATES} it "
        f"would be {increments / states / len(LEAPS):.0f} times as many as backward Euler takes, hence fewer."
    )
    title = f"free energy above rest, tolerance {tolerances[-1]:g}"
    found.panels.append(Panel(title, "time [s]", "share of the fall [1]", tuple(lines), ("log", "log")))


def _dissipation(found: Findings, closed: Closed, dimension: Dimension, shares: Sequence[float]) -> None:
    """Energy lost beside energy dissipated."""
    for scheme, order in (("BDF1", 1.0), ("BDF2", 2.0)):
        gaps = [imbalance(closed, share, scheme == "BDF1") for share in shares]
        found.refine(
            DISSIPATES,
            dimension,
            f"lost over dissipated, {scheme}",
            shares,
            [abs(gap) for gap in gaps],
            order,
            parameter=f"increment / duration, {scheme}",
        )


def headline(bench: Workbench) -> float:
    """Energy that a relaxing body has lost, reduced."""
    closed = Closed("generalised_plane_strain", 4, pressure=PRESSURE, comm=MPI.COMM_WORLD)
    closed.begin()
    return -sum(leap.gain for leap in closed.leaps(LEAPS[:2], first_order=True))


PAGE = Page(
    title="Free energy only falls",
    claim="""
A closed particle that relaxes loses exactly the free energy that its fluxes dissipate. Backward Euler never
lets the energy rise, whatever the increment; BDF2 under the step control lets it rise by less the tighter the
tolerance.
""",
    equation=r"""
$$E = \int\Big(\int\mu_{host}\,dc + \tfrac12\,(\varepsilon-\varepsilon^*):C:(\varepsilon-\varepsilon^*)\Big)
\,dV + p\,\Delta V_{outer}, \qquad
\frac{dE}{dt} = -\int \nabla\mu\cdot M\,\nabla\mu\;dV \le 0$$

Backward Euler: $E_{n+1} - E_n \le -\Delta t \int\nabla\mu_{n+1}\cdot M\,\nabla\mu_{n+1}\,dV$, since $E$ is
convex. BDF2 may rise near rest, where $E$ is quadratic in the distance from it and that distance is the local
error, in proportion to tolerance$^{3/2}$: its largest rise goes with the third power of the tolerance.
""",
    source="""
F. Larché and J. W. Cahn, Acta Metall. 21 (1973) 1051, for the energy; backward Euler: convexity
""",
    setup=rf"""
Two phases with misfit, swelling, stress in potential and mobility, {PRESSURE / 1e6:g} MPa; nothing passes the
surface. {CELLS["spherical"]} cells in `spherical`: {STATES} random potentials ({MODES} cosines of size
{AMPLITUDE:g} $RT$, rough to smooth), each by increments of {", ".join(f"{leap:g}" for leap in LEAPS)} s of
backward Euler; {MARCHED} of them also by BDF2 with the step control, to rest. Rises are shares of the whole
fall. Boxes elsewhere, from one smooth potential. Dissipation is summed over {DURATION:g} s,
{sum(SOFTENING):.0f} s after the start, at the ends of increments (BDF1) or by trapezoids (BDF2).
""",
    compute=compute,
    headline=Headline("energy lost [1]", "generalised_plane_strain", headline),
)
