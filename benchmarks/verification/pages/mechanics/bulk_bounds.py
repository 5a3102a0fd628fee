"""Two phases under pressure beside the bounds of their bulk modulus, and beside what attains these."""

from typing import NamedTuple

import numpy as np

from benchmarks.bulk_bounds import bulk_between, hashin_shtrikman, span
from benchmarks.verification.exact import fibres
from benchmarks.verification.exact.closed_forms import Solid
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases, dispersed
from benchmarks.verification.setups.dispersed import PRESSURE, SOFT, STIFF, STRAIN

BOUNDS, HILL = "bounds of the bulk modulus, dispersed", "one modulus at held and at free length (Hill)"
ATTAINED = "bounds of the bulk modulus, attained"
CONTRAST = 1000.0
"""Young's modulus of the one phase over that of the other in core and shell."""
CORE = Solid(197e9, 0.27)
PAIRS = {
    "soft shell": (CORE, Solid(CORE.young / CONTRAST, 0.33)),
    "stiff shell": (Solid(CORE.young / CONTRAST, 0.33), CORE),
}
SHELL = 0.9e-6
"""Thickness [m] on a radius of `cases.RADIUS`."""
COATED: dict[Dimension, tuple[tuple[float, float], float]] = {
    "spherical": ((50e-9, 20e-9), 3e-8),
    "generalised_plane_strain": ((0.4e-6, 0.2e-6), 5e-5),
    "plane_strain": ((0.4e-6, 0.2e-6), 5e-5),
    "axisymmetric": ((0.4e-6, 0.2e-6), 5e-5),
    "3d": ((0.6e-6, 0.4e-6), 5e-4),
}
"""Cell sizes in bulk and at the interface [m], and what may be off."""
LOADS = {"rock salt": (SOFT, STIFF), "layered phase": (STIFF, SOFT)}
"""Layered phase and rock salt by which of them is stiff."""
BODIES = ("spheres", "random_field", "plates")
SIZES: dict[Dimension, float] = {
    "3d": dispersed.SIZE,
    "plane_strain": 200e-9,
    "generalised_plane_strain": 200e-9,
}
ROUND_OFF = 3e-13
"""The bounds of the mesh itself and Hill's relation hold exactly; that is what equations are solved to."""


class Body(NamedTuple):
    """A dispersed body: its rock-salt fraction, apparent moduli and own bounds by stiff phase [Pa]."""

    pattern: str
    fraction: float
    bulk: dict[str, float]
    own: dict[str, tuple[float, float]]
    kept: float


def bounds(dimension: Dimension, fraction: float, pair: tuple[Solid, Solid]) -> tuple[float, float]:
    """Hashin and Shtrikman's bounds of what `apparent_bulk` measures in a dimension [Pa]."""
    if dimension == "plane_strain":
        return fibres.plane_bounds(fraction, *pair)
    if dimension == "generalised_plane_strain":
        low, high = (
            fibres.bulk_at_free_length(fraction, *pair, held) for held in fibres.plane_bounds(fraction, *pair)
        )
        return low, high
    return hashin_shtrikman(fraction, *pair)


def squeezed(bench: Workbench, dimension: Dimension, pattern: str, stiff: str) -> tuple[float, float]:
    """Rock-salt fraction of the mesh and apparent bulk modulus [Pa]."""
    case = dispersed.dispersed_case(pattern, LOADS[stiff], PRESSURE, False, dimension, SIZES[dimension])
    run = bench.run(case)
    return float(run.summary["mesh"]["rock_salt_fraction"]), dispersed.apparent_bulk(run)


def own_span(bench: Workbench, dimension: Dimension, pattern: str, solid: Solid) -> float:
    """The span of this very body [Pa], from its phase means when equal moduli misfit."""
    case = dispersed.dispersed_case(pattern, (solid, solid), 0.0, True, dimension, SIZES[dimension])
    layered, rock_salt = dispersed.means(bench.run(case))
    if dimension == "3d":
        return span(solid, layered - rock_salt, STRAIN)
    # At held length a misfit e acts in the plane as (1 + nu) e; `span` writes 3 K e for 2 k (1 + nu) e.
    gap = fibres.plane_stress(solid, layered, 0.0) - fibres.plane_stress(solid, rock_salt, STRAIN)
    return span(fibres.section(solid), gap, 2.0 / 3.0 * (1.0 + solid.poisson) * STRAIN)


