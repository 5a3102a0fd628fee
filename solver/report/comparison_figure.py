"""Two runs side by side: fields on shared colour scales, curves in shared axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from solver.report.branches import branches, hardest_step
from solver.report.comparison_rows import Side
from solver.report.curves import RUN_COLOURS, capacity_axes, finish, legend_below, stress_axes
from solver.report.fields import REGION_WORDS, REGIONS
from solver.report.moment_figure import MAPS, Limits, Panel, draw_panel, draw_phases
from solver.report.moments import Moment, names_of, stack_pressure, step_ends
from solver.report.panels import colour_bar
from solver.report.scene import Extent, frame_of
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
    frame = _shared_frame([moment for moment in charged if moment is not None])
    in_space = any(moment is not None and moment.in_space for moment in charged)
    heights = (*((4.2,) if in_space else ()), 4.2, 4.2, 3.7)
    with sheet(out, 15.0, 0.6 + sum(heights), title, _below(sides)) as figure:
        grid = figure.add_gridspec(len(heights), 2, height_ratios=heights)
        pairs = [Pair(name, driven if name == "lithium_flux" else charged) for name in MAPS]
        if in_space:
            pairs = [Pair("phases", charged, True), Pair("hydrostatic_stress", charged, True), *pairs]
        for number, pair in enumerate(pairs):
            _pair(figure.add_subfigure(grid[number // 2, number % 2]), pair, limits, frame)
        _curves(figure.add_subfigure(grid[-1, :]), sides)
    return out


@dataclass(frozen=True)
class Pair:
    """One picture of both runs.

    Attributes:
        name: a field, or `phases`.
        moments: of both runs.
        cut_open: particles in space with an eighth cut away; a flat run beside one is drawn flat.
    """

    name: str
    moments: Sequence[Moment | None]
    cut_open: bool = False


def _shared_frame(moments: Sequence[Moment]) -> Extent | None:
    """The frame that shows all particles on one scale; None where one would be too small to see."""
    frames = np.array([frame_of(moment.particle.picture) for moment in moments]).reshape(-1, 4)
    if not len(frames):
        return None
    widths = frames[:, 1] - frames[:, 0]
    if widths.max() > 2.5 * widths.min():
        return None
    low, high = frames.min(axis=0), frames.max(axis=0)
    return float(low[0]), float(high[1]), float(low[2]), float(high[3])


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


def _pair(part: FigureBase, pair: Pair, limits: Limits, frame: Extent | None) -> None:
    axes = list(part.subplots(1, 2))
    mapped, shown = None, None if pair.name == "phases" else limits.shown(pair.name)
    spatial = [moment.in_space for moment in pair.moments if moment is not None]
    where = ", an eighth cut away" if pair.cut_open else " in the plane z = 0"
    for letter, axis, moment in zip("AB", axes, pair.moments, strict=True):
        if moment is None or not (shown is None or moment.has(pair.name)):
            axis.set_axis_off()
            axis.text(0.5, 0.5, "not written", ha="center", va="center", color=INK, transform=axis.transAxes)
            continue
        if shown is None:
            draw_phases(axis, moment, frame)
            words = moment.run.name
        else:
            panel = Panel(pair.name, pair.cut_open and moment.in_space)
            mapped = draw_panel(axis, moment, panel, limits, frame, arrows_across=22)
            words = moment.record.moment
        # Beside a run of fewer dimensions each picture says for itself what it cuts.
        own = (", cut open" if pair.cut_open else ", z = 0") if moment.in_space and not all(spatial) else ""
        axis.set_title(f"{letter}  {_shortened(words, 46 - len(own))}{own}", fontsize=8.8, y=1.0)
    title = "phases" if shown is None else shown.title
    part.suptitle(title + (where if spatial and all(spatial) else ""), fontsize=11.5)
    if mapped is not None and shown is not None:
        colour_bar(part, mapped, axes, shown)


def _shortened(words: str, most: int) -> str:
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
