"""A core and a shell whose diffusivities differ by a factor of 1e4, in series under a constant flux."""

from typing import Any

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact.series_resistance import TwoPhases
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.diffusing import mean_size
from benchmarks.verification.setups.profiles import WANTED, Profiles, profiles
from benchmarks.verification.setups.running import Run

LAW = "two phases in series"
SOLID = exact.Solid(139e9, 0.26)
SLOW, CONTRAST = 2e-15, 1e4
"""The lower diffusivity [m^2/s], and the other one over it."""
BODIES = {"slow shell": (SLOW * CONTRAST, SLOW), "slow core": (SLOW, SLOW * CONTRAST)}
"""Diffusivities of core and shell."""
CAPACITIES, STANDARDS = (49e3, 31e3), (3.83, 3.81)
"""Of core and shell: c_max [mol/m^3] and standard potential [V] of a dilute host."""
THICKNESS = 0.9e-6
RADII = (cases.RADIUS - THICKNESS, cases.RADIUS)
START, DURATION = 0.1, 8000.0
"""Lithium over sites at the start [1]; time until the profile has settled [s]."""
FLUX = 1e-6
"""Into the particle [mol/(m^2 s)]."""
TOLERANCE, INCREMENT = 1e-2, 500.0
"""Of time stepping, which is exact once the content rises evenly, and its longest step [s]: longer ones damp
what is not yet settled too slowly."""
SPHERES = ("spherical", "axisymmetric", "3d")
ROWS: dict[Dimension, tuple[float, ...]] = {
    "spherical": (1 / 20, 1 / 40, 1 / 80),
    "axisymmetric": (1 / 10, 1 / 14, 1 / 20),
    "generalised_plane_strain": (1 / 10, 1 / 14, 1 / 20),
    "plane_strain": (1 / 10, 1 / 14, 1 / 20),
    "3d": (1 / 8, 1 / 11),
}
"""Cell sizes [R]."""
FULL = {"slow shell": ROWS, "slow core": {**ROWS, "3d": ROWS["3d"][:1]}}
SHORT: dict[str, dict[Dimension, tuple[float, ...]]] = {
    "slow shell": {"spherical": (1 / 20, 1 / 40), "axisymmetric": (1 / 10,)},
    "slow core": {"spherical": (1 / 20,), "generalised_plane_strain": (1 / 10,), "plane_strain": (1 / 10,)},
}
ALLOWED, SHARED = 1.0, {"slow shell": 0.02, "slow core": 3e-4}
"""Errors that pass, over the square of the cell size: of the profile, of the share of either phase."""


def partition() -> float:
    """Concentration of the shell over that of a core at the same potential [1]."""
    volts = (STANDARDS[1] - STANDARDS[0]) * exact.FARADAY / (exact.GAS_CONSTANT * cases.TEMPERATURE)
    return float(CAPACITIES[1] / CAPACITIES[0] * np.exp(volts))


def body(dimension: str, which: str) -> TwoPhases:
    """The exact one."""
    return TwoPhases(RADII, 3 if dimension in SPHERES else 2, BODIES[which], partition())


def mean(exactly: TwoPhases) -> float:
    """C of the core's concentration at the end, averaged by room [mol/m^3]."""
    f = (RADII[0] / RADII[1]) ** exactly.power
    sites = f * CAPACITIES[0] + (1.0 - f) * CAPACITIES[1]
    return START * sites / exactly.room + DURATION * exactly.rise(FLUX)


def charged(bench: Workbench, dimension: str, which: str, size: float) -> Run:
    """The particle after `DURATION` on cells of one size [R]."""
    phases: dict[str, Any] = {}
    for k, name in enumerate(("layered", "rock_salt")):
        phases[name] = cases.lithium(
            SOLID, cases.dilute(STANDARDS[k]), CAPACITIES[k], 1.3e-6, ("chemical", BODIES[which][k])
        )
    off = dict.fromkeys(("misfit", "chemical_strain", "stress_in_potential"), False)
    case = cases.case(
        "series",
        cases.core_shell(dimension, THICKNESS, (size * cases.RADIUS, size * cases.RADIUS)),
        phases,
        {"occupancy": START},
        [cases.drive("current_density", -FLUX * exact.FARADAY, DURATION)],
        surface={"exchange_current_density": "1.7 A/m^2"},
        couplings=off,
        numerics={"tolerance": TOLERANCE, "max_increment": f"{INCREMENT!r} s"},
        output=dict(WANTED),
    )
    return bench.run(case)


def compute(bench: Workbench) -> Findings:
    """Errors of the profile on rows of meshes, for either phase being the slow one."""
    found = Findings()
    for which in BODIES:
        drawn: dict[Dimension, Profiles] = {}
        for dimension, sizes in bench.pick(FULL, SHORT)[which].items():
            errors, means = [], []
            for size in sizes:
                run = charged(bench, dimension, which, size)
                means.append(mean_size(run))
                drawn[dimension] = profiles(run)
                errors.append(_off(dimension, which, drawn[dimension]))
            if len(sizes) > 1:
                parameter = f"mean cell size / radius ({which})"
                found.refine(LAW, dimension, which, means, errors, 2.0, parameter=parameter)
            quantity, limit = f"{which}: profile, error over the body [1]", ALLOWED * sizes[-1] ** 2
            found.compare(LAW, dimension, quantity, errors[-1], 0.0, limit, scale=1.0)
            _ends(found, dimension, which, run, sizes[-1])
        found.panels += _panels(which, drawn)
    return found


