"""Constant current, then constant voltage: the current fades as finite volumes along the radius say."""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact.radial_volumes import Course
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import twins
from benchmarks.verification.setups.running import Run

LAW = "current in a hold"
CURRENT, HELD, LAST = 0.47, 4.15, 0.03
"""Current of the charge [A/m^2], voltage held [V], current density that ends the hold [A/m^2]."""
RESISTANCE = 0.17
"""Where the electrode has one [ohm m^2]."""
LONG = 1e5
LOCATED = 2e-8
"""How closely a current is located, relative; the time scheme promises half of it."""
SETTLING = 0.01
"""Share of the hold before which currents are not compared: the slope of the current is infinite at first."""


@dataclass(frozen=True)
class Row:
    """One dimension.

    Attributes:
        size: of the cells [m].
        tolerances: of the time steps, descending.
        limit: largest relative error of time and capacity with the last of them.
        fading: the same of the duration of the hold; currents are allowed a fifth of it.
    """

    size: float
    tolerances: tuple[float, ...]
    limit: float
    fading: float


FLAT = Row(500e-9, (5e-4,), 2e-3, 4e-2)
ROWS: dict[Dimension, Row] = {
    "spherical": Row(75e-9, (1e-3, 2e-4, 4e-5), 1e-4, 4e-3),
    "axisymmetric": FLAT,
    "generalised_plane_strain": FLAT,
    "plane_strain": FLAT,
    "3d": Row(800e-9, (2e-3,), 5e-3, 1e-1),
}
SHORT: dict[Dimension, Row] = {
    "spherical": Row(200e-9, (2e-3, 4e-4), 6e-4, 3e-2),
    "plane_strain": Row(800e-9, (5e-3,), 1e-2, 3e-1),
}


def twin(resistance: float) -> twins.Twin:
    """The particle behind a resistance."""
    return replace(twins.PLAIN, electrode=replace(twins.SURFACE, resistance=resistance))


def run(bench: Workbench, resistance: float, dimension: Dimension, size: float, tolerance: float) -> Run:
    """Charge and hold as a case."""
    steps = [
        twins.until("current_density", CURRENT, voltage=HELD),
        twins.until("voltage", HELD, current_density=LAST),
    ]
    case = twin(resistance).case("hold", dimension, steps, (size, size), numerics={"tolerance": tolerance})
    return bench.run(case, reasons=["voltage", "current"])


def volumes(resistance: float, dimension: Dimension, times: np.ndarray) -> tuple[Course, Course, Course]:
    """Charge, hold at given moments, and hold to its end, as finite volumes."""
    program = twin(resistance).volumes(dimension)
    start = program.uniform(twins.PLAIN.occupancy)
    charge = program.march(start, (0.0, LONG), current=CURRENT, until=lambda v, _: v - HELD)
    state = charge.states[-1]
    whole = program.march(state, (0.0, LONG), voltage=HELD, until=lambda _, i: i - LAST)
    return charge, program.march(state, times, voltage=HELD), whole


def compute(bench: Workbench) -> Findings:
    """With and without resistance in `spherical`, with it in the other dimensions."""
    found = Findings()
    for dimension, row in bench.pick(ROWS, SHORT).items():
        for resistance in (0.0, RESISTANCE) if dimension == "spherical" else (RESISTANCE,):
            _compare(bench, found, dimension, row, resistance)
    return found


