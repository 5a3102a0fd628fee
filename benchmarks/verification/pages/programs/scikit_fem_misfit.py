"""Whole runs with misfit and pressure beside scikit-fem, which is given their run folders."""

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact.closed_forms import Solid
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases, in_scikit_fem
from benchmarks.verification.setups.in_scikit_fem import Solved, Written
from benchmarks.verification.setups.running import Run

Array = npt.NDArray[np.float64]

LAW = "core-shell misfit"
STIFF, SOFT = Solid(183e9, 0.24), Solid(0.183e9, 0.36)
PAIRS = {"soft shell": (STIFF, SOFT), "soft core": (SOFT, STIFF)}
STRAIN, COHERENCY, SHELL, PRESSURE = 0.019, 0.8, 1.1e-6, 17e6
"""Misfit [1], its coherent share [1], thickness of the shell [m] and pressure [Pa]."""
SIZES: dict[Dimension, tuple[float, float]] = {
    "spherical": (0.06e-6, 0.1e-6),
    "axisymmetric": (0.15e-6, 0.4e-6),
    "generalised_plane_strain": (0.15e-6, 0.4e-6),
    "plane_strain": (0.15e-6, 0.4e-6),
    "3d": (0.45e-6, 0.75e-6),
}
"""Cell sizes [m]: full and short form."""
COPIES: dict[Dimension, int] = {
    "spherical": 1,
    "axisymmetric": 2,
    "generalised_plane_strain": 4,
    "plane_strain": 4,
    "3d": 8,
}
"""Meshed sectors in the whole particle."""
SAME, SAME_MEANS, CANCELLED, SAME_ENERGY = 1e-12, 5e-13, 5e-11, 5e-12
"""Allowed of displacements, of means, of the mean of a stiff shell around a soft core, where stresses a
hundred times larger cancel, and of energies."""
ITERATED = 1e-11
"""Allowed of displacements in space, where lithostat solves behind multigrid, to that much of the forces."""
FINER = 12
"""Degree of a rule that leaves no error in the axisymmetric integrals."""


def run(bench: Workbench, dimension: Dimension, pair: str, size: float) -> Run:
    """The run: a case without a step, in equilibrium under misfit and pressure."""
    core, shell = PAIRS[pair]
    case = cases.case(
        "misfit",
        cases.core_shell(dimension, SHELL, (size, size)),
        {
            "layered": cases.phase(core),
            "rock_salt": cases.phase(shell, misfit={"kind": "isotropic", "strain": STRAIN}),
        },
        start={"voltage": "3.9 V"},
        steps=[],
        mechanics={"coherency": COHERENCY, "stack_pressure": f"{PRESSURE!r} Pa"},
    )
    return bench.run(case)


def solve(told: Written, pair: str, degree: int | None = None) -> Solved:
    """The same by scikit-fem."""
    solids = dict(zip(("layered", "rock_salt"), PAIRS[pair], strict=True))
    return in_scikit_fem.solve(told, solids, COHERENCY * STRAIN, PRESSURE, degree)


def compute(bench: Workbench) -> Findings:
    """Both pairs in all dimensions."""
    found, lines, rounding = Findings(), [], []
    for dimension, sizes in SIZES.items():
        offs, energies = [], []
        for pair in PAIRS:
            mine = run(bench, dimension, pair, bench.pick(*sizes))
            told = in_scikit_fem.written(mine)
            other = solve(told, pair)
            offs.append(_off(told.displacement, other.displacement))
            energies.append(mine.history["elastic_energy [J]"][-1] / (COPIES[dimension] * other.energy) - 1.0)
            for phase, mean in other.means.items():
                words = f"mean hydrostatic stress of the {phase.replace('_', ' ')} [Pa], {pair}"
                stress = mine.mean_stress(phase)
                close = CANCELLED if (phase, pair) == ("rock_salt", "soft core") else SAME_MEANS
                found.compare(LAW, dimension, words, stress, mean, close, kind="program")
            if dimension == "axisymmetric" and not bench.short:
                exact = solve(told, pair, FINER)
                rounding.append(f"{_off(told.displacement, exact.displacement):.1g} ({pair})")
        lines += _lines(dimension, told, other)
        words = f"displacement at {len(told.points)} vertices, both, relative [1]"
        limit = ITERATED if dimension == "3d" else SAME
        found.compare(LAW, dimension, words, max(offs), 0.0, limit, scale=1.0, kind="program")
        worst = max(map(abs, energies))
        words = "elastic energy, both, relative [1]"
        found.compare(LAW, dimension, words, worst, 0.0, SAME_ENERGY, scale=1.0, kind="program")
    title = "along the x axis, soft core; lines: scikit-fem, circles: lithostat"
    found.panels.append(Panel(title, "x [um]", "displacement [nm]", tuple(lines)))
    found.notes.append(
        "Both programs integrate by the same points, so that they differ by round-off alone. In an "
        "axisymmetric body $u_r/r$ is no polynomial, and another rule gives other numbers"
        + (f": by degree {FINER}, displacements differ by {', '.join(rounding)}." if rounding else ".")
    )
    return found


