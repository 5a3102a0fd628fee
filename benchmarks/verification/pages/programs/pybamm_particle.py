"""One particle under constant current beside PyBaMM's single-particle model, without and with stress."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact.closed_forms import FARADAY, Solid, stress_stiffening
from benchmarks.verification.page import Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases, charged_ball, in_pybamm
from benchmarks.verification.setups.charged_ball import Charge, Host
from benchmarks.verification.setups.diffused import UNDER_FLUX
from benchmarks.verification.setups.in_pybamm import Curve
from benchmarks.verification.setups.running import Run

Array = npt.NDArray[np.float64]

HOUR, RANGE = 3600.0, 0.55
"""Duration [s] and change of the mean occupancy in it at 1C [1]."""
SOLID, VOLUME = Solid(139e9, 0.25), 1.6e-6
SITES = ((3.62, 3.73, 4.02), (0.9, 1.7, 2.2), (0.2, 0.45, 0.35))
"""Standard potentials [V], widths [1] and shares [1] of the host of three sites."""
RADIUS, CAPACITY, DIFFUSIVITY = 2.5e-6, 4.8e4, 2e-15
CHARGE = Charge(
    radius=RADIUS,
    capacity=CAPACITY,
    diffusivity=DIFFUSIVITY,
    solid=SOLID,
    volume=VOLUME,
    temperature=cases.TEMPERATURE,
    start=0.9,
    current=FARADAY * CAPACITY * RANGE * RADIUS / (3.0 * HOUR),
    duration=HOUR,
    exchange=1.3,
    potentials=SITES[0],
    widths=SITES[1],
    shares=SITES[2],
)
STIFFENING = stress_stiffening(SOLID, VOLUME, cases.TEMPERATURE) * CAPACITY
"""By how much stress speeds up diffusion in a full dilute host: D (1 + this) [1]."""


class Variant(NamedTuple):
    """What both programs are asked for.

    Attributes:
        law: row of the index.
        host: open-circuit law.
        mobility: kind of diffusivity in lithostat.
        stress: whether stress acts on the potential.
    """

    law: str
    host: Host
    mobility: str
    stress: bool


DRIVEN = "constant-current charge with stress"
VARIANTS = {
    "without feedback": Variant(UNDER_FLUX, "dilute", "tracer", False),
    "with stress": Variant(DRIVEN, "dilute", "tracer", True),
    "lattice gas with stress": Variant(DRIVEN, "ideal", "lattice_gas", True),
    "three sites": Variant("diffusion in a host of several sites", "msmr", "lattice_gas", False),
}
CELLS, POINTS, TOLERANCE = (160, 40), (1600, 800), (1e-6, 2e-4)
"""Cells along the radius and tolerance of lithostat, volumes of PyBaMM: full and short form."""
ROW, ROW_TOLERANCE = (10, 20, 40), 1e-5
"""Cells along the radius and tolerance of the refinement."""
DEFAULT_POINTS = 20
"""What PyBaMM takes unless told."""
SETTLED = 60.0
"""From here on voltages are compared [s]: both grids are coarse against the first moments' layer."""


def run(bench: Workbench, variant: Variant, cells: int, tolerance: float) -> Run:
    """The charge in lithostat."""
    return charged_ball.run(bench, CHARGE, variant.host, variant.mobility, variant.stress, cells, tolerance)


def beside(variant: Variant, times: Array, points: int, **how: Any) -> Curve:
    """The charge in PyBaMM; stress acts by its own submodel where that is the same law."""
    given: dict[str, Any] = {"feedback": variant.stress and variant.host == "dilute"}
    if variant.stress and variant.host == "ideal":
        given["diffusivity"] = lambda filled: 1.0 + STIFFENING * filled * (1.0 - filled)
    return in_pybamm.solve(CHARGE, variant.host, times, points, **{**given, **how})


def shifted(variant: Variant, curve: Curve) -> Array:
    """PyBaMM's voltage with the stress of the surface in it, which PyBaMM leaves out [V]."""
    return curve.voltage + variant.stress * VOLUME * (2.0 / 3.0) * curve.hoop / FARADAY


class Pair(NamedTuple):
    """Both programs' answers to a variant, at the times of lithostat's increments."""

    run: Run
    curve: Curve

    @property
    def times(self) -> Array:
        """[s]."""
        return np.asarray(self.run.history["time [s]"])

    def surface_off(self) -> float:
        """Largest difference of surface concentration over the charge, relative to all sites."""
        times, values = charged_ball.surfaces(self.run)
        late = times >= SETTLED
        wanted = np.interp(times[late], self.curve.time, self.curve.surface)
        return float(np.abs(values[late] - wanted).max() / CAPACITY)


