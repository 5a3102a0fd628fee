"""Radial profiles of a spherical run."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure, FigureBase, SubFigure

from solver.report.fields import Array, Fields
from solver.report.moments import Moment
from solver.report.scales import Shown
from solver.report.scene import PHASE_COLOURS
from solver.report.sheet import INK

LINE = {
    "hydrostatic_stress": "#b2182b",
    "max_principal_stress": "#d6604d",
    "occupancy": "#21688c",
    "lithium_flux": "#7b2382",
}


def profile_halves(figure: Figure) -> tuple[SubFigure, SubFigure]:
    """The upper part of a figure, for pictures, and the lower one, for profiles."""
    grid = figure.add_gridspec(2, 1, height_ratios=(4.1, 2.9))
    return figure.add_subfigure(grid[0]), figure.add_subfigure(grid[1])


def profile_panels(figure: FigureBase, moment: Moment, fields_shown: Mapping[str, Shown]) -> list[Axes]:
    """One profile over the radius below each picture, phases shaded behind it.

    Flux is signed, outwards positive, and drawn at the middle of each cell.
    """
    fields = moment.fields
    axes = list(figure.subplots(1, len(fields_shown), squeeze=False).ravel())
    for axis, (name, shown) in zip(axes, fields_shown.items(), strict=True):
        _shade(axis, fields)
        for radius, values in profile(fields, name):
            axis.plot(radius * 1e6, values * shown.factor, color=LINE[name], linewidth=1.6)
        if shown.signed or name == "lithium_flux":
            axis.axhline(0.0, color=INK, linewidth=0.6)
        if name == "occupancy":
            axis.set_ylim(-0.02, 1.02)
        axis.set_xlim(fields.points[:, 0].min() * 1e6, fields.points[:, 0].max() * 1e6)
        axis.set_xlabel("radius r [µm]")
        axis.set_ylabel(shown.label.replace("|J|", "J$_r$"))
        axis.spines[["top", "right"]].set_visible(False)
    return axes


def profile(fields: Fields, name: str) -> list[tuple[Array, Array]]:
    """Pieces of a field over the radius, one for each run of cells of one region, in order.

    Args:
        fields: a spherical run's.
        name: scalar point field, or a cell vector whose radial part is taken.

    Returns:
        radius [m] and values [SI] of each piece; a jump at a phase boundary lies between two pieces.
    """
    order = np.argsort(fields.points[fields.cells, 0].mean(axis=1))
    cells, region = fields.cells[order], fields.region[order]
    ends = np.flatnonzero(np.diff(region)) + 1
    pieces = []
    for rows in np.split(np.arange(len(cells)), ends):
        corners = cells[rows]
        radius = fields.points[corners, 0]
        if name in fields.point_data:
            values = fields.point_data[name][corners]
        else:
            pieces.append((radius.mean(axis=1), fields.cell_data[name][order][rows, 0]))
            continue
        within = np.argsort(radius, axis=1)
        pieces.append(
            (np.take_along_axis(radius, within, 1).ravel(), np.take_along_axis(values, within, 1).ravel())
        )
    return pieces


def _shade(axis: Axes, fields: Fields) -> None:
    for region, colour in zip((1, 2), PHASE_COLOURS, strict=True):
        radii = fields.points[fields.cells[fields.region == region], 0]
        if radii.size:
            for low, high in _spans(radii):
                axis.axvspan(low * 1e6, high * 1e6, color=colour, alpha=0.6, linewidth=0)


def _spans(radii: Array) -> list[tuple[float, float]]:
    """Connected intervals that cells, shape (m, 2) [m], cover."""
    spans: list[tuple[float, float]] = []
    for low, high in sorted((float(cell.min()), float(cell.max())) for cell in radii):
        if spans and low <= spans[-1][1] * (1 + 1e-9):
            spans[-1] = (spans[-1][0], max(high, spans[-1][1]))
        else:
            spans.append((low, high))
    return spans
