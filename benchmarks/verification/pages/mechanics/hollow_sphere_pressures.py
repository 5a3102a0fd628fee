"""Thick hollow sphere and thick tube under outer pressure, and under inner and outer pressure."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact.radial_profiles import thick_tube
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.core_in_shell import STRAIGHT, WHY, power
from benchmarks.verification.setups.running import Run
from benchmarks.verification.setups.stress_fields import WANTED, Profile, Stresses, stresses

OUTSIDE, BOTH = "hollow body under outer pressure", "hollow body under inner and outer pressure"
"""Rows of the index."""
MEAN = "mean hydrostatic stress [Pa]"
SOLID, FILLING = exact.Solid(139e9, 0.26), exact.Solid(9e9, 0.42)
RADII = (1.3e-6, cases.RADIUS)
OUTER, INNER = 270e6, 640e6
"""Pressures on the outer surface and on the wall of the cavity [Pa]."""
ROWS: dict[Dimension, list[float]] = {
    "spherical": [1 / 30, 1 / 60, 1 / 120],
    "axisymmetric": [1 / 15, 1 / 30, 1 / 60],
    "generalised_plane_strain": [1 / 15, 1 / 30, 1 / 60],
    "plane_strain": [1 / 15, 1 / 30, 1 / 60],
    "3d": [0.11, 0.08, 0.06],
}
"""Cell sizes [outer radii]."""
LIMITS: dict[Dimension, tuple[float, float, float]] = {
    "spherical": (1e-11, 4e-4, 4e-3),
    "axisymmetric": (1e-11, 5e-4, 1e-2),
    "generalised_plane_strain": (1e-11, 4e-4, 6e-3),
    "plane_strain": (1e-11, 4e-4, 6e-3),
    "3d": (1e-11, 6e-3, 3e-2),
}
"""Largest errors of the mean, of stress everywhere, and of stress at walls, on the second size."""


def empty(dimension: str, size: float) -> Any:
    """The case with a cavity, which is free, and outer pressure."""
    geometry = {
        "kind": "hollow_secondary",
        "dimension": dimension,
        "radius": f"{RADII[1]!r} m",
        "cavity_radius": f"{RADII[0]!r} m",
        "mesh_size": dict.fromkeys(("bulk", "interface"), f"{size * RADII[1]!r} m"),
    }
    return _case("hollow", geometry, {"layered": cases.phase(SOLID)})


def filled(dimension: str, size: float) -> Any:
    """The case whose cavity holds what swells just enough to press with the inner pressure."""
    lengths = (size * RADII[1], size * RADII[1])
    geometry = cases.core_shell(dimension, RADII[1] - RADII[0], lengths)
    misfit = {"kind": "isotropic", "strain": filling_strain(dimension)}
    return _case(
        "filled", geometry, {"layered": cases.phase(FILLING), "rock_salt": cases.phase(SOLID, misfit=misfit)}
    )


def _case(name: str, geometry: Any, phases: Any) -> Any:
    start, load = {"voltage": "3.9 V"}, {"stack_pressure": f"{OUTER!r} Pa"}
    return cases.case(name, geometry, phases, start, [], mechanics=load, output=dict(WANTED))


def filling_strain(dimension: str) -> float:
    """Misfit of the body against its filling that makes the filling press with the inner pressure.

    What a core passes on to its shell is linear in the misfit between them.
    """

    def pressed(strain: float) -> float:
        if power(dimension) == 3:
            return -exact.coated_sphere(FILLING, SOLID, RADII, strain, OUTER).interface
        free = dimension == "generalised_plane_strain"
        return -exact.coated_cylinder(FILLING, SOLID, RADII, strain, OUTER, free).interface

    return (INNER - pressed(0.0)) / (pressed(1.0) - pressed(0.0))


def expected(dimension: str, inner: float, r: Any) -> tuple[Any, Any]:
    """Exact radial and hoop stress [Pa] at r [m] of the body under an inner and the outer pressure [Pa]."""
    thick: Any = exact.thick_sphere if power(dimension) == 3 else thick_tube
    radial, hoop = thick(RADII, (inner, OUTER), r)
    return radial, hoop


def mean(dimension: str) -> float:
    """Exact hydrostatic stress [Pa] around an empty cavity, which is uniform."""
    share = -OUTER / (1.0 - (RADII[0] / RADII[1]) ** power(dimension))
    return share if dimension != "plane_strain" else 2.0 / 3.0 * (1.0 + SOLID.poisson) * share


def profile(dimension: str, inner: float) -> Profile:
    """Exact stresses at any radius; in the filling both are the inner pressure."""

    def at(r: Any, rock_salt: Any) -> tuple[Any, Any]:
        body = rock_salt if inner else np.ones_like(rock_salt)
        radial, hoop = (np.where(body, stress, -inner) for stress in expected(dimension, inner, r))
        return radial, hoop

    return at


def _walls(run: Run, dimension: str, inner: float) -> float:
    """Worst deviation of hoop stresses at both walls, relative to the larger one."""
    there = run.final["interface"]["hoop_stress_shell_Pa"] if inner else run.point("inner", "hoop_stress_Pa")
    values = np.array([there, run.point("surface", "hoop_stress_Pa")])
    wanted = np.array([expected(dimension, inner, r)[1] for r in RADII])
    return float(np.abs(values - wanted).max() / np.abs(wanted).max())


def compute(bench: Workbench) -> Findings:
    """Both loads in all dimensions, rates and profiles."""
    found = Findings()
    fields: dict[tuple[Dimension, float], Stresses] = {}
    for dimension, sizes in ROWS.items():
        limits = LIMITS[dimension]
        for law, make, inner in ((OUTSIDE, empty, 0.0), (BOTH, filled, INNER)):
            if bench.short and dimension == "3d" and inner:
                continue
            size = sizes[0] if bench.short and dimension == "3d" else sizes[1]
            run = bench.run(make(dimension, size))
            fields[dimension, inner] = stresses(run)
            if inner:
                pressed = run.final["interface"]["radial_stress_Pa"]
                what, value, limit = "stress on the inner wall [Pa]", -inner, limits[2]
            else:
                pressed, what, value, limit = run.mean_stress("layered"), MEAN, mean(dimension), limits[0]
            found.compare(law, dimension, what, pressed, value, limit)
            off = fields[dimension, inner].off(profile(dimension, inner))
            found.compare(law, dimension, "stress everywhere [1]", off, 0.0, limits[1], scale=1.0)
            off = _walls(run, dimension, inner)
            found.compare(law, dimension, "hoop stress at both walls [1]", off, 0.0, limits[2], scale=1.0)
            if not bench.short:
                _rates(bench, found, law, dimension, sizes)
    for group, name in (
        (("axisymmetric", "3d"), "sphere"),
        (("generalised_plane_strain", "plane_strain"), "tube"),
    ):
        shown = {key: value for key, value in fields.items() if key[0] in group}
        found.panels.append(_panel(name, shown))
    return found


def _rates(bench: Workbench, found: Findings, law: str, dimension: Dimension, sizes: Sequence[float]) -> None:
    make, inner = (empty, 0.0) if law == OUTSIDE else (filled, INNER)
    name = "outer pressure" if law == OUTSIDE else "inner and outer pressure"
    runs = [bench.run(make(dimension, size)) for size in sizes]
    errors = [stresses(run).off(profile(dimension, inner)) for run in runs]
    flat = dimension != "spherical" and (inner or dimension == "3d")
    axis, order = f"cell size / radius, {name}", STRAIGHT[1] if flat else 2.0
    found.refine(law, dimension, "stress everywhere [1]", sizes, errors, order, slack=0.3, parameter=axis)


def _panel(name: str, fields: dict[tuple[Dimension, float], Stresses]) -> Panel:
    lines, r = [], np.linspace(*RADII, 60)
    for inner in (0.0, INNER):
        for stress, style in zip(expected(next(iter(fields))[0], inner, r), ("k-", "k--"), strict=True):
            lines.append(Line("", (r * 1e6).tolist(), (stress / 1e6).tolist(), style))
    for (dimension, inner), cells in fields.items():
        some = cells.sample(24)
        some = some[cells.radius[some] > RADII[0]]
        colour = "C3" if inner else "C0"
        mark = "o" if dimension in ("axisymmetric", "generalised_plane_strain") else "x"
        words = f"{dimension.replace('_', ' ')}, {'both' if inner else 'outer'}"
        for label, stress in ((words, cells.radial), ("", cells.hoop)):
            x, y = cells.radius[some] * 1e6, stress[some] / 1e6
            lines.append(Line(label, x.tolist(), y.tolist(), colour + mark))
    return Panel(f"{name}; exact: radial solid, hoop dashed", "radius [um]", "stress [MPa]", tuple(lines))


def headline(bench: Workbench) -> float:
    """Hoop stress at the cavity of an axisymmetric body under outer pressure."""
    return bench.run(empty("axisymmetric", 0.1)).point("inner", "hoop_stress_Pa")


PAGE = Page(
    title="Thick hollow sphere and tube under pressure",
    claim="A hollow sphere and a long tube carry outer pressure, and inner and outer pressure together, as "
    "Lame says, at any radius.",
    equation=r"""