def compute(bench: Workbench) -> Findings:
    """Every variant at the finest, rates where meshes are refined, and what PyBaMM leaves out or rounds."""
    found = Findings()
    cells, points, tolerance = bench.pick(*CELLS), bench.pick(*POINTS), bench.pick(*TOLERANCE)
    pairs: dict[str, Pair] = {}
    for name, variant in VARIANTS.items():
        mine = run(bench, variant, cells, tolerance)
        pairs[name] = Pair(mine, beside(variant, mine.history["time [s]"], points))
        _compare(found, bench, name, pairs[name])
        if not bench.short:
            _refine(found, bench, name, pairs[name].curve)
    found.panels += _panels(pairs)
    if not bench.short:
        found.notes += _notes(pairs, points)
    return found


def _compare(found: Findings, bench: Workbench, name: str, pair: Pair) -> None:
    """Surface concentration, voltage and hoop stress of a variant."""
    variant, (mine, curve) = VARIANTS[name], pair
    limits = bench.pick((1e-6, 3e-7, 4e-5), (1.5e-4, 5e-5, 6e-4))

    def same(quantity: str, value: float, wanted: float, limit: float, scale: float | None = None) -> None:
        found.compare(
            variant.law, "spherical", f"{quantity}, {name}", value, wanted, limit, scale=scale, kind="program"
        )

    late = pair.times >= SETTLED
    if variant.host == "msmr":
        off = np.abs(mine.history["open_circuit_part [V]"] - curve.open_circuit)[late].max()
        what = "open-circuit potential"
    else:
        off = np.abs(mine.history["voltage [V]"] - shifted(variant, curve))[late].max()
        what = "voltage"
        hoop = mine.point("surface", "hoop_stress_Pa")
        same("hoop stress at the surface at the end [Pa]", hoop, float(curve.hoop[-1]), limits[2])
    same(
        "surface concentration over the charge, share of all sites [1]",
        pair.surface_off(),
        0.0,
        limits[0],
        1.0,
    )
    same(f"{what} over the charge, largest difference [V]", float(off), 0.0, limits[1], 1.0)


def _refine(found: Findings, bench: Workbench, name: str, curve: Curve) -> None:
    """Surface concentration at the end on finer and finer lines against PyBaMM's finest."""
    variant = VARIANTS[name]
    found_at = [
        run(bench, variant, cells, ROW_TOLERANCE).point("surface", "concentration_mol_m3") for cells in ROW
    ]
    errors = [abs(value - curve.surface[-1]) / CAPACITY for value in found_at]
    sizes = [1.0 / cells for cells in ROW]
    found.refine(variant.law, "spherical", f"surface, {name} [1]", sizes, errors, 2.0, kind="program")


def _panels(pairs: Mapping[str, Pair]) -> list[Panel]:
    """Both programs over time: lines are PyBaMM's, circles lithostat's."""
    voltages, surface, errors = [], [], []
    for name, pair in pairs.items():
        minutes = pair.times / 60.0
        variant = VARIANTS[name]
        column, wanted = "voltage [V]", shifted(variant, pair.curve)
        if variant.host == "msmr":
            column, wanted = "open_circuit_part [V]", pair.curve.open_circuit
        mine = pair.run.history[column]
        some = np.unique(np.searchsorted(minutes[:-1], np.linspace(1.0, 60.0, 13)))
        voltages.append(Line(name, minutes[1:].tolist(), wanted[1:].tolist(), "-"))
        voltages.append(Line("", minutes[some].tolist(), mine[some].tolist(), "ko"))
        times, values = charged_ball.surfaces(pair.run)
        few = np.unique(np.searchsorted(times[:-1], np.linspace(0.0, HOUR, 13)))
        lag = pair.curve.surface / CAPACITY - _mean(pair.times)
        surface.append(Line(name, minutes.tolist(), lag.tolist(), "-"))
        lag = (values / CAPACITY - _mean(times))[few]
        surface.append(Line("", (times[few] / 60.0).tolist(), lag.tolist(), "ko"))
        late = pair.times >= SETTLED
        errors.append(Line(name, minutes[late].tolist(), np.abs(mine - wanted)[late].tolist(), "-"))
    title = "lines: PyBaMM, circles: lithostat"
    less = "occupancy of the surface less the mean [1]"
    return [
        Panel(title, "time [min]", "potential [V]", tuple(voltages)),
        Panel(title, "time [min]", less, tuple(surface)),
        Panel("difference of the programs", "time [min]", "potential [V]", tuple(errors), ("linear", "log")),
    ]


def _mean(times: Array) -> Array:
    """Mean occupancy under constant current."""
    return CHARGE.start - RANGE * times / HOUR


