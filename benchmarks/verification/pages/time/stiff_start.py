"""A current that is switched on, and one that is reversed: the surface follows the square root of time."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.exact.early_diffusion import early_flux, early_flux_cylinder
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases, twins
from benchmarks.verification.setups.running import Run

LAW = "jump of the current"
CURRENTS, DURATION = (0.6, -0.45), 650.0
"""Currents [A/m^2], one after the other, and how long each flows [s]."""
PARTICLE = replace(
    twins.PLAIN, layers=(replace(twins.CORE, volume=0.0, activation=0.0),), occupancy=0.55, pressure=0.0
)
"""A particle that lithium does not strain: its diffusion is linear, whatever its host."""
LAYER = PARTICLE.layers[0]
UNIT_TIME = LAYER.outer**2 / LAYER.diffusivity
EARLY = 5e-3
"""D t/R^2 up to which the expansion for early times is better than the series."""

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """One dimension.

    Attributes:
        sizes: bulk and surface, descending [m].
        tolerance: of the time steps.
        since: how long after a jump voltages are judged [s].
        limit: largest deviation from then on, on the finest mesh [V].
        first: the same at the end of the first increment after a jump.
    """

    sizes: tuple[tuple[float, float], ...]
    tolerance: float
    since: float
    limit: float
    first: float


FLAT = Row(((300e-9, 100e-9),), 2e-4, 20.0, 2e-4, 2e-3)
ROWS: dict[Dimension, Row] = {
    "spherical": Row(((120e-9, 60e-9), (60e-9, 30e-9), (30e-9, 15e-9)), 1e-5, 1.0, 2e-5, 3e-4),
    "axisymmetric": FLAT,
    "generalised_plane_strain": FLAT,
    "plane_strain": FLAT,
    "3d": Row(((800e-9, 400e-9),), 2e-3, 130.0, 1e-3, 5e-3),
}
SHORT: dict[Dimension, Row] = {
    "spherical": Row(((120e-9, 60e-9), (60e-9, 30e-9)), 1e-4, 1.0, 1e-4, 1e-3),
    "plane_strain": Row(((600e-9, 200e-9),), 2e-3, 20.0, 1e-3, 4e-3),
}


def run(bench: Workbench, dimension: Dimension, sizes: tuple[float, float], tolerance: float) -> Run:
    """Both currents as a case."""
    steps = [cases.drive("current_density", current, DURATION) for current in CURRENTS]
    return bench.run(PARTICLE.case("jump", dimension, steps, sizes, numerics={"tolerance": tolerance}))


def felt(time: float, dimension: Dimension) -> float:
    """What a unit of current has made of the surface, D t/R^2 = `time` after it was switched on [1]."""
    if time <= 0.0:
        return 0.0
    flat = dimension in twins.PLANE
    if time < EARLY:
        return early_flux_cylinder(time) if flat else early_flux(time)
    return float((series.crank_flux_cylinder if flat else series.crank_flux)(1.0, time))


def exact_voltage(since: float, step: int, dimension: Dimension) -> float:
    """Voltage [V] at a time since the jump that began a step [s]."""
    unit = LAYER.outer / exact.FARADAY / LAYER.diffusivity / LAYER.capacity
    current = CURRENTS[step - 1]
    gone = current * felt(since / UNIT_TIME, dimension)
    if step == 2:
        gone -= CURRENTS[0] * felt(since / UNIT_TIME, dimension)
        gone += CURRENTS[0] * felt((since + DURATION) / UNIT_TIME, dimension)
    y = float(LAYER.host.inverse(PARTICLE.occupancy - unit * gone))
    kinetic = PARTICLE.electrode.overpotential(current, cases.TEMPERATURE)
    level = -y * exact.GAS_CONSTANT * cases.TEMPERATURE / exact.FARADAY
    return level + kinetic + PARTICLE.electrode.resistance * current


@dataclass(frozen=True)
class Jump:
    """What followed a jump: times since it [s], voltages and those that they should be [V]."""

    times: Array
    voltage: Array
    wanted: Array

    @property
    def off(self) -> Array:
        """Deviations [V]."""
        return np.abs(self.voltage - self.wanted)

    def worst(self, since: float) -> tuple[float, float, float]:
        """Largest deviation from a time on, with the voltage and what it should be [V]."""
        k = int(np.argmax(np.where(self.times >= since, self.off, 0.0)))
        return float(self.off[k]), float(self.voltage[k]), float(self.wanted[k])


def jumps_of(found: Run, dimension: Dimension) -> list[Jump]:
    """Both jumps of a run."""
    result = []
    for step in (1, 2):
        rows = found.history["step"] == step
        times = found.history["time [s]"][rows] - (step - 1) * DURATION
        wanted = np.array([exact_voltage(float(t), step, dimension) for t in times])
        result.append(Jump(times, found.history["voltage [V]"][rows], wanted))
    return result


def compute(bench: Workbench) -> Findings:
    """Every dimension, with what happens first in the finest sphere."""
    found = Findings()
    for dimension, row in bench.pick(ROWS, SHORT).items():
        ways = [jumps_of(run(bench, dimension, sizes, row.tolerance), dimension) for sizes in row.sizes]
        firsts = [max(float(jump.off[0]) for jump in way) for way in ways]
        lates = [max(jump.worst(row.since) for jump in way) for way in ways]
        late = f"voltage from {row.since:g} s after a jump on [V]"
        if len(ways) > 1:
            sizes = [fine / LAYER.outer for _, fine in row.sizes]
            errors = [worst[0] for worst in lates]
            cell, first = "surface cell / radius", "voltage after the first increment [V]"
            found.refine(LAW, dimension, late, sizes, errors, 2.0, slack=0.4, parameter=cell)
            found.refine(LAW, dimension, first, sizes, firsts, 1.0, slack=0.15, parameter=f"{cell}: at first")
        _, value, wanted = lates[-1]
        found.compare(LAW, dimension, f"{late}, furthest off", value, wanted, row.limit, scale=1.0)
        words = "deviation at the end of the first increment [V]"
        found.compare(LAW, dimension, words, firsts[-1], 0.0, row.first, scale=1.0)
        if dimension == "spherical":
            _tell(found, ways, row)
    return found


def _tell(found: Findings, ways: list[list[Jump]], row: Row) -> None:
    """Figures and words of the sphere."""
    for step, jump in enumerate(ways[-1], start=1):
        fine = np.geomspace(jump.times[0] / 3.0, DURATION, 80)
        lines = (
            Line("exact", list(fine), [exact_voltage(float(t), step, "spherical") for t in fine], "k-"),
            Line("here", list(jump.times), list(jump.voltage), "r."),
        )
        title = f"spherical: jump to {CURRENTS[step - 1]:g} A/m^2"
        found.panels.append(Panel(title, "time since the jump [s]", "voltage [V]", lines, ("log", "linear")))
    off = tuple(
        Line(f"{fine * 1e9:g} nm", list(way[1].times), list(1e3 * way[1].off), ".-")
        for (_, fine), way in zip(row.sizes, ways, strict=True)
    )
    title = "deviation after the second jump"
    found.panels.append(Panel(title, "time since the jump [s]", "voltage off [mV]", off, ("log", "log")))
    last = ways[-1][1]
    found.notes.append(
        "Right after a jump the surface moves as the square root of time, with an infinite slope. On the "
        f"finest sphere the first increment takes {last.times[0]:.2g} s, which its surface cell can follow; "
        f"{len(last.times)} increments make the whole {DURATION:g} s. The voltage is off by "
        f"{1e3 * last.off[0]:.2g} mV at first, in proportion to the cell, and by "
        f"{1e3 * last.worst(row.since)[0]:.2g} mV at most from {row.since:g} s on: diffusion forgets how it "
        "began."
    )


def headline(bench: Workbench) -> float:
    """Voltage of a disc some time after the second jump."""
    return float(run(bench, "plane_strain", (900e-9, 400e-9), 1e-2).final["voltage_V"])


def _meshes(dimension: Dimension) -> str:
    sizes = ", ".join(f"{bulk * 1e9:g}/{fine * 1e9:g} nm" for bulk, fine in ROWS[dimension].sizes)
    return f"{dimension.replace('_', ' ')} {sizes}"


PAGE = Page(
    title="A stiff start: the current jumps",
    claim="Where a current is switched on or reversed, the voltage follows the square root of time from the "
    "first increments on; what the first increment misses is forgotten.",
    equation=r"""
