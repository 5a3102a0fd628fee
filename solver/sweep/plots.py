"""Figures of a sweep: lines, maps and parallel coordinates, each with its numbers beside it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from solver.results.atomic import replace_file
from solver.sweep.collect import csv_text
from solver.sweep.columns import Column, Results, read_results
from solver.sweep.grouping import Axis, Point, Runs, runs_of
from solver.sweep.quantities_shown import Quantity, default_quantities
from solver.sweep.rows import SweepReadError

FOLDER: Final = "plots"
KINDS: Final = ("lines_", "map_", "parallel")
"""Beginnings of the names of figures, in the order in which they are shown."""


def plot(directory: Path) -> list[Path]:
    """Draw the figures of a sweep into its folder `plots`.

    For the capacity of the first charge, the mean hydrostatic stress of both phases and the voltage at the
    end: lines over each swept number, and a map over two of them where two were swept; with three swept
    fields or more parallel coordinates. Members of an ensemble are drawn as their mean and its spread. Every
    figure `NAME.png` has its numbers in `NAME.csv`, in SI. Figures of an earlier call are replaced.

    Args:
        directory: folder of a sweep, finished or not.

    Returns:
        The figures, in the order in which they are to be shown; none where nothing is finished or varies.

    Raises:
        SweepReadError: the folder is none of a sweep, or cannot be written to.
    """
    directory = Path(directory)
    results = read_results(directory)
    folder = directory / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        drawn = _draw(results, folder)
        for stale in set(figures_in(directory)) - set(drawn):
            stale.unlink(missing_ok=True)
            stale.with_suffix(".csv").unlink(missing_ok=True)
    except OSError as error:
        raise SweepReadError(f"{folder}: cannot be written ({error.strerror or error})") from error
    return drawn


def figures_in(directory: Path) -> list[Path]:
    """The figures that lie in a sweep's folder, in the order in which they are to be shown."""
    folder = Path(directory) / FOLDER
    return [path for kind in KINDS for path in sorted(folder.glob(f"{kind}*.png"))]


def _draw(results: Results, folder: Path) -> list[Path]:
    from solver.sweep.heat_maps import map_axes, map_figure
    from solver.sweep.line_charts import line_figure
    from solver.sweep.parallel_coordinates import FEWEST, parallel_figure

    runs = runs_of(results)
    quantities = default_quantities(results)
    if not runs.axes and runs.ensemble is None:
        return []
    lines, maps, parallel = [], [], []
    for quantity in quantities:
        below = _below(results, runs, quantity)
        axes = runs.axes or ((runs.ensemble,) if runs.ensemble else ())
        points = runs.points(quantity, axes)
        lines.append(line_figure(runs, quantity, folder / f"lines_{quantity.key}.png", below))
        _write_points(lines[-1], quantity, axes, points)
        if map_axes(runs) is not None:
            maps.append(map_figure(runs, quantity, folder / f"map_{quantity.key}.png", below))
            _write_points(maps[-1], quantity, axes, points)
    complete = [row for row in runs.rows if all(quantity.values[row] is not None for quantity in quantities)]
    if quantities and complete and len(runs.axes) >= FEWEST:
        below = _below(results, runs, quantities[0])
        parallel.append(parallel_figure(runs, quantities, folder / "parallel.png", below))
        _write_rows(parallel[-1], results, runs.axes, quantities, complete)
    return sorted([*lines, *maps, *parallel], key=figures_in(folder.parent).index)


def _below(results: Results, runs: Runs, quantity: Quantity) -> str:
    """Which sweep, and how many of its cases are drawn."""
    drawn = sum(quantity.values[row] is not None for row in runs.rows)
    words = f"{results.rows.name}: {drawn} of {len(results.rows.rows)} cases"
    early = Counter(results.rows.rows[row].status for row in runs.rows)["ended_early"]
    if early:
        words += f", {early} of them ended early by the physics"
    if runs.ensemble is not None and runs.axes:
        words += f"   ·   mean and standard deviation over {runs.ensemble.field}"
    return words


def _write_points(figure: Path, quantity: Quantity, axes: Sequence[Axis], points: Sequence[Point]) -> None:
    unit = f" [{quantity.unit}]" if quantity.unit else ""
    columns = [
        Column(axis.column.name, axis.column.kind, tuple(point.at[n] for point in points))
        for n, axis in enumerate(axes)
    ]
    columns += [
        Column(f"mean{unit}", "float", tuple(point.mean for point in points)),
        Column(f"standard_deviation{unit}", "float", tuple(point.spread for point in points)),
        Column("count", "int", tuple(point.count for point in points)),
    ]
    replace_file(figure.with_suffix(".csv"), csv_text(tuple(columns)).encode())


def _write_rows(
    figure: Path, results: Results, axes: Sequence[Axis], quantities: Sequence[Quantity], rows: Sequence[int]
) -> None:
    numbers = Column("number", "int", tuple(results.rows.rows[row].number for row in rows))
    columns = [numbers]
    columns += [
        Column(axis.column.name, axis.column.kind, tuple(axis.column.values[row] for row in rows))
        for axis in axes
    ]
    columns += [
        Column(f"{quantity.key} [{quantity.unit}]", "float", tuple(quantity.values[row] for row in rows))
        for quantity in quantities
    ]
    replace_file(figure.with_suffix(".csv"), csv_text(tuple(columns)).encode())
