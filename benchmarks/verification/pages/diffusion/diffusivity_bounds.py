"""How two phases conduct together: bounds of their effective diffusivity, attained and kept to."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from benchmarks.verification.exact.conduction_bounds import lower, upper
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import conducting
from benchmarks.verification.setups.conducting import CONTRAST, Conductors, conductors
from meshes import (
    LAYERED,
    ROCK_SALT,
    Dispersed,
    Domains,
    Lamellae,
    MeshSize,
    RandomField,
    Spheres,
    TaggedMesh,
)
from meshes.core_shell import build_rings
from solver.fenics import MPI

ATTAINED, BOUNDS = "bounds of the diffusivity, attained", "bounds of the diffusivity, dispersed"
ALONE, LINKED = "effective diffusivity of one phase alone", "percolation of one phase"
RADIUS, REACH = 2.5e-6, 0.7
"""Outer radius [m], core of the coated bodies [R]."""
COATED: dict[Dimension, tuple[float, ...]] = {
    "axisymmetric": (1 / 10, 1 / 20, 1 / 40),
    "generalised_plane_strain": (1 / 10, 1 / 20, 1 / 40),
    "plane_strain": (1 / 10, 1 / 20, 1 / 40),
    "3d": (1 / 8, 1 / 12, 1 / 16),
}
"""Cell sizes of coated bodies [R]."""
ALLOWED = 1.5
"""What their diffusivity may be off, over the square of the cell size."""
CASES = {"fast core": (CONTRAST, 1.0), "fast shell": (1.0, CONTRAST)}
"""Diffusivities of core and shell in units of the slow one."""
CONTRASTS = (CONTRAST, 3.0)
"""Of dispersed bodies: with the second one the bounds are close to each other."""
PATTERNS = {
    "random field": RandomField(1.2e-6),
    "domains": Domains(1.2e-6),
    "plates": Lamellae(1.5e-6, "parallel"),
    "plates by domain": Lamellae(1.5e-6, "by_domain", 2.4e-6),
    "overlapping spheres": Spheres(0.7e-6, overlap=True),
    "domains in a skin": Domains(1.2e-6),
}
SKIN = {"domains in a skin": 0.25e-6}
"""Thickness of the closed rock-salt skin [m], which cuts the layered phase off the surface."""
FRACTIONS = (0.35, 0.5, 0.7)
SIZES: dict[Dimension, float] = {"3d": 300e-9, "generalised_plane_strain": 120e-9, "plane_strain": 120e-9}
"""Cell sizes of dispersed bodies [m]."""
SHORT_SIZES: dict[Dimension, float] = {"3d": 450e-9, "generalised_plane_strain": 200e-9}
SHORT_PATTERNS, SHORT_FRACTIONS = ("random field", "domains in a skin"), (0.5,)
ROUND_OFF, SOLVED = 1e-12, 2e-11
"""Of a direct solve and of sums over facets, and of the mesh report's conjugate gradients."""


class Found(NamedTuple):
    """What one body conducts: share and diffusivity of its fast phase, its own, in units of the slow one."""

    fraction: float
    contrast: float
    diffusivity: float
    body: "Body"


class Body(NamedTuple):
    """A dispersed body."""

    pattern: str
    conductors: Conductors
    mesh: TaggedMesh

    def found(self) -> list[Found]:
        """Every contrast, either phase being fast."""
        both, f = self.conductors, self.conductors.fraction
        return [
            Found(share, contrast, both.diffusivity(*pair), self)
            for contrast in CONTRASTS
            for share, pair in ((f, (1.0, contrast)), (1.0 - f, (contrast, 1.0)))
        ]


def spatial(dimension: Dimension) -> int:
    """Axes that a potential may rise along in the body."""
    return 2 if dimension.endswith("plane_strain") else 3


def coated(dimension: Dimension, size: float) -> TaggedMesh:
    """A core in a shell."""
    sector = {"axisymmetric": "half", "3d": "octant"}.get(dimension, "quarter")
    return build_rings(dimension, RADIUS, [0.0, REACH, 1.0], [LAYERED, ROCK_SALT], (size, size), sector)


def dispersed(dimension: Dimension, pattern: str, fraction: float, size: float) -> TaggedMesh:
    """Rock salt in a pattern."""
    return Dispersed(
        radius=RADIUS,
        rock_salt_fraction=fraction,
        morphology=PATTERNS[pattern],
        skin_thickness=SKIN.get(pattern, 0.0),
        dimension=dimension,
        mesh_size=MeshSize(size, size),
    ).build()


def compute(bench: Workbench) -> Findings:
    """What attains the bounds, then dispersed bodies in space and in the plane."""
    found = Findings()
    for dimension, sizes in COATED.items():
        _attained(found, dimension, bench.pick(sizes, sizes[:1]))
    patterns, fractions = bench.pick((tuple(PATTERNS), FRACTIONS), (SHORT_PATTERNS, SHORT_FRACTIONS))
    for dimension, size in bench.pick(SIZES, SHORT_SIZES).items():
        meshes = [(p, dispersed(dimension, p, f, size)) for p in patterns for f in fractions]
        bodies = [Body(pattern, conductors(mesh), mesh) for pattern, mesh in meshes]
        rows = [row for body in bodies for row in body.found()]
        _judge(found, dimension, rows)
        _reports(found, dimension, bodies)
        if dimension != "plane_strain":
            found.panels += _panels(dimension, bodies, rows)
            found.notes.append(f"{_above(dimension, rows)} {_paths(bodies)}")
    return found