$$V(t) = U(\theta_s) + \eta(i) + R_a i, \qquad \theta_0 - \theta_s = \frac{R}{F D c_\mathrm{max}}
\left[i_1 S(\tau) + (i_2 - i_1)\,S(\tau - \tau_1)\right], \qquad \tau = \frac{D t}{R^2}$$

At early times, $S = e^{\tau}\,\mathrm{erfc}(-\sqrt{\tau}) - 1$ in a sphere and
$2\sqrt{\tau/\pi} + \tau/2 + \dots$ in a cylinder; later the series of a constant flux.
""",
    source="H. S. Carslaw and J. C. Jaeger, Conduction of Heat in Solids (1959), sections 9.7 and 13.3; "
    "J. Crank, The Mathematics of Diffusion (1975), eqs. 5.48 and 6.45",
    setup=f"""
The host and the surface of [a whole charge](../kinetics/constant_current_charge.md), Omega = 0, from
occupancy {PARTICLE.occupancy:g}: {CURRENTS[0]:g} A/m^2, then {CURRENTS[1]:g} A/m^2, {DURATION:g} s each.
Cells are smaller at the surface than inside: {"; ".join(map(_meshes, ROWS))}. Tolerances of the time steps:
{", ".join(f"{d.replace('_', ' ')} {r.tolerance:g}" for d, r in ROWS.items())}.
""",
    compute=compute,
    headline=Headline("voltage after two jumps [V]", "plane_strain", headline),
)