def _notes(pairs: Mapping[str, Pair], points: int) -> list[str]:
    """What PyBaMM does otherwise, each with what it amounts to here."""
    driven = pairs["with stress"]
    times, variant = driven.times, VARIANTS["with stress"]
    left_out = np.abs(shifted(variant, driven.curve) - driven.curve.voltage).max()

    def off(curve: Curve, pair: Pair = driven) -> str:
        share = float(np.abs(curve.surface - pair.curve.surface).max() / CAPACITY)
        return f"{share:.1g}"

    free = beside(variant, times, points, free_at=CHARGE.start * CAPACITY)
    slowest = 1.0 + STIFFENING * (float(free.surface.min()) / CAPACITY - CHARGE.start)
    gas = pairs["lattice gas with stress"]
    own = in_pybamm.solve(CHARGE, "ideal", gas.times, points, feedback=True)
    coarse = beside(variant, times, DEFAULT_POINTS)
    return [
        "Where PyBaMM's model is another one, and what was done to make it the same:",
        f"- Its open-circuit potential does not know stress. Here stress shifts the voltage by up to "
        f"{left_out * 1e3:.2g} mV. This was added as $\\Omega \\sigma_h/F$, with $\\sigma_h$ two thirds of "
        "the tangential stress that PyBaMM itself gives at the surface.",
        "- Its factor is $1 + \\theta_M (c - c_0)$, where $c_0$ is free of deformation. The gradient of "
        "stress does not depend on where deformation is counted from, so that $c_0 = 0$ is the law; with "
        f"$c_0$ at the start, the factor falls to {slowest:.2g} and the occupancy of the surface is off by "
        f"up to {off(free)}.",
        "- The factor is that of a dilute host. For the lattice gas, $1 + \\theta_M c (1 - \\theta)$ was "
        "handed over as diffusivity; with PyBaMM's own factor the occupancy of the surface would be off by "
        f"up to {off(own, gas)}.",
        f"- It extrapolates to the surface from equal volumes. With {DEFAULT_POINTS} of them, its default, "
        f"instead of {points}, its own surface is off by up to {off(coarse)} and its stress at the end by "
        f"{abs(coarse.hoop[-1] / driven.curve.hoop[-1] - 1.0):.1g} of itself.",
        "- It solves a cell; of its half cell only potential and concentration at the particle are read. It "
        "rounds square roots of an exchange current off near zero; here they were written with logarithms.",
        f"Both are compared from {SETTLED:g} s on: before, the layer that the current begins with is thinner "
        "than what either grid resolves.",
    ]


def headline(bench: Workbench) -> float:
    """Surface concentration at the end of the charge with stress."""
    return run(bench, VARIANTS["with stress"], 20, 1e-3).point("surface", "concentration_mol_m3")


def _sites() -> str:
    rows = zip(*SITES, strict=True)
    return "; ".join(f"{share:g} at {at:g} V, width {width:g}" for at, width, share in rows)


PAGE = Page(
    title="A particle beside PyBaMM's",
    claim="PyBaMM's single-particle model and lithostat give the same charge, with and without stress in "
    "diffusion, once both are asked for the same law.",
    equation=r"""
$$\frac{\partial c}{\partial t} = \frac{1}{r^2} \frac{\partial}{\partial r}
\left( r^2 D \left(1 + \theta_M c\right) \frac{\partial c}{\partial r} \right), \qquad
\theta_M = \frac{2 \Omega^2 E}{9 (1 - \nu) R T}$$

for a dilute host whose tracer mobility meets its own stress, $1 + \theta_M c (1 - \theta)$ for a lattice gas,
and $J = D c_{max} \theta (1 - \theta) (F/RT) \nabla U$ for a host of several sites without stress. PyBaMM
solves these by finite volumes. lithostat knows none of them: it solves for displacement and potential.
""",
    source="Zhang, Shyy and Sastry (2007), J. Electrochem. Soc. 154, A910, eq. 12; as PyBaMM has it, Ai et "
    "al. (2020), J. Electrochem. Soc. 167, 013512, eq. 12; for several sites Baker and Verbrugge (2018), "
    "J. Electrochem. Soc. 165, A3952; PyBaMM: Sulzer et al. (2021), J. Open Res. Softw. 9, 14",
    setup=f"""
A sphere of {RADIUS * 1e6:g} um with {CAPACITY:g} mol/m^3 sites, {CHARGE.start:g} of them filled, is charged
for {HOUR / 60:g} min with {CHARGE.current:.4g} A/m^2, which is 1C of an occupancy range of {RANGE:g}.
D = {DIFFUSIVITY:g} m^2/s, E = {SOLID.young / 1e9:g} GPa, nu = {SOLID.poisson:g}, Omega = {VOLUME:g} m^3/mol,
T = {cases.TEMPERATURE:g} K, so that $\\theta_M c_{{max}}$ = {STIFFENING:.3g}. Butler-Volmer with
{CHARGE.exchange:g} A/m^2 at half filling, falling as $\\sqrt{{\\theta (1 - \\theta)}}$. Standard potential
{SITES[0][0]:g} V; three sites: {_sites()}.
"Without feedback" has stress, but no stress in the potential.

lithostat takes {CELLS[0]} equal cells and a tolerance of {TOLERANCE[0]:g} ({ROW_TOLERANCE:g} where cells are
refined); PyBaMM {POINTS[0]} volumes and a tolerance of {in_pybamm.TOLERANCE:g}.
""",
    compute=compute,
    headline=Headline("surface concentration at the end [mol/m^3]", "spherical", headline),
)
