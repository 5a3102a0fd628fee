"""A quantity over two swept numbers as colours."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.ticker import FixedFormatter, FixedLocator, NullLocator

from solver.report.sheet import INK
from solver.sweep.flattening import Cell
from solver.sweep.grouping import Axis, Point, Runs
from solver.sweep.lettering import MOST_TICKS, drawing, dress, printable
from solver.sweep.quantities_shown import Quantity
from solver.sweep.shown_units import short_number

MOST_FACETS: Final = 6
"""Maps side by side, one for each combination of what else varies; of more the mean is drawn."""
MOST_WRITTEN: Final = 8
"""Values along a side up to which a map writes its numbers into its cells."""
FULL: Final = 0.6
"""Share of the combinations that makes a grid; samples fill less of it and are drawn as points."""


def map_axes(runs: Runs) -> tuple[Axis, Axis] | None:
    """The two swept numbers with most values, in the order of the table; None where fewer were swept."""
    numeric = [axis for axis in runs.axes if axis.numeric]
    most = sorted(numeric, key=lambda axis: -len(axis.levels))[:2]
    chosen = [axis for axis in numeric if axis in most]
    return (chosen[0], chosen[1]) if len(chosen) == 2 else None


def map_figure(runs: Runs, quantity: Quantity, out: Path, below: str) -> Path:
    """Draw a quantity over the two swept numbers with most values into a PNG file.

    Args:
        runs: what to draw; at least two swept fields are numbers.
        quantity: what to draw of them.
        out: file to write.
        below: words below the title.

    Returns:
        The file.

    Raises:
        ValueError: fewer than two numbers were swept.
    """
    pair = map_axes(runs)
    if pair is None:
        raise ValueError("a map needs two swept numbers")
    others = [axis for axis in runs.axes if axis not in pair]
    facets = _facets(runs, quantity, pair, others)
    if len(facets) > MOST_FACETS:
        names = ", ".join(axis.field for axis in others)
        facets = {(): runs.points(quantity, pair)}
        if not _scattered(facets[()], pair):
            below = f"{below}   ·   mean over {names}"
        others = []
    norm, colours = _colours(quantity, [point for points in facets.values() for point in points])
    columns = min(3, len(facets))
    lines = -(-len(facets) // columns)
    with drawing(out, 1.6 + 4.6 * columns, 1.2 + 4.2 * lines, quantity.words, below) as figure:
        panels = figure.subplots(lines, columns, squeeze=False).ravel()
        for axes, (at, points) in zip(panels, facets.items(), strict=False):
            if _scattered(points, pair):
                _samples(axes, pair, points, quantity, norm, colours)
            else:
                _grid(axes, pair, points, quantity, norm, colours)
            words = [f"{a.field} {a.words(v)} {a.scale.unit}" for a, v in zip(others, at, strict=True)]
            axes.set_title(printable(",  ".join(word.strip() for word in words), 60), fontsize=9)
        for axes in panels[len(facets) :]:
            axes.set_axis_off()
        mapped = ScalarMappable(norm, colours)
        bar = figure.colorbar(mapped, ax=list(panels), fraction=0.046, pad=0.02, aspect=26)
        bar.set_label(quantity.label)
    return out


def _facets(
    runs: Runs, quantity: Quantity, pair: tuple[Axis, Axis], others: Sequence[Axis]
) -> dict[tuple[Cell, ...], list[Point]]:
    """Points by the values of what else varies; each keeps its place in the pair alone."""
    facets: dict[tuple[Cell, ...], list[Point]] = {}
    for point in runs.points(quantity, [*others, *pair]):
        own = Point(point.at[len(others) :], point.mean, point.spread, point.count)
        facets.setdefault(point.at[: len(others)], []).append(own)
    return facets


def _colours(quantity: Quantity, points: Sequence[Point]) -> tuple[Normalize, str]:
    """Colours between the smallest and the largest value; where a sign matters and both occur, about zero."""
    values = [quantity.scale.factor * point.mean for point in points]
    low, high = min(values), max(values)
    if quantity.signed and low < 0 < high:
        half = max(-low, high)
        return Normalize(-half, half), "RdBu_r"
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        low, high = low - 0.5, high + 0.5
    return Normalize(low, high), "viridis"


def _scattered(points: Sequence[Point], pair: tuple[Axis, Axis]) -> bool:
    across, up = (len({point.at[n] for point in points}) for n in (0, 1))
    return len(points) < FULL * across * up


def _grid(
    axes: Axes,
    pair: tuple[Axis, Axis],
    points: Sequence[Point],
    quantity: Quantity,
    norm: Normalize,
    colours: str,
) -> None:
    """Cells of equal size, one for each combination, empty where there is no result."""
    first, second = pair
    at: tuple[Mapping[Cell, int], Mapping[Cell, int]] = (
        {level: n for n, level in enumerate(first.levels)},
        {level: n for n, level in enumerate(second.levels)},
    )
    values = np.full((len(second.levels), len(first.levels)), np.nan)
    for point in points:
        values[at[1][point.at[1]], at[0][point.at[0]]] = quantity.scale.factor * point.mean
    axes.imshow(values, origin="lower", aspect="auto", norm=norm, cmap=colours, interpolation="nearest")
    axes.patch.set(facecolor="white", edgecolor="#bbbbbb", hatch="////")
    axes.set_xlabel(printable(first.label, 60))
    axes.set_ylabel(printable(second.label, 60))
    _levels(axes.xaxis, first)
    _levels(axes.yaxis, second)
    axes.tick_params(axis="x", rotation=20 if len(first.levels) > 5 else 0)
    if max(values.shape) <= MOST_WRITTEN:
        for (line, column), value in np.ndenumerate(values):
            if np.isfinite(value):
                _write(axes, column, line, float(value), norm, colours)


def _levels(side: Any, axis: Axis) -> None:
    step = -(-len(axis.levels) // MOST_TICKS)
    shown = range(0, len(axis.levels), step)
    side.set_major_locator(FixedLocator(list(shown)))
    side.set_minor_locator(NullLocator())
    side.set_major_formatter(FixedFormatter([axis.words(axis.levels[n]) for n in shown]))


def _write(axes: Axes, x: int, y: int, value: float, norm: Normalize, colours: str) -> None:
    share = float(norm(value))
    dark = abs(share - 0.5) > 0.3 if colours == "RdBu_r" else share < 0.55
    axes.text(
        x, y, short_number(value, 3), ha="center", va="center", fontsize=8, color="white" if dark else INK
    )


def _samples(
    axes: Axes,
    pair: tuple[Axis, Axis],
    points: Sequence[Point],
    quantity: Quantity,
    norm: Normalize,
    colours: str,
) -> None:
    """Samples as coloured points: nothing is guessed in between."""
    x, y = ([axis.place(point.at[n]) for point in points] for n, axis in enumerate(pair))
    values = [quantity.scale.factor * point.mean for point in points]
    axes.scatter(
        x, y, c=values, norm=norm, cmap=colours, s=46 if len(points) <= 300 else 12, edgecolors=INK,
        linewidths=0.3,
    )  # fmt: skip
    dress(axes, pair[0])
    dress(axes, pair[1], "y")
    axes.spines[["top", "right"]].set_visible(False)
