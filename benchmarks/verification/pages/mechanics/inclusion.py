"""One inclusion in a large matrix that swells or changes its shape: Eshelby's sphere and cylinder."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.page import Dimension, Findings, Headline, Line, Page, Panel, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.core_in_shell import Pair, in_words, power
from benchmarks.verification.setups.one_inclusion import (
    COHERENCY,
    SHEARED,
    STRAIN,
    SWOLLEN,
    Sheared,
    Swollen,
    shearing,
)
from benchmarks.verification.setups.rings import rings
from benchmarks.verification.setups.running import relative
from benchmarks.verification.setups.stress_fields import Stresses
from meshes import LAYERED, ROCK_SALT

PAIRS = {
    "equal moduli": (exact.Solid(173e9, 0.28), exact.Solid(173e9, 0.28)),
    "stiff inclusion": (exact.Solid(203e9, 0.31), exact.Solid(0.203e9, 0.24)),
    "soft inclusion": (exact.Solid(0.097e9, 0.31), exact.Solid(97e9, 0.24)),
}
"""Inclusion and matrix."""
REACHES: dict[Dimension, list[float]] = {
    "spherical": [0.2, 0.1, 0.05],
    "axisymmetric": [0.3, 0.2, 0.1],
    "generalised_plane_strain": [0.3, 0.2, 0.1],
    "plane_strain": [0.3, 0.2, 0.1],
    "3d": [0.4, 0.3, 0.2],
}
"""Radii of the inclusion in outer radii; all pairs take the second one."""
LIMITS: dict[Dimension, tuple[float, float]] = {
    "spherical": (1e-6, 1e-3),
    "axisymmetric": (6e-4, 1e-2),
    "generalised_plane_strain": (6e-4, 1e-2),
    "plane_strain": (6e-4, 1e-2),
    "3d": (2e-2, 8e-2),
}
"""Largest deviations from the finite body's exact stress: mean of the inclusion, and everywhere."""
ENDLESS: Mapping[str, Mapping[Dimension, float]] = {
    SWOLLEN: {
        "spherical": 1e-5,
        "axisymmetric": 1e-4,
        "generalised_plane_strain": 1e-4,
        "plane_strain": 1e-4,
        "3d": 4e-3,
    },
    SHEARED: {
        "axisymmetric": 4e-4,
        "generalised_plane_strain": 6e-3,
        "plane_strain": 6e-3,
        "3d": 4e-3,
    },
}
"""Largest deviations of what is extrapolated to an endless matrix."""
SHORT: Mapping[str, tuple[Dimension, ...]] = {
    SWOLLEN: ("spherical", "plane_strain"),
    SHEARED: ("axisymmetric", "generalised_plane_strain", "3d"),
}
"""Dimensions of the short form, which follows the approach in the first of them."""
NEAR = 0.9
"""Cells are shown where the cosine of the angle to the axis is above this."""


def _off(found: Any, wanted: Any, volume: Any) -> float:
    """Root mean square of a deviation over the body, relative to what it should be."""
    return float(np.sqrt(((found - wanted) ** 2 * volume).sum() / (wanted**2 * volume).sum()))


def compute(bench: Workbench) -> Findings:
    """All pairs beside the exact stress of the finite body, then the approach to an endless matrix."""
    found = Findings()
    for kind in (Swollen(), Sheared()):
        shown: dict[Dimension, Stresses] = {}
        for dimension in kind.dimensions:
            if not bench.short or dimension in SHORT[kind.law]:
                shown[dimension] = _pairs(bench, found, kind, dimension)
                if not bench.short or dimension == SHORT[kind.law][0]:
                    _approach(bench, found, kind, dimension)
        spheres = {
            dimension: fields for dimension, fields in shown.items() if dimension in ("axisymmetric", "3d")
        }
        found.panels.append(_panel(kind, spheres, PAIRS[bench.pick("equal moduli", "stiff inclusion")]))
    return found


def _pairs(bench: Workbench, found: Findings, kind: Swollen | Sheared, dimension: Dimension) -> Stresses:
    """Compare all pairs at one size of the inclusion; the first one in numbers, and its fields returned."""
    reach, limits = REACHES[dimension][1], LIMITS[dimension]
    errors, first = [], []
    for pair in bench.pick(list(PAIRS), ["stiff inclusion"]):
        fields = kind.stresses(bench, dimension, reach, PAIRS[pair])
        value, wanted = kind.measured(fields), kind.finite(dimension, PAIRS[pair], reach)
        everywhere = _off(fields.radial, kind.radial(fields, PAIRS[pair], reach), fields.volume)
        errors.append((relative(value, wanted), everywhere))
        if not first:
            what = f"{kind.what} [Pa], a/R = {reach:g}, {pair}"
            found.compare(kind.law, dimension, what, value, wanted, limits[0])
        first.append(fields)
    for what, off, limit in zip(
        (kind.what, "radial stress everywhere"), np.max(errors, axis=0), limits, strict=True
    ):
        words = f"{what} [1], worst of {len(errors)} pairs"
        found.compare(kind.law, dimension, words, float(off), 0.0, limit, scale=1.0)
    return first[0]


