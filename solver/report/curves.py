"""Curves over a run: voltage over capacity, voltage and current over time, occupancy and stress by region."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from solver.report.branches import CURRENT, STEP, TIME, VOLTAGE, branches
from solver.report.errors import ReportError
from solver.report.fields import REGION_WORDS, REGIONS
from solver.report.measured import MeasuredCurve
from solver.report.moments import subtitle
from solver.report.scales import SHOWN, STRESS_FALLBACK, Shown, shown_in
from solver.report.sheet import INK, sheet
from solver.results.reader import Run

REGION_COLOURS = {"layered": "#2a6f9e", "rock_salt": "#c8781e"}
RUN_COLOURS = ("#20639b", "#c0392b")
DASHES = {True: "-", False: (0, (5, 1.6))}
"""Lines of charges and discharges."""


def curves_figure(run: Run, out: Path, measured: Sequence[MeasuredCurve] = ()) -> Path:
    """Draw a run's curves into a PNG file.

    Args:
        run: the run.
        out: file to write.
        measured: curves to lay over the voltage.

    Returns:
        The file.

    Raises:
        ReportError: the run has no history to draw.
    """
    history = run.history
    if TIME not in history or len(history[TIME]) < 2:
        raise ReportError(f"{run.path}: history.csv has fewer than two rows; there is no curve to draw")
    with sheet(out, 11.0, 7.8, "Voltage, capacity and phase means", subtitle(run)) as figure:
        ((first, second), (third, fourth)) = figure.subplots(2, 2)
        capacity_axes(first, [run], [INK], measured)
        time_axes(second, run)
        region_axes(third, [run], "mean_occupancy_{}", SHOWN["occupancy"])
        third.set_ylim(-0.02, 1.02)
        stress_axes(fourth, [run])
    return out


def capacity_axes(
    axes: Axes, runs: Sequence[Run], colours: Sequence[str], measured: Sequence[MeasuredCurve] = ()
) -> None:
    """Cell voltage over the capacity of each charge (full lines) and discharge (dashed) of some runs."""
    for number, (run, colour) in enumerate(zip(runs, colours, strict=True)):
        for branch in branches(run.history):
            label = f"{branch.word} {branch.capacity[-1]:.1f} mAh/g"
            label = label if len(runs) == 1 else f"{'AB'[number]} {label}"
            axes.plot(
                branch.capacity, branch.voltage, color=colour, linestyle=DASHES[branch.charge],
                linewidth=1.6, label=label,
            )  # fmt: skip
    for number, curve in enumerate(measured):
        label = f"measured {curve.step}".strip()
        axes.plot(
            curve.capacity, curve.voltage, linestyle="none", marker="osD^v<>"[number % 7], markersize=4,
            markerfacecolor="none", markeredgecolor="#3a8a3a", label=label,
        )  # fmt: skip
    finish(axes, "capacity [mAh/g]", "cell voltage [V]")
    axes.set_xlim(left=0.0)
    if len(runs) > 1:
        legend_below(axes)
    elif axes.get_legend_handles_labels()[1]:
        axes.legend(frameon=False, fontsize=8, loc="best")


def time_axes(axes: Axes, run: Run) -> None:
    """Cell voltage, its open-circuit part and the current density over time."""
    history = run.history
    hours = history[TIME] / 3600.0
    axes.plot(hours, history[VOLTAGE], color=INK, linewidth=1.6, label="cell voltage")
    if "open_circuit_part [V]" in history:
        open_circuit = history["open_circuit_part [V]"]
        axes.plot(hours, open_circuit, color="#888888", linewidth=1.1, label="open-circuit part (surface)")
    finish(axes, "time [h]", "voltage [V]")
    mark_steps(axes, run)
    handles, labels = axes.get_legend_handles_labels()
    if CURRENT in history:
        twin = axes.twinx()
        (line,) = twin.plot(hours, history[CURRENT], color="#b4532a", linewidth=1.1)
        twin.axhline(0.0, color="#b4532a", linewidth=0.5, linestyle=":")
        twin.set_ylabel("current density [A m$^{-2}$], charge > 0", color="#b4532a")
        twin.tick_params(axis="y", colors="#b4532a")
        twin.spines[["top"]].set_visible(False)
        handles, labels = [*handles, line], [*labels, "current density"]
    axes.legend(
        handles, labels, frameon=False, fontsize=8, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3
    )


def stress_axes(axes: Axes, runs: Sequence[Run]) -> None:
    """Mean hydrostatic stress of each region over time, for one run or for two."""
    column = "mean_hydrostatic_stress_{} [Pa]"
    found = [
        np.abs(run.history.get(column.format(region), np.zeros(1))) for run in runs for region in REGIONS
    ]
    largest = max(float(values.max()) for values in found)
    shown = shown_in("hydrostatic_stress", largest)
    region_axes(axes, runs, column, shown)
    if largest < STRESS_FALLBACK:
        axes.set_ylim(-STRESS_FALLBACK * shown.factor, STRESS_FALLBACK * shown.factor)
    axes.axhline(0.0, color=INK, linewidth=0.6)


def region_axes(axes: Axes, runs: Sequence[Run], column: str, shown: Shown) -> None:
    """A mean of each region over time, for one run or for two; `column` holds {} for the region's name."""
    for number, run in enumerate(runs):
        for region, words in REGION_WORDS.items():
            values = run.history.get(column.format(region))
            if values is None or not np.isfinite(values).any():
                continue
            label = words if len(runs) == 1 else f"{'AB'[number]} {words}"
            axes.plot(
                run.history[TIME] / 3600.0, values * shown.factor, color=REGION_COLOURS[region],
                linestyle=DASHES[number == 0], linewidth=1.6, label=label,
            )  # fmt: skip
    finish(axes, "time [h]", f"mean {shown.label}")
    if len(runs) == 1:
        mark_steps(axes, runs[0])
    if axes.get_legend_handles_labels()[1]:
        if len(runs) == 1:
            axes.legend(frameon=False, fontsize=8, loc="best")
        else:
            legend_below(axes)


def mark_steps(axes: Axes, run: Run) -> None:
    """Fine lines where one protocol step ends and the next begins."""
    step = run.history.get(STEP)
    if step is None:
        return
    for row in np.flatnonzero(np.diff(step) * (step[:-1] > 0)):
        axes.axvline(float(run.history[TIME][row]) / 3600.0, color="#bbbbbb", linewidth=0.7, zorder=0)


def legend_below(axes: Axes) -> None:
    """A legend in one line or two below the axis, where no curve can run through it."""
    handles, labels = axes.get_legend_handles_labels()
    if labels:
        axes.legend(
            handles,
            labels,
            frameon=False,
            fontsize=8.5,
            ncols=2,
            loc="upper center",
            bbox_to_anchor=(0.5, -0.2),
        )


def finish(axes: Axes, x: str, y: str) -> None:
    """Labels, and no box around."""
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.01)
