"""A particle whose surface is held at a concentration, and the stress of its lithium: Crank's series."""

from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.page import Dimension, Findings, Headline, Page, Workbench
from benchmarks.verification.setups import diffusing
from benchmarks.verification.setups.diffused import ROWS, SHORT, SPHERES, Array, Study, Wanted, solid_body
from benchmarks.verification.setups.diffusing import CAPACITY, SOLID, START, VOLUME
from benchmarks.verification.setups.running import Run

LITHIUM = "diffusion to a held surface"
TIME, OCCUPANCY, EMPTIER = 0.06, 0.75, 0.15
"""Moment [R^2/D], occupancy that the surface is held at, and another below the start."""
JUMP = (OCCUPANCY - START) * CAPACITY
STRESS_UNIT = VOLUME * SOLID.young * JUMP / (9.0 * (1.0 - SOLID.poisson))
TOLERANCE = {"spherical": 1e-5, "3d": 5e-4}
SHORT_TOLERANCE = {"spherical": 1e-5, "3d": 1e-3}
FLAT, SHORT_FLAT = 3e-5, 1e-3
"""Tolerances of time stepping, `FLAT` of the others: its error must stay small beside that of the cells."""
ALLOWED = (1.0, 3.0)
"""Errors of concentration and stress that pass, over the square of the cell size."""
AT_SURFACE = 1.5
"""The same of the hoop stress at the surface."""
TAKEN = {"spherical": 0.02, "axisymmetric": 0.02}
"""The same of the uptake: the error of a profile cancels in its mean."""
TAKEN_ELSEWHERE = 0.2
"""That of cylinders and of a ball in space, whose flat facets cut off a part."""


def wanted(dimension: str, x: Array | float) -> Wanted:
    """Exact fields at x = r/R after `TIME`."""
    if dimension in SPHERES:
        here, inside = series.crank_held(x, TIME), series.crank_held_mean(TIME, x)
    else:
        here, inside = series.crank_held_cylinder(x, TIME), series.crank_held_cylinder_mean(TIME, x)
    return solid_body(dimension, JUMP * here, JUMP * inside, JUMP * uptake(dimension))


def uptake(dimension: str) -> float:
    """Mean of (c - c0)/(c_R - c0) after `TIME`."""
    mean = series.crank_held_mean if dimension in SPHERES else series.crank_held_cylinder_mean
    return float(mean(TIME))


def compute(bench: Workbench) -> Findings:
    """Errors of profiles, uptake and surface on a row of meshes in every dimension."""
    found, levels = Findings(), bench.pick(ROWS, {d: SHORT[d] for d in SHORT if d != "3d"})

    def held(dimension: Dimension, size: float, occupancy: float = OCCUPANCY) -> Run:
        tolerance = bench.pick(TOLERANCE.get(dimension, FLAT), SHORT_TOLERANCE.get(dimension, SHORT_FLAT))
        return bench.run(diffusing.held(diffusing.plain(dimension, size), occupancy, TIME, tolerance))

    finest = Study(LITHIUM, (JUMP, STRESS_UNIT), (*ALLOWED, AT_SURFACE), held, wanted).rows(found, levels)
    for dimension, run in finest.items():
        _uptake(found, dimension, run, OCCUPANCY, levels[dimension][-1])
    size = levels["spherical"][0]
    _uptake(found, "spherical", held("spherical", size, EMPTIER), EMPTIER, size)
    return found


def _uptake(found: Findings, dimension: Dimension, run: Run, occupancy: float, size: float) -> None:
    """What a held surface has let in, or out."""
    exact = START + (occupancy - START) * uptake(dimension)
    found.compare(
        LITHIUM,
        dimension,
        f"mean occupancy, surface at {occupancy:g} [1]",
        float(run.final["regions"]["layered"]["mean_occupancy"]),
        exact,
        TAKEN.get(dimension, TAKEN_ELSEWHERE) * size**2,
        scale=abs(occupancy - START),
    )


def headline(bench: Workbench) -> float:
    """Mean occupancy of a coarse cylinder."""
    geometry = diffusing.plain("generalised_plane_strain", ROWS["generalised_plane_strain"][0])
    run = bench.run(diffusing.held(geometry, OCCUPANCY, TIME, SHORT_FLAT))
    return float(run.final["regions"]["layered"]["mean_occupancy"])


PAGE = Page(
    title="A surface held at a concentration",
    claim="Lithium enters a sphere and a cylinder whose surface is held at a concentration as Crank's series "
    "say, and makes the stress of Cheng and Verbrugge; both errors fall with the square of the cell size.",
    equation=r"""
With $x = r/R$ and $\tau = D t/R^2$, in a sphere

$$\frac{c - c_0}{c_R - c_0} = 1 + 2 \sum_n (-1)^n \frac{\sin n \pi x}{n \pi x} e^{-n^2 \pi^2 \tau},$$

in a cylinder, with $J_0(\alpha_n) = 0$,

$$\frac{c - c_0}{c_R - c_0} = 1
- 2 \sum_n \frac{J_0(\alpha_n x)}{\alpha_n J_1(\alpha_n)} e^{-\alpha_n^2 \tau},$$

and from the mean $\bar c$ over the sphere and $\langle c \rangle_r$ within $r$

$$\sigma_r = \frac{2 \Omega E}{9 (1-\nu)} \left(\bar c - \langle c \rangle_r\right), \qquad
\sigma_t = \frac{\Omega E}{9 (1-\nu)} \left(2 \bar c + \langle c \rangle_r - 3 c\right).$$
""",
    source="J. Crank, The Mathematics of Diffusion (1975), eqs. 6.18 and 5.22; Y.-T. Cheng and "
    "M. W. Verbrugge, J. Power Sources 190 (2009) 453; S. P. Timoshenko and J. N. Goodier, Theory of "
    "Elasticity (1970), section 151, for the cylinder",
    setup=f"""
{diffusing.WORDS} The cell voltage is held at the open-circuit potential of occupancy {OCCUPANCY:g} (and,
once, {EMPTIER:g}) for D t/R² = {TIME:g}, with an exchange current density of {diffusing.FAST:g} A/m², so
large that the surface follows. Errors are root mean squares over the body, of concentration over c_R - c0 =
{JUMP:g} mol/m³, of stress (radial, hoop and, in the plane dimensions, axial together) over
Ω E (c_R - c0)/(9 (1 - ν)) = {STRESS_UNIT / 1e6:.4g} MPa. With cells of h R they may be {ALLOWED[0]:g} h² and
{ALLOWED[1]:g} h², at the surface {AT_SURFACE:g} h², and that of the uptake {TAKEN_ELSEWHERE:g} h²; on a line
and in a body of revolution, where nothing is cut off, {TAKEN["spherical"]:g} h².
""",
    compute=compute,
    headline=Headline("mean occupancy [1]", "generalised_plane_strain", headline),
)
