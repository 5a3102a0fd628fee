"""The sphere of Zhang, Shyy and Sastry (2007), filled at constant current until its surface is full."""

from typing import Any

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import filled_sphere as filled
from benchmarks.verification.page import Dimension, Findings, Headline, Kind, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.diffused import STRESS, UNDER_FLUX
from benchmarks.verification.setups.running import Run

COUPLED = "diffusion driven by its own stress"
FULL = "end of a step at a full surface"
SOLID = exact.Solid(10e9, 0.3)
RADIUS, CAPACITY, VOLUME, DIFFUSIVITY, TEMPERATURE = 5e-6, 2.29e4, 3.497e-6, 7.08e-15, 300.0
CURRENT, EMPTY, PARTLY = 2.0, 1e-6, 0.02
"""Current density [A/m^2]; occupancy at the start, and in 3d, where emptiness costs four times as much."""
TIMES = (100.0, 500.0, 1000.0, 1500.0)
PRINTED = {
    False: filled.Moment(8067.42, 15360.1, 48.5107e6, -48.6748e6),
    True: filled.Moment(8563.65, 14901.5, 43.0017e6, -41.0385e6),
}
"""What an earlier, independent radial solution printed for 1000 s."""
PRINTED_AT = 1000.0
AS_PRINTED = {"centre": 5e-4, "surface": 1e-4, "radial": 5e-4, "hoop": 3e-4}
"""Allowed relative deviation from it."""
SIZES = {"spherical": (25e-9, 25e-9), "axisymmetric": (300e-9, 300e-9), "3d": (700e-9, 500e-9)}
"""Cell sizes, bulk and interface [m]."""
TOLERANCE = {"spherical": 2e-5, "axisymmetric": 5e-4, "3d": 2e-3}
STARTS = {"spherical": EMPTY, "axisymmetric": EMPTY, "3d": PARTLY}
SHARE: dict[Dimension, dict[float, float]] = {
    "spherical": dict.fromkeys(TIMES, 1e-3),
    "axisymmetric": dict.fromkeys(TIMES, 1.5e-2),
    "3d": {**dict.fromkeys(TIMES, 1.5e-2), TIMES[0]: 5e-2},
}
"""Allowed deviation; at the first time lithium has got no further than a few of the coarse cells."""
SATURATION: dict[Dimension, float] = {"spherical": 3e-6, "axisymmetric": 6e-4, "3d": 6e-3}
"""Allowed relative deviation of the time of saturation."""
COARSE = {"spherical": ((100e-9, 100e-9), 2e-4), "axisymmetric": ((500e-9, 500e-9), 2e-3)}
"""Cell sizes [m] and tolerance of the short form."""
COARSER, COARSE_PRINT = 5.0, 10.0
"""What the short form allows over the full one, beside the radial solution and beside the printed numbers."""
EARLY = 20.0
"""Time of the headline [s]."""
LONG = 3000.0
"""Duration that the step asks for and never reaches [s]."""
NAMES = {
    "centre": "concentration in the centre [mol/m^3]",
    "surface": "concentration at the surface [mol/m^3]",
    "radial": "radial stress in the centre [Pa]",
    "hoop": "hoop stress at the surface [Pa]",
}


def reference(occupancy: float = EMPTY) -> filled.Sphere:
    """The sphere of the radial solution, from an occupancy at the start."""
    flux = CURRENT / exact.FARADAY
    return filled.Sphere(SOLID, RADIUS, VOLUME, DIFFUSIVITY, TEMPERATURE, flux, occupancy * CAPACITY)


def sphere(dimension: str, coupled: bool, duration: float, coarse: bool = False) -> Any:
    """The case: a sphere that takes up lithium for a while [s]; `coarse` in cells and increments."""
    sizes, tolerance = SIZES[dimension], TOLERANCE[dimension]
    if coarse:
        sizes, tolerance = COARSE[dimension]
    phase = cases.lithium(
        SOLID, cases.dilute(4.0), CAPACITY, VOLUME, ("tracer", DIFFUSIVITY), reference=EMPTY
    )
    case = cases.case(
        "sphere-2007",
        cases.core_shell(dimension, 0.0, sizes, RADIUS),
        {"layered": phase},
        {"occupancy": STARTS[dimension]},
        [cases.drive("current_density", -CURRENT, duration)],
        surface={"exchange_current_density": "2 A/m^2"},
        couplings={"stress_in_potential": coupled},
        numerics={"tolerance": tolerance},
    )
    return {**case, "temperature": f"{TEMPERATURE!r} K"}


