"""Homogeneous bodies: what a uniform eigenstrain, a pressure and both together must do, exactly."""

from typing import Any

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
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
from benchmarks.verification.setups import cases

SWELLING, LOAD, SHIFT = "uniform eigenstrain", "uniform pressure", "shift of the voltage by pressure"
"""Rows of the index."""
SOLID = exact.Solid(139e9, 0.26)
CAPACITY, VOLUME, REFERENCE, OCCUPANCY = 47e3, 2.3e-6, 0.9, 0.4
"""Lithium sites [mol/m^3], partial molar volume [m^3/mol], occupancy without strain, and that of the case."""
EIGENSTRAIN = VOLUME / 3.0 * CAPACITY * (OCCUPANCY - REFERENCE)
PRESSURE, STANDARD = 760e6, 3.8
"""Outer pressure [Pa] and standard potential of the host [V]."""
SIZES: dict[Dimension, tuple[float, float]] = {
    "spherical": (150e-9, 60e-9),
    "axisymmetric": (600e-9, 400e-9),
    "generalised_plane_strain": (600e-9, 400e-9),
    "plane_strain": (600e-9, 400e-9),
    "3d": (1500e-9, 1200e-9),
}
"""Cell sizes, bulk and interface [m]; none of the exact states asks for fine ones."""
ACROSS, ALONG = 1.1e-6, -0.9e-6
"""Partial molar volumes of a crystal across and along c [m^3/mol]."""
SKIPPED = ("spherical", "axisymmetric", "generalised_plane_strain")
"""Crystals that the short form leaves out."""
EXTREMES = ("mean", "p05", "p95")
STRESS, VOLTAGE = 1e-12, 2e-12
"""Largest errors: of a stress (of a free body's over E times eigenstrain), of the shift of the voltage."""


def uniform(dimension: str, pressure: float, **phase: Any) -> Any:
    """The case: one phase at one occupancy, away from the reference, under pressure.

    Args:
        dimension: name of the dimension.
        pressure: on the outer surface [Pa].
        phase: further keys of the phase.
    """
    layered = cases.lithium(
        SOLID, cases.ideal(STANDARD), CAPACITY, VOLUME, ("chemical", 3e-15), reference=REFERENCE, **phase
    )
    geometry = cases.core_shell(dimension, 0.0, SIZES[dimension])
    mechanics = {"stack_pressure": f"{pressure!r} Pa"}
    name = f"uniform-{pressure:.0f}"
    return cases.case(name, geometry, {"layered": layered}, {"occupancy": OCCUPANCY}, [], mechanics=mechanics)


def crystal(dimension: str, pressure: float) -> Any:
    """The same case of one crystal that swells across c and shrinks along it; averaged in `spherical`."""
    expansion = {
        "kind": "anisotropic",
        "partial_molar_volume_ab": f"{ACROSS!r} m^3/mol",
        "partial_molar_volume_c": f"{ALONG!r} m^3/mol",
        "reference_occupancy": REFERENCE,
    }
    case = uniform(dimension, pressure, expansion=expansion)
    if dimension != "spherical":
        case["geometry"]["crystal"] = {"c_axis": [0, 0, 1]}
    return case


def hydrostatic(dimension: str, pressure: float) -> float:
    """Exact hydrostatic stress [Pa]: the ends of a cylinder in plane strain are held, all else is free."""
    if dimension != "plane_strain":
        return 0.0 - pressure
    return -2.0 / 3.0 * (1.0 + SOLID.poisson) * pressure - SOLID.young * EIGENSTRAIN / 3.0


