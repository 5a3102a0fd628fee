"""A core in a misfitting shell, with and without outer pressure: Lame's sphere and cylinder."""

from itertools import product
from typing import Any

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact.radial_profiles import concentric
from benchmarks.verification.page import Dimension, Findings, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run, relative
from benchmarks.verification.setups.stress_fields import WANTED, Profile, Stresses, stresses

LAW = "core-shell misfit"
STIFF, SOFT = exact.Solid(197e9, 0.27), exact.Solid(0.197e9, 0.33)
PAIRS = {
    "close moduli": (exact.Solid(139e9, 0.25), exact.Solid(203e9, 0.31)),
    "soft shell": (STIFF, SOFT),
    "soft core": (SOFT, STIFF),
}
Pair = tuple[exact.Solid, exact.Solid]
STRAIN, COHERENCY, SHELL = 0.023, 0.7, 0.9e-6
"""Misfit [1], its coherent share [1] and thickness of the shell [m]."""
PRESSURE = 760e6
RADII = (cases.RADIUS - SHELL, cases.RADIUS)
ROWS: dict[Dimension, list[float]] = {
    "spherical": [0.1e-6, 0.05e-6, 0.025e-6],
    "axisymmetric": [0.2e-6, 0.1e-6, 0.05e-6],
    "generalised_plane_strain": [0.2e-6, 0.1e-6, 0.05e-6],
    "plane_strain": [0.2e-6, 0.1e-6, 0.05e-6],
    "3d": [0.42e-6, 0.3e-6, 0.21e-6],
}
"""Cell sizes of the refinements [m]; all pairs and loads take the second one."""
ON_LINES, STRAIGHT = (4.0, 2.0), (3.0, 1.5)
"""Orders of the phase means and of the stress; straight edges along a round interface cost some."""
LIMITS: dict[Dimension, tuple[float, float]] = {
    "spherical": (2e-7, 5e-4),
    "axisymmetric": (3e-5, 5e-3),
    "generalised_plane_strain": (3e-5, 5e-3),
    "plane_strain": (3e-5, 5e-3),
    "3d": (1.5e-3, 3e-2),
}
"""Largest errors of phase means and of stress over all pairs and loads."""
QUANTITIES = ("phase means [1]", "stress everywhere [1]")
WALLS = 5e-5
"""Largest error of the stresses at walls on the default line [1]."""
PLANE: tuple[Dimension, Dimension] = ("generalised_plane_strain", "plane_strain")


def misfitting(name: str, geometry: Any, solids: Pair, pressure: float) -> Any:
    """The case: an inert core and shell in equilibrium under load."""
    core, shell = solids
    return cases.case(
        name,
        geometry,
        {
            "layered": cases.phase(core),
            "rock_salt": cases.phase(shell, misfit={"kind": "isotropic", "strain": STRAIN}),
        },
        start={"voltage": "3.9 V"},
        steps=[],
        mechanics={"coherency": COHERENCY, "stack_pressure": f"{pressure!r} Pa"},
        output=dict(WANTED),
    )


def expected(solids: Pair, pressure: float, dimension: str = "spherical") -> exact.Concentric:
    """The exact stresses of the sphere, or in the plane dimensions of the cylinder."""
    strain = COHERENCY * STRAIN
    if not dimension.endswith("plane_strain"):
        return exact.coated_sphere(*solids, RADII, strain, pressure)
    free = dimension == "generalised_plane_strain"
    return exact.coated_cylinder(*solids, RADII, strain, pressure, free)


def profile(solids: Pair, pressure: float, dimension: str) -> Profile:
    """The exact stresses at any radius."""
    walls, power = expected(solids, pressure, dimension), 2 if dimension.endswith("plane_strain") else 3
    return lambda r, rock_salt: concentric(walls, power, RADII[0] / r, ~rock_salt)


