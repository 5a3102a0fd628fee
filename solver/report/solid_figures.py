"""Figures that only a particle in space has: what it is made of, and a series of parallel slices."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from solver.report.moment_figure import Limits
from solver.report.moments import Moment, subtitle
from solver.report.outlines import Particle
from solver.report.panels import colour_bar, scalar_panel
from solver.report.sheet import sheet
from solver.report.slices import whole_slice
from solver.report.solid import Solid
from solver.report.solid_panels import cut_open_grains, cut_open_phases, rock_salt_panel
from solver.report.symmetry import mirror_axes

SERIES = ("hydrostatic_stress", "max_principal_stress", "occupancy")
HEIGHTS = {True: (0.0, 0.2, 0.4, 0.6, 0.8), False: (-0.7, -0.35, 0.0, 0.35, 0.7)}
"""Heights of slices in outer radii, by whether the plane z = 0 is a mirror: below it all is the same then."""


def particle_figure(moment: Moment, out: Path) -> Path:
    """Draw what a particle is made of, phases, grains and the rock salt alone, into a PNG file.

    Args:
        moment: a snapshot of a 3D run; phases and grains are the same in all of them.
        out: file to write.

    Returns:
        The file.
    """
    solid = moment.solid
    panels: list[tuple[str, Callable[[Axes, Solid], None]]] = []
    if solid.has_rock_salt or solid.grains == 1:
        panels.append(("phases, an eighth cut away", cut_open_phases))
    if solid.grains > 1:
        panels.append(("grains, an eighth cut away", cut_open_grains))
    if solid.has_rock_salt:
        panels.append(("the rock salt alone", rock_salt_panel))
    width, title = 0.6 + 5.0 * len(panels), "What the particle is made of"
    with sheet(out, width, 5.9, title, subtitle(moment.run)) as figure:
        row = figure.subplots(1, len(panels), squeeze=False)[0]
        for axes, (title, draw) in zip(row, panels, strict=True):
            draw(axes, solid)
            axes.set_title(title)
    return out


def slices_figure(moment: Moment, limits: Limits, out: Path) -> Path:
    """Draw five parallel slices through a particle, with stresses and occupancy, into a PNG file.

    Args:
        moment: a snapshot of a 3D run.
        limits: colour limits, usually over all moments of a report.
        out: file to write.

    Returns:
        The file.
    """
    names = [name for name in SERIES if moment.has(name)]
    mirror = 2 in mirror_axes(moment.fields)
    radius = float(np.abs(moment.fields.points).max())
    heights = [share * radius for share in HEIGHTS[mirror]]
    slices = [Particle.of(whole_slice(moment.fields, 2, height)) for height in heights]
    reach = 1.08 * radius
    frame = (-reach, reach, -reach, reach)
    below = subtitle(moment.run) + ("  ·  mirrored in z = 0" if mirror else "")
    with sheet(out, 15.0, 1.15 + 2.85 * len(names), f"Slices   {moment.title}", below) as figure:
        grid = figure.subplots(len(names), len(slices), squeeze=False)
        for axes, height in zip(grid[0], heights, strict=True):
            words = f"{1e6 * height:.2f} µm" if radius > 0.5e-6 else f"{1e9 * height:.0f} nm"
            axes.set_title(f"z = {words}".replace("-", "\N{MINUS SIGN}"))
        for row, name in zip(grid, names, strict=True):
            shown = limits.shown(name)
            for axes, particle in zip(row, slices, strict=True):
                mapped = scalar_panel(axes, particle, name, shown, limits.of(name), frame, pixels=440)
            colour_bar(figure, mapped, list(row), shown)
    return out