def _off(found: Array, wanted: Array) -> float:
    """Largest difference relative to the largest value."""
    return float(np.abs(found - wanted).max() / np.abs(wanted).max())


def _lines(dimension: Dimension, told: Written, other: Solved) -> list[Line]:
    """Displacement along x of both programs on the x axis."""
    on_axis = np.flatnonzero(np.all(np.abs(told.points[:, 1:]) < 1e-9 * cases.RADIUS, axis=1))
    order = on_axis[np.argsort(told.points[on_axis, 0])]
    few = order[:: max(1, len(order) // 10)]
    return [
        Line(
            dimension.replace("_", " "),
            (1e6 * told.points[order, 0]).tolist(),
            (1e9 * other.displacement[order, 0]).tolist(),
            "-",
        ),
        Line("", (1e6 * told.points[few, 0]).tolist(), (1e9 * told.displacement[few, 0]).tolist(), "ko"),
    ]


def headline(bench: Workbench) -> float:
    """Mean stress of the stiff shell around a soft core in plane strain."""
    return run(bench, "plane_strain", "soft core", SIZES["plane_strain"][1]).mean_stress("rock_salt")


def _words(solid: Solid) -> str:
    return f"{solid.young / 1e9:g} GPa and {solid.poisson:g}"


PAGE = Page(
    title="Run folders beside scikit-fem",
    claim="scikit-fem, given nothing but the mesh in a run folder and the numbers of the case, finds the "
    "displacement, mean stresses and energy that the folder holds, for moduli "
    f"{STIFF.young / SOFT.young:g} times apart.",
    equation=r"""
$$\int w \left( \lambda \, \mathrm{tr}(\varepsilon - \varepsilon^*) \, \mathrm{tr} \, \varepsilon(v)
+ 2 \mu \, (\varepsilon - \varepsilon^*) : \varepsilon(v) \right) dV = -\int w \, p \, n \cdot v \, dA
\qquad \text{for all quadratic } v$$

with $w = 4 \pi r^2$ in a sphere, $w = 2 \pi r$ in a body of revolution, both with $\varepsilon_{tt} = u_r/r$,
else $w = 1$. In generalised plane strain the axial strain borders the matrix by one row and column.
""",
    source="T. Gustafsson and G. D. McBain (2020), scikit-fem: a Python package for finite element assembly, "
    "J. Open Source Softw. 5(52), 2369; strains, measure and load are written out in its forms",
    setup=f"""
Radius {cases.RADIUS * 1e6:g} um, shell {SHELL * 1e6:g} um, misfit {STRAIN:g} at coherency {COHERENCY:g},
pressure {PRESSURE / 1e6:g} MPa; Young's modulus and Poisson's ratio {_words(STIFF)} of the stiff phase,
{_words(SOFT)} of the soft one. `lithostat run` makes the folder. Points, cells, regions and displacement come
from its `fields.vtkhdf`, means from `summary.json`, the energy from `history.csv`; scikit-fem tells planes of
symmetry by coordinates.
""",
    compute=compute,
    headline=Headline("mean hydrostatic stress of the stiff shell [Pa]", "plane_strain", headline),
)
