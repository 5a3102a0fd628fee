"""Misfit, pressure and turned crystals beside NGSolve on the same cells."""

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.verification.exact.closed_forms import Solid
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases, elastic, hand_made, in_ngsolve
from benchmarks.verification.setups.elastic import ElasticBody, ElasticState
from meshes import LAYERED, ROCK_SALT
from meshes.core_shell import build_rings

MISFIT, BONDED = "core-shell misfit", "bonded bicrystal, warped box"
STIFF, SOFT = Solid(197e9, 0.27), Solid(0.197e9, 0.33)
PAIRS = {"soft shell": (STIFF, SOFT), "soft core": (SOFT, STIFF)}
STRAIN, COHERENCY, INTERFACE, PRESSURE = 0.023, 0.7, 0.7, 24e6
"""Misfit [1], its coherent share [1], radius of the interface [outer radii] and pressure [Pa]."""
CRYSTAL = (210e9, 66.5e9, 45.5e9, 147e9, 42e9)
C14 = -23e9
CUBE = (0.25e9, 0.11e9, 0.07e9)
"""C11, C12, C13, C33, C44 of the layered crystal, its C14 in space, and C11, C12, C44 of the salt [Pa]."""
SKEW_MISFIT = (0.011, 0.011, 0.017)
"""Along the crystal axes [1]."""
SECTORS: Mapping[Dimension, str] = {
    "axisymmetric": "half",
    "generalised_plane_strain": "quarter",
    "plane_strain": "quarter",
    "3d": "octant",
}
SIZES: Mapping[int, tuple[tuple[float, float], tuple[float, float]]] = {
    2: ((0.06, 0.02), (0.15, 0.06)),
    3: ((0.2, 0.1), (0.35, 0.15)),
}
"""Cell sizes far from the spheres and at them [outer radii] by number of coordinates: full and short form."""
COUNTS: Mapping[int, tuple[int, int]] = {2: (24, 8), 3: (6, 3)}
"""Cells along a side of the box of crystals."""
SAME = {MISFIT: (5e-12, 3e-12), BONDED: (2e-12, 5e-13)}
"""Allowed of displacements and of mean stresses; moduli far apart amplify round-off."""
SAME_AXIAL = 5e-13
"""Allowed of axial strains."""
FINER = 12
"""Degree of a rule that leaves no error in the axisymmetric integrals."""


def concentric(bench: Workbench, dimension: Dimension, pair: str) -> ElasticBody:
    """A core in a misfitting shell under pressure."""
    core, shell = PAIRS[pair]
    sizes = bench.pick(*SIZES[3 if dimension == "3d" else 2])
    phases, radii = [LAYERED, ROCK_SALT], [0.0, INTERFACE, 1.0]
    mesh = build_rings(dimension, cases.RADIUS, radii, phases, sizes, SECTORS[dimension])
    materials = {LAYERED: elastic.isotropic(core), ROCK_SALT: elastic.isotropic(shell)}
    return ElasticBody(mesh, materials, STRAIN * np.eye(3), COHERENCY, PRESSURE)


def crystals(bench: Workbench, dimension: Dimension) -> ElasticBody:
    """A warped box of two bonded crystals, tilted as far as the dimension allows."""
    mesh = hand_made.box(dimension, bench.pick(*COUNTS[3 if dimension == "3d" else 2]))
    layered = elastic.trigonal(*CRYSTAL, C14 if dimension == "3d" else 0.0)
    materials = {LAYERED: layered, ROCK_SALT: elastic.cubic(*CUBE)}
    frame = hand_made.FRAMES[dimension]
    return ElasticBody(mesh, materials, np.diag(SKEW_MISFIT), COHERENCY, PRESSURE, frame)


def compute(bench: Workbench) -> Findings:
    """Both bodies in all dimensions that NGSolve's cells can represent."""
    found, lines, rounding = Findings(), [], []
    for dimension in SECTORS:
        pairs = []
        for pair in PAIRS:
            body = concentric(bench, dimension, pair)
            pairs.append((elastic.settled(body), in_ngsolve.solve(body)))
            if dimension == "axisymmetric" and not bench.short:
                exact = in_ngsolve.solve(body, FINER)
                rounding.append(f"{pairs[-1][0].off(exact):.1g} ({pair})")
        _compare(found, MISFIT, dimension, pairs)
        lines += _lines(dimension, *pairs[-1])
        body = crystals(bench, dimension)
        _compare(found, BONDED, dimension, [(elastic.settled(body), in_ngsolve.solve(body))])
    found.panels.append(
        Panel(
            "along the x axis, soft core; lines: NGSolve, circles: lithostat",
            "x / R [1]",
            r"displacement / R [$10^{-3}$]",
            tuple(lines),
        )
    )
    found.notes.append(
        "Both programs integrate by the same points, so that they solve the same equations and differ by "
        "round-off alone. In an axisymmetric body $u_r/r$ is no polynomial, and another rule gives other "
        "numbers"
        + (f": by degree {FINER}, displacements differ by {', '.join(rounding)}." if rounding else ".")
    )
    return found