def _attained(found: Findings, dimension: Dimension, sizes: tuple[float, ...]) -> None:
    """A core in a shell conducts as badly, or as well, as any body of its fractions can."""
    part = 1.0 / spatial(dimension)
    fast = 1.0 - REACH ** spatial(dimension)
    wanted = {
        "fast core": ("lower", lower(1.0 - fast, 1.0, CONTRAST, part)),
        "fast shell": ("upper", upper(fast, 1.0, CONTRAST, part)),
    }
    bodies = [conductors(coated(dimension, size)) for size in sizes]
    for which, (bound, value) in wanted.items():
        values = [body.diffusivity(*CASES[which]) for body in bodies]
        if len(sizes) > 1:
            errors = [abs(v / value - 1.0) for v in values]
            found.refine(ATTAINED, dimension, f"{which} [1]", sizes, errors, 2.0, slack=0.3)
        quantity = f"D_eff over the slow D [1], {which}: {bound} bound"
        found.compare(ATTAINED, dimension, quantity, values[-1], value, ALLOWED * sizes[-1] ** 2)


def _judge(found: Findings, dimension: Dimension, rows: list[Found]) -> None:
    """The bodies against their own bounds and that of a large one; the nearest of all is told."""
    large = 1.0 / spatial(dimension)
    bounds: dict[str, Callable[[Found], float]] = {
        "at least, by its own shape": lambda row: lower(
            row.fraction, 1.0, row.contrast, row.body.conductors.part
        ),
        "at most, by its own shape": lambda row: upper(
            row.fraction, 1.0, row.contrast, row.body.conductors.part
        ),
        "at least, as a large body": lambda row: lower(row.fraction, 1.0, row.contrast, large),
    }
    for words, bound in bounds.items():
        sign = 1.0 if "least" in words else -1.0
        margins = [sign * (row.diffusivity / bound(row) - 1.0) for row in rows]
        nearest = rows[int(np.argmin(margins))]
        value, limit = nearest.diffusivity, bound(nearest)
        kept = max(value, limit) if sign > 0 else min(value, limit)
        quantity = f"D_eff over the slow D [1], nearest of {len(rows)}: {words} {limit:.5g}"
        found.compare(BOUNDS, dimension, quantity, value, kept, ROUND_OFF)


def _reports(found: Findings, dimension: Dimension, bodies: list[Body]) -> None:
    """What the mesh reports say of each phase alone."""
    ratios, shares = [], []
    for body in bodies:
        for k, name in enumerate(("layered", "rock_salt")):
            own = body.conductors.diffusivity(float(k == 0), float(k == 1))
            ratios.append((body.mesh.report.diffusivity_ratio[name], own))
            shares.append((body.mesh.report.connected_share[name], body.conductors.linked[k]))
    for law, words, pairs, limit in (
        (ALONE, "D_eff/D [1] of the mesh report beside the solver's own transport", ratios, SOLVED),
        (LINKED, "linked share [1] of the mesh report beside the solver's own facets", shares, ROUND_OFF),
    ):
        told, own = max(pairs, key=lambda pair: (round(abs(pair[0] - pair[1]), 12), -pair[0]))
        quantity = f"{words}, worst of {len(pairs)}"
        found.compare(law, dimension, quantity, told, own, limit, scale=1.0)


def _above(dimension: Dimension, rows: list[Found]) -> str:
    """What a potential on the surface does to the upper bound of a large body, with the numbers."""
    large = 1.0 / spatial(dimension)
    ratios = [row.diffusivity / upper(row.fraction, 1.0, row.contrast, large) for row in rows]
    highest, above = rows[int(np.argmax(ratios))], sum(ratio > 1.0 for ratio in ratios)
    return (
        f"{'In space' if dimension == '3d' else 'In the plane'} {above} of {len(rows)} cases pass the upper "
        f"bound of a large body; the highest, {highest.body.pattern} with {highest.fraction:.0%} of a fast "
        f"phase, is at {max(ratios):.3f} of it. That bound asks for an infinite pattern. A potential given "
        "on the surface opens every path that ends there: of a uniform polarisation the part that is a "
        f"gradient is {highest.body.conductors.part / large:.0%} of that in a large body, and the bounds "
        "that follow from this hold for the very body."
    )


def _paths(bodies: list[Body]) -> str:
    """How the phases alone conduct, where no skin cuts them off."""
    open_ones = [body for body in bodies if body.pattern not in SKIN]
    shares = [share for body in open_ones for share in body.conductors.linked]
    windings = [winding for body in open_ones for winding in body.mesh.report.tortuosity.values()]
    return (
        f"Without a skin, phases have at least {min(shares):.0%} of their volume linked to the surface, and "
        f"tortuosities between {min(windings):.2f} and {max(windings):.2f}."
    )


