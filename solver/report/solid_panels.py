"""Particles in space in a pair of axes: the drawn scene, its axes, a scale bar, what its colours mean."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize

from solver.report.fields import LAYERED, REGION_WORDS, ROCK_SALT
from solver.report.panels import colour_legend, place, scale_bar
from solver.report.scales import Shown
from solver.report.scene import NO_VALUE, PHASE_COLOURS, Extent, Raster
from solver.report.sheet import FAINT
from solver.report.solid import Solid
from solver.report.solid_scene import (
    GLASS,
    GRAIN_PAINT,
    GRAINS,
    PHASES,
    ROCK_SALT_COLOUR,
    Paint,
    draw_cut_open,
    draw_rock_salt,
    project,
)

WORDS = list(REGION_WORDS.values())


def cut_open_panel(
    axes: Axes,
    solid: Solid,
    name: str,
    shown: Shown,
    limits: tuple[float, float],
    frame: Extent | None = None,
) -> ScalarMappable:
    """Draw the particle cut open, coloured by a scalar field between limits [SI]; as `scalar_panel`."""
    raster = draw_cut_open(solid, Paint(name, limits, shown.colours), frame=frame)
    _place(axes, raster)
    if np.isnan(solid.skin.point_data[name]).any() or np.isnan(solid.cuts[2].picture.point_data[name]).any():
        colour_legend(axes, [(NO_VALUE, "inert")])
    return ScalarMappable(Normalize(limits[0] * shown.factor, limits[1] * shown.factor), shown.colours)


def cut_open_phases(axes: Axes, solid: Solid, edges: bool = False, frame: Extent | None = None) -> None:
    """Draw the particle cut open, coloured by phase, with or without the edges of the mesh."""
    _place(axes, draw_cut_open(solid, PHASES, 1000 if edges else 700, edges, frame))
    present = np.union1d(solid.skin.region, solid.cuts[2].picture.region)
    colour_legend(axes, [(PHASE_COLOURS[n - 1], WORDS[n - 1]) for n in (LAYERED, ROCK_SALT) if n in present])


def cut_open_grains(axes: Axes, solid: Solid, edges: bool = False) -> None:
    """Draw the particle cut open, each grain in a colour that none of its neighbours has; as above."""
    _place(axes, draw_cut_open(solid, GRAIN_PAINT, 1000 if edges else 700, edges))
    entries = [(GRAINS[1], "grains of the layered phase")]
    colour_legend(axes, [*entries, (GRAINS[0], WORDS[1])] if solid.has_rock_salt else entries)


def rock_salt_panel(axes: Axes, solid: Solid) -> None:
    """Draw the rock salt alone, with the layered phase's surface as glass."""
    _place(axes, draw_rock_salt(solid))
    entries = [(ROCK_SALT_COLOUR, WORDS[1])]
    if (solid.skin.region == LAYERED).any():
        entries.append((GLASS, "surface of the layered phase"))
    colour_legend(axes, entries)


def _place(axes: Axes, raster: Raster) -> None:
    place(axes, raster)
    scale_bar(axes, raster)
    _triad(axes, raster)
    axes.autoscale(False)


def _triad(axes: Axes, raster: Raster) -> None:
    """The directions of x, y and z, as the projection shows them, in the lower right corner."""
    left, right, bottom, _ = raster.extent
    length = 0.075 * (right - left)
    start = np.array([right - 1.25 * length, bottom + 0.9 * length])
    for axis, name in zip(np.eye(3), "xyz", strict=True):
        tip, word = start + length * project(axis), start + 1.35 * length * project(axis)
        arrow = {"arrowstyle": "-|>", "color": FAINT, "lw": 1.0, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", (tip[0], tip[1]), (start[0], start[1]), arrowprops=arrow)
        axes.text(word[0], word[1], name, color=FAINT, fontsize=8, ha="center", va="center")
