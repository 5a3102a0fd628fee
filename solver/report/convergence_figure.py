"""Figures over the levels of a study: how far each is from where it goes, as cells or increments shrink."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes

from solver.convergence.study import Row, Study
from solver.report.convergence_words import NAMES, limit_words
from solver.report.curves import REGION_COLOURS, finish
from solver.report.sheet import FAINT, INK, sheet

PANELS: Final[tuple[tuple[str, Callable[[Row], bool]], ...]] = (
    ("capacities and voltages", lambda row: row.figure.unit in {"mAh/g", "V"}),
    ("phase means of σ_h", lambda row: ".mean_" in row.figure.key),
    ("percentiles at the end", lambda row: row.figure.key.startswith("final") and ".p" in _tail(row)),
    ("largest σ_1", lambda row: row.figure.extreme),
)
STEP_COLOURS: Final = ("#20639b", "#c0392b", "#3a8a3a", "#8e5ea2", "#b0822b", "#3c9d9b")
MARKERS: Final = "osD^v<>P"
MOST: Final = 8
"""Lines in a panel; of a longer protocol those that change most are drawn."""


def convergence_figure(studies: Sequence[Study], out: Path) -> Path:
    """Draw the studies of a case into a PNG file, a row of panels each.

    Args:
        studies: of the mesh, and of the time steps if there is one.
        out: file to write.

    Returns:
        The file.
    """
    run = studies[0].levels[0].run
    limit = limit_words(studies[0].threshold)
    below = f"from the extrapolated value (hollow), or the finest level's; grey: within {limit}"
    title = f"{run.name}: figures over the levels"
    with sheet(out, 15.0, 0.7 + 4.6 * len(studies), title, below) as figure:
        grid = figure.subplots(len(studies), len(PANELS), squeeze=False)
        for line, study in zip(grid, studies, strict=True):
            for number, (axes, (words, belongs)) in enumerate(zip(line, PANELS, strict=True)):
                _panel(axes, study, [row for row in study.rows if belongs(row)])
                axes.set_title(f"{NAMES[study.kind]}: {words}")
                what = "cells" if study.kind == "mesh" else "increments"
                finish(axes, f"size of {what} / first level's", "" if number else "deviation [%]")
    return out


def _tail(row: Row) -> str:
    return "." + row.figure.key.rsplit(".", 1)[-1]


def _panel(axes: Axes, study: Study, rows: Sequence[Row]) -> None:
    limit = 100.0 * study.threshold
    axes.axhspan(-limit, limit, color="#eeeeee", zorder=0)
    axes.axhline(0.0, color=INK, linewidth=0.6)
    moving = [row for row in rows if row.judgement.kind not in {"constant", "few"}]
    moving.sort(key=lambda row: -(row.judgement.spread or 0.0))
    chosen = moving[:MOST]
    for number, row in enumerate(row for row in rows if row in chosen):
        _line(axes, study, row, number)
    left = len(rows) - len(chosen)
    if left:
        words = f"({left} more, in the table)" if chosen else "the same on all levels"
        axes.plot([], [], " ", label=words)
    axes.set_xlim(-0.04, 1.04)
    handles, labels = axes.get_legend_handles_labels()
    if labels:
        axes.legend(
            handles, labels, frameon=False, fontsize=7.5, loc="upper center", bbox_to_anchor=(0.5, -0.17)
        )


def _line(axes: Axes, study: Study, row: Row, number: int) -> None:
    figure, found = row.figure, row.judgement
    seen = [(s.size, v) for s, v in zip(study.levels, figure.values, strict=True) if v is not None]
    zero = found.limit if found.limit is not None else seen[-1][1]
    region = next((colour for name, colour in REGION_COLOURS.items() if f".{name}." in figure.key), None)
    colour = region or STEP_COLOURS[number % len(STEP_COLOURS)]
    singular = found.kind == "singular"
    label = figure.title + (" (singular)" if singular else "")
    style = "--" if singular else ":" if figure.key.startswith("equilibrium") else "-"
    marker = MARKERS[number % len(MARKERS)]
    axes.plot(
        [size for size, _ in seen], [100.0 * (value - zero) / figure.scale for _, value in seen],
        color=colour, linestyle=style, marker=marker, markersize=4.5, linewidth=1.4,
        label=label if len(label) <= 60 else label[:59] + "…",
    )  # fmt: skip
    if found.limit is not None:
        axes.plot(
            [0.0, seen[-1][0]], [0.0, 100.0 * (seen[-1][1] - zero) / figure.scale], color=colour,
            linewidth=0.8, linestyle=(0, (1, 2)), marker=marker, markersize=5, markevery=[0],
            markerfacecolor="white", markeredgecolor=colour,
        )  # fmt: skip
    axes.tick_params(colors=FAINT)