def _panels(dimension: Dimension, bodies: list[Body], rows: list[Found]) -> list[Panel]:
    """Diffusivities between their bounds, each phase alone, and in the plane what is linked."""
    large, f = 1.0 / spatial(dimension), np.linspace(0.02, 0.98, 60)
    place = "in space" if dimension == "3d" else "in the plane"
    names = list(dict.fromkeys(body.pattern for body in bodies))
    marks = dict(zip(names, ("C0o", "C1s", "C2D", "C3^", "C4v", "C5P"), strict=False))
    panels = []
    for contrast, scale in zip(CONTRASTS, ("log", "linear"), strict=True):
        lines = [
            Line(words, f.tolist(), [bound(x, 1.0, contrast, large) for x in f], "k-")
            for words, bound in (("bounds of a large body", lower), ("", upper))
        ]
        for name in names:
            mine = [row for row in rows if row.body.pattern == name and row.contrast == contrast]
            lines.append(Line("", [r.fraction for r in mine], [r.diffusivity for r in mine], marks[name]))
        title, across = f"{place}, D {contrast:g} times apart", "fraction of the fast phase [1]"
        panels.append(Panel(title, across, "D_eff over the slow D [1]", tuple(lines), ("linear", scale)))
    alone = [Line("bound of a large body", f.tolist(), [upper(x, 0.0, 1.0, large) for x in f], "k-")]
    linked = []
    for name in names:
        each = []
        for body in (body for body in bodies if body.pattern == name):
            share = body.conductors.fraction
            for k, (own, key) in enumerate(((1.0 - share, "layered"), (share, "rock_salt"))):
                each.append((own, body.mesh.report.diffusivity_ratio[key], body.conductors.linked[k]))
        x, ratios, shares = zip(*each, strict=True)
        alone.append(Line(name, x, ratios, marks[name]))
        linked.append(Line(name, x, shares, marks[name]))
    panels.append(Panel(f"{place}, one phase alone", "its fraction [1]", "D_eff/D [1]", tuple(alone)))
    if dimension != "3d":
        up = "share linked to the surface [1]"
        panels.append(Panel(f"{place}, percolation", "its fraction [1]", up, tuple(linked)))
    return panels


def headline(bench: Workbench) -> float:
    """What a rising potential dissipates in a dispersed section."""
    mesh = dispersed("plane_strain", "random field", 0.5, SHORT_SIZES["generalised_plane_strain"])
    return conducting.dissipation(conducting.particle(mesh, (1.0, CONTRAST), MPI.COMM_WORLD))


PAGE = Page(
    title="Two phases between the bounds of their diffusivity",
    claim="A core in a shell attains a bound of Hashin and Shtrikman; dispersed bodies keep to the lower "
    "one and to both bounds of their own shape; and what the mesh report says of a phase alone, its "
    "effective diffusivity and what of it is linked to the surface, is what the solver's transport has.",
    equation=r"""
With shares $f$ and $1-f$ of a fast and a slow phase in $d$ dimensions,

$$D_s + \frac{f}{\frac{1}{D_f - D_s} + s \frac{1-f}{D_s}} \;\le\; D_{\mathrm{eff}} \;\le\;
D_f - \frac{1-f}{\frac{1}{D_f - D_s} - s \frac{f}{D_f}},$$

$s = 1/d$ in a large body. A given body with the potential $x_i$ on its surface has bounds of its own, mean
over the axes, with

$$s = \frac{1}{d\,f (1-f) V} \sum_i \int |\nabla \varphi_i|^2 dV, \qquad
\Delta \varphi_i = \frac{\partial \chi}{\partial x_i}, \quad \varphi_i = 0 \text{ on the surface},$$

and $\chi$ 1 in one phase, 0 in the other: $s \le 1/d$. They hold for finite elements as well, to round-off. A
phase alone conducts $D_{\mathrm{eff}}/D \le 2 f/(3 - f)$, in the plane $f/(2 - f)$; over $f$ this is one over
its tortuosity.
""",
    source="Z. Hashin and S. Shtrikman, J. Appl. Phys. 33 (1962) 3125; C. Huet, J. Mech. Phys. Solids 38 "
    "(1990) 813, for given surface potentials",
    setup=f"""
The matrices are tangents of the solver's lithium balance at a uniform potential, for phases that hold lithium
alike and differ in D by {CONTRAST:g}; the potential is given on the outer surface. Attained: a core of
{REACH:g} R in its shell; with cells of h R errors may be {ALLOWED:g} h². Dispersed: radius
{RADIUS * 1e6:g} µm; {", ".join(PATTERNS)}; rock-salt fractions {", ".join(f"{f:g}" for f in FRACTIONS)};
cells of {SIZES["3d"] * 1e9:g} nm in space and {SIZES["plane_strain"] * 1e9:g} nm in the plane. Either phase
is the fast one, by {" or ".join(f"{c:g}" for c in CONTRASTS)}. Bounds are kept to {ROUND_OFF:g}.
""",
    compute=compute,
    headline=Headline("dissipation of a rising potential, reduced [1]", "plane_strain", headline),
)
