"""A whole charge at constant current beside finite volumes along the radius, one phase and two."""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.verification.exact.radial_volumes import Course, Layer, RadialVolumes
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import twins
from benchmarks.verification.setups.running import Run

LAW, SHELL_LAW = "constant-current charge with stress", "constant-current charge, two phases"
CURRENT = 0.31
"""Anodic [A/m^2]."""
LONG = 1e5
"""No charge takes longer [s]."""
EARLY = 0.02
"""Share of the charge before which the curve is not compared: the page of the stiff start does that."""
Sizes = tuple[float, float]


@dataclass(frozen=True)
class Row:
    """Meshes of one dimension.

    Attributes:
        sizes: bulk and interface, descending [m].
        tolerance: of the time steps.
        limit: largest relative error of time, capacity and voltage on the finest mesh, in full form.
        wall: the same of the state of the surface.
        short: how many meshes the short form takes, and its two limits.
    """

    sizes: tuple[Sizes, ...]
    tolerance: float
    limit: float
    wall: float
    short: tuple[int, float, float] = (0, 0.0, 0.0)


def _even(*sizes: float) -> tuple[Sizes, ...]:
    return tuple((size, size) for size in sizes)


@dataclass(frozen=True)
class Charge:
    """A charge: of which particle, to which voltage [V], on which meshes."""

    law: str
    twin: twins.Twin
    cut_off: float
    rows: dict[Dimension, Row]

    def run(self, bench: Workbench, dimension: Dimension, sizes: Sizes, tolerance: float) -> Run:
        """The charge as a case."""
        steps = [twins.until("current_density", CURRENT, voltage=self.cut_off)]
        case = self.twin.case("charge", dimension, steps, sizes, numerics={"tolerance": tolerance})
        return bench.run(case, reasons=["voltage"])

    def volumes(self, dimension: Dimension) -> tuple[RadialVolumes, Course]:
        """The charge as finite volumes, up to the cut-off."""
        program = self.twin.volumes(dimension)
        start = program.uniform(self.twin.occupancy)
        times = (0.0, LONG)
        return program, program.march(start, times, current=CURRENT, until=lambda v, _: v - self.cut_off)


FLAT = Row(_even(900e-9, 600e-9, 400e-9), 2e-3, 1.5e-3, 1e-3)
CHARGES = (
    Charge(
        LAW,
        twins.PLAIN,
        4.3,
        {
            "spherical": Row(_even(600e-9, 300e-9, 150e-9, 75e-9), 1e-4, 1.2e-5, 8e-5, (2, 2e-4, 1e-3)),
            "axisymmetric": FLAT,
            "generalised_plane_strain": replace(FLAT, short=(1, 5e-3, 5e-3)),
            "plane_strain": FLAT,
            "3d": Row(_even(800e-9, 600e-9, 450e-9), 5e-3, 2e-3, 1.5e-3),
        },
    ),
    Charge(
        SHELL_LAW,
        twins.COATED,
        4.2,
        {
            "spherical": Row(_even(120e-9, 60e-9, 30e-9), 1e-4, 3e-5, 3e-4, (1, 3e-4, 3e-3)),
            "axisymmetric": Row(((600e-9, 200e-9),), 2e-3, 8e-4, 8e-3),
            "generalised_plane_strain": Row(((600e-9, 200e-9),), 2e-3, 8e-4, 8e-3, (1, 2e-3, 1e-2)),
            "plane_strain": Row(((600e-9, 200e-9),), 2e-3, 8e-4, 8e-3),
            "3d": Row(((800e-9, 400e-9),), 5e-3, 5e-3, 3e-3),
        },
    ),
)


def compute(bench: Workbench) -> Findings:
    """Each particle in each dimension."""
    found = Findings()
    for charge in CHARGES:
        for dimension, row in charge.rows.items():
            levels = bench.pick(len(row.sizes), row.short[0])
            if levels:
                _compare(bench, found, charge, dimension, row.sizes[:levels])
    return found


