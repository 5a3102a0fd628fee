"""The page of a convergence study, its tables and its figure, from run folders alone."""

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from solver.convergence.study import CONVERGED, LevelRun, Row, Study, read_study
from solver.report.convergence_figure import convergence_figure
from solver.report.convergence_words import (
    NAMES,
    method,
    notes,
    order_words,
    sentences,
    share,
    tally,
    verdict,
)
from solver.report.document import Document
from solver.report.errors import ReportError
from solver.report.numbers import fixed, plain
from solver.report.page import make_folder
from solver.results.atomic import replace_file
from solver.results.jsontext import to_json
from solver.results.reader import RunReadError

WRITTEN: Final = (
    "convergence.md",
    "convergence.html",
    "convergence.csv",
    "convergence.json",
    "convergence.png",
)
COLUMNS: Final = (
    *("study", "figure", "words", "unit", "order", "extrapolated", "index", "spread", "first_off"),
    *("scale", "settled", "kind", "verdict"),
)
FEWEST_DIGITS: Final = 4
MOST_DIGITS: Final = 6


def write_convergence(
    out: Path, mesh: Sequence[Path], time: Sequence[Path] = (), threshold: float = CONVERGED
) -> list[Study]:
    """Judge the levels of a case and write the page, the tables and the figure.

    Args:
        out: folder to write into.
        mesh: run folders of the levels of the mesh, the coarsest first.
        time: those of the time steps; none where they were not refined.
        threshold: index up to which a figure counts as converged.

    Returns:
        The studies, that of the mesh first.

    Raises:
        ReportError: a folder cannot be read or written.
    """
    try:
        studies = [read_study("mesh", mesh, threshold)]
        if time:
            studies.append(read_study("time", time, threshold))
    except RunReadError as error:
        raise ReportError(str(error)) from error
    make_folder(out)
    title = studies[0].levels[0].run.name
    replace_file(out / "convergence.json", to_json(as_mapping(studies)))
    replace_file(out / "convergence.csv", as_csv(studies).encode())
    page = Document(f"{title}: how far converged", out)
    run = studies[0].levels[0].run
    page.paragraph(f"{run.architecture} cell, {run.dimension.replace('_', ' ')}.")
    for study in studies:
        page.paragraph(f"{NAMES[study.kind]}, {len(study.levels)} levels: {tally(study)}.")
        for words in notes(study):
            page.warning(words)
        for words in sentences(study):
            page.paragraph(words)
    page.picture(convergence_figure(studies, out / "convergence.png"), "Figures over the levels")
    for study in studies:
        page.heading(f"{NAMES[study.kind]}: the levels")
        page.table(*level_table(study))
        for section in dict.fromkeys(row.figure.section for row in study.rows):
            page.heading(f"{NAMES[study.kind]}: {section[0].lower()}{section[1:]}")
            rows = [row for row in study.rows if row.figure.section == section]
            if all(row.judgement.kind == "constant" for row in rows):
                page.paragraph("The same on all levels.")
            else:
                page.table(*table(study, rows))
    page.heading("How to read this")
    for words in method(threshold):
        page.paragraph(words)
    page.write("convergence")
    return studies


def table(study: Study, rows: Sequence[Row], alone: bool = False) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a table of figures.

    Args:
        study: the study.
        rows: its figures to show.
        alone: whether no heading says which moment the table is about, so that each row must.
    """
    names = [level.name for level in study.levels]
    header = ["", "unit", *names, "order", "extrapolated", "index", "first level off", "verdict"]
    return header, [[row.figure.title if alone else row.figure.words, *_cells(row)] for row in rows]


def _cells(row: Row) -> list[str]:
    figure, found = row.figure, row.judgement
    places = _places(figure.scale, 0.0 if found.kind == "constant" else found.spread)
    values = [fixed(value, places) for value in figure.values]
    index = share(found.index) if found.kind != "constant" else "0"
    words = verdict(found, figure.differs)
    return [
        figure.unit,
        *values,
        order_words(found.order),
        fixed(found.limit, places),
        index,
        share(row.first_off) if found.kind != "constant" else "0",
        words,
    ]


def _places(scale: float, spread: float | None) -> int:
    """Decimals that show a change over the levels with two digits, in four to six digits of the figure."""
    largest = math.ceil(math.log10(scale)) if scale > 0 else 0
    change = scale * spread if spread else 0.0
    wanted = 2 - math.ceil(math.log10(change)) if change > 0 else 0
    return max(0, FEWEST_DIGITS - largest, min(wanted, MOST_DIGITS - largest))


def level_table(study: Study) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a table of the levels."""
    header = ["level", "cells", "unknowns", "relative size", "rock salt [%]", "increments", "ended", "[s]"]
    asked = "tolerance" if study.kind == "time" else "bulk, interface [nm]"
    header.insert(1, asked)
    return header, [_level(level, study.kind) for level in study.levels]