def moment(run: Run) -> filled.Moment:
    """What a run ends with."""
    return filled.Moment(
        run.point("centre", "concentration_mol_m3"),
        run.point("surface", "concentration_mol_m3"),
        run.point("centre", "radial_stress_Pa"),
        run.point("surface", "hoop_stress_Pa"),
    )


def deviation(found: filled.Moment, wanted: filled.Moment) -> float:
    """Worst of the four numbers: concentrations over that of the surface, stresses over the larger one."""
    stress = max(abs(wanted.radial), abs(wanted.hoop))
    scales = {"centre": wanted.surface, "surface": wanted.surface, "radial": stress, "hoop": stress}
    gaps = [abs(getattr(found, key) - getattr(wanted, key)) / size for key, size in scales.items()]
    return float(np.max(gaps))


def _judged(coupled: bool) -> tuple[str, Kind]:
    """Law and kind of comparison."""
    return (COUPLED, "program") if coupled else (UNDER_FLUX, "exact")


def compute(bench: Workbench) -> Findings:
    """Four times in each dimension, then the end."""
    found = Findings()
    dimensions: tuple[Dimension, ...] = bench.pick(
        ("spherical", "axisymmetric", "3d"), ("spherical", "axisymmetric")
    )
    times, coarser = bench.pick(TIMES, (PRINTED_AT,)), bench.pick(1.0, COARSER)
    ran: dict[tuple[Dimension, bool], list[filled.Moment]] = {}
    for dimension in dimensions:
        radial = reference(STARTS[dimension])
        for coupled in (False, True):
            law, kind = _judged(coupled)
            runs = [moment(bench.run(sphere(dimension, coupled, time, bench.short))) for time in times]
            wanted = filled.moments(radial, coupled, times)
            ran[dimension, coupled] = runs
            for time, one, other in zip(times, runs, wanted, strict=True):
                quantity = f"worst of both concentrations and both stresses at {time:g} s [1]"
                off, allowed = deviation(one, other), coarser * SHARE[dimension][time]
                found.compare(law, dimension, quantity, off, 0.0, allowed, scale=1.0, kind=kind)
            ended = bench.run(
                sphere(dimension, coupled, LONG, bench.short),
                reasons=["surface_saturated"],
                status="ended_early",
            )
            quantity = f"time at which the surface is full, {'' if coupled else 'un'}coupled [s]"
            seconds = float(ended.summary["steps"][0]["duration_s"])
            wanted_time = filled.saturation(radial, coupled, CAPACITY)
            allowed = coarser * SATURATION[dimension]
            found.compare(FULL, dimension, quantity, seconds, wanted_time, allowed, kind=kind)
    on_lines = {coupled: runs for (dimension, coupled), runs in ran.items() if dimension == "spherical"}
    _beside_print(found, on_lines, times, bench.pick(1.0, COARSE_PRINT))
    if not bench.short:
        _draw(found, ran)
    return found


def _beside_print(
    found: Findings, runs: dict[bool, list[filled.Moment]], times: tuple[float, ...], coarser: float
) -> None:
    """The spherical runs beside the printed numbers."""
    for coupled, moments in runs.items():
        one, printed = moments[times.index(PRINTED_AT)], PRINTED[coupled]
        for key, words in NAMES.items():
            quantity = f"{words}, {'' if coupled else 'un'}coupled, {PRINTED_AT:g} s, printed"
            value, wanted = getattr(one, key), getattr(printed, key)
            limit = coarser * AS_PRINTED[key]
            law = STRESS if key in ("radial", "hoop") and not coupled else _judged(coupled)[0]
            found.compare(law, "spherical", quantity, value, wanted, limit, kind="program")