def _compare(bench: Workbench, found: Findings, dimension: Dimension, row: Row, resistance: float) -> None:
    behind = f"{resistance:g} ohm m^2"
    errors = []
    # One row of tolerances is enough to tell the order.
    tolerances = row.tolerances if resistance > 0.0 else row.tolerances[-1:]
    for tolerance in tolerances:
        history = run(bench, resistance, dimension, row.size, tolerance).history
        times = np.asarray(twins.moments(history, 2))
        current = history["current_density [A/m2]"][twins.rows(history, 2)]
        charge, same, whole = volumes(resistance, dimension, times)
        errors.append(abs(times[-1] / whole.times[-1] - 1.0))
    if len(errors) > 1:
        what, sizes = f"duration of the hold, {behind} [1]", tolerances
        found.refine(
            LAW, dimension, what, sizes, errors, 1.0, slack=0.3, parameter="tolerance", kind="program"
        )
    first = float(history["time [s]"][twins.rows(history, 2)][0])
    late = times > SETTLING * times[-1]
    worst = int(np.argmax(np.where(late, np.abs(current - same.current), 0.0)))
    voltage = history["voltage [V]"][history["step"] == 2]
    off = int(np.argmax(np.abs(voltage - HELD)))
    taken = history["capacity [mAh/g]"][-1]
    passed = twin(resistance).capacity(dimension, _charge(whole, dimension))
    for quantity, value, should, limit, scale in (
        ("time of the cut-off [s]", first, charge.times[-1], row.limit, None),
        ("duration of the hold [s]", times[-1], whole.times[-1], row.fading, None),
        ("capacity of the hold [mAh/g]", taken, passed, row.limit, None),
        (
            "current in the hold where it differs most [A/m^2]",
            current[worst],
            same.current[worst],
            row.fading / 5.0,
            CURRENT,
        ),
        ("held voltage where it is off most [V]", voltage[off], HELD, 1e-12, None),
        ("current at the end [A/m^2]", current[-1], LAST, LOCATED, None),
    ):
        found.compare(
            LAW, dimension, f"{quantity}, {behind}", value, should, limit, scale=scale, kind="program"
        )
    if len(errors) > 1:
        found.notes.append(
            f"A current that fades to {LAST / CURRENT:.0%} tells little about lithium: with a tolerance of "
            f"{tolerances[-1]:g} the hold behind {behind} is off by {errors[-1]:.1e} in its duration, while "
            f"its capacity is off by {abs(taken / passed - 1.0):.1e}. That is time, not mesh: the tolerance "
            "is one of occupancies, and in a hold of nothing else."
        )
    if dimension in {"spherical", "plane_strain"}:
        lines = (
            Line("finite volumes", list(times), list(same.current), "k-"),
            Line("here", list(times), list(current), "r."),
        )
        title = f"{dimension.replace('_', ' ')}, {behind}"
        found.panels.append(Panel(title, "time in the hold [s]", "current density [A/m^2]", lines))


def _charge(hold: Course, dimension: Dimension) -> float:
    """What passed in a hold over the outer area [C/m^2], from the fall of the mean."""
    powers = 2.0 if dimension in twins.PLANE else 3.0
    fall = hold.states[0, -1] - hold.states[-1, -1]
    return float(fall) * twins.CORE.capacity * exact.FARADAY * twins.CORE.outer / powers


def headline(bench: Workbench) -> float:
    """Current of a disc after some seconds of a hold."""
    steps = [{"drive": "voltage", "value": f"{HELD!r} V", "for": "500 s"}]
    case = twin(RESISTANCE).case(
        "hold", "plane_strain", steps, (900e-9, 900e-9), numerics={"tolerance": 1e-2}
    )
    return float(bench.run(case).history["current_density [A/m2]"][-1])


PAGE = Page(
    title="Constant current, then constant voltage",
    claim="A hold begins where the charge ended, keeps its voltage, lets the current fade as an independent "
    "program says, with and without a series resistance, and ends at the current that it was told.",
    equation=r"""
$$V_\mathrm{held} = -\frac{\mu(R)}{F} + \eta(i) + R_a i, \qquad
i = i_0\left[\exp\frac{\alpha_a F\eta}{RT} - \exp\frac{-\alpha_c F\eta}{RT}\right], \qquad
J(R) = \frac{i}{F}$$

Diffusion and stress inside are those of [a whole charge](constant_current_charge.md).
""",
    source="J. Newman and K. E. Thomas-Alyea, Electrochemical Systems (2004), section 8.2; inside as there",
    setup=f"""
The particle of one phase of [a whole charge](constant_current_charge.md), from occupancy
{twins.PLAIN.occupancy:g} at {CURRENT:g} A/m^2 to {HELD:g} V, held there until {LAST:g} A/m^2; series
resistance none or {RESISTANCE:g} ohm m^2. The other program finds, at every moment, the root of the first
equation in a bracket. Currents are compared relative to that of the charge, after the first
{100 * SETTLING:g} % of the hold. Cells of
{", ".join(f"{r.size * 1e9:g} nm ({d.replace('_', ' ')})" for d, r in ROWS.items())}.
""",
    compute=compute,
    headline=Headline("current density in a hold [A/m^2]", "plane_strain", headline),
)
