"""A core in a misfitting shell, with and without outer pressure: Lame's sphere and cylinder."""

from typing import Any

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.page import Dimension, Findings, Headline, Page, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.core_in_shell import WHY, CoreInShell, Pair, in_words
from benchmarks.verification.setups.running import Run
from benchmarks.verification.setups.stress_fields import WANTED

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
RADII = (cases.RADIUS - SHELL, cases.RADIUS)
ROWS: dict[Dimension, list[float]] = {
    "spherical": [1 / 30, 1 / 60, 1 / 120],
    "axisymmetric": [1 / 15, 1 / 30, 1 / 60],
    "generalised_plane_strain": [1 / 15, 1 / 30, 1 / 60],
    "plane_strain": [1 / 15, 1 / 30, 1 / 60],
    "3d": [0.14, 0.1, 0.07],
}
"""Cell sizes of the refinements [outer radii]; all pairs and loads take the second one."""
LIMITS: dict[Dimension, tuple[float, float]] = {
    "spherical": (2e-7, 5e-4),
    "axisymmetric": (3e-5, 5e-3),
    "generalised_plane_strain": (3e-5, 5e-3),
    "plane_strain": (3e-5, 5e-3),
    "3d": (1.5e-3, 3e-2),
}
"""Largest errors of phase means and of stress over all pairs and loads."""
WALLS = 5e-5
"""Largest error of the stresses at walls on the default line, relative to the largest of them."""


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
    """All pairs and loads in all dimensions, rates, profiles, and walls on the default line."""

    def run(dimension: Dimension, size: float, pair: str, pressure: float) -> Run:
        cells = (size * cases.RADIUS, size * cases.RADIUS)
        geometry = cases.core_shell(dimension, SHELL, cells)
        return bench.run(misfitting("misfit", geometry, PAIRS[pair], pressure))

    study = CoreInShell(LAW, RADII, "layered", run, lambda pair, *load: expected(PAIRS[pair], *load), LIMITS)
    found, fields = Findings(), {}
    for dimension, sizes in ROWS.items():
        pairs = list(PAIRS) if dimension == "spherical" or not bench.short else ["soft shell"]
        loads = bench.pick([PRESSURE, 0.0], [PRESSURE])
        fields[dimension] = study.check(found, dimension, sizes[1], pairs, loads)
        if not bench.short:
            study.rates(found, dimension, sizes, "close moduli", PRESSURE)
    for pair, solids in PAIRS.items():
        case = misfitting("misfit", cases.core_shell("spherical", SHELL), solids, PRESSURE)
        off, what = _walls(bench.run(case), expected(solids, PRESSURE)), "walls, default mesh [1]"
        found.compare(LAW, "spherical", f"{what}, {pair}", off, 0.0, WALLS, scale=1.0)
    groups: tuple[tuple[Dimension, ...], ...] = (
        ("axisymmetric", "3d"),
        ("generalised_plane_strain", "plane_strain"),
    )
    for group in groups:
        shown = {dimension: fields[dimension] for dimension in group}
        found.panels.append(study.panel(shown, bench.pick("close moduli", "soft shell"), PRESSURE))
    return found


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
{in_words(PAIRS)}.
{WHY}
""",
    compute=compute,
    headline=Headline("mean hydrostatic stress of the core [Pa]", "axisymmetric", headline),
)
