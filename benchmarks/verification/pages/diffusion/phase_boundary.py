"""Two phases at one chemical potential: how they share lithium, and what passes from one to the other."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.optimize import brentq, fsolve

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact.swollen_cylinders import swollen_cylinders
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
from benchmarks.verification.setups import cases, hand_made, passed_on
from benchmarks.verification.setups.profiles import WANTED, profiles
from benchmarks.verification.setups.running import Run
from meshes import LAYERED, ROCK_SALT
from meshes.core_shell import build_rings

SHARING, PASSING = "partition across a phase boundary", "flux through a phase boundary"
CORE, SHELL = exact.Solid(139e9, 0.25), exact.Solid(203e9, 0.31)
CAPACITY = {"layered": 49e3, "rock_salt": 31e3}
VOLUME = {"layered": 1.4e-6, "rock_salt": 2.2e-6}
STANDARD = {"layered": 3.83, "rock_salt": 3.88}
REFERENCE = {"layered": 1.0, "rock_salt": 0.3}
"""c_max [mol/m^3], Omega [m^3/mol], standard potential [V] and occupancy without strain [1] by phase."""
MISFIT, COHERENCY, PRESSURE, THICKNESS = 0.017, 0.6, 420e6, 0.9e-6
REACH = 1.0 - THICKNESS / cases.RADIUS
VOLTAGE, OCCUPANCY = 3.81, 0.55
"""Starts: open-circuit voltage [V], and lithium over sites of a closed particle [1]."""
SPHERES = ("spherical", "axisymmetric", "3d")
ROWS: dict[Dimension, tuple[float, ...]] = {
    "spherical": (0.02,),
    "axisymmetric": (1 / 10, 1 / 20, 1 / 40),
    "generalised_plane_strain": (1 / 10, 1 / 20, 1 / 40),
    "plane_strain": (1 / 10, 1 / 20, 1 / 40),
    "3d": (1 / 8, 1 / 10, 1 / 12),
}
"""Cell sizes [R]; a line is exact at once."""
SHORT: dict[Dimension, tuple[float, ...]] = {d: sizes[:1] for d, sizes in ROWS.items()} | {"3d": (1 / 6,)}
CLOSED, PASSED = ("spherical", "plane_strain"), ("spherical", "axisymmetric", "generalised_plane_strain")
"""Dimensions of the short form: of the closed particle, and of what passes the boundary."""
ALLOWED, LINE = (0.15, 0.02), (2e-7, 5e-9)
"""Errors of the jump (relative) and of the voltage (over RT/F) that pass: over the third power of the cell
size, and on a line."""
BOXES = {"spherical": 0.05, "3d": 0.3}
"""Cell sizes of the particles that pass lithium on [R], 0.2 in the plane."""
CURRENT, INCREMENTS = 2.0, (100.0, 100.0)
"""Lithium goes in at this current density [A/m^2], for two increments [s]."""
ROUND_OFF = 3e-13


def two_phases(dimension: str, sizes: tuple[float, float], start: Mapping[str, Any]) -> Any:
    """The case: an equilibrium of core and shell that differ in everything.

    Args:
        dimension: name of the dimension.
        sizes: of cells in the bulk and at the interface [m].
        start: voltage or occupancy.
    """
    phases = {
        name: cases.lithium(
            solid,
            cases.ideal(STANDARD[name]),
            CAPACITY[name],
            VOLUME[name],
            ("lattice_gas", 2e-15),
            reference=REFERENCE[name],
        )
        for name, solid in (("layered", CORE), ("rock_salt", SHELL))
    }
    phases["rock_salt"]["misfit"] = {"kind": "isotropic", "strain": MISFIT}
    mechanics = {"coherency": COHERENCY, "stack_pressure": f"{PRESSURE!r} Pa"}
    geometry = cases.core_shell(dimension, THICKNESS, sizes)
    return cases.case(
        "partition", geometry, phases, dict(start), [], mechanics=mechanics, output=dict(WANTED)
    )


def stresses(dimension: str, occupancies: tuple[float, float]) -> tuple[float, float]:
    """Hydrostatic stress of core and shell, each of uniform occupancy; the swelling adds to the misfit."""
    core, shell = (
        VOLUME[name] / 3.0 * CAPACITY[name] * (theta - REFERENCE[name])
        for name, theta in zip(("layered", "rock_salt"), occupancies, strict=True)
    )
    shell += COHERENCY * MISFIT
    if dimension in SPHERES:
        found = exact.coated_sphere(CORE, SHELL, (REACH, 1.0), shell - core, PRESSURE)
    else:
        free = dimension == "generalised_plane_strain"
        found = swollen_cylinders((CORE, SHELL), REACH, ((core, core), (shell, shell)), PRESSURE, free)
    return found.core, found.shell


def equilibrium(dimension: str, voltage: float) -> tuple[float, float]:
    """Occupancies of core and shell at an open-circuit voltage, with the stress that they make."""

    def excess(occupancies: Any) -> list[float]:
        under = stresses(dimension, (occupancies[0], occupancies[1]))
        return [
            theta - alone(name, voltage, stress)
            for name, theta, stress in zip(VOLUME, occupancies, under, strict=True)
        ]

    core, shell = fsolve(excess, [0.5, 0.5], xtol=1e-13)
    return float(core), float(shell)


def alone(name: str, voltage: float, stress: float) -> float:
    """Occupancy of a phase at an open-circuit voltage under a hydrostatic stress."""
    under = voltage - VOLUME[name] * stress / exact.FARADAY
    return exact.lattice_gas_occupancy(under, STANDARD[name], cases.TEMPERATURE)


def held_lithium(dimension: str, occupancies: tuple[float, float]) -> float:
    """Lithium over sites."""
    core = REACH ** (3 if dimension in SPHERES else 2)
    sites = [CAPACITY["layered"] * core, CAPACITY["rock_salt"] * (1.0 - core)]
    return sum(n * theta for n, theta in zip(sites, occupancies, strict=True)) / sum(sites)


def voltage_at(dimension: str, occupancy: float) -> float:
    """Open-circuit voltage of a closed particle [V]."""

    def excess(voltage: float) -> float:
        return held_lithium(dimension, equilibrium(dimension, voltage)) - occupancy

    return float(brentq(excess, 3.6, 4.1, xtol=1e-13))


def jump(occupancies: tuple[float, float]) -> float:
    """Concentration of the core less that of the shell [mol/m^3]."""
    return CAPACITY["layered"] * occupancies[0] - CAPACITY["rock_salt"] * occupancies[1]


def settled(bench: Workbench, dimension: Dimension, size: float, start: Mapping[str, Any]) -> Run:
    """The equilibrium on cells of one size [R]."""
    return bench.run(two_phases(dimension, (size * cases.RADIUS, size * cases.RADIUS), start))


def occupancies_of(run: Run) -> tuple[float, float]:
    """Mean occupancies of core and shell."""
    regions = run.final["regions"]
    return regions["layered"]["mean_occupancy"], regions["rock_salt"]["mean_occupancy"]


def compute(bench: Workbench) -> Findings:
    """Partition at a given voltage and at given lithium, then what passes the boundary under current."""
    found = Findings()
    lines: dict[bool, list[Line]] = {True: [], False: []}
    for dimension, sizes in bench.pick(ROWS, SHORT).items():
        wanted = equilibrium(dimension, VOLTAGE)
        runs = [settled(bench, dimension, size, {"voltage": f"{VOLTAGE!r} V"}) for size in sizes]
        jumps = [jump(occupancies_of(run)) for run in runs]
        limits = LINE if dimension == "spherical" else tuple(share * sizes[-1] ** 3 for share in ALLOWED)
        if len(sizes) > 1:
            errors = [abs(value / jump(wanted) - 1.0) for value in jumps]
            found.refine(SHARING, dimension, "jump of concentration [1]", sizes, errors, 2.0)
        quantity = f"jump of concentration at {VOLTAGE:g} V [mol/m³]"
        found.compare(SHARING, dimension, quantity, jumps[-1], jump(wanted), limits[0])
        if dimension in bench.pick(DIMENSIONS, CLOSED):
            closed = settled(bench, dimension, sizes[-1], {"occupancy": OCCUPANCY})
            voltage, wanted_voltage = closed.final["voltage_V"], voltage_at(dimension, OCCUPANCY)
            quantity = f"voltage at occupancy {OCCUPANCY:g} [V], error over RT/F"
            found.compare(SHARING, dimension, quantity, voltage, wanted_voltage, limits[1], scale=_thermal())
        seen = profiles(runs[-1])
        places = seen.drawn(seen.lithium["concentration"])
        group = lines[dimension in SPHERES]
        group.append(Line(dimension.replace("_", " "), *places, "ox^"[len(group)]))
    for dimension in bench.pick(DIMENSIONS, PASSED):
        _passing(found, dimension)
    found.panels += [_panel(name, lines[sphere]) for name, sphere in (("sphere", True), ("cylinder", False))]
    found.notes.append(
        "Flat facets at a round boundary promise the second order. Since their vertices are placed such that "
        "both phases have their exact volumes, phase means do better."
    )
    core, shell = equilibrium("spherical", VOLTAGE)
    bare = [alone(name, VOLTAGE, 0.0) for name in VOLUME]
    found.notes.append(
        f"Stress moves lithium: in the sphere at {VOLTAGE:g} V the core holds {core:.4f} and the shell "
        f"{shell:.4f}; without stress in the potential they would hold {bare[0]:.4f} and {bare[1]:.4f}."
    )
    return found


def _thermal() -> float:
    return exact.GAS_CONSTANT * cases.TEMPERATURE / exact.FARADAY


def _passing(found: Findings, dimension: Dimension) -> None:
    """Both sides of the boundary under current, node by node, and both phases as a whole."""
    size = BOXES.get(dimension, 0.2)
    sector = {"spherical": "full", "axisymmetric": "half", "3d": "octant"}.get(dimension, "quarter")
    mesh = build_rings(
        dimension, hand_made.LENGTH, [0.0, REACH, 1.0], [LAYERED, ROCK_SALT], (size, size), sector
    )
    body = hand_made.particle(mesh, hand_made.coupled_phases(), coherency=COHERENCY, pressure=PRESSURE)
    current = -CURRENT * body.outer_area * body.body.scales.area
    passed = passed_on.driven(body, OCCUPANCY, current, INCREMENTS)
    gap = float(np.abs(passed.from_layered + passed.from_rock_salt).max() / np.abs(passed.from_layered).max())
    quantity = "flux from core and shell into a node of the boundary, largest difference [1]"
    found.compare(PASSING, dimension, quantity, gap, 0.0, ROUND_OFF, scale=1.0)
    through = float(passed.from_rock_salt.sum())
    outside = passed.outside - passed.rock_salt
    quantity = "what the core gains over what the shell passes on [1]"
    found.compare(PASSING, dimension, quantity, passed.layered / through, 1.0, ROUND_OFF)
    quantity = "what passes the surface and stays out of the shell over that [1]"
    found.compare(PASSING, dimension, quantity, outside / through, 1.0, ROUND_OFF)


def _panel(body: str, points: list[Line]) -> Panel:
    """Concentration along the radius, computed points on the exact step."""
    dimension = "spherical" if body == "sphere" else "generalised_plane_strain"
    bare = (alone("layered", VOLTAGE, 0.0), alone("rock_salt", VOLTAGE, 0.0))
    steps = []
    for words, (core, shell), style in (
        ("exact", equilibrium(dimension, VOLTAGE), "k-"),
        ("without stress in the potential", bare, "k:"),
    ):
        levels = [CAPACITY["layered"] * core] * 2 + [CAPACITY["rock_salt"] * shell] * 2
        steps.append(Line(words, (0.0, REACH, REACH, 1.0), levels, style))
    if body == "cylinder":
        core, shell = equilibrium("plane_strain", VOLTAGE)
        levels = [CAPACITY["layered"] * core] * 2 + [CAPACITY["rock_salt"] * shell] * 2
        steps.append(Line("exact, held at its length", (0.0, REACH, REACH, 1.0), levels, "k--"))
    return Panel(f"{body} at {VOLTAGE:g} V", "r/R", "c [mol/m³]", (*steps, *points))


def headline(bench: Workbench) -> float:
    """Jump of the concentration in a coarse cylinder."""
    dimension: Dimension = "generalised_plane_strain"
    return jump(occupancies_of(settled(bench, dimension, ROWS[dimension][0], {"voltage": f"{VOLTAGE!r} V"})))


PAGE = Page(
    title="Lithium on both sides of a phase boundary",
    claim="Two phases share lithium such that one chemical potential rules in both, with their own hosts, "
    "capacities, swelling and stresses; concentration jumps where they meet, and no lithium is lost there.",
    equation=r"""
