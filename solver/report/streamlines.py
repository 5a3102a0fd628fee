"""Lithium's paths in a slice: lines that follow the flux out of the rock salt."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm

from solver.report import scene
from solver.report.fields import ROCK_SALT, Array, Fields, Ints, Mask
from solver.report.outlines import Particle
from solver.report.panels import dark_part, draw_lines, phase_legend, place, scale_bar
from solver.report.scales import SHOWN
from solver.report.sheet import INK

GRID = 301
"""Places across the slice at which the flux is looked up."""
DENSITY = 1.25
"""Lines keep a thirtieth of the picture's width over this number apart."""


def stream_panel(
    axes: Axes, particle: Particle, limits: tuple[float, float], frame: scene.Extent | None = None
) -> ScalarMappable:
    """Draw lithium's paths over the phases, between limits [mol/m^2/s] on a logarithmic colour scale.

    Lines follow the part of the flux that lies in the slice, through places in the rock salt; where no rock
    salt carries lithium, through places everywhere. Colour is the length of the whole flux. Where the flux is
    below the scale lines end. In a plane of symmetry the flux has no other part, so the lines are true paths.

    Args:
        axes: where to draw.
        particle: a slice, with the flux at its corners.
        limits: of the colours.
        frame: edges of the picture [m]; its own unless given.
    """
    shown = SHOWN["lithium_flux"]
    raster = scene.draw_phases(particle.picture, frame=frame)
    place(axes, raster)
    draw_lines(axes, particle.lines)
    norm, colours = LogNorm(limits[0] * shown.factor, limits[1] * shown.factor), dark_part(shown.colours)
    x, y, flux, region = _sampled(particle.picture, raster.extent)
    size = np.linalg.norm(flux, axis=-1)
    flowing = np.isfinite(size) & (size >= limits[0] * 0.999)
    seeds = _seeds(x, y, flowing, region)
    if len(seeds):
        direction = np.where(flowing[..., None], flux[..., :2], np.nan)
        direction = direction / np.maximum(np.linalg.norm(direction, axis=-1, keepdims=True), 1e-300)
        axes.streamplot(
            x, y, direction[..., 0], direction[..., 1], color=np.ma.masked_invalid(size * shown.factor),
            cmap=colours, norm=norm, start_points=seeds, density=DENSITY, linewidth=1.25, arrowsize=0.95,
            minlength=0.03, maxlength=4.0, zorder=3,
        )  # fmt: skip
        axes.set_xlim(raster.extent[:2])
        axes.set_ylim(raster.extent[2:])
    else:
        axes.text(0.5, 0.5, "no flux", transform=axes.transAxes, ha="center", va="center", color=INK)
    scale_bar(axes, raster)
    phase_legend(axes, particle)
    return ScalarMappable(norm, colours)


def _sampled(picture: Fields, extent: scene.Extent) -> tuple[Array, Array, Array, Ints]:
    """Places and, at their grid, flux (rows, columns, 3) and region, 0 outside of the particle."""
    x, y = np.linspace(*extent[:2], GRID), np.linspace(*extent[2:], GRID)
    across, up = (grid.ravel() for grid in np.meshgrid(x, y))
    flux = scene.sample_points(picture, "lithium_flux", across, up).reshape(GRID, GRID, 3)
    region = np.nan_to_num(scene.sample_cells(picture, "region", across, up)).reshape(GRID, GRID)
    return x, y, flux, region.astype(np.int64)


def _seeds(x: Array, y: Array, flowing: Mask, region: Ints) -> Array:
    """Places for lines to run through, shape (k, 2), from the middle outwards: in rock salt if it can be."""
    within = flowing & (region == ROCK_SALT)
    chosen = within if within.any() else flowing
    rows, columns = np.nonzero(chosen)
    coarse = (rows % 7 == 3) & (columns % 7 == 3)
    rows, columns = (rows[coarse], columns[coarse]) if coarse.any() else (rows, columns)
    places = np.stack([x[columns], y[rows]], axis=1)
    return places[np.argsort(np.linalg.norm(places, axis=1), kind="stable")]