def _walls(found: Run, wanted: exact.Concentric) -> float:
    """Worst deviation of the stresses at the walls, relative to the largest hoop stress."""
    interface = found.final["interface"]
    pairs = [
        (interface["radial_stress_Pa"], wanted.interface),
        (interface["hoop_stress_core_Pa"], wanted.hoop_core),
        (interface["hoop_stress_shell_Pa"], wanted.hoop_shell),
        (found.point("surface", "hoop_stress_Pa"), wanted.hoop_surface),
    ]
    scale = max(abs(exact_value) for _, exact_value in pairs)
    return max(abs(value - exact_value) for value, exact_value in pairs) / scale


def _run(bench: Workbench, dimension: Dimension, size: float, pair: str, pressure: float) -> Run:
    geometry = cases.core_shell(dimension, SHELL, (size, size))
    return bench.run(misfitting("misfit", geometry, PAIRS[pair], pressure))


def _errors(run: Run, dimension: Dimension, pair: str, pressure: float) -> tuple[float, float]:
    """Worst relative deviation of the phase means, and that of the stress everywhere."""
    wanted = expected(PAIRS[pair], pressure, dimension)
    means = {"layered": wanted.core, "rock_salt": wanted.shell}
    worst = max(relative(run.mean_stress(phase), value) for phase, value in means.items())
    return worst, stresses(run).off(profile(PAIRS[pair], pressure, dimension))


def compute(bench: Workbench) -> Findings:
    """All pairs and loads in all dimensions, rates, and profiles."""
    found = Findings()
    fields: dict[Dimension, Stresses] = {}
    for dimension, sizes in ROWS.items():
        pairs = list(PAIRS) if dimension == "spherical" or not bench.short else ["soft shell"]
        loads = bench.pick([PRESSURE, 0.0], [PRESSURE])
        errors = []
        for pair, pressure in product(pairs, loads):
            run = _run(bench, dimension, sizes[1], pair, pressure)
            errors.append(_errors(run, dimension, pair, pressure))
            if len(errors) == 1:
                fields[dimension] = stresses(run)
                wanted, limit = expected(PAIRS[pair], pressure, dimension), LIMITS[dimension][0]
                for phase, value in (("layered", wanted.core), ("rock_salt", wanted.shell)):
                    part = {"layered": "core", "rock_salt": "shell"}[phase]
                    what = f"mean hydrostatic stress of the {part} [Pa], {pair}, {pressure / 1e6:.0f} MPa"
                    found.compare(LAW, dimension, what, run.mean_stress(phase), value, limit)
        for number, what in enumerate(QUANTITIES):
            off, limit = max(error[number] for error in errors), LIMITS[dimension][number]
            what = f"{what}, worst of {len(errors)} pairs and loads"
            found.compare(LAW, dimension, what, off, 0.0, limit, scale=1.0)
        if not bench.short:
            _rates(bench, found, dimension)
    for pair in PAIRS:
        case = misfitting("misfit", cases.core_shell("spherical", SHELL), PAIRS[pair], PRESSURE)
        off, what = _walls(bench.run(case), expected(PAIRS[pair], PRESSURE)), "walls, default mesh [1]"
        found.compare(LAW, "spherical", f"{what}, {pair}", off, 0.0, WALLS, scale=1.0)
    pair = bench.pick("close moduli", "soft shell")
    found.panels += [_panel(pair, fields, ("axisymmetric", "3d")), _panel(pair, fields, PLANE)]
    return found


def _rates(bench: Workbench, found: Findings, dimension: Dimension) -> None:
    """Orders of both errors for one pair."""
    pair, sizes = "close moduli", ROWS[dimension]
    rows = [
        _errors(_run(bench, dimension, size, pair, PRESSURE), dimension, pair, PRESSURE) for size in sizes
    ]
    orders = ON_LINES if dimension == "spherical" else STRAIGHT
    relative_sizes = [size / cases.RADIUS for size in sizes]
    for what, errors, order in zip(QUANTITIES, zip(*rows, strict=True), orders, strict=True):
        axis = f"cell size / radius, {what.removesuffix(' [1]')}"
        found.refine(LAW, dimension, what, relative_sizes, errors, order, slack=0.3, parameter=axis)


