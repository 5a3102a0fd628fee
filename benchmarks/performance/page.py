"""The page of all measurements, its figures and the raw numbers beside it."""

import csv
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.performance.rows import Row, Rows
from benchmarks.performance.section import Section, Table
from benchmarks.verification.figure import draw
from benchmarks.verification.page import Findings

VERDICTS = ("what", "target", "measured", "repeats", "verdict", "where the time goes")


def write(path: Path, sections: Mapping[str, Section], rows: Rows, quick: bool) -> None:
    """Write the page, and beside it a folder of its name with a CSV and a figure of each family.

    Args:
        path: of the page.
        sections: by name of the family, in order.
        rows: all that was measured.
        quick: whether it is the quick form, which the page then says.
    """
    beside = path.with_suffix("")
    beside.mkdir(parents=True, exist_ok=True)
    targets = [target.cells for section in sections.values() for target in section.targets]
    lines = [*_head(rows, quick), "## Targets", "", *_table(Table(VERDICTS, tuple(targets))), ""]
    for name, section in sections.items():
        write_csv(beside / f"{name}.csv", rows.by_family.get(name, ()))
        lines += [f"## {section.title}", "", *_paragraphs(section.text)]
        for table in section.tables:
            if table.rows:
                lines += [*_table(table), ""]
        if any(panel.lines for panel in section.panels):
            panels = [panel for panel in section.panels if panel.lines]
            draw(Findings(panels=panels), beside / f"{name}.png")
            lines += [f"![{section.title}]({beside.name}/{name}.png)", ""]
        lines += _paragraphs(section.notes)
        failures = rows.failures(name)
        if failures:
            lines += ["Not measured:", "", *[f"- {line}" for line in failures], ""]
        lines += [f"Raw numbers: [{name}.csv]({beside.name}/{name}.csv).", ""]
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _head(rows: Rows, quick: bool) -> list[str]:
    versions = sorted({row.version for family in rows.by_family.values() for row in family if row.version})
    words = "python -m benchmarks.performance" + (" --quick" if quick else "")
    return [
        "# Performance",
        "",
        f"Written by `{words}`, no number by hand. Numbers are medians, with their range, of as many repeats as",
        "stand beside them; a ratio is taken repeat by repeat, of neighbours in time on one machine. Compare",
        "ratios and rows, not seconds with those of another machine.",
        "",
        f"Machine: {_processor()}, {os.cpu_count()} cores; program {', '.join(versions) or 'unknown'}; "
        f"Python {platform.python_version()}; one thread a process.",
        "",
    ]


def _processor() -> str:
    """Name of the processor as the system gives it."""
    info = Path("/proc/cpuinfo")
    for line in info.read_text(encoding="utf-8").splitlines() if info.exists() else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _paragraphs(texts: Sequence[str]) -> list[str]:
    return [line for text in texts for line in (text, "")]


def _table(table: Table) -> list[str]:
    return [
        f"| {' | '.join(table.heads)} |",
        "|" + "---|" * len(table.heads),
        *(f"| {' | '.join(row)} |" for row in table.rows),
    ]


def write_csv(path: Path, rows: Sequence[Row]) -> None:
    """Every measurement of a family, a line each: what was asked, then what was found."""
    asked = list(dict.fromkeys(name for row in rows for name in row.given))
    found = list(dict.fromkeys(name for row in rows for name in row.values))
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["job", "repeat", "ranks", "version", "failure", *asked, *found])
        for row in rows:
            cells = [row.given.get(name, "") for name in asked] + [row.values.get(name, "") for name in found]
            writer.writerow([row.job, row.repeat, row.ranks, row.version, row.failure, *cells])
