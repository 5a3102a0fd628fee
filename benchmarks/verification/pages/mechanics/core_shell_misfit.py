"""A core in a misfitting shell, with and without outer pressure: Lame's sphere."""

from typing import Any

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.page import Dimension, Findings, Page, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run

LAW = "core-shell misfit"
STIFF, SOFT = exact.Solid(197e9, 0.27), exact.Solid(0.197e9, 0.33)
PAIRS = {
    "close moduli": (exact.Solid(139e9, 0.25), exact.Solid(203e9, 0.31)),
    "soft shell": (STIFF, SOFT),
    "soft core": (SOFT, STIFF),
}
STRAIN, COHERENCY, SHELL = 0.023, 0.7, 0.9e-6
"""Misfit [1], its coherent share [1] and thickness of the shell [m]."""
PRESSURE = 760e6
ROWS: dict[Dimension, list[float]] = {
    "spherical": [0.4e-6, 0.2e-6, 0.1e-6],
    "axisymmetric": [0.4e-6, 0.2e-6, 0.1e-6],
    "3d": [0.6e-6, 0.4e-6, 0.27e-6],
}
"""Cell sizes of the refinements [m]."""
SHORT: dict[Dimension, int] = {"spherical": 3, "axisymmetric": 2, "3d": 1}
"""How many of them the short form takes."""


def misfitting(name: str, geometry: Any, solids: tuple[exact.Solid, exact.Solid], pressure: float) -> Any:
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
    )


def expected(solids: tuple[exact.Solid, exact.Solid], pressure: float) -> exact.Concentric:
    """The exact stresses of the sphere."""
    radii = (cases.RADIUS - SHELL, cases.RADIUS)
    return exact.coated_sphere(*solids, radii, COHERENCY * STRAIN, pressure)


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


def compute(bench: Workbench) -> Findings:
    """All pairs on fine lines; rates where cells have two and three dimensions."""
    found = Findings()
    for pair, solids in PAIRS.items():
        for pressure in (0.0, PRESSURE):
            case = misfitting("misfit", cases.core_shell("spherical", SHELL), solids, pressure)
            run, wanted = bench.run(case), expected(solids, pressure)
            which = f"{pair}, {pressure / 1e6:.0f} MPa"
            for phase, value in (("layered", wanted.core), ("rock_salt", wanted.shell)):
                quantity = f"mean hydrostatic stress of the {phase.replace('_', ' ')} [Pa], {which}"
                found.compare(LAW, "spherical", quantity, run.mean_stress(phase), value, 1e-6)
            off, quantity = _walls(run, wanted), f"walls, share of the hoop stress [1], {which}"
            found.compare(LAW, "spherical", quantity, off, 0.0, 2e-4, scale=1.0)
    for dimension, sizes in ROWS.items():
        levels = bench.pick(sizes, sizes[: SHORT[dimension]])
        errors = [_means_off(bench, dimension, size) for size in levels]
        relative = [size / cases.RADIUS for size in levels]
        if len(levels) > 1:
            found.refine(LAW, dimension, "phase means [1]", relative, errors, 2.0, slack=0.5)
        found.compare(LAW, dimension, "phase means, finest mesh [1]", errors[-1], 0.0, 5e-3, scale=1.0)
    return found


def _means_off(bench: Workbench, dimension: Dimension, size: float) -> float:
    """Worst relative deviation of the two phase means on cells of one size [m]."""
    solids = PAIRS["close moduli"]
    geometry = cases.core_shell(dimension, SHELL, (size, size))
    run, wanted = bench.run(misfitting("misfit", geometry, solids, PRESSURE)), expected(solids, PRESSURE)
    pairs = {"layered": wanted.core, "rock_salt": wanted.shell}
    return max(abs(run.mean_stress(phase) / value - 1.0) for phase, value in pairs.items())


def _words(solid: exact.Solid) -> str:
    return f"{solid.young / 1e9:g} GPa, {solid.poisson:g}"


def headline(bench: Workbench) -> float:
    """Mean stress of the core of an axisymmetric sphere."""
    geometry = cases.core_shell("axisymmetric", SHELL, (0.6e-6, 0.4e-6))
    return bench.run(misfitting("misfit", geometry, PAIRS["close moduli"], PRESSURE)).mean_stress("layered")


PAGE = Page(
    title="Core and shell that do not match",
    claim="Misfit and outer pressure load a core and its shell as Lame says, whatever their moduli.",
    equation=r"""
With $f = (b/R)^3$ and the shell's stress-free strain $\varepsilon$ against the core, the core carries

$$P = \frac{\varepsilon (1-f) - p\left(\frac{1}{3K_s} + \frac{1}{4G_s}\right)}
{\frac{1-f}{3K_c} + \frac{f}{3K_s} + \frac{1}{4G_s}}$$

and the shell $-p - (P + p) f/(1-f)$, both uniform.
""",
    source="S. P. Timoshenko and J. N. Goodier, Theory of Elasticity (1970), section 136",
    setup=f"""
Radius {cases.RADIUS * 1e6:g} um, shell {SHELL * 1e6:g} um, misfit {STRAIN:g} at coherency {COHERENCY:g},
outer pressure 0 and {PRESSURE / 1e6:g} MPa; Young's moduli and Poisson's ratios of core and shell:
{"; ".join(f"{pair}: {_words(core)} and {_words(shell)}" for pair, (core, shell) in PAIRS.items())}.
""",
    compute=compute,
    headline_of="mean hydrostatic stress of the core [Pa]",
    headline_in="axisymmetric",
    headline=headline,
)