def _approach(bench: Workbench, found: Findings, kind: Swollen | Sheared, dimension: Dimension) -> None:
    """Compare with an endless matrix: the order of what is missing, and the value that it leads to."""
    solids, reaches, order = PAIRS["equal moduli"], REACHES[dimension], power(dimension)
    reaches = bench.pick(reaches, reaches[1:])
    endless = kind.endless(dimension, solids)
    values = [kind.measured(kind.stresses(bench, dimension, reach, solids)) for reach in reaches]
    errors = [relative(value, endless) for value in values]
    axis = f"a/R, {kind.law}"
    found.refine(kind.law, dimension, "endless matrix [1]", reaches, errors, order, parameter=axis)
    large, small = (reach**order for reach in reaches[-2:])
    value = values[-1] + (values[-1] - values[-2]) * small / (large - small)
    what, limit = (
        f"{kind.what} [Pa], endless matrix (extrapolated)",
        ENDLESS[kind.law][dimension],
    )
    found.compare(kind.law, dimension, what, value, endless, limit)


def _panel(kind: Swollen | Sheared, fields: Mapping[Dimension, Stresses], solids: Pair) -> Panel:
    """Radial stress of some cells near the axis c on the exact lines, turned onto the axis."""
    lines = []
    for (dimension, cells), style, mark in zip(fields.items(), ("k-", "k--"), "ox", strict=False):
        reach = REACHES[dimension][1]
        r = np.concatenate([np.linspace(1e-3, reach, 40), np.linspace(reach, 1.0, 80)])
        ones = np.tile([0.0, 0.0, 1.0], (120, 1))
        along = replace(cells, direction=ones, radius=r * cases.RADIUS, rock_salt=np.arange(120) < 40)
        exact_line = kind.radial(along, solids, reach) / 1e9
        words = f"a/R = {reach:g}"
        lines.append(Line(f"exact, {words}", (r / reach).tolist(), exact_line.tolist(), style))
        near = np.flatnonzero(cells.direction[:, 2] > NEAR)
        order = near[np.argsort(cells.radius[near])]
        some = order[np.unique(np.linspace(0, len(order) - 1, 40).astype(int))]
        x, y = cells.radius[some] / cases.RADIUS / reach, (cells.radial / kind.direction(cells))[some] / 1e9
        lines.append(Line(f"{dimension}, {words}", x.tolist(), y.tolist(), mark))
    return Panel(f"{kind.law}: near the axis c", "radius / a", "radial stress [GPa]", tuple(lines))


def headline(bench: Workbench) -> float:
    """Stress at the centre of an axisymmetric inclusion that swells and changes its shape."""
    phases = shearing(PAIRS["equal moduli"], "plane_strain")
    shells = ([0.0, 0.3, 1.0], [ROCK_SALT, LAYERED])
    geometry = rings("axisymmetric", *shells, (0.2, 0.06), bench.folder, (0, 0, 1))
    case = cases.case("inclusion", geometry, phases, {"voltage": "3.9 V"}, [])
    return bench.run(case).mean_stress("rock_salt")


PAGE = Page(
    title="One inclusion in a large matrix",
    claim="An inclusion that swells, or that changes its shape because its lattice is another one, carries "
    "what Eshelby says as the body around it grows, and in a finite body what the exact solution there says.",
    equation=r"""
Endless matrix, eigenstrain $\varepsilon$ of the inclusion (index $i$, matrix $m$), stress uniform in it:

$$\sigma_h = -\frac{12 K_i G_m\,\varepsilon}{3K_i + 4G_m} \quad\text{(swells)}, \qquad
\sigma' = -\frac{2\,G_i G_m (1-\beta)}{G_m + (G_i - G_m)\,\beta}\,\varepsilon'
\quad\text{(traceless)}$$

with $\beta = \frac{2(4-5\nu)}{15(1-\nu)}$, hence $\sigma' = -2G(1-\beta)\,\varepsilon'$ for equal moduli.
Long cylinder: $\sigma_r = -\frac{3 K_i G_m}{\lambda_i + G_i + G_m}\,\varepsilon$, and
$\beta = \frac{3-4\nu}{4(1-\nu)}$ for what is traceless in the section.

Finite body: Lame's sphere and cylinder, and for $\varepsilon'$ the displacements $\nabla q$ and
$r^2 \nabla q + \alpha\,q\,x$ with $q = x \cdot \varepsilon' x$, and with its image $q/r^{d+2}$ in $d$ axes,
where $\alpha$ is such that they solve Navier's equations.
""",
    source="J. D. Eshelby, Proc. R. Soc. A 241 (1957) 376; T. Mura, Micromechanics of Defects in Solids "
    "(1987), section 11; A. E. H. Love, Mathematical Theory of Elasticity (1927), chapter XI",
    setup=f"""
A free body with an inclusion of rock salt in its centre. It swells by {STRAIN:g}, or its lattice is longer by
{STRAIN:g} along a and b and shorter along c, so that no volume (in the plane no area) changes; coherency
{COHERENCY:g}. c lies along z, in the plane along y. Young's moduli and Poisson's ratios of inclusion and
matrix: {in_words(PAIRS)}. The spherical dimension cannot hold a change of
shape. Everywhere: in the middle of all cells, root
mean square. A finite body misses the endless one by a share that falls with $(a/R)^3$, for cylinders with
$(a/R)^2$; extrapolated with that power.
""",
    compute=compute,
    headline=Headline("mean hydrostatic stress of the inclusion [Pa]", "axisymmetric", headline),
)