def _panel(pair: str, fields: dict[Dimension, Stresses], dimensions: tuple[Dimension, ...]) -> Panel:
    """Computed stress of some cells on the exact lines."""
    lines = []
    for dimension, (dots, rings) in zip(dimensions, (("C0o", "C3o"), ("C0x", "C3x")), strict=True):
        exact_profile, cells = profile(PAIRS[pair], PRESSURE, dimension), fields[dimension]
        if not lines or dimension.endswith("plane_strain"):
            for low, high, in_shell in ((1e-3 * RADII[0], RADII[0], False), (*RADII, True)):
                r = np.linspace(low, high, 60)
                pieces = exact_profile(r, np.full(60, in_shell))
                for stress, style in zip(pieces, ("k-", "k--"), strict=True):
                    lines.append(Line("", list(r * 1e6), list(stress / 1e9), style))
        some, words = cells.sample(24), dimension.replace("_", " ")
        for name, stress, style in (("r", cells.radial, dots), ("t", cells.hoop, rings)):
            label = f"$\\sigma_{name}$, {words}"
            lines.append(Line(label, list(cells.radius[some] * 1e6), list(stress[some] / 1e9), style))
    title = f"{pair}, {PRESSURE / 1e6:g} MPa; lines: exact"
    return Panel(title, "radius [um]", "stress [GPa]", tuple(lines))


def _words(solid: exact.Solid) -> str:
    return f"{solid.young / 1e9:g} GPa, {solid.poisson:g}"


def headline(bench: Workbench) -> float:
    """Mean stress of the core of an axisymmetric sphere."""
    geometry = cases.core_shell("axisymmetric", SHELL, (0.6e-6, 0.4e-6))
    return bench.run(misfitting("misfit", geometry, PAIRS["close moduli"], PRESSURE)).mean_stress("layered")


PAGE = Page(
    title="Core and shell that do not match",
    claim="Misfit and outer pressure load a core and its shell as Lame says, whatever their moduli: as a "
    "sphere and as a cylinder whose ends are free or held.",
    equation=r"""
Sphere: with $f = (b/R)^3$ and the shell's stress-free strain $\varepsilon$ against the core, the core carries

$$P = \frac{\varepsilon (1-f) - p\left(\frac{1}{3K_s} + \frac{1}{4G_s}\right)}
{\frac{1-f}{3K_c} + \frac{f}{3K_s} + \frac{1}{4G_s}}$$

and the shell the mean $M = -p - (P + p) f/(1-f)$, both uniform; in the shell
$\sigma_r = M + (P - M)(b/r)^3$ and $\sigma_t = M - \frac12 (P - M)(b/r)^3$.

Cylinder: $u = A r$ in the core, $u = B r + g\,b^2/r$ in the shell, axial strain $e_0$. Displacement and
$\sigma_r$ are continuous at $b$, $\sigma_r(R) = -p$, and $e_0 = 0$ (plane strain) or
$\int \sigma_z\,dA = -p \pi R^2$ (generalised plane strain).
""",
    source="S. P. Timoshenko and J. N. Goodier, Theory of Elasticity (1970), sections 28, 136 and 153",
    setup=f"""
Radius {cases.RADIUS * 1e6:g} um, shell {SHELL * 1e6:g} um, misfit {STRAIN:g} at coherency {COHERENCY:g},
outer pressure 0 and {PRESSURE / 1e6:g} MPa; Young's moduli and Poisson's ratios of core and shell:
{"; ".join(f"{pair}: {_words(core)} and {_words(shell)}" for pair, (core, shell) in PAIRS.items())}.
Stress everywhere: deviation of $\\sigma_r$ and $\\sigma_t$ in the middle of all cells, root mean square over
the body, relative to that of the exact field. Straight edges that follow a round interface leave it by $h^2$,
which costs the stress half an order and the means one.
""",
    compute=compute,
    headline_of="mean hydrostatic stress of the core [Pa]",
    headline_in="axisymmetric",
    headline=headline,
)