def _level(level: LevelRun, kind: str) -> list[str]:
    summary = level.run.summary
    sizes = ", ".join(plain(1e9 * size, 4) for size in (level.bulk, level.interface) if size is not None)
    fraction = (summary.get("mesh") or {}).get("rock_salt_fraction")
    return [
        level.name,
        plain(level.tolerance, 3) if kind == "time" else sizes,
        *(str(level.counts.get(name, "–")) for name in ("cells", "dofs")),
        fixed(level.size, 3),
        fixed(None if fraction is None else 100 * fraction, 2),
        str(level.counts.get("increments", "–")),
        level.run.status.replace("_", " "),
        fixed((summary.get("wall_time_s") or {}).get("total"), 0),
    ]


def as_csv(studies: Sequence[Study]) -> str:
    """All figures of all studies, one row each; values of the levels in the last columns."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    most = max(len(study.levels) for study in studies)
    writer.writerow([*COLUMNS, *(f"level {k + 1}" for k in range(most))])
    for study in studies:
        for row in study.rows:
            figure, found = row.figure, row.judgement
            numbers = [found.order, found.limit, found.index, found.spread, row.first_off, figure.scale]
            writer.writerow(
                [
                    *(study.kind, figure.key, figure.title, figure.unit, *map(_number, numbers)),
                    *(str(found.settled).lower(), found.kind, verdict(found, figure.differs)),
                    *map(_number, figure.values),
                ]
            )
    return stream.getvalue()


def _number(value: float | None) -> str:
    return "" if value is None or not math.isfinite(value) else repr(float(value))


def as_mapping(studies: Sequence[Study]) -> dict[str, Any]:
    """The same as text keys, lists and numbers, with the levels."""
    run = studies[0].levels[0].run
    return {
        "name": run.name,
        "dimension": run.dimension,
        "threshold": studies[0].threshold,
        "studies": {study.kind: _study(study) for study in studies},
    }


def _study(study: Study) -> dict[str, Any]:
    return {
        "levels": [
            {
                "name": level.name,
                "status": level.run.status,
                "ended_by": level.run.summary.get("ended_by"),
                "relative_size": level.size,
                "bulk_m": level.bulk,
                "interface_m": level.interface,
                "tolerance": level.tolerance,
                "counts": dict(level.counts),
                "rock_salt_fraction": (level.run.summary.get("mesh") or {}).get("rock_salt_fraction"),
                "wall_time_s": (level.run.summary.get("wall_time_s") or {}).get("total"),
            }
            for level in study.levels
        ],
        "tally": tally(study),
        "notes": notes(study),
        "sentences": sentences(study),
        "figures": [
            {
                "key": row.figure.key,
                "section": row.figure.section,
                "words": row.figure.words,
                "unit": row.figure.unit,
                "wall": row.figure.wall,
                "values": list(row.figure.values),
                "scale": row.figure.scale,
                "order": row.judgement.order,
                "extrapolated": row.judgement.limit,
                "index": row.judgement.index,
                "spread": row.judgement.spread,
                "first_off": row.first_off,
                "kind": row.judgement.kind,
                "settled": row.judgement.settled,
                "verdict": verdict(row.judgement, row.figure.differs),
            }
            for row in study.rows
        ],
    }
