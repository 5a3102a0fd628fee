"""Foreign texts in figures, and figures that are either old or whole."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import (
    FixedFormatter,
    FixedLocator,
    FuncFormatter,
    MaxNLocator,
    NullFormatter,
    NullLocator,
)

from solver.report.sheet import sheet
from solver.sweep.grouping import Axis
from solver.sweep.shown_units import short_number

MOST_TICKS = 12
"""Labels along an axis of texts; of more every second, third, ... is written."""


@contextmanager
def drawing(out: Path, width: float, height: float, title: str, below: str) -> Iterator[Figure]:
    """A sheet that takes the place of an earlier one when it is done.

    Args:
        out: PNG file to write.
        width: [inch].
        height: [inch].
        title: words above all.
        below: smaller words below them.
    """
    part = out.with_name(f".{out.name}")
    with warnings.catch_warnings():
        # Signs that the font does not have become boxes, which is all that can be done about them.
        warnings.filterwarnings("ignore", message="Glyph ", category=UserWarning)
        with sheet(part, width, height, printable(title, 100), printable(below, 160)) as figure:
            yield figure
    part.replace(out)


def printable(text: str, most: int = 48) -> str:
    """A text that is drawn as it stands: no formulas begin in it, and it ends somewhere."""
    clean = "".join(letter if letter.isprintable() else " " for letter in text)
    clean = clean if len(clean) <= most else clean[: most - 1] + "…"
    return clean.replace("$", r"\$")


def dress(axes: Axes, axis: Axis, which: str = "x") -> None:
    """Scale, ticks and label of a swept field along one side of a panel."""
    side = axes.xaxis if which == "x" else axes.yaxis
    label = axes.set_xlabel if which == "x" else axes.set_ylabel
    label(printable(axis.label, 60))
    if axis.logarithmic:
        (axes.set_xscale if which == "x" else axes.set_yscale)("log")
        side.set_major_formatter(FuncFormatter(lambda value, _: short_number(value)))
        if len(axis.levels) <= MOST_TICKS // 2:
            side.set_major_locator(FixedLocator([axis.place(level) for level in axis.levels]))
            side.set_minor_locator(NullLocator())
        side.set_minor_formatter(NullFormatter())
    elif axis.column.kind == "int":
        side.set_major_locator(MaxNLocator(integer=True))
    if axis.numeric:
        return
    step = -(-len(axis.levels) // MOST_TICKS)
    shown = list(range(0, len(axis.levels), step))
    side.set_major_locator(FixedLocator(shown))
    side.set_minor_locator(NullLocator())
    side.set_major_formatter(FixedFormatter([printable(axis.words(axis.levels[n]), 28) for n in shown]))
    if which == "x":
        axes.tick_params(axis="x", rotation=20 if len(shown) > 3 else 0)
        axes.set_xlim(-0.5, len(axis.levels) - 0.5)
