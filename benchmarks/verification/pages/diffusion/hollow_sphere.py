"""A hollow sphere and a tube, sealed inside, under a constant flux through the outside, and their stress."""

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import cylinder_stress as cylinder
from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.page import Dimension, Findings, Headline, Page, Workbench
from benchmarks.verification.setups import cases, diffusing
from benchmarks.verification.setups.diffused import SPHERES, STRESS, Array, Study, Wanted, with_axial
from benchmarks.verification.setups.diffusing import CAPACITY, SOLID, START, UNIT, VOLUME
from benchmarks.verification.setups.running import Run

LITHIUM = "diffusion around a sealed cavity"
CAVITY, TIME = 0.4, 0.8
"""Radius of the cavity [R]; moment [R^2/D], when the profile has settled to 1 part in 10^7."""
STRESS_UNIT = VOLUME * SOLID.young * UNIT / (15.0 * (1.0 - SOLID.poisson))
"""The largest stress of a solid sphere under this flux [Pa]."""
ROWS: dict[Dimension, tuple[float, ...]] = {
    "spherical": (1 / 10, 1 / 20, 1 / 40),
    "axisymmetric": (1 / 8, 1 / 12, 1 / 20),
    "generalised_plane_strain": (1 / 8, 1 / 12, 1 / 20),
    "plane_strain": (1 / 8, 1 / 12, 1 / 20),
    "3d": (1 / 5, 1 / 8, 1 / 11),
}
"""Cell sizes asked for [R]."""
SHORT = {d: sizes[: 2 if d == "spherical" else 1] for d, sizes in ROWS.items() if d != "3d"}
TOLERANCE = 1e-3
"""Of time stepping, which is exact once the content rises evenly."""
ALLOWED, WALL = (0.5, 1.5), (1.0, 6.0)
"""Errors of concentration and stress that pass, over the square of the cell size: body, cavity wall."""


def wanted(dimension: str, x: Array | float) -> Wanted:
    """Exact fields at x = r/R after `TIME`."""
    radii = (CAVITY, 1.0)
    sphere = dimension in SPHERES
    profile = series.hollow_quasi_steady if sphere else series.tube_quasi_steady
    power, stress = (3, exact.free_hollow_stress) if sphere else (2, cylinder.free_tube_stress)
    share = power / (1.0 - CAVITY**power)
    (here, amount), (_, whole) = profile(radii, x), profile(radii, 1.0)
    across = stress(SOLID, VOLUME, radii, x, (UNIT * amount, UNIT * whole, UNIT * here))
    mean = share * TIME * UNIT
    return with_axial(dimension, mean + UNIT * (here - share * whole), across, mean)


def compute(bench: Workbench) -> Findings:
    """Errors of profiles and of both walls on a row of meshes in every dimension."""
    found, levels = Findings(), bench.pick(ROWS, SHORT)

    def charged(dimension: Dimension, size: float) -> Run:
        return bench.run(diffusing.charged(diffusing.hollow(dimension, CAVITY, size), TIME, TOLERANCE))

    study = Study(LITHIUM, (UNIT, STRESS_UNIT), (*ALLOWED, ALLOWED[1]), charged, wanted, CAVITY)
    for dimension, run in study.rows(found, levels).items():
        walls, limits = wanted(dimension, CAVITY), [a * levels[dimension][-1] ** 2 for a in WALL]
        rise = run.point("inner", "concentration_mol_m3") - START * CAPACITY
        quantity = "rise of concentration, cavity wall [mol/m³]"
        found.compare(LITHIUM, dimension, quantity, rise, float(walls.rise), limits[0], scale=UNIT)
        hoop = run.point("inner", "hoop_stress_Pa")
        quantity = "hoop stress, cavity wall [Pa]"
        found.compare(STRESS, dimension, quantity, hoop, float(walls.hoop), limits[1], scale=STRESS_UNIT)
    return found


def headline(bench: Workbench) -> float:
    """Hoop stress at the cavity wall of a coarse tube."""
    geometry = diffusing.hollow("plane_strain", CAVITY, ROWS["plane_strain"][0])
    return bench.run(diffusing.charged(geometry, TIME, TOLERANCE)).point("inner", "hoop_stress_Pa")


PAGE = Page(
    title="A hollow sphere and a tube",
    claim="Under a constant flux through the outside and none through the wall of the cavity, lithium "
    "settles into the exact profile and makes the exact stress, in a hollow sphere and in a tube; both "
    "errors fall with the square of the cell size.",
    equation=r"""
With radii $a$ and $b$ the content rises evenly, at $k = 3 J b^2/(b^3 - a^3)$ in a sphere and
$k = 2 J b/(b^2 - a^2)$ in a tube, and

$$D \frac{\partial c}{\partial r} = \frac{k}{3} \left(r - \frac{a^3}{r^2}\right), \qquad
D \frac{\partial c}{\partial r} = \frac{k}{2} \left(r - \frac{a^2}{r}\right).$$

With $Q(r) = \int_a^r c\,s^2 ds$ and $Q(r) = \int_a^r c\,s\,ds$ the radial stress is

$$\sigma_r = \frac{2 \Omega E}{3 (1-\nu) r^3} \left(\frac{r^3 - a^3}{b^3 - a^3} Q(b) - Q(r)\right), \qquad
\sigma_r = \frac{\Omega E}{3 (1-\nu) r^2} \left(\frac{r^2 - a^2}{b^2 - a^2} Q(b) - Q(r)\right),$$

the hoop stress follows from equilibrium.
""",
    source="J. Crank, The Mathematics of Diffusion (1975), for the even rise; S. P. Timoshenko and J. N. "
    "Goodier, Theory of Elasticity (1970), sections 151 and 152",
    setup=f"""
{diffusing.WORDS} Cavity of {CAVITY:g} R, here {CAVITY * cases.RADIUS * 1e6:g} µm. A constant current, J R/D =
{UNIT:g} mol/m³, for D t/R² = {TIME:g}. Errors are root mean squares over the body, of concentration over J
R/D, of stress (radial, hoop and, in the plane dimensions, axial together) over {STRESS_UNIT / 1e6:.4g} MPa,
the largest of a solid sphere. With cells of h R they may be {ALLOWED[0]:g} h² and {ALLOWED[1]:g} h²; in
single points, as at the cavity wall, stress is less accurate, and {WALL[0]:g} h² and {WALL[1]:g} h² are
allowed.
""",
    compute=compute,
    headline=Headline("hoop stress at the cavity wall [Pa]", "plane_strain", headline),
)
