"""Rock salt inside, layered phase around it, on mesh files: an inclusion that takes up much of its body."""

from pathlib import Path
from typing import Any

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact.swollen_cylinders import swollen_cylinders
from benchmarks.verification.page import Dimension, Findings, Headline, Page, Workbench
from benchmarks.verification.setups import balls, cases
from benchmarks.verification.setups.core_in_shell import WHY, CoreInShell, Pair, in_words
from benchmarks.verification.setups.drawings import quarter, radial_line, write_drawing
from benchmarks.verification.setups.running import Run
from benchmarks.verification.setups.stress_fields import WANTED
from meshes import LAYERED, ROCK_SALT, write_mesh
from solver.fenics import MPI

LAW = "composite sphere: large inclusion that misfits"
PAIRS = {
    "close moduli": (exact.Solid(203e9, 0.31), exact.Solid(97e9, 0.24)),
    "soft matrix": (exact.Solid(203e9, 0.31), exact.Solid(0.203e9, 0.24)),
    "soft inclusion": (exact.Solid(0.097e9, 0.31), exact.Solid(97e9, 0.24)),
}
"""Inclusion and matrix."""
STRAIN, COHERENCY, PRESSURE = 0.019, 0.8, 180e6
INNER = 0.58
"""Radius of the inclusion over that of the sphere."""
UNIT = 3.7e-6
"""Length of one unit of the mesh file, the outer radius [m]."""
ROWS: dict[Dimension, list[float]] = {
    "spherical": [0.04, 0.02, 0.01],
    "axisymmetric": [0.08, 0.04, 0.02],
    "generalised_plane_strain": [0.08, 0.04, 0.02],
    "plane_strain": [0.08, 0.04, 0.02],
    "3d": [0.16, 0.11, 0.08],
}
"""Cell sizes [outer radii]; all pairs and loads take the second one."""
LIMITS: dict[Dimension, tuple[float, float]] = {
    "spherical": (3e-7, 1e-3),
    "axisymmetric": (2e-3, 1e-2),
    "generalised_plane_strain": (2e-3, 1e-2),
    "plane_strain": (2e-3, 1e-2),
    "3d": (2e-3, 3e-2),
}
"""Largest errors of phase means and of stress over all pairs and loads."""
DRAWN = (2.0, 1.5)
"""Orders on meshes whose vertices lie on the circles, so that areas are off by h^2."""


def body(dimension: str, size: float, folder: Path) -> dict[str, Any]:
    """The geometry of a case that reads the composite from a file; collective."""
    path = folder / f"{dimension}-{size:g}.msh"
    if dimension == "3d":
        if MPI.COMM_WORLD.rank == 0:
            made = balls.octant(UNIT, [0.0, INNER, 1.0], [ROCK_SALT, LAYERED], (size, size))
            write_mesh(made, path, unit=UNIT)
        MPI.COMM_WORLD.barrier()
    elif dimension == "spherical":
        write_drawing(path, radial_line(INNER, size))
    else:
        write_drawing(path, quarter(INNER, size, plane=dimension != "axisymmetric"))
    return {"kind": "file", "dimension": dimension, "path": str(path), "scale": f"{UNIT!r} m"}


def misfitting(geometry: dict[str, Any], solids: Pair, pressure: float) -> Any:
    """The case: an inert inclusion that is larger than its hole, under pressure."""
    inclusion, matrix = solids
    phases = {
        "layered": cases.phase(matrix),
        "rock_salt": cases.phase(inclusion, misfit={"kind": "isotropic", "strain": STRAIN}),
    }
    mechanics = {"coherency": COHERENCY, "stack_pressure": f"{pressure!r} Pa"}
    start, output = {"voltage": "3.9 V"}, dict(WANTED)
    return cases.case("composite", geometry, phases, start, [], mechanics=mechanics, output=output)


def expected(solids: Pair, pressure: float, dimension: str = "spherical") -> exact.Concentric:
    """The exact stresses: the inclusion is the core, and it is the one that swells."""
    strain = COHERENCY * STRAIN
    if not dimension.endswith("plane_strain"):
        return exact.coated_sphere(*solids, (INNER, 1.0), -strain, pressure)
    free = dimension == "generalised_plane_strain"
    return swollen_cylinders(solids, INNER, ((strain, strain), (0.0, 0.0)), pressure, free)


