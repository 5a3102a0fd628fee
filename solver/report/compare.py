"""The comparison of two runs: comparison.png, comparison.csv, comparison.md (and .html)."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from solver.report.ablation import ablation_rows
from solver.report.comparison_figure import comparison_figure
from solver.report.comparison_notes import CRUM, CYLINDER, NOTES
from solver.report.comparison_rows import Row, Side, as_csv, rows_of
from solver.report.document import Document
from solver.report.exact_mean import exact_volume_mean
from solver.report.moments import names_of
from solver.report.numbers import as_number, fixed, plain
from solver.report.page import make_folder, open_run
from solver.results.reader import Run

DEFAULT_STRENGTH: Final = 745e6
"""Tensile strength of NMC grain boundaries [Pa], an assumption: the scale of a Weibull law with exponent 3.

Source: Sedlatschek et al. (2026), J. Power Sources 681, 240276, from a digest, to be checked.
"""

ROUND = {"spherical", "axisymmetric", "3d"}


def compare(
    run_a: Path | Run,
    run_b: Path | Run,
    out: Path,
    strength: float = DEFAULT_STRENGTH,
    ablations: Mapping[str, tuple[Path | Run, Path | Run]] | None = None,
    warn: Callable[[str], None] | None = None,
) -> Path:
    """Compare two runs.

    Args:
        run_a: run folder.
        run_b: run folder.
        out: folder to write into.
        strength: tensile strength above which each phase's volume is counted [Pa].
        ablations: by coupling, the folders of both runs with it switched off.
        warn: told of each warning as well; written to standard error unless given.

    Returns:
        The Markdown page.

    Raises:
        ReportError: bad input; nothing is written for unreadable folders.
    """
    runs = (open_run(run_a), open_run(run_b))
    without = {name: tuple(open_run(run) for run in pair) for name, pair in (ablations or {}).items()}
    first, second = (Side.of(run, strength) for run in runs)
    rows = [*rows_of(first, second, strength), *_volume_mean(first, second), *ablation_rows(runs, without)]
    warnings = [*differences(*runs), *first.notes, *second.notes]
    for words in warnings:
        (warn or _to_stderr)(words)

    folder, names = Path(out), names_of(runs)
    make_folder(folder)
    (folder / "comparison.csv").write_text(as_csv(rows, *names), encoding="utf-8")
    page = Document(f"{names[0]} and {names[1]} compared", folder)
    page.paragraph(f"A: {first.title}. Status: {runs[0].status}.")
    page.paragraph(f"B: {second.title}. Status: {runs[1].status}.")
    for words in warnings:
        page.warning(words)
    page.picture(comparison_figure(first, second, folder / "comparison.png"), "Both runs side by side")
    _tables(page, rows, strength)
    return page.write("comparison")[0]


def differences(first: Run, second: Run) -> list[str]:
    """Warnings about what makes two runs hard to compare."""
    found = []
    a, b = first.dimension, second.dimension
    if a != b:
        words = f"dimensions differ ({first.name}: {a}, {second.name}: {b})"
        if (a in ROUND) != (b in ROUND):
            words += f"; {CYLINDER}"
        found.append(words)
    for run in (first, second):
        if run.status != "done":
            found.append(f"{run.name}: status is {run.status}; its numbers end where the run did")
    return found


def _volume_mean(first: Side, second: Side) -> list[Row]:
    section = "Volume mean of σ_h"
    exact = [None if side.case is None else exact_volume_mean(side.case) for side in (first, second)]
    scaled = (None if value is None else 1e-6 * value for value in exact)
    worst = (as_number(side.run.summary.get("volume_mean_stress_error")) for side in (first, second))
    return [
        Row(section, "exact, from balance of forces", "MPa", 3, *scaled),
        Row(section, "worst relative deviation over the run", "", -2, *worst),
    ]


def _tables(page: Document, rows: Sequence[Row], strength: float) -> None:
    noted: set[str] = set()
    for section in dict.fromkeys(row.section for row in rows):
        page.heading(section)
        chosen = [row for row in rows if row.section == section]
        page.table(["", "unit", "A", "B", "B − A"], [_cells(row) for row in chosen])
        for start, words in NOTES.items():
            if section.startswith(start) and start not in noted:
                noted.add(start)
                page.paragraph(words)
                if start == "Stress":
                    assumed = f"The strength of {strength * 1e-6:g} MPa is an assumption"
                    page.paragraph(f"{assumed}; give another with --strength.")
        if any("Crum" in row.quantity for row in chosen) and "Crum" not in noted:
            noted.add("Crum")
            page.paragraph(CRUM)


def _cells(row: Row) -> list[str]:
    gap = None if row.first is None or row.second is None else row.second - row.first
    if row.places < 0:  # an error, of which only the size matters
        return [row.quantity, row.unit, plain(row.first, -row.places), plain(row.second, -row.places), ""]
    return [row.quantity, row.unit, *(fixed(value, row.places) for value in (row.first, row.second, gap))]


def _to_stderr(words: str) -> None:
    print(f"warning: {words}", file=sys.stderr)
