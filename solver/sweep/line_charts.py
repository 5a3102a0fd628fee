"""A quantity over each swept number, one line for every combination of the others."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure

from solver.report.curves import finish
from solver.report.sheet import INK
from solver.sweep.flattening import Cell
from solver.sweep.grouping import Axis, Point, Runs
from solver.sweep.lettering import drawing, dress, printable
from solver.sweep.quantities_shown import Quantity

COLOURS: Final = (
    "#20639b", "#c0392b", "#3a8a3a", "#8e5ea2", "#b0822b", "#3c9d9b", "#555555", "#d2698c",
)  # fmt: skip
MARKERS: Final = "osD^v<>P"
MOST_LINES: Final = len(COLOURS)
"""Lines that a legend tells apart; more are coloured by their value, or stand as points."""
MOST_PANELS: Final = 4


def line_figure(runs: Runs, quantity: Quantity, out: Path, below: str) -> Path:
    """Draw a quantity over the swept fields into a PNG file, a panel for each number that was swept.

    Args:
        runs: what to draw, of which something varies.
        quantity: what to draw of them.
        out: file to write.
        below: words below the title.

    Returns:
        The file.
    """
    along = panel_axes(runs)
    with drawing(out, 2.2 + 4.8 * len(along), 5.6, quantity.words, below) as figure:
        panels = figure.subplots(1, len(along), squeeze=False)[0]
        for number, (axes, axis) in enumerate(zip(panels, along, strict=True)):
            if axis is runs.ensemble:
                _members(axes, axis, runs, quantity)
            else:
                _panel(figure, axes, axis, runs, quantity)
            finish(axes, printable(axis.label, 60), "" if number else quantity.label)
            axes.margins(0.03)
            dress(axes, axis)
    return out


def panel_axes(runs: Runs) -> list[Axis]:
    """What a quantity is drawn over: swept numbers, those with most values first; else texts; else seeds."""
    numeric = sorted((axis for axis in runs.axes if axis.numeric), key=lambda axis: -len(axis.levels))
    texts = [axis for axis in runs.axes if not axis.numeric]
    return (numeric or texts or [axis for axis in [runs.ensemble] if axis])[:MOST_PANELS]


def _panel(figure: Figure, axes: Axes, axis: Axis, runs: Runs, quantity: Quantity) -> None:
    others = [other for other in runs.axes if other is not axis]
    lines: dict[tuple[Cell, ...], list[Point]] = {}
    for point in runs.points(quantity, [*others, axis]):
        lines.setdefault(point.at[:-1], []).append(point)
    joined = 2 * len(lines) <= sum(map(len, lines.values()))
    if joined and len(lines) <= MOST_LINES:
        for number, (at, points) in enumerate(lines.items()):
            words = "   ".join(_words(other, value) for other, value in zip(others, at, strict=True))
            _line(axes, axis, points, quantity, COLOURS[number], MARKERS[number], words)
        if others:
            _legend(axes, others)
    elif joined and len(others) == 1 and others[0].numeric:
        _coloured(figure, axes, axis, others[0], lines, quantity)
    else:
        points = [point for line in lines.values() for point in line]
        _points(axes, axis, points, quantity)


def _words(axis: Axis, value: Cell) -> str:
    unit = f" {axis.scale.unit}" if axis.scale.unit else ""
    return printable(axis.words(value), 24) + unit


def _line(
    axes: Axes, axis: Axis, points: Sequence[Point], quantity: Quantity, colour: str, marker: str, words: str
) -> None:
    factor = quantity.scale.factor
    places = [axis.place(point.at[-1]) for point in points]
    means = [factor * point.mean for point in points]
    style = "-" if axis.numeric else "none"
    axes.plot(places, means, color=colour, linestyle=style, linewidth=1.5, label=words)
    if len(points) <= 60:
        axes.plot(places, means, color=colour, linestyle="none", marker=marker, markersize=4.5)
    if any(point.spread is not None for point in points):
        spread = [factor * (point.spread or 0.0) for point in points]
        axes.errorbar(places, means, yerr=spread, color=colour, fmt="none", capsize=3, linewidth=0.9)


def _legend(axes: Axes, others: Sequence[Axis]) -> None:
    handles, labels = axes.get_legend_handles_labels()
    for handle, marker in zip(handles, MARKERS, strict=False):
        handle.set(marker=marker, markersize=4.5)  # the legend's entry alone: the line carries no label twice
    axes.legend(
        handles, labels, title=printable("   ".join(other.field for other in others), 60), frameon=False,
        fontsize=8, title_fontsize=8, ncols=2 if len(labels) > 4 else 1, loc="upper center",
        bbox_to_anchor=(0.5, -0.16),
    )  # fmt: skip


def _coloured(
    figure: Figure,
    axes: Axes,
    axis: Axis,
    other: Axis,
    lines: dict[tuple[Cell, ...], list[Point]],
    quantity: Quantity,
) -> None:
    """More lines than a legend can name, coloured by the number that tells them apart."""
    low, high = other.place(other.levels[0]), other.place(other.levels[-1])
    norm = LogNorm(low, high) if other.logarithmic else Normalize(low, high)
    colours = colormaps["viridis"]
    for (value,), points in lines.items():
        places = [axis.place(point.at[-1]) for point in points]
        means = [quantity.scale.factor * point.mean for point in points]
        axes.plot(places, means, color=colours(norm(other.place(value))), linewidth=1.2)
    bar = figure.colorbar(ScalarMappable(norm, colours), ax=axes, fraction=0.046, pad=0.02, aspect=26)
    bar.set_label(printable(other.label, 60))


def _points(axes: Axes, axis: Axis, points: Sequence[Point], quantity: Quantity) -> None:
    """Samples whose other values all differ, as points."""
    few = len(points) <= 300
    axes.scatter(
        [axis.place(point.at[-1]) for point in points],
        [quantity.scale.factor * point.mean for point in points],
        s=16.0 if few else 7.0, color=COLOURS[0], alpha=0.75 if few else 0.5, linewidths=0,
    )  # fmt: skip


def _members(axes: Axes, axis: Axis, runs: Runs, quantity: Quantity) -> None:
    """The members of one ensemble, their mean, and one standard deviation to both sides of it."""
    _points(axes, axis, runs.points(quantity, [axis]), quantity)
    (whole,) = runs.points(quantity, [])
    factor, spread = quantity.scale.factor, whole.spread or 0.0
    axes.axhline(factor * whole.mean, color=INK, linewidth=1.2, label=f"mean of {whole.count}")
    axes.axhspan(
        factor * (whole.mean - spread), factor * (whole.mean + spread), color="#eeeeee", zorder=0,
        label="± one standard deviation",
    )  # fmt: skip
    axes.legend(frameon=False, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)