def compute(bench: Workbench) -> Findings:
    """All dimensions, free and under pressure."""
    found = Findings()
    stress, voltage = _curves()
    for dimension, mark in zip(DIMENSIONS, "osx^+", strict=True):
        free, loaded = (bench.run(uniform(dimension, pressure)) for pressure in (0.0, PRESSURE))
        held = dimension == "plane_strain"
        scale = SOLID.young * abs(EIGENSTRAIN)
        states = ((SWELLING, free, 0.0, None if held else scale), (LOAD, loaded, PRESSURE, None))
        for law, run, pressure, against in states:
            wanted, layered = hydrostatic(dimension, pressure), run.final["regions"]["layered"]
            values = [float(layered[f"{name}_hydrostatic_stress_Pa"]) for name in EXTREMES]
            worst = values[int(np.argmax(np.abs(np.array(values) - wanted)))]
            found.compare(law, dimension, "hydrostatic stress [Pa]", worst, wanted, STRESS, scale=against)
        largest = free.final["regions"]["layered"]["max_principal_stress_Pa"]
        axial = -SOLID.young * EIGENSTRAIN if held else 0.0
        found.compare(
            SWELLING, dimension, "largest principal stress [Pa]", largest, axial, STRESS, scale=scale
        )
        for wall in ("surface", "centre"):
            hoop = loaded.point(wall, "hoop_stress_Pa")
            found.compare(LOAD, dimension, f"hoop stress, {wall} [Pa]", hoop, -PRESSURE, STRESS)
        shift = loaded.equilibrium["voltage_V"] - free.equilibrium["voltage_V"]
        mean = hydrostatic(dimension, PRESSURE) - hydrostatic(dimension, 0.0)
        wanted = VOLUME * mean / exact.FARADAY
        found.compare(SHIFT, dimension, "shift of the voltage [V]", shift, wanted, VOLTAGE)
        points, words = [0.0, PRESSURE / 1e6], dimension.replace("_", " ")
        means = [run.mean_stress("layered") / 1e6 for run in (free, loaded)]
        stress.append(Line(words, points, means, mark))
        voltage.append(Line(words, points[1:], [1e3 * shift], mark))
        if not held and not (bench.short and dimension in SKIPPED):
            voltages = [bench.run(crystal(dimension, p)).equilibrium["voltage_V"] for p in (PRESSURE, 0.0)]
            wanted = -(2.0 * ACROSS + ALONG) * PRESSURE / exact.FARADAY
            what = "shift of a crystal's voltage [V]"
            found.compare(SHIFT, dimension, what, voltages[0] - voltages[1], wanted, VOLTAGE)
    for title, up, lines in (
        ("hydrostatic stress; lines: exact", "stress [MPa]", stress),
        ("shift of the voltage; lines: exact", "voltage [mV]", voltage),
    ):
        found.panels.append(Panel(title, "pressure [MPa]", up, tuple(lines)))
    return found


def _curves() -> tuple[list[Line], list[Line]]:
    """Exact stress and shift of the voltage over pressure, ends free and held."""
    pressures, stress, voltage = [0.0, PRESSURE], [], []
    for dimension, style in (("3d", "k-"), ("plane_strain", "k--")):
        means = [hydrostatic(dimension, p) for p in pressures]
        shifts = [1e3 * VOLUME * (mean - means[0]) / exact.FARADAY for mean in means]
        across = [p / 1e6 for p in pressures]
        stress.append(Line("", across, [mean / 1e6 for mean in means], style))
        voltage.append(Line("", across, shifts, style))
    return stress, voltage


def headline(bench: Workbench) -> float:
    """Voltage of the disc whose ends are held, under pressure."""
    return float(bench.run(uniform("plane_strain", PRESSURE)).equilibrium["voltage_V"])


PAGE = Page(
    title="Uniform bodies",
    claim="A homogeneous body that swells evenly is free of stress, under pressure it carries that pressure "
    "everywhere, and its voltage falls by the work that lithium does against it; held ends change all three.",
    equation=r"""
Free: $\sigma = -p\,I$ whatever the uniform eigenstrain $e$, and $\Delta V = -\Omega\,p/F$ with
$\Omega = \mathrm{tr}\,V$, for a crystal too.

Plane strain: $\sigma_{zz} = -E e - 2 \nu p$, so that $\sigma_h = -\frac13 E e - \frac23 (1+\nu)\,p$ and
$\Delta V = -\frac23 (1+\nu)\,\Omega\,p/F$.
""",
    source="Hooke's law with eigenstrain; for the potential Larché and Cahn, Acta Metall. 21 (1973) 1051",
    setup=f"""
Radius {cases.RADIUS * 1e6:g} um, {SOLID.young / 1e9:g} GPa, {SOLID.poisson:g}, {VOLUME * 1e6:g} cm^3/mol,
occupancy {OCCUPANCY:g} against {REFERENCE:g} without strain, hence $e$ = {EIGENSTRAIN:.4g};
$p$ = 0 and {PRESSURE / 1e6:g} MPa. The crystal swells by {ACROSS * 1e6:g} across and {ALONG * 1e6:g} cm^3/mol
along its axis c, which lies along z. Hydrostatic stress: the worst of the mean, the 5th and the 95th
percentile; where it should vanish, against $E|e|$. Any mesh can represent these states: nothing but round-off
may be off.
""",
    compute=compute,
    headline=Headline("voltage under pressure, ends held [V]", "plane_strain", headline),
)