def measure(bench: Workbench, dimension: Dimension, pattern: str) -> Body:
    """A body at held length or in space: moduli under pressure, own bounds from misfit."""
    found = {stiff: squeezed(bench, dimension, pattern, stiff) for stiff in LOADS}
    fraction = found["rock salt"][0]
    reach = [own_span(bench, dimension, pattern, solid) for solid in (SOFT, STIFF)]
    own = {}
    for stiff, pair in LOADS.items():
        solids = pair if dimension == "3d" else tuple(fibres.section(solid) for solid in pair)
        low, high = (bulk_between(fraction, *solids, y) for y in reach)
        own[stiff] = (low, high)
    large = 4.0 / 3.0 * SOFT.shear if dimension == "3d" else SOFT.shear
    return Body(pattern, fraction, {stiff: bulk for stiff, (_, bulk) in found.items()}, own, reach[0] / large)


def compute(bench: Workbench) -> Findings:
    """What attains a bound, then dispersed bodies in space and at held length, then these at free length."""
    found = Findings()
    for dimension in bench.pick(tuple(COATED), tuple(COATED)[:1]):
        _judge_coated(found, bench, dimension)
    in_space = [measure(bench, "3d", pattern) for pattern in bench.pick(BODIES, BODIES[:1])]
    held = [measure(bench, "plane_strain", pattern) for pattern in bench.pick(BODIES, BODIES[1:2])]
    for dimension, bodies in (("3d", in_space), ("plane_strain", held)):
        for body in bodies:
            _judge(found, dimension, body)
    free = [_judge_free(found, bench, body) for body in held]
    for dimension, bodies in (("3d", in_space), ("plane_strain", held), ("generalised_plane_strain", free)):
        found.panels.append(_panel(dimension, bodies))
    found.notes.append(_lowest(in_space, "3d") + " " + _lowest(held, "plane_strain"))
    return found


def _judge_coated(found: Findings, bench: Workbench, dimension: Dimension) -> None:
    """One core in one shell: the extreme of either kind."""
    sizes, limit = COATED[dimension]
    for k, (words, (core, shell)) in enumerate(PAIRS.items()):
        case = cases.case(
            "coated",
            cases.core_shell(dimension, SHELL, sizes),
            {
                "layered": cases.phase(core),
                "rock_salt": cases.phase(shell, misfit={"kind": "isotropic", "strain": 0.0}),
            },
            {"voltage": "3.9 V"},
            [],
            mechanics={"stack_pressure": f"{PRESSURE!r} Pa"},
            output={"fields": []},
        )
        run = bench.run(case)
        power = 2 if dimension in {"plane_strain", "generalised_plane_strain"} else 3
        fraction = 1.0 - (1.0 - SHELL / cases.RADIUS) ** power
        wanted = bounds(dimension, fraction, (core, shell))[k]
        quantity = f"bulk modulus [Pa], {words}: {('lower', 'upper')[k]} bound"
        found.compare(ATTAINED, dimension, quantity, dispersed.apparent_bulk(run), wanted, limit)


def _judge(found: Findings, dimension: Dimension, body: Body) -> None:
    """Below the upper bound of a large body, and between the two of this very one."""
    for stiff, value in body.bulk.items():
        upper = bounds(dimension, body.fraction, LOADS[stiff])[1]
        low, high = body.own[stiff][0], min(body.own[stiff][1], upper)
        quantity = f"modulus [Pa], {_name(body, stiff)}: {low / 1e9:.4g} to {high / 1e9:.4g} GPa"
        found.compare(BOUNDS, dimension, quantity, value, min(max(value, low), high), ROUND_OFF)


def _name(body: Body, stiff: str) -> str:
    return f"{body.pattern.replace('_', ' ')}, f = {body.fraction:.3f}, stiff {stiff}"


def _judge_free(found: Findings, bench: Workbench, held: Body) -> Body:
    """The same section with a free length and pressure on its ends."""
    dimension: Dimension = "generalised_plane_strain"
    bulk, own = {}, {}
    for stiff, pair in LOADS.items():
        fraction, bulk[stiff] = squeezed(bench, dimension, held.pattern, stiff)
        wanted, low, high = (
            fibres.bulk_at_free_length(fraction, *pair, k) for k in (held.bulk[stiff], *held.own[stiff])
        )
        quantity = f"bulk modulus [Pa], {_name(held, stiff)}, from plane strain"
        found.compare(HILL, dimension, quantity, bulk[stiff], wanted, ROUND_OFF)
        own[stiff] = (low, high)
    free = held._replace(bulk=bulk, own=own)
    _judge(found, dimension, free)
    return free


