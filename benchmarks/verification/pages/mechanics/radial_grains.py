"""Radial grains smeared around the radius: a hollow sphere, stiff and swelling along its tangents alone."""

from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact.smeared_crystal import hexagonal, smeared
from benchmarks.verification.page import Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run
from benchmarks.verification.setups.stress_fields import WANTED, Profile, stresses

LAW = "transverse isotropy about the radius"
HEXAGONAL = {"C11": 300e9, "C12": 95e9, "C13": 65e9, "C33": 210e9, "C44": 60e9}
CAPACITY, ACROSS, ALONG = 47e3, 1.1e-6, -2.3e-6
"""Lithium sites [mol/m^3] and partial molar volumes across and along c [m^3/mol]."""
REFERENCE, OCCUPANCY, PRESSURE = 0.9, 0.5, 420e6
RADII = (1.2e-6, cases.RADIUS)
LOADS = {
    "pressure": (PRESSURE, REFERENCE),
    "swelling": (0.0, OCCUPANCY),
    "both": (PRESSURE, OCCUPANCY),
}
"""Outer pressure [Pa] and occupancy."""
SIZES = (30e-9, 10e-9)
"""Cell size far from walls and at them [m]."""
ROW = (160e-9, 80e-9, 40e-9, 20e-9)
"""Cell sizes of the refinement, everywhere alike [m]."""
WALLS, FIELD = 2e-4, 3e-4
"""Largest errors at walls and everywhere."""


def grains(pressure: float, occupancy: float, sizes: tuple[float, float] = SIZES) -> Any:
    """The case: uniform lithium in a hollow sphere of radial grains."""
    layered = cases.lithium(
        exact.Solid(1e9, 0.3),
        cases.ideal(3.8),
        CAPACITY,
        0.0,
        ("chemical", 3e-15),
        elasticity={"kind": "hexagonal", **{name: f"{value!r} Pa" for name, value in HEXAGONAL.items()}},
        expansion={
            "kind": "anisotropic",
            "partial_molar_volume_ab": f"{ACROSS!r} m^3/mol",
            "partial_molar_volume_c": f"{ALONG!r} m^3/mol",
            "reference_occupancy": REFERENCE,
        },
    )
    geometry = {
        "kind": "hollow_secondary",
        "dimension": "spherical",
        "radius": f"{RADII[1]!r} m",
        "cavity_radius": f"{RADII[0]!r} m",
        "grain_size": "300 nm",
        "grains": {"kind": "radial", "seed": 1},
        "rock_salt": {"place": "none"},
        "mesh_size": {"bulk": f"{sizes[0]!r} m", "interface": f"{sizes[1]!r} m"},
    }
    return cases.case(
        "radial-grains",
        geometry,
        {"layered": layered},
        {"occupancy": occupancy},
        [],
        mechanics={"stack_pressure": f"{pressure!r} Pa"},
        couplings={"stress_in_potential": False},  # so that the occupancy is uniform
        output=dict(WANTED),
    )


@cache
def stiffness() -> npt.NDArray[np.float64]:
    """Of the smeared grains [Pa], axes (r, t, t)."""
    return smeared(hexagonal(HEXAGONAL))


def expected(pressure: float, occupancy: float, r: float) -> tuple[float, float]:
    """Exact radial and hoop stress [Pa] at r [m]."""
    change = CAPACITY * (occupancy - REFERENCE)
    eigenstrain = (ACROSS * change, 0.5 * (ACROSS + ALONG) * change)
    return exact.radially_anisotropic_sphere(stiffness(), eigenstrain, RADII, pressure, r)


def _profile(pressure: float, occupancy: float) -> Profile:
    def exact_profile(r: Any, _: Any) -> tuple[Any, Any]:
        radial, hoop = np.array([expected(pressure, occupancy, float(x)) for x in r]).T
        return radial, hoop

    return exact_profile


def _walls(run: Run, load: tuple[float, float]) -> float:
    """Worst deviation of stresses at both walls, relative to the largest hoop stress."""
    pairs = []
    for place, r in (("inner", RADII[0]), ("surface", RADII[1])):
        radial, hoop = expected(*load, r)
        pairs += [(run.point(place, "radial_stress_Pa"), radial), (run.point(place, "hoop_stress_Pa"), hoop)]
    return max(abs(value - wanted) for value, wanted in pairs) / max(abs(wanted) for _, wanted in pairs)


