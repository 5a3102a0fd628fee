"""The book on paper: a Markdown page with its figure for each check, and the index."""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from benchmarks.verification.computing import Computed, complaints
from benchmarks.verification.contents import CHAPTERS
from benchmarks.verification.figure import draw
from benchmarks.verification.page import ASKED, DIMENSIONS, KINDS, Check, Page, Refinement

MADE = "<!-- Written by `make verify`: change the page's module and run it again. -->"
HELD, BROKEN = "holds", "**does not hold**"


def write_page(out: Path, name: str, page: Page, computed: Computed) -> None:
    """Write a page and its figure under `out`.

    Args:
        out: folder of the book.
        name: `chapter/page`.
        page: its words.
        computed: its numbers.
    """
    path = out / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    found = computed.findings
    lines = [MADE, f"# {page.title}", "", _text(page.claim), ""]
    lines += ["## Equation", "", _text(page.equation), "", f"Source: {_text(page.source)}", ""]
    lines += ["## Set-up", "", _text(page.setup), "", "## Result", ""]
    if computed.failure:
        lines += [f"Not computed: {computed.failure}", ""]
    if found.checks:
        lines += _checks(found.checks)
    if found.refinements:
        lines += _refinements(found.refinements)
    if draw(found, path.with_suffix(".png")):
        lines += [f"![{page.title}]({path.stem}.png)", ""]
    for note in found.notes:
        lines += [_text(note), ""]
    lines += ["## Verdict", "", _verdict(computed), "", "[Index](../index.md)"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _text(words: str) -> str:
    """Words with their maths where GitHub leaves it alone: fenced blocks for $$ and code spans for $.

    Between dollars alone GitHub reads Markdown first: a thin space becomes a comma, two asterisks make
    italics, and a line that begins with a minus ends the equation as a list.
    """
    blocks = re.sub(
        r"\$\$(.+?)\$\$", lambda m: f"```math\n{m[1].strip()}\n```", words.strip(), flags=re.DOTALL
    )
    return re.sub(r"\$([^$`]+)\$", r"$`\1`$", blocks)


def _verdict(computed: Computed) -> str:
    if computed.holds:
        number = len(computed.findings.checks) + len(computed.findings.refinements)
        return f"Holds: {number} of {number} checks."
    return "Does not hold:\n\n" + "\n".join(f"- {line}" for line in complaints(computed))


def _words(dimension: str) -> str:
    return dimension.replace("_", " ")


def _checks(checks: list[Check]) -> list[str]:
    """Table of numbers beside exact ones; the law stands in it where a page has several."""
    several = len({check.law for check in checks}) > 1
    lines = [
        f"| {'law | ' if several else ''}dimension | quantity | found | should be | error | allowed | |",
        f"|{'---|' if several else ''}---|---|---|---|---|---|---|",
    ]
    for check in checks:
        law = f"{check.law} | " if several else ""
        lines.append(
            f"| {law}{_words(check.dimension)} | {check.quantity} | {check.found:.6g} | {check.wanted:.6g} "
            f"| {check.error:.1e} | {check.limit:.0e} | {HELD if check.holds else BROKEN} |"
        )
    return [*lines, ""]


def _refinements(rows: list[Refinement]) -> list[str]:
    several = len({row.law for row in rows}) > 1
    lines = [
        f"| {'law | ' if several else ''}dimension | error of | refined | errors | order | theory | |",
        f"|{'---|' if several else ''}---|---|---|---|---|---|---|",
    ]
    for row in rows:
        law = f"{row.law} | " if several else ""
        sizes = ", ".join(f"{size:.3g}" for size in row.sizes)
        errors = ", ".join(f"{error:.1e}" for error in row.errors)
        lines.append(
            f"| {law}{_words(row.dimension)} | {row.quantity} | {row.parameter}: {sizes} | {errors} "
            f"| {row.observed:.2f} | {row.order:g} | {HELD if row.holds else BROKEN} |"
        )
    return [*lines, ""]


def write_index(out: Path, titles: Mapping[str, str], computed: Mapping[str, Computed]) -> None:
    """Write the index: laws by dimension and kind of comparison, then the chapters; and all numbers as CSV.

    Args:
        out: folder of the book.
        titles: title of every page by name.
        computed: every page's numbers by name.
    """
    out.mkdir(parents=True, exist_ok=True)
    planted = "`make planted`"
    if (out / "planted-errors.md").exists():
        planted += ": [planted errors](planted-errors.md)"
    held = sum(page.holds for page in computed.values())
    lines = [MADE, "# The verification book", ""]
    lines += [
        f"{held} of {len(computed)} pages hold. Each law and coupling is set beside exact solutions, "
        "manufactured ones and other programs, in every dimension that can represent it; some also beside "
        "measurements, or beside the same program on other meshes, increments or ranks. A cell gives the "
        "largest error of its checks, or the lowest observed order where only orders are claimed, and links "
        "its page. An empty cell is what nobody has checked.",
        "",
        "`make verify` computes all of it; `make test` runs a short form of each page. How well the book "
        f"catches errors is measured by {planted}.",
        "",
        *_table(computed),
        "",
    ]
    for chapter, heading in CHAPTERS.items():
        lines += [f"## {heading}", ""]
        for name, page in computed.items():
            if name.startswith(f"{chapter}/"):
                lines.append(f"- [{titles[name]}]({name}.md): {HELD if page.holds else BROKEN}")
        lines.append("")
    (out / "index.md").write_text("\n".join(lines), encoding="utf-8")
    _write_numbers(out / "numbers.csv", computed)


def _table(computed: Mapping[str, Computed]) -> list[str]:
    lines = [f"| law or coupling | beside | {' | '.join(map(_words, DIMENSIONS))} |", "|---" * 7 + "|"]
    for law in dict.fromkeys(row.law for page in computed.values() for row in _rows(page)):
        lead = law
        for kind, words in KINDS.items():
            cells = [_cell(law, dimension, kind, computed) for dimension in DIMENSIONS]
            if kind not in ASKED and not any(cells):
                continue
            lines.append(f"| {lead} | {words} | {' | '.join(cells)} |")
            lead = ""
    return lines


def _rows(page: Computed) -> list[Check | Refinement]:
    return [*page.findings.checks, *page.findings.refinements]


def _cell(law: str, dimension: str, kind: str, computed: Mapping[str, Computed]) -> str:
    """What a cell of the index shows: one entry for each page that fills it."""
    shown = []
    for name, page in computed.items():
        rows = [row for row in _rows(page) if (row.law, row.dimension, row.kind) == (law, dimension, kind)]
        if rows:
            errors = [row.error for row in rows if isinstance(row, Check)]
            orders = [row.observed for row in rows if isinstance(row, Refinement)]
            value = f"{max(errors):.0e}" if errors else f"order {min(orders):.1f}"
            failed = "" if all(row.holds for row in rows) else " **!**"
            shown.append(f"[{value}]({name}.md){failed}")
    return ", ".join(shown)


def _write_numbers(path: Path, computed: Mapping[str, Computed]) -> None:
    """Every number of the book, a row each."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(
            ["page", "law", "dimension", "kind", "quantity", "found", "wanted", "error", "limit", "holds"]
        )
        for name, page in computed.items():
            for row in _rows(page):
                words = [name, row.law, row.dimension, row.kind, row.quantity]
                numbers: list[object]
                if isinstance(row, Check):
                    numbers = [row.found, row.wanted, row.error, row.limit]
                else:
                    numbers = [row.observed, row.order, row.errors[-1], row.slack]
                table.writerow([*words, *numbers, row.holds])