With $d = 3$ for the sphere and $2$ for the tube, inner radius $a$ and outer radius $b$,

$$A = \frac{p_i a^d - p_o b^d}{b^d - a^d}, \qquad B = \frac{(p_i - p_o)\,a^d b^d}{b^d - a^d}, \qquad
\sigma_r = A - \frac{B}{r^d}, \qquad \sigma_t = A + \frac{B}{(d-1)\,r^d}$$

The hydrostatic stress is $A$, but $\frac23 (1+\nu) A$ in a tube whose ends are held.
""",
    source="S. P. Timoshenko and J. N. Goodier, Theory of Elasticity (1970), sections 28 and 136",
    setup=f"""
Cavity {RADII[0] * 1e6:g} um, outer radius {RADII[1] * 1e6:g} um, {SOLID.young / 1e9:g} GPa,
{SOLID.poisson:g}; outer pressure {OUTER / 1e6:g} MPa, inner pressure none or {INNER / 1e6:g} MPa.
The program leaves cavities free of load. The inner pressure is therefore that of a filling
({FILLING.young / 1e9:g} GPa, {FILLING.poisson:g}) whose misfit is chosen, dimension by dimension, such
that it presses with just that; what is around it cannot tell a filling from a fluid: both push radially.
{WHY}
""",
    compute=compute,
    headline=Headline("hoop stress at the cavity [Pa]", "axisymmetric", headline),
)