def climb(dimension: str, which: str) -> float:
    """Largest difference of C within the body, the unit of errors [mol/m^3]."""
    levels = body(dimension, which).settled(FLUX, 0.0, np.array([0.0, *RADII]))
    return float(np.ptp(levels))


def _off(dimension: Dimension, which: str, seen: Profiles) -> float:
    """Error of the concentration, that of the shell turned into a core's."""
    exactly = body(dimension, which)
    wanted = exactly.settled(FLUX, mean(exactly), seen.radius)
    return seen.off(_as_core(seen), wanted) / climb(dimension, which)


def _as_core(seen: Profiles) -> np.ndarray:
    """Concentration [mol/m^3], that of the shell over K."""
    return seen.lithium["concentration"] / np.where(seen.stress.rock_salt, partition(), 1.0)


def _ends(found: Findings, dimension: Dimension, which: str, run: Run, size: float) -> None:
    """What the surface shows, and how much of the flux reaches the core."""
    exactly, scale = body(dimension, which), climb(dimension, which)
    surface = float(exactly.settled(FLUX, mean(exactly), np.array([RADII[1]]))[0])
    there = run.point("surface", "concentration_mol_m3") / partition()
    quantity = f"{which}: concentration at the surface over K [mol/m³]"
    found.compare(LAW, dimension, quantity, there, surface, ALLOWED * size**2, scale=scale)
    regions = run.final["regions"]
    gains = []
    for k, name in enumerate(("layered", "rock_salt")):
        ends = run.history[f"mean_occupancy_{name}"][-2:]
        gains.append(CAPACITIES[k] * regions[name]["volume_m3"] * float(ends[1] - ends[0]))
    quantity = f"{which}: share of the flux that reaches the core [1]"
    found.compare(
        LAW, dimension, quantity, gains[0] / sum(gains), exactly.core_share, SHARED[which] * size**2
    )


def _panels(which: str, drawn: dict[Dimension, Profiles]) -> list[Panel]:
    """C along the radius, points on exact curves."""
    made = []
    for title, sphere in (("sphere", True), ("cylinder", False)):
        here = {d: seen for d, seen in drawn.items() if (d in SPHERES) == sphere}
        if not here:
            continue
        exactly = body(next(iter(here)), which)
        r = np.linspace(0.0, RADII[1], 121)
        lines = [Line("exact", (r / RADII[1]).tolist(), exactly.settled(FLUX, 0.0, r).tolist(), "k-")]
        for (dimension, seen), mark in zip(here.items(), "ox^", strict=False):
            places = seen.drawn(_as_core(seen) - mean(exactly))
            lines.append(Line(dimension.replace("_", " "), *places, mark))
        made.append(Panel(f"{title}, {which}", "r/R", "C less its mean [mol/m³]", tuple(lines)))
    return made


def headline(bench: Workbench) -> float:
    """Concentration at the surface of a coarse sphere with a slow shell."""
    run = charged(bench, "axisymmetric", "slow shell", ROWS["axisymmetric"][0])
    return run.point("surface", "concentration_mol_m3")


PAGE = Page(
    title="Two phases in series",
    claim="A constant flux through a shell into a core settles into the exact profile, whether shell or "
    "core is "
    f"slower by a factor of {CONTRAST:g}.",
    equation=r"""
Both hosts are dilute: at one potential the shell holds $K = (c_2^{\max}/c_1^{\max}) \exp(F (U_2 - U_1)/RT)$
times the concentration of the core. With $C = c$ in the core, $C = c/K$ in the shell, and $n = 3$ in a
ball, 2 in a cylinder, $C$ rises evenly at $k = n J R^{n-1}/(b^n + K (R^n - b^n))$, and

$$D_1 \frac{\partial C}{\partial r} = \frac{k}{n} r \quad (r < b), \qquad
D_2 \frac{\partial C}{\partial r} = \frac{k}{n}
\left(r + \left(\frac{1}{K} - 1\right) \frac{b^n}{r^{n-1}}\right) \quad (r > b):$$

all that the core stores has passed the shell. $C$ is continuous at $b$ and its mean is known from the charge.
""",
    source="Fick's law and the balance of each phase, integrated",
    setup=f"""
Radius {cases.RADIUS * 1e6:g} µm, shell {THICKNESS * 1e6:g} µm; D is {SLOW:g} m²/s in one phase and
{SLOW * CONTRAST:g} m²/s in the other. Core and shell: c_max {CAPACITIES[0]:g} and {CAPACITIES[1]:g} mol/m³,
standard potentials {STANDARDS[0]:g} and {STANDARDS[1]:g} V, hence K = {partition():.4g}. From an occupancy of
{START:g} a flux of {FLUX:g} mol/(m² s) goes in for {DURATION:g} s; no stress. Errors are root mean squares
over the body, and at the surface, over the largest difference of C; with cells of h R they may be
{ALLOWED:g} h².
""",
    compute=compute,
    headline=Headline("concentration at the surface [mol/m³]", "axisymmetric", headline),
)
