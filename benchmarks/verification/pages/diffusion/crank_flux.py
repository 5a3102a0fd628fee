"""A particle under a constant flux, and the stress that its lithium makes: Crank, Cheng and Verbrugge."""

from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.page import Dimension, Findings, Headline, Page, Workbench
from benchmarks.verification.setups import diffusing
from benchmarks.verification.setups.diffused import (
    ROWS,
    SHORT,
    SPHERES,
    STRESS,
    UNDER_FLUX,
    Array,
    Study,
    Wanted,
    solid_body,
)
from benchmarks.verification.setups.diffusing import SOLID, UNIT, VOLUME
from benchmarks.verification.setups.running import Run

TIME, SETTLED = 0.1, 0.5
"""Moments of comparison [R^2/D]: on the way, and when the profile has settled."""
SETTLED_SIZE = 1 / 100
TOLERANCE = {"spherical": 1e-6, "3d": 2e-4}
SHORT_TOLERANCE = {"spherical": 1e-5, "3d": 1e-3}
FLAT, SHORT_FLAT = 1e-5, 1e-3
"""Tolerances of time stepping, `FLAT` of the others: its error must stay small beside that of the cells."""
ALLOWED = (0.3, 1.2)
"""Errors of concentration and stress that pass, over the square of the cell size."""
AT_SURFACE = 0.4
"""The same of the hoop stress at the surface."""
STRESS_UNIT = VOLUME * SOLID.young * UNIT / (15.0 * (1.0 - SOLID.poisson))
"""Radial stress in the centre of a sphere, and minus the hoop stress at its surface, in the end [Pa]."""


def wanted(dimension: str, x: Array | float) -> Wanted:
    """Exact fields at x = r/R after `TIME`."""
    if dimension in SPHERES:
        here, inside, share = series.crank_flux(x, TIME), series.crank_flux_mean(x, TIME), 3.0
    else:
        here, inside = series.crank_flux_cylinder(x, TIME), series.crank_flux_cylinder_mean(x, TIME)
        share = 2.0
    return solid_body(dimension, UNIT * here, UNIT * inside, share * TIME * UNIT)


def compute(bench: Workbench) -> Findings:
    """Errors of profiles and of the surface on a row of meshes in every dimension, then the settled state."""
    found = Findings()

    def charged(dimension: Dimension, size: float) -> Run:
        tolerance = bench.pick(TOLERANCE.get(dimension, FLAT), SHORT_TOLERANCE.get(dimension, SHORT_FLAT))
        return bench.run(diffusing.charged(diffusing.plain(dimension, size), TIME, tolerance))

    Study(UNDER_FLUX, (UNIT, STRESS_UNIT), (*ALLOWED, AT_SURFACE), charged, wanted).rows(
        found, bench.pick(ROWS, SHORT)
    )
    run = bench.run(diffusing.charged(diffusing.plain("spherical", SETTLED_SIZE), SETTLED))
    for place, name, value, limit in (
        ("centre", "radial", STRESS_UNIT, 1e-3),
        ("surface", "hoop", -STRESS_UNIT, 1e-4),
        ("surface", "hydrostatic", -2.0 / 3.0 * STRESS_UNIT, 1e-5),
    ):
        stress = run.point(place, f"{name}_stress_Pa")
        found.compare(STRESS, "spherical", f"{name} stress, {place}, settled [Pa]", stress, value, limit)
    return found


def headline(bench: Workbench) -> float:
    """Hoop stress at the surface of a coarse sphere of revolution."""
    geometry = diffusing.plain("axisymmetric", ROWS["axisymmetric"][0])
    return bench.run(diffusing.charged(geometry, TIME, SHORT_FLAT)).point("surface", "hoop_stress_Pa")


PAGE = Page(
    title="Constant flux into a sphere and a cylinder",
    claim="Lithium spreads from a surface with a constant flux as Crank's series say, and the stress that "
    "its uneven swelling makes is that of Cheng and Verbrugge; both errors fall with the square of the cell "
    "size.",
    equation=r"""
With $x = r/R$, $\tau = D t/R^2$ and the positive roots of $\tan\lambda_n = \lambda_n$, in a sphere

$$\frac{(c - c_0) D}{J R} = 3\tau + \frac{x^2}{2} - \frac{3}{10}
- 2 \sum_n \frac{\sin \lambda_n x}{x\,\lambda_n^2 \sin\lambda_n} e^{-\lambda_n^2 \tau},$$

in a cylinder, with $J_1(\alpha_n) = 0$,

$$\frac{(c - c_0) D}{J R} = 2\tau + \frac{x^2}{2} - \frac{1}{4}
- 2 \sum_n \frac{J_0(\alpha_n x)}{\alpha_n^2 J_0(\alpha_n)} e^{-\alpha_n^2 \tau}.$$

With the mean $\bar c$ over the sphere and $\langle c \rangle_r$ within $r$

$$\sigma_r = \frac{2 \Omega E}{9 (1-\nu)} \left(\bar c - \langle c \rangle_r\right), \qquad
\sigma_t = \frac{\Omega E}{9 (1-\nu)} \left(2 \bar c + \langle c \rangle_r - 3 c\right),$$

which in the end reach $\pm \Omega E J R/(15 (1-\nu) D)$ in the centre and at the surface.
""",
    source="J. Crank, The Mathematics of Diffusion (1975), eqs. 6.45 and 5.48; Y.-T. Cheng and "
    "M. W. Verbrugge, J. Power Sources 190 (2009) 453; S. P. Timoshenko and J. N. Goodier, Theory of "
    "Elasticity (1970), section 151, for the cylinder",
    setup=f"""
{diffusing.WORDS} A constant current, J R/D = {UNIT:g} mol/m³, for D t/R² = {TIME:g}; for {SETTLED:g}
where settled. Errors are root mean squares over the body, of concentration over J R/D, of stress (radial,
hoop and, in the plane dimensions, axial together) over Ω E J R/(15 (1 - ν) D) = {STRESS_UNIT / 1e6:.4g}
MPa. With cells of h R they may be {ALLOWED[0]:g} h² and {ALLOWED[1]:g} h², at the surface {AT_SURFACE:g} h².
""",
    compute=compute,
    headline=Headline("hoop stress at the surface [Pa]", "axisymmetric", headline),
)
