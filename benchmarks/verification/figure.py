"""The figure of a page: its refinements in one plot, then its panels."""

from itertools import cycle
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from benchmarks.verification.page import Findings, Panel, Refinement

mpl.use("agg")

SIZE = 3.4
"""Width of a plot [inch]."""
DECADES = 30.0
"""Ratio of sizes from which powers of ten alone are labelled."""
MARKS = "osD^vP*X<>hdp"


def draw(findings: Findings, path: Path) -> bool:
    """Draw what there is to draw; False, and no file, where there is nothing.

    Args:
        findings: of the page.
        path: of the PNG to write.
    """
    groups: dict[str, list[Refinement]] = {}
    for row in findings.refinements:
        groups.setdefault(row.parameter, []).append(row)
    number = len(groups) + len(findings.panels)
    if number == 0:
        return False
    columns = 2 if number == 4 else min(3, number)
    lines = -(-number // columns)
    figure = Figure(figsize=(SIZE * columns + 0.4, (SIZE - 0.3) * lines), dpi=110, layout="constrained")
    axes = [figure.add_subplot(lines, columns, k + 1) for k in range(number)]
    for axis, (parameter, rows) in zip(axes, groups.items(), strict=False):
        _refinements(axis, parameter, rows)
    for axis, panel in zip(axes[len(groups) :], findings.panels, strict=True):
        _panel(axis, panel)
    figure.savefig(path, metadata={"Software": None})
    return True


def _refinements(axis: Axes, parameter: str, rows: list[Refinement]) -> None:
    """Errors over the size on logarithmic scales, each with a dashed line of its theoretical order."""
    for row, mark in zip(rows, cycle(MARKS), strict=False):
        label = f"{row.quantity.split(' [')[0]}, {row.dimension.replace('_', ' ')}: {row.observed:.2f}"
        (line,) = axis.loglog(row.sizes, row.errors, mark + "-", ms=4, lw=1, label=label)
        sizes = np.asarray(row.sizes)
        axis.loglog(
            sizes, row.errors[-1] * (sizes / sizes[-1]) ** row.order, "--", lw=0.7, color=line.get_color()
        )
    axis.set(xlabel=parameter, ylabel="error", title="observed orders; dashed: theory")
    _mark_decades(axis, [size for row in rows for size in row.sizes])
    axis.title.set_fontsize(8)
    axis.legend(fontsize=5.5, frameon=False)
    _plain(axis)


def _panel(axis: Axes, panel: Panel) -> None:
    for line in panel.lines:
        axis.plot(line.x, line.y, line.style, ms=4, lw=1.2, label=line.label or None)
    axis.set(
        xlabel=panel.across,
        ylabel=panel.up,
        title=panel.title,
        xscale=panel.scales[0],
        yscale=panel.scales[1],
    )
    if panel.scales[0] == "log":
        _mark_decades(axis, [x for line in panel.lines for x in line.x if x > 0.0])
    axis.title.set_fontsize(8)
    if any(line.label for line in panel.lines):
        axis.legend(fontsize=6, frameon=False)
    _plain(axis)


def _mark_decades(axis: Axes, values: list[float]) -> None:
    """Few labels along a logarithmic axis: matplotlib's own would lie over each other."""
    subs = (1.0, 2.0, 5.0) if values and max(values) < DECADES * min(values) else (1.0,)
    axis.xaxis.set_major_locator(LogLocator(subs=subs))
    axis.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axis.xaxis.set_minor_formatter(NullFormatter())


def _plain(axis: Axes) -> None:
    axis.tick_params(which="both", labelsize=7)
    axis.xaxis.label.set_fontsize(8)
    axis.yaxis.label.set_fontsize(8)
    axis.grid(alpha=0.25, lw=0.5)