def _compare(
    bench: Workbench, found: Findings, charge: Charge, dimension: Dimension, levels: tuple[Sizes, ...]
) -> None:
    row = charge.rows[dimension]
    program, wanted = charge.volumes(dimension)
    end = float(wanted.times[-1])
    tolerance = bench.pick(row.tolerance, max(row.tolerance, 1e-3))
    runs = [charge.run(bench, dimension, sizes, tolerance) for sizes in levels]
    errors = [abs(run.history["time [s]"][-1] / end - 1.0) for run in runs]
    if len(runs) > 1:
        relative = [max(sizes) / twins.CORE.outer for sizes in levels]
        what = "time of the cut-off" + (", two phases" if charge.law == SHELL_LAW else "") + " [1]"
        found.refine(charge.law, dimension, what, relative, errors, 2.0, slack=0.4, kind="program")
    run, (limit, wall) = runs[-1], bench.pick((row.limit, row.wall), row.short[1:])
    history = run.history
    times, voltage = history["time [s]"], history["voltage [V]"]
    same = program.march(program.uniform(charge.twin.occupancy), times, current=CURRENT)
    late = times > EARLY * end
    worst = int(np.argmax(np.where(late, np.abs(voltage - same.voltage), 0.0)))
    theta, stress = program.surface(wanted.states[-1], CURRENT)
    capacity = charge.twin.capacity(dimension, CURRENT * end)
    rest = program.at_rest(program.uniform(charge.twin.occupancy))
    surface = run.point("surface", "concentration_mol_m3") / charge.twin.layers[-1].capacity
    pairs = (
        ("voltage at rest, before [V]", voltage[0], rest, 2e-8, None),
        ("voltage where it differs most [V]", voltage[worst], same.voltage[worst], limit, None),
        ("time of the cut-off [s]", times[-1], end, limit, None),
        ("capacity at the cut-off [mAh/g]", history["capacity [mAh/g]"][-1], capacity, limit, None),
        ("occupancy of the surface at the cut-off [1]", surface, theta, wall, None),
        (
            f"its hydrostatic stress [Pa], share of {program.stress_unit():.3g} Pa",
            run.point("surface", "hydrostatic_stress_Pa"),
            stress,
            wall,
            program.stress_unit(),
        ),
    )
    for quantity, value, should, allowed, scale in pairs:
        found.compare(charge.law, dimension, quantity, value, should, allowed, scale=scale, kind="program")
    if dimension in {"spherical", "3d"}:
        words = "two phases" if charge.law == SHELL_LAW else "one phase"
        hours = times / 3600.0
        found.panels.append(
            Panel(
                f"{words}, {dimension}: {len(times) - 1} increments",
                "time [h]",
                "voltage [V]",
                (
                    Line("finite volumes", list(hours), list(same.voltage), "k-"),
                    Line("here", list(hours), list(voltage), "r."),
                ),
            )
        )


def headline(bench: Workbench) -> float:
    """Voltage of a coated sphere after a fifth of its charge, on the coarsest line."""
    charge = CHARGES[1]
    steps = [{**twins.until("current_density", CURRENT, voltage=charge.cut_off), "for": "1700 s"}]
    sizes = charge.rows["spherical"].sizes[0]
    case = charge.twin.case("charge", "spherical", steps, sizes, numerics={"tolerance": 1e-3})
    return float(bench.run(case).final["voltage_V"])


def _words(layer: Layer) -> str:
    sites = zip(layer.host.potentials, layer.host.shares, layer.host.widths, strict=True)
    return (
        f"sites of {', '.join(f'{share:g} at {u:g} V (width {width:g})' for u, share, width in sites)}; "
        f"{layer.capacity:g} mol/m^3, Omega = {layer.volume:g} m^3/mol, D = {layer.diffusivity:g} m^2/s, "
        f"activation volume {layer.activation:g} m^3/mol, {layer.solid.young / 1e9:g} GPa, "
        f"{layer.solid.poisson:g}"
    )


PAGE = Page(
    title="A whole charge at constant current",
    claim="Diffusion driven by lithium and stress, the hosts' potentials, charge transfer and the located "
    "cut-off together give what an independent program gives, in every dimension.",
    equation=r"""
$$\frac{\partial c}{\partial t} = -\frac{1}{r^n}\frac{\partial (r^n J)}{\partial r}, \qquad
J = -\frac{D c_\mathrm{max}}{RT}\,\frac{d\theta}{dy}\,e^{V_\mathrm{act}\sigma_h/RT}\,
\frac{\partial \mu}{\partial r}, \qquad \mu = -F U(\theta) - \Omega\sigma_h, \qquad
\sigma_h = A - \frac{2E\,\varepsilon^*(\theta)}{3(1-\nu)}$$

with $n = 2$ in a ball and 1 in a cylinder, $y = -FU/RT$, and one constant $A$ a phase from the means of the
stress-free strain $\varepsilon^*$: equal displacement and traction at the interface, $-p$ outside and on the
ends of a cylinder that are free.
""",
    source="stress: S. P. Timoshenko and J. N. Goodier, Theory of Elasticity (1970), sections 151 and 152; "
    "potential: F. Larche and J. W. Cahn, Acta Metall. 21 (1973) 1051",
    setup=f"""
The other program holds occupancies in finite volumes along the radius, eliminates stress by the closed form
above and marches with the BDF of `scipy.integrate.solve_ivp`; it shares no code with the simulator. Radius
{twins.CORE.outer * 1e6:g} um, pressure {twins.PLAIN.pressure / 1e6:g} MPa, {CURRENT:g} A/m^2 from occupancy
{twins.PLAIN.occupancy:g} to {CHARGES[0].cut_off:g} V, with a shell of {twins.SHELL_THICKNESS * 1e6:g} um and
misfit {twins.SHELL.misfit:g} from {twins.COATED.occupancy:g} to {CHARGES[1].cut_off:g} V; i0 =
{twins.SURFACE.exchange:g} A/m^2, transfer coefficients {twins.SURFACE.transfer[0]:g} and
{twins.SURFACE.transfer[1]:g}, {twins.SURFACE.resistance:g} ohm m^2.

- Core: {_words(twins.CORE)}.
- Shell: {_words(twins.SHELL)}.

Tolerances of the time steps: {
        ", ".join(f"{d.replace('_', ' ')} {r.tolerance:g}" for d, r in CHARGES[0].rows.items())
    }. Voltages are compared after the first {100 * EARLY:g} % of the charge.
""",
    compute=compute,
    headline=Headline("voltage of a coated sphere under way [V]", "spherical", headline),
)
