"""Many swept fields and their results at once: one line across parallel axes for each combination."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize
from numpy.typing import NDArray

from solver.report.sheet import FAINT, INK
from solver.sweep.grouping import Axis, Runs
from solver.sweep.lettering import drawing, printable
from solver.sweep.quantities_shown import Quantity
from solver.sweep.shown_units import short_number

FEWEST: Final = 3
"""Swept fields from which on this figure tells more than lines and maps."""
MOST_AXES: Final = 12


@dataclass(frozen=True)
class _Upright:
    """One of the parallel axes: where each line crosses it, from 0 to 1, and what stands beside it."""

    label: str
    heights: NDArray[np.float64]
    ticks: tuple[tuple[float, str], ...]
    result: bool = False


def parallel_figure(runs: Runs, quantities: Sequence[Quantity], out: Path, below: str) -> Path:
    """Draw all swept fields and some quantities into a PNG file, lines coloured by the first quantity.

    Args:
        runs: what to draw, with swept fields.
        quantities: at least one; drawn are the runs that have all of them.
        out: file to write.
        below: words below the title.

    Returns:
        The file.
    """
    rows = [row for row in runs.rows if all(quantity.values[row] is not None for quantity in quantities)]
    results = [_of_quantity(quantity, rows) for quantity in quantities]
    uprights = [*(_of_axis(axis, rows) for axis in runs.axes[: MOST_AXES - len(results)]), *results]
    first = quantities[0]
    values = np.array([first.scale.factor * (first.values[row] or 0.0) for row in rows])
    norm = Normalize(values.min(), values.max())
    title = "all swept fields and what came of them"
    with drawing(out, 2.6 + 1.75 * len(uprights), 6.2, title, below) as figure:
        axes = figure.subplots()
        heights = np.array([upright.heights for upright in uprights]).T
        places = np.broadcast_to(np.arange(len(uprights), dtype=float), heights.shape)
        lines = LineCollection(
            list(np.stack([places, heights], axis=-1)), array=values, norm=norm, cmap="viridis",
            linewidths=1.1 if len(rows) <= 200 else 0.5, alpha=max(0.3, min(0.85, 60 / len(rows))),
        )  # fmt: skip
        axes.add_collection(lines)
        for number, upright in enumerate(uprights):
            _draw(axes, number, upright)
        axes.set_xlim(-0.3, len(uprights) - 0.5)
        axes.set_ylim(-0.03, 1.2)
        axes.set_axis_off()
        mapped = ScalarMappable(norm, "viridis")
        bar = figure.colorbar(mapped, ax=axes, fraction=0.03, pad=0.01, aspect=30)
        bar.set_label(first.label)
    return out


def _of_axis(axis: Axis, rows: Sequence[int]) -> _Upright:
    places = np.array([axis.place(axis.column.values[row]) for row in rows])
    ends = np.array([axis.place(axis.levels[0]), axis.place(axis.levels[-1])])
    if axis.numeric and len(axis.levels) > 6:
        label = axis.label
        if axis.logarithmic:
            return _even(label, np.log10(places), np.log10(ends), logarithmic=True)
        return _even(label, places, ends)
    if axis.logarithmic:
        places, ends = np.log10(places), np.log10(ends)
    wide = max(float(ends[1] - ends[0]), 1e-300)
    step = -(-len(axis.levels) // 8)
    ticks = []
    for level in axis.levels[::step]:
        place = np.log10(axis.place(level)) if axis.logarithmic else axis.place(level)
        ticks.append((float((place - ends[0]) / wide), printable(axis.words(level), 14)))
    return _Upright(axis.label, (places - ends[0]) / wide, tuple(ticks))


def _of_quantity(quantity: Quantity, rows: Sequence[int]) -> _Upright:
    values = np.array([quantity.scale.factor * (quantity.values[row] or 0.0) for row in rows])
    found = _even(quantity.scale.label(quantity.words), values, np.array([values.min(), values.max()]))
    return _Upright(found.label, found.heights, found.ticks, result=True)


def _even(
    label: str, values: NDArray[np.float64], ends: NDArray[np.float64], logarithmic: bool = False
) -> _Upright:
    """An axis with five numbers beside it; all lines cross the middle of one that does not vary."""
    low, high = float(ends[0]), float(ends[1])
    if high - low <= 1e-12 * max(abs(low), abs(high), 1e-300):
        return _Upright(label, np.full(len(values), 0.5), ((0.5, short_number(low, 3)),))
    marks = np.linspace(low, high, 5)
    texts = [short_number(10.0**mark if logarithmic else float(mark), 3) for mark in marks]
    ticks = tuple(zip(np.linspace(0.0, 1.0, 5).tolist(), texts, strict=True))
    return _Upright(label, (values - low) / (high - low), ticks)


def _draw(axes: Axes, number: int, upright: _Upright) -> None:
    colour = "#c0392b" if upright.result else INK
    axes.plot([number, number], [0.0, 1.0], color=colour, linewidth=1.0, zorder=3)
    for height, words in upright.ticks:
        axes.plot([number - 0.03, number], [height, height], color=colour, linewidth=0.8, zorder=3)
        axes.text(
            number - 0.05, height, words, ha="right", va="center", fontsize=7.5, color=FAINT, zorder=4,
            bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip
    axes.text(
        number, 1.03, _broken(upright.label), ha="center", va="bottom", fontsize=8, color=colour, zorder=4
    )


def _broken(label: str, width: int = 20) -> str:
    """A label over several lines: broken at spaces and behind dots."""
    lines = [""]
    for word in printable(label, 90).replace(".", ". ").split(" "):
        joined = f"{lines[-1]}{'' if lines[-1].endswith('.') or not lines[-1] else ' '}{word}"
        if len(joined) <= width or not lines[-1]:
            lines[-1] = joined
        else:
            lines.append(word)
    return "\n".join(lines)