At one potential $\mu = -F U$ the occupancy of phase $i$ obeys

$$\mu = \mu_i(\theta_i) - \Omega_i\,\sigma_{h,i}, \qquad
\theta_i = \frac{1}{1 + \exp\frac{F}{RT}\left(U - \frac{\Omega_i\,\sigma_{h,i}}{F} - U_i\right)},$$

with the stresses of the concentric body, uniform in core and shell, that misfit, pressure and the swelling
$\frac{1}{3}\Omega_i c_i^{\max} (\theta_i - \theta_i^{\mathrm{ref}})$ of both phases make: two equations for
the two occupancies. The concentration jumps by $c_1^{\max}\theta_1 - c_2^{\max}\theta_2$. Under current
$\mathbf J_1 \cdot \mathbf n = \mathbf J_2 \cdot \mathbf n$ on the boundary: what one phase loses there the
other one gains.
""",
    source="F. Larché, J. W. Cahn, Acta Metall. 21 (1973) 1051; S. P. Timoshenko and J. N. Goodier, Theory "
    "of Elasticity (1970), sections 28, 136 and 153, for the stresses",
    setup=f"""
Partition: radius {cases.RADIUS * 1e6:g} µm, shell {THICKNESS * 1e6:g} µm; core and shell have
{CORE.young / 1e9:g} and {SHELL.young / 1e9:g} GPa, Poisson's ratios {CORE.poisson:g} and {SHELL.poisson:g},
c_max {" and ".join(f"{v:g}" for v in CAPACITY.values())} mol/m³, Ω
{" and ".join(f"{v:g}" for v in VOLUME.values())} m³/mol, standard potentials
{" and ".join(f"{v:g}" for v in STANDARD.values())} V, reference occupancies
{" and ".join(f"{v:g}" for v in REFERENCE.values())}; misfit {MISFIT:g} at coherency {COHERENCY:g}, pressure
{PRESSURE / 1e6:g} MPa. The particle takes lithium at {VOLTAGE:g} V, or is closed with an occupancy of
{OCCUPANCY:g}. With cells of h R errors of jump and voltage may be {ALLOWED[0]:g} h³ and {ALLOWED[1]:g} h³,
on a line {LINE[0]:g} and {LINE[1]:g}. Flux: a core and a shell
with hosts of several sites and all couplings, at {CURRENT:g} A/m² for {len(INCREMENTS)} increments of
{INCREMENTS[0]:g} s; the lithium balance of the last one, assembled for each phase alone.
""",
    compute=compute,
    headline=Headline("jump of the concentration [mol/m³]", "generalised_plane_strain", headline),
)