def compute(bench: Workbench) -> Findings:
    """All loads, the rate under both of them, and profiles."""
    found, lines = Findings(), []
    for (name, load), mark in zip(LOADS.items(), "os^", strict=True):
        run = bench.run(grains(*load))
        _, hoop = expected(*load, RADII[0])
        what = f"hoop stress at the cavity [Pa], {name}"
        found.compare(LAW, "spherical", what, run.point("inner", "hoop_stress_Pa"), hoop, WALLS)
        walls, fields, profile = _walls(run, load), stresses(run), _profile(*load)
        found.compare(LAW, "spherical", f"walls [1], {name}", walls, 0.0, WALLS, scale=1.0)
        off = fields.off(profile)
        found.compare(LAW, "spherical", f"stress everywhere [1], {name}", off, 0.0, FIELD, scale=1.0)
        r = np.linspace(*RADII, 60)
        for stress, style in zip(profile(r, None), ("k-", "k--"), strict=True):
            lines.append(Line("", (r * 1e6).tolist(), (stress / 1e9).tolist(), style))
        some = fields.sample(20)
        for symbol, values, colour in (("r", fields.radial, "C0"), ("t", fields.hoop, "C3")):
            x, y = fields.radius[some] * 1e6, values[some] / 1e9
            lines.append(Line(f"$\\sigma_{symbol}$, {name}", x.tolist(), y.tolist(), colour + mark))
    found.panels.append(Panel("lines: exact", "radius [um]", "stress [GPa]", tuple(lines)))
    load, sizes = LOADS["both"], bench.pick(ROW, ROW[1:3])
    runs = [bench.run(grains(*load, (size, size))) for size in sizes]
    relative = [size / cases.RADIUS for size in sizes]
    for what, errors in (
        ("walls [1]", [_walls(run, load) for run in runs]),
        ("stress everywhere [1]", [stresses(run).off(_profile(*load)) for run in runs]),
    ):
        found.refine(LAW, "spherical", what, relative, errors, 2.0)
    return found


def headline(bench: Workbench) -> float:
    """Hoop stress at the cavity under both loads."""
    return bench.run(grains(*LOADS["both"], (80e-9, 40e-9))).point("inner", "hoop_stress_Pa")


PAGE = Page(
    title="Radial grains around a cavity",
    claim="Grains whose c axes lie in the tangent plane, at any angle in it, make a hollow sphere that is "
    "transversely isotropic about its radius, stiff and swelling as their average.",
    equation=r"""
With $u(r)$ and the stiffness in axes $(r, t, t)$, $S = C_{22} + C_{23}$, equilibrium is

$$C_{11}\left(u'' + \frac{2u'}{r}\right) - 2 (S - C_{12}) \frac{u}{r^2} = \frac{2}{r}
\left[(C_{11} - C_{12})\,\varepsilon^*_r + (2 C_{12} - S)\,\varepsilon^*_t\right]$$

so that $u$ is a sum of $r^{n}$ with $n(n+1) = 2(S - C_{12})/C_{11}$, twice, and of one part in $r$; the
cavity is free and $\sigma_r(R) = -p$. The stiffness is Hill's mean of all turns of the crystal about $r$.
""",
    source="S. G. Lekhnitskii, Theory of Elasticity of an Anisotropic Body (1981), section 71, with "
    "eigenstrain; R. Hill, Proc. Phys. Soc. A 65 (1952) 349",
    setup=f"""
Cavity {RADII[0] * 1e6:g} um, outer radius {RADII[1] * 1e6:g} um; hexagonal grains with
{", ".join(f"{name} {value / 1e9:g}" for name, value in HEXAGONAL.items())} GPa that swell by
{ACROSS * 1e6:g} across and {ALONG * 1e6:g} cm^3/mol along c; occupancy from {REFERENCE:g} to {OCCUPANCY:g} of
{CAPACITY:g} mol/m^3, pressure {PRESSURE / 1e6:g} MPa, each alone and both. Lithium is uniform (stress is kept
out of the potential).
""",
    compute=compute,
    headline=Headline("hoop stress at the cavity [Pa]", "spherical", headline),
)