def _compare(
    found: Findings, law: str, dimension: Dimension, pairs: Sequence[tuple[ElasticState, ElasticState]]
) -> None:
    """The worst of all pairs of lithostat's state and NGSolve's."""
    nodes, (close, close_means) = len(pairs[0][0].nodes), SAME[law]
    rows = [
        (f"displacement at all {nodes} nodes", max(mine.off(other) for mine, other in pairs), close),
        ("mean stress of the phases", max(mine.means_off(other) for mine, other in pairs), close_means),
    ]
    if dimension == "generalised_plane_strain":
        off = max(abs(mine.axial / other.axial - 1.0) for mine, other in pairs)
        rows.append(("axial strain", off, SAME_AXIAL))
    for quantity, off, limit in rows:
        words = f"{quantity}, relative [1]"
        found.compare(law, dimension, words, off, 0.0, limit, scale=1.0, kind="program")


def _lines(dimension: Dimension, mine: ElasticState, other: ElasticState) -> list[Line]:
    """Displacement along x of both programs on the x axis."""
    found = []
    for state, style in ((other, "-"), (mine, "ko")):
        on_axis = np.all(np.abs(state.nodes[:, 1:]) < 1e-9, axis=1)
        order = np.argsort(state.nodes[on_axis, 0])
        x, u = state.nodes[on_axis, 0][order], 1e3 * state.displacement[on_axis, 0][order]
        if state is mine:
            few = np.unique(np.searchsorted(x, np.linspace(0.0, 1.0, 13)).clip(0, len(x) - 1))
            x, u = x[few], u[few]
        label = dimension.replace("_", " ") if state is other else ""
        found.append(Line(label, x.tolist(), u.tolist(), style))
    return found


def headline(bench: Workbench) -> float:
    """Mean stress of the soft core under a straight but free length."""
    core, shell = PAIRS["soft core"]
    size = 0.1 * cases.RADIUS
    case = cases.case(
        "soft-core",
        cases.core_shell("generalised_plane_strain", (1.0 - INTERFACE) * cases.RADIUS, (size, size)),
        {
            "layered": cases.phase(core),
            "rock_salt": cases.phase(shell, misfit={"kind": "isotropic", "strain": STRAIN}),
        },
        start={"voltage": "3.9 V"},
        steps=[],
        mechanics={"coherency": COHERENCY, "stack_pressure": f"{PRESSURE!r} Pa"},
    )
    return bench.run(case).mean_stress("layered")


def _words(solid: Solid) -> str:
    return f"{solid.young / 1e9:g} GPa and {solid.poisson:g}"


def _list(*values: float) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _giga(*constants: float) -> str:
    return _list(*(value / 1e9 for value in constants))


PAGE = Page(
    title="Elastic bodies beside NGSolve's",
    claim="Given the same points and cells, NGSolve finds the displacement that lithostat finds, to "
    "round-off, in every dimension of two or three coordinates, for moduli "
    f"{STIFF.young / SOFT.young:g} times apart and for tilted crystals.",
    equation=r"""
$$\int w \, \varepsilon(v) : C : (\varepsilon(u) - \varepsilon^*) \, dV = -\int w \, p \, n \cdot v \, dA
\qquad \text{for all quadratic } v$$

with the weight $w = 2 \pi r$ of a body of revolution, else 1. In generalised plane strain the axial strain
is one more unknown, and $-p$ times the area its load.
""",
    source="J. Schöberl, C++11 implementation of finite elements in NGSolve, ASC report 30/2014, TU "
    "Wien; strains and load are written out in NGSolve's language",
    setup=f"""
The mesh is handed over point by point, with its cells, regions and boundary names; NGSolve makes its own P2
elements, integrals and sparse Cholesky factors.

Core and shell meet at {INTERFACE:g} of the radius; the shell misfits by {STRAIN:g} at coherency
{COHERENCY:g}, the pressure is {PRESSURE / 1e6:g} MPa. Young's modulus and Poisson's ratio are {_words(STIFF)}
of the stiff phase, {_words(SOFT)} of the soft one; rows give the worse of soft shell and soft core.

A warped box, fixed across its sides through the origin, holds a layered crystal (C11, C12, C13, C33, C44:
{_giga(*CRYSTAL)} GPa, in space C14 = {_giga(C14)} GPa) and a soft cubic one (C11, C12, C44:
{_giga(*CUBE)} GPa) with misfit {_list(*SKEW_MISFIT)} along the crystal axes; both are tilted as far as each
dimension allows. Crystals are turned by four-index arithmetic for NGSolve.
""",
    compute=compute,
    headline=Headline("mean hydrostatic stress of the soft core [Pa]", "generalised_plane_strain", headline),
)