def _draw(found: Findings, ran: dict[tuple[Dimension, bool], list[filled.Moment]]) -> None:
    """Points on the radial solution, and their distance from it."""
    fine = [LONG * 0.53 * k / 80 for k in range(1, 81)]
    words = {False: ("uncoupled", "k"), True: ("coupled", "r")}
    for title, keys, unit, label in (
        ("in the centre (lower) and at the surface", ("centre", "surface"), 1e3, "concentration [kmol/m³]"),
        ("radial in the centre (upper), hoop at the surface", ("radial", "hoop"), 1e6, "stress [MPa]"),
    ):
        lines = []
        for coupled, (word, colour) in words.items():
            curve = filled.moments(reference(), coupled, fine)
            for place, key in enumerate(keys):
                values = [getattr(one, key) / unit for one in curve]
                lines.append(Line("" if place else f"{word}, radial solution", fine, values, f"{colour}-"))
        for dimension, mark in (("spherical", "o"), ("axisymmetric", "x")):
            for coupled in words:
                for place, key in enumerate(keys):
                    values = [getattr(one, key) / unit for one in ran[dimension, coupled]]
                    lines.append(Line("" if place or coupled else dimension, TIMES, values, f"C0{mark}"))
        found.panels.append(Panel(title, "time [s]", label, tuple(lines)))
    lines = []
    for (dimension, coupled), runs in ran.items():
        wanted = filled.moments(reference(STARTS[dimension]), coupled, TIMES)
        off = [deviation(one, other) for one, other in zip(runs, wanted, strict=True)]
        mark = {"spherical": "o", "axisymmetric": "x", "3d": "s"}[dimension]
        word, colour = words[coupled]
        lines.append(Line(f"{dimension}, {word}", TIMES, off, f"{colour}{mark}-"))
    title = "worst deviation from the radial solution"
    found.panels.append(Panel(title, "time [s]", "deviation [1]", tuple(lines), ("linear", "log")))


def headline(bench: Workbench) -> float:
    """Surface concentration of the coupled sphere."""
    return moment(bench.run(sphere("axisymmetric", True, EARLY))).surface


PAGE = Page(
    title="A sphere that its own stress helps to fill",
    claim="""
The sphere of Zhang, Shyy and Sastry takes up lithium as Crank's series says without stress in the potential,
and as the nonlinear diffusion equation of a free sphere says with it, until its surface is full: there the
step ends, at the right time and by that name (`surface_saturated`).
""",
    equation=r"""
Without stress in the potential $c(r,t)$ is Crank's series for a constant flux $J$ through the surface. With
it, a free sphere of a dilute host obeys

$$\frac{\partial c}{\partial t} = \frac{1}{r^2}\frac{\partial}{\partial r}
\left[r^2 D\,(1 + s c)\frac{\partial c}{\partial r}\right], \qquad
s = \frac{2\Omega^2 E}{9(1-\nu)RT}, \qquad D\,(1+sc)\frac{\partial c}{\partial r}\Big|_R = J$$

and in both cases, with means over the sphere and over the ball inside $r$,

$$\sigma_r = \frac{2\Omega E}{9(1-\nu)}\,(\bar c - \bar c_r), \qquad
\sigma_t = \frac{\Omega E}{9(1-\nu)}\,(2\bar c + \bar c_r - 3c)$$
""",
    source="""
X. Zhang, W. Shyy and A. M. Sastry, J. Electrochem. Soc. 154 (2007) A910; J. Crank, The Mathematics of
Diffusion (1975), eq. 6.45; Y.-T. Cheng and M. W. Verbrugge, J. Power Sources 190 (2009) 453
""",
    setup=rf"""
$E$ = {SOLID.young / 1e9:g} GPa, $\nu$ = {SOLID.poisson:g}, $\Omega$ = {VOLUME:g} m³/mol,
$c_{{max}}$ = {CAPACITY:g} mol/m³, $R$ = {RADIUS * 1e6:g} µm, $D$ = {DIFFUSIVITY:g} m²/s (tracer),
$T$ = {TEMPERATURE:g} K, {CURRENT:g} A/m² into a dilute host at occupancy {EMPTY:g} ({PARTLY:g} in 3d).
Cells: {", ".join(f"{name} {size[0] * 1e9:g} nm" for name, size in SIZES.items())}; tolerances of time:
{", ".join(f"{value:g}" for value in TOLERANCE.values())}. The coupled equation is integrated by finite
volumes on {filled.SHELLS[0]} and {filled.SHELLS[1]} shells, extrapolated, by a time integrator of their own.
Concentrations are judged relative to that of the surface, stresses to the larger one. The surface is full
where the occupancy of the dilute host passes 1 at any of its points. Rows that end in "printed" stand beside
what an earlier radial solution of the same equations, made independently of this program, printed for
{PRINTED_AT:g} s.
""",
    compute=compute,
    headline=Headline(f"surface concentration at {EARLY:g} s, coupled [mol/m³]", "axisymmetric", headline),
)