def compute(bench: Workbench) -> Findings:
    """All pairs and loads in all dimensions, rates and profiles."""

    def run(dimension: Dimension, size: float, pair: str, pressure: float) -> Run:
        return bench.run(misfitting(body(dimension, size, bench.folder), PAIRS[pair], pressure))

    radii = (INNER * UNIT, UNIT)
    drawn: tuple[Dimension, ...] = ("axisymmetric", "generalised_plane_strain", "plane_strain")
    orders = dict.fromkeys(drawn, DRAWN)
    study = CoreInShell(
        LAW, radii, "rock_salt", run, lambda pair, *load: expected(PAIRS[pair], *load), LIMITS, orders
    )
    found, fields = Findings(), {}
    for dimension, sizes in ROWS.items():
        pairs = bench.pick(list(PAIRS), ["soft matrix"])
        loads = bench.pick([PRESSURE, 0.0], [PRESSURE])
        fields[dimension] = study.check(found, dimension, sizes[1], pairs, loads)
        if not bench.short:
            study.rates(found, dimension, sizes, "close moduli", PRESSURE)
    groups: tuple[tuple[Dimension, ...], ...] = (
        ("axisymmetric", "3d"),
        ("generalised_plane_strain", "plane_strain"),
    )
    for group in groups:
        shown = {dimension: fields[dimension] for dimension in group}
        found.panels.append(study.panel(shown, bench.pick("close moduli", "soft matrix"), PRESSURE))
    return found


def headline(bench: Workbench) -> float:
    """Mean stress of the inclusion of an axisymmetric sphere."""
    geometry = body("axisymmetric", 0.12, bench.folder)
    return bench.run(misfitting(geometry, PAIRS["close moduli"], PRESSURE)).mean_stress("rock_salt")


PAGE = Page(
    title="A large inclusion in a finite body",
    claim="Rock salt inside and the layered phase around it, read from a mesh file, share the load of "
    "misfit and pressure as the composite sphere and the composite cylinder do.",
    equation=r"""
Lame's sphere with $f = (a/R)^3$, the inclusion being the part that swells by $\varepsilon$:

$$P = -\frac{\varepsilon (1-f) + p\left(\frac{1}{3K_m} + \frac{1}{4G_m}\right)}
{\frac{1-f}{3K_i} + \frac{f}{3K_m} + \frac{1}{4G_m}}, \qquad M = -p - (P + p)\frac{f}{1-f}$$

are the hydrostatic stresses of inclusion and matrix, both uniform.

Cylinder: $\sigma_r = \sigma_t = P$ in the inclusion, $\sigma_{r,t} = S \mp T (a/r)^2$ in the matrix,
$\sigma_z = E (e_0 - \varepsilon_z) + \nu (\sigma_r + \sigma_t)$ in both, with $\sigma_r$ and the hoop strain
continuous at $a$. Where the ends are held ($e_0 = 0$) it matters which of the two swells.
""",
    source="S. P. Timoshenko and J. N. Goodier, Theory of Elasticity (1970), sections 28, 136 and 153; "
    "Z. Hashin, J. Appl. Mech. 29 (1962) 143, for the composite sphere",
    setup=f"""
Outer radius {UNIT * 1e6:g} um, inclusion {INNER:g} of it ({100 * INNER**3:.0f} % of the sphere,
{100 * INNER**2:.0f} % of the cylinder), misfit of the inclusion {STRAIN:g} at coherency {COHERENCY:g},
pressure 0 and {PRESSURE / 1e6:g} MPa; Young's moduli and Poisson's ratios of inclusion and matrix:
{in_words(PAIRS)}.
Meshes are files (`kind: file`), those of triangles drawn in Gmsh with vertices on the circles, so that areas
too are off by $h^2$, and the means with them.
{WHY}
""",
    compute=compute,
    headline=Headline("mean hydrostatic stress of the inclusion [Pa]", "axisymmetric", headline),
)