def _lowest(bodies: list[Body], dimension: Dimension) -> str:
    """What the free surface does to the lower bound, with the numbers of the body that it does most to."""
    ratio, body, stiff = min(
        (body.bulk[stiff] / bounds(dimension, body.fraction, pair)[0] - 1.0, body, stiff)
        for body in bodies
        for stiff, pair in LOADS.items()
    )
    low = body.own[stiff][0]
    return (
        f"{dimension.replace('_', ' ').capitalize()}: next to the lower bound of a large body comes "
        f"{body.pattern.replace('_', ' ')} with a stiff {stiff}, {abs(ratio):.1%} "
        f"{'below' if ratio < 0 else 'above'} it. That bound asks for a body without a free surface. At one "
        f"an eigenstress relaxes: the trial fields of the principle hold {body.kept:.0%} of the span that a "
        f"large body has, and the bound that they give for this very mesh is {low / 1e9:.4g} GPa, "
        f"{body.bulk[stiff] / low - 1.0:.1%} below the modulus found."
    )


def _panel(dimension: Dimension, bodies: list[Body]) -> Panel:
    fine = np.linspace(0.0, 1.0, 41)
    lines = []
    for (stiff, pair), colour in zip(LOADS.items(), "rb", strict=True):
        for k in (0, 1):
            curve = [bounds(dimension, f, pair)[k] / 1e9 for f in fine]
            lines.append(Line(f"bounds, stiff {stiff}" if k == 0 else "", list(fine), curve, f"{colour}-"))
        at = [body.fraction for body in bodies]
        lines.append(Line("found", at, [body.bulk[stiff] / 1e9 for body in bodies], f"{colour}o"))
    names = {"3d": "K, 3d", "plane_strain": "k, plane strain"}
    words = names.get(dimension, "K, generalised plane strain")
    return Panel(words, "rock-salt fraction [1]", "modulus [GPa]", tuple(lines))


def headline(bench: Workbench) -> float:
    """Apparent modulus of a dispersed section at held length."""
    return squeezed(bench, "plane_strain", BODIES[1], "rock salt")[1]


def _words(solid: Solid) -> str:
    return f"{solid.young / 1e9:g} GPa, {solid.poisson:g}"


PAGE = Page(
    title="Two phases between the bounds of their bulk modulus",
    claim="""
Dispersed bodies under pressure stay below Hashin and Shtrikman's upper bound and between the bounds of
their own shape; a core in a shell attains a bound; and a cylinder's modulus at free length follows from that
at held length.
""",
    equation=r"""
With $f_i$ the fractions, the bulk modulus of a large body lies between the values of

$$\frac{1}{K + y} = \sum_i \frac{f_i}{K_i + y}, \qquad y = \tfrac43 G_{\min},\; \tfrac43 G_{\max}$$

and at held length the modulus in the plane between those with $k_i = \lambda_i + G_i$ for $K_i$ and $y = G$.
In a body with a free surface $y$ is measured instead: with equal moduli and a misfit $e$ the phase means
differ by $3 K e\,y/(K + y)$, or in the plane by $2 k (1 + \nu) e\,y/(k + y)$, and the two bounds hold for
that very mesh. At free length a uniform strain with
$(k_1 - k_2)\,\varepsilon_A + (\lambda_1 - \lambda_2)\,\varepsilon_{zz} = 0$ turns $k$ into $K$.
""",
    source="""Z. Hashin and S. Shtrikman, J. Mech. Phys. Solids 11 (1963) 127; R. Hill, the same 12 (1964)
199; Z. Hashin, the same 13 (1965) 119""",
    setup=f"""
p = {PRESSURE / 1e6:g} MPa; moduli are $p^2 V/(2 E)$ with the elastic energy $E$. Dispersed: radius
{dispersed.RADIUS * 1e6:g} um, cells of {SIZES["3d"] * 1e9:g} nm in space and
{SIZES["plane_strain"] * 1e9:g} nm in the plane; {_words(SOFT)} and {_words(STIFF)}, either of them the rock
salt; a misfit of {STRAIN:g} gives the own bounds. Core and shell: {cases.RADIUS * 1e6:g} um with a shell of
{SHELL * 1e6:g} um; {_words(CORE)} and a modulus {CONTRAST:g} times smaller.
""",
    compute=compute,
    headline=Headline("modulus of a dispersed section at held length [Pa]", "plane_strain", headline),
)
