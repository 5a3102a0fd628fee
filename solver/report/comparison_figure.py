"""Two runs side by side: fields on shared colour scales, curves in shared axes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from solver.report.branches import branches, hardest_step
from solver.report.comparison_rows import Side
from solver.report.curves import RUN_COLOURS, capacity_axes, finish, legend_below, stress_axes
from solver.report.fields import REGION_WORDS, REGIONS
from solver.report.moment_figure import MAPS, Limits, draw_map
from solver.report.moments import Moment, names_of, stack_pressure, step_ends
from solver.report.panels import colour_bar
from solver.report.sheet import INK, sheet


def comparison_figure(first: Side, second: Side, out: Path) -> Path:
    """Draw the comparison of two runs into a PNG file.

    Stresses and occupancy are shown where they are largest, at the end of the first charge (at the end of a
    run without one); fluxes at the end of the step that ends at the largest current.

    Args:
        first: run A.
        second: run B.
        out: file to write.

    Returns:
        The file.

    Raises:
        ReportError: fields that cannot be read or drawn.
    """
    sides = (first, second)
    charged = [_charged(side) for side in sides]
    driven = _driven(sides)
    limits = Limits.over([moment for moment in (*charged, *driven) if moment is not None])
    a, b = names_of([side.run for side in sides])
    title = f"A:  {a}      B:  {b}"
    with sheet(out, 15.0, 12.7, title, _below(sides)) as figure:
        grid = figure.add_gridspec(3, 2, height_ratios=(4.2, 4.2, 3.7))
        for number, name in enumerate(MAPS):
            part = figure.add_subfigure(grid[number // 2, number % 2])
            _pair(part, name, driven if name == "lithium_flux" else charged, limits)
        _curves(figure.add_subfigure(grid[2, :]), sides)
    return out


def _charged(side: Side) -> Moment | None:
    chosen = [state.moment for state in side.states if state.words == "end of charge"]
    if chosen:
        return chosen[0]
    return side.states[-1].moment if side.states else None


def _driven(sides: Sequence[Side]) -> list[Moment | None]:
    """The moment of the largest currents: the end of one step, the same in both runs where possible."""
    runs = [side.run for side in sides]
    number = hardest_step(runs)
    found: list[Moment | None] = []
    for run, own in zip(runs, (number or hardest_step([run]) for run in runs), strict=True):
        ends = step_ends(run)
        chosen = [moment for moment in ends if moment.record.step == own] or ends[-1:]
        found.append(chosen[0] if chosen else None)
    return found


def _below(sides: Sequence[Side]) -> str:
    parts = []
    for letter, side in zip("AB", sides, strict=True):
        run = side.run
        words = [f"{letter}: {run.architecture} cell" if run.architecture else letter]
        words += [run.dimension.replace("_", " "), f"stack pressure {stack_pressure(run)}"]
        parts.append(", ".join(words))
    return "   ·   ".join(parts)


def _pair(part: FigureBase, name: str, moments: Sequence[Moment | None], limits: Limits) -> None:
    axes = list(part.subplots(1, 2))
    mapped = None
    for letter, axis, moment in zip("AB", axes, moments, strict=True):
        if moment is None or not moment.has(name):
            axis.set_axis_off()
            axis.text(0.5, 0.5, "not written", ha="center", va="center", color=INK, transform=axis.transAxes)
            continue
        mapped = draw_map(axis, moment, name, limits, arrows_across=22)
        axis.set_title(f"{letter}  {_shortened(moment.record.moment)}", fontsize=8.8, y=1.0)
    part.suptitle(limits.shown(name).title, fontsize=11.5)
    if mapped is not None:
        colour_bar(part, mapped, axes, limits.shown(name))


def _shortened(words: str, most: int = 46) -> str:
    return words if len(words) <= most else words[: most - 1] + "…"


def _curves(part: FigureBase, sides: Sequence[Side]) -> None:
    voltage, stress, lithium = list(part.subplots(1, 3))
    capacity_axes(voltage, [side.run for side in sides], RUN_COLOURS)
    voltage.set_title("voltage over capacity: charge full, discharge dashed")
    stress_axes(stress, [side.run for side in sides])
    stress.set_title("phase means of hydrostatic stress: A full, B dashed")
    _trapped_axes(lithium, sides)


def _trapped_axes(axes: Axes, sides: Sequence[Side]) -> None:
    """Bars of trapped lithium by region, run beside run; capacities where there is none."""
    labels = [region for region in REGIONS if any(region in side.trapped for side in sides)]
    if labels:
        axes.set_title("lithium trapped at the end of the first charge")
        heights = [[side.trapped[r].total if r in side.trapped else np.nan for r in labels] for side in sides]
        names = [REGION_WORDS[region] for region in labels]
    else:
        axes.set_title("capacity by charge and discharge")
        passed = [[branch.capacity[-1] for branch in branches(side.run.history)] for side in sides]
        longest = max(sides, key=lambda side: len(branches(side.run.history)))
        names = [branch.word for branch in branches(longest.run.history)]
        heights = [[*part, *[np.nan] * (len(names) - len(part))] for part in passed]
    for number, values in enumerate(heights):
        places = np.arange(len(values)) + (-0.2, 0.2)[number]
        label = "AB"[number]
        bars = axes.bar(places, values, 0.38, color=RUN_COLOURS[number], label=label)
        axes.bar_label(bars, fmt="%.1f", fontsize=8.5, padding=2)
    axes.axhline(0.0, color=INK, linewidth=0.6)
    finish(axes, "", "[mAh/g]")
    axes.set_xticks(range(len(names)), names)
    axes.set_xlim(-0.6, max(len(names), 1) - 0.4)
    axes.margins(y=0.18)
    legend_below(axes)
