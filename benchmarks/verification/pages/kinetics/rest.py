"""Rest after a current: the voltage relaxes as the surface levels out, and nothing passes."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.page import Dimension, Findings, Headline, Kind, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases, twins
from benchmarks.verification.setups.running import Run

LAW, COUPLED = "rest after a current", "rest after a current, with stress"
CURRENT, DRIVEN, REST = -0.43, 700.0, 2600.0
"""Current [A/m^2] of the discharge, its duration and that of the rest [s]."""
UNSTRESSED = replace(
    twins.PLAIN, layers=(replace(twins.CORE, volume=0.0, activation=0.0),), occupancy=0.55, pressure=0.0
)
"""A particle that lithium does not strain: its diffusion is linear, whatever its host."""
STRESSED = {
    "one phase": replace(twins.PLAIN, occupancy=0.55),
    "two phases": replace(twins.COATED, occupancy=0.55),
}
UNIT_TIME = twins.CORE.outer**2 / twins.CORE.diffusivity
SOON = 3e-3
"""D t/R^2 of the rest from which the series is complete."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """Cell sizes of one dimension, descending [m], tolerance, and the largest deviation allowed [V]."""

    sizes: tuple[float, ...]
    tolerance: float
    limit: float


FLAT = Row((900e-9, 600e-9, 400e-9), 1e-3, 1e-3)
ROWS: dict[Dimension, Row] = {
    "spherical": Row((400e-9, 200e-9, 100e-9), 2e-5, 1e-4),
    "axisymmetric": FLAT,
    "generalised_plane_strain": FLAT,
    "plane_strain": FLAT,
    "3d": Row((700e-9,), 5e-3, 3e-3),
}
SHORT: dict[Dimension, Row] = {
    "spherical": Row((400e-9, 200e-9), 2e-4, 5e-4),
    "generalised_plane_strain": Row((900e-9,), 2e-3, 7e-3),
}


def run(bench: Workbench, twin: twins.Twin, dimension: Dimension, size: float, tolerance: float) -> Run:
    """Current and rest as a case."""
    steps = [cases.drive("current_density", CURRENT, DRIVEN), {"drive": "rest", "for": f"{REST!r} s"}]
    case = twin.case("rest", dimension, steps, (size, size), numerics={"tolerance": tolerance})
    return bench.run(case)


def exact_voltage(times: Array, dimension: Dimension) -> Array:
    """Voltage [V] at moments of the rest [s], from the difference of two constant fluxes."""
    layer = UNSTRESSED.layers[0]
    law = series.crank_flux_cylinder if dimension in twins.PLANE else series.crank_flux
    rate = layer.diffusivity / layer.outer**2
    unit = CURRENT / exact.FARADAY * layer.outer / layer.diffusivity / layer.capacity
    gone = [float(law(1.0, rate * (DRIVEN + t)) - law(1.0, rate * t)) for t in map(float, times)]
    y = layer.host.inverse(UNSTRESSED.occupancy - unit * np.array(gone))
    return np.asarray(-y * exact.GAS_CONSTANT * cases.TEMPERATURE / exact.FARADAY)


def compute(bench: Workbench) -> Findings:
    """The series in every dimension, finite volumes where stress acts."""
    found = Findings()
    for dimension, row in bench.pick(ROWS, SHORT).items():
        _beside_series(bench, found, dimension, row)
    coupled: list[tuple[str, Dimension]] = [("one phase", "spherical"), ("two phases", "spherical")]
    flat: list[tuple[str, Dimension]] = [
        ("one phase", "generalised_plane_strain"),
        ("one phase", "plane_strain"),
        ("one phase", "axisymmetric"),
    ]
    for which, dimension in bench.pick([*coupled, *flat], coupled[1:]):
        _beside_volumes(bench, found, which, dimension)
    return found


def _resting(found: Run) -> tuple[Array, Array]:
    """Times since the current ended [s] and voltages of the rest."""
    times = np.asarray(twins.moments(found.history, 2))
    return times, found.history["voltage [V]"][twins.rows(found.history, 2)]


def _beside_series(bench: Workbench, found: Findings, dimension: Dimension, row: Row) -> None:
    errors = []
    for size in row.sizes:
        rested = run(bench, UNSTRESSED, dimension, size, row.tolerance)
        times, voltage = _resting(rested)
        late = times > SOON * UNIT_TIME
        wanted = exact_voltage(times[late], dimension)
        errors.append(float(np.max(np.abs(voltage[late] - wanted))))
    if len(errors) > 1:
        sizes = [size / twins.CORE.outer for size in row.sizes]
        found.refine(LAW, dimension, "voltage at rest, furthest off [V]", sizes, errors, 2.0, slack=0.5)
    worst = int(np.argmax(np.abs(voltage[late] - wanted)))
    pair = voltage[late][worst], wanted[worst]
    found.compare(LAW, dimension, "voltage at rest where it is furthest off [V]", *pair, row.limit, scale=1.0)
    _nothing_passes(found, rested, LAW, dimension, "exact")
    if dimension in {"spherical", "plane_strain"}:
        fine = np.geomspace(SOON * UNIT_TIME, REST, 60)
        lines = (
            Line("exact", list(fine), list(exact_voltage(fine, dimension)), "k-"),
            Line("here", list(times[1:]), list(voltage[1:]), "r."),
        )
        title = f"{dimension.replace('_', ' ')}, without stress"
        found.panels.append(Panel(title, "time at rest [s]", "voltage [V]", lines, ("log", "linear")))


def _nothing_passes(found: Findings, rested: Run, law: str, dimension: Dimension, kind: Kind) -> None:
    """Charge, current and mean occupancies of the rest."""
    history, rows = rested.history, twins.rows(rested.history, 2)
    passed, before = (rested.summary["steps"][k]["capacity_mAh_g"] for k in (1, 0))
    found.compare(
        law, dimension, "charge of the rest over that before [1]", passed, 0.0, 1e-12, scale=before, kind=kind
    )
    current = history["current_density [A/m2]"][history["step"] == 2]
    largest = float(np.max(np.abs(current)))
    words = "largest current at rest over that before [1]"
    found.compare(law, dimension, words, largest, 0.0, 5e-11, scale=abs(CURRENT), kind=kind)
    sites = history["mean_occupancy_layered"][rows]
    if "mean_occupancy_rock_salt" not in history:
        drift = float(np.max(np.abs(sites - sites[0])))
        found.compare(
            law, dimension, "drift of the mean occupancy [1]", drift, 0.0, 1e-12, scale=1.0, kind=kind
        )


def _beside_volumes(bench: Workbench, found: Findings, which: str, dimension: Dimension) -> None:
    twin = STRESSED[which]
    spherical = dimension == "spherical"
    tolerance = bench.pick(5e-5, 1e-3) if spherical else 1e-3
    rested = run(bench, twin, dimension, 75e-9 if spherical else 500e-9, tolerance)
    times, voltage = _resting(rested)
    program = twin.volumes(dimension)
    before = program.march(program.uniform(twin.occupancy), (0.0, DRIVEN), current=CURRENT)
    wanted = program.march(before.states[-1], times).voltage
    late = times > SOON * UNIT_TIME
    worst = int(np.argmax(np.where(late, np.abs(voltage - wanted), 0.0)))
    words = f"voltage at rest where it is furthest off [V], {which}"
    limit = bench.pick(3e-4, 1e-3) if spherical else 2e-3
    found.compare(COUPLED, dimension, words, voltage[worst], wanted[worst], limit, scale=1.0, kind="program")
    _nothing_passes(found, rested, COUPLED, dimension, "program")
    if spherical:
        lines = (
            Line("finite volumes", list(times[1:]), list(wanted[1:]), "k-"),
            Line("here", list(times[1:]), list(voltage[1:]), "r."),
        )
        found.panels.append(
            Panel(
                f"spherical, {which}, with stress",
                "time at rest [s]",
                "voltage [V]",
                lines,
                ("log", "linear"),
            )
        )


def headline(bench: Workbench) -> float:
    """Voltage of a disc after its rest."""
    return float(run(bench, UNSTRESSED, "plane_strain", 900e-9, 1e-2).final["voltage_V"])


PAGE = Page(
    title="Rest after a current",
    claim="At rest the voltage relaxes as lithium levels out inside, with stress and without, and no charge "
    "passes.",
    equation=r"""
Where lithium does not strain its host, diffusion is linear and two constant fluxes are superposed:

$$V = U(\theta_s), \qquad
\theta_0 - \theta_s(t) = \frac{i R}{F D c_\mathrm{max}}\left[S\left(\frac{D t}{R^2}\right) -
S\left(\frac{D (t - t_1)}{R^2}\right)\right]$$

with the series $S$ of a surface with constant flux, of the ball or of the cylinder.
""",
    source="J. Crank, The Mathematics of Diffusion (1975), eqs. 5.48 and 6.45; with stress the finite "
    "volumes of [a whole charge](constant_current_charge.md)",
    setup=f"""
The host and the surface of [a whole charge](constant_current_charge.md), from occupancy
{UNSTRESSED.occupancy:g}: {CURRENT:g} A/m^2 for {DRIVEN:g} s, then {REST:g} s at rest. Without stress:
Omega = 0; with stress: one phase and two as there. Voltages are compared from D t/R^2 = {SOON:g} of the rest
on.
Tolerances of the time steps: {", ".join(f"{d.replace('_', ' ')} {r.tolerance:g}" for d, r in ROWS.items())}.
""",
    compute=compute,
    headline=Headline("voltage after the rest [V]", "plane_strain", headline),
)
