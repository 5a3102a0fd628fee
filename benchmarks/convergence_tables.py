"""How far each shipped case is converged: the table of `lithostat converge` for all of them.

    python -m benchmarks.convergence_tables [--out FOLDER] [--jobs N] [--finished] [NAME ...]

runs the study of each case that is named, by default those of `STUDIES`, which take about 40 minutes on two
idle cores, and writes its table between its marks in `docs/convergence.md`; the others stay as they are.
A study that was interrupted goes on where it was. `--finished` runs nothing and takes the studies that are
complete.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from solver.convergence.study import Study, read_study
from solver.report.convergence import level_table, table
from solver.report.convergence_words import NAMES, notes, sentences, tally

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "convergence.md"
INTRODUCTION = """\
# How far the shipped cases are converged

Tables of [`lithostat converge`](converge.md), which says how to read them, written by
`python -m benchmarks.convergence_tables`, no number by hand. `mesh-1` is the case as shipped; the index is of
the finest level, "first level off" of the case as shipped. Values at walls and points are left out of the
tables here, and so is what is the same on all levels. The balls are studied in their quick forms: coarse
meshes, thicker shells and a short protocol.
"""


@dataclass(frozen=True)
class Wanted:
    """One study.

    Attributes:
        name: of the shipped case.
        options: of the command.
    """

    name: str
    options: tuple[str, ...] = ()


STUDIES = (
    Wanted("sphere_2007", ("--time",)),
    Wanted("core_shell_liquid", ("--time",)),
    Wanted("core_shell_liquid_disc"),
    Wanted("dispersed_solid"),
    Wanted("hollow_secondary"),
    Wanted("quick/core_shell_liquid_3d", ("--ratio", "1.5")),
    Wanted("quick/dispersed_solid_3d", ("--ratio", "1.5")),
    Wanted("quick/hollow_secondary_3d"),
)
"""In the order of the page. Three levels of a shipped ball take hours; naming it runs them all the same."""


def marks(name: str) -> tuple[str, str]:
    """Lines between which the table of a case stands."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def run(wanted: Wanted, folder: Path) -> None:
    """Run a study, or go on with it.

    Raises:
        RuntimeError: it was interrupted, or its input is bad.
    """
    words = [sys.executable, "-m", "solver.cli", "converge", wanted.name, *wanted.options, "--force"]
    words += ["--out", str(folder / wanted.name)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode not in {0, 3, 4}:
        raise RuntimeError(f"{wanted.name}: {done.stdout}{done.stderr}")
    print(f"{wanted.name}: exit code {done.returncode}", flush=True)


def studies(wanted: Wanted, folder: Path) -> list[Study]:
    """The studies of a case that is complete; none where it is not."""
    out = folder / wanted.name
    written = out / "convergence.json"
    if not written.exists():
        return []
    found = json.loads(written.read_text(encoding="utf-8"))
    return [
        read_study(kind, [out / level["name"] for level in study["levels"]], found["threshold"])
        for kind, study in found["studies"].items()
    ]


def section(wanted: Wanted, found: Sequence[Study]) -> str:
    """Heading, words and tables of a case."""
    command = " ".join(["lithostat converge", wanted.name, *wanted.options])
    dimension = found[0].levels[0].run.dimension.replace("_", " ")
    parts = [f"## {wanted.name}", f"{dimension}; `{command}`."]
    for study in found:
        parts.append(f"**{NAMES[study.kind]}: {tally(study)}.**")
        parts += [f"Note: {words}." for words in notes(study)]
        parts.append("\n".join(f"- {words}" for words in sentences(study, walls=False)))
        parts.append(markdown(*level_table(study)))
        rows = [row for row in study.rows if not row.figure.wall and row.judgement.kind != "constant"]
        parts.append(markdown(*table(study, rows, alone=True)))
    return "\n\n".join(parts)


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table, the first column words, the others numbers."""
    ruler = ["---", *["--:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, ruler, *rows))


def page(earlier: str, written: Mapping[str, str]) -> str:
    """The page with the tables of some cases written anew.

    Args:
        earlier: the page as it is, or nothing.
        written: tables by name of the case.
    """
    names = [wanted.name for wanted in STUDIES]
    names += [name for name in (*_names(earlier), *written) if name not in names]
    parts = [INTRODUCTION]
    for name in names:
        begin, end = marks(name)
        before = earlier.partition(begin)[2].partition(end)[0].strip()
        inside = written.get(name) or before or f"## {name}\n\nNot run yet."
        parts.append(f"{begin}\n{inside}\n{end}\n")
    return "\n".join(parts)


def _names(text: str) -> list[str]:
    """Names of the cases that have a table on a page."""
    return re.findall(r"^<!-- (\S+): begin -->$", text, re.M)


def main() -> None:
    """Run and write the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="shipped cases")
    parser.add_argument(
        "--out", type=Path, default=ROOT / "runs" / "convergence", help="folder of the studies"
    )
    parser.add_argument("--jobs", type=int, default=2, help="studies at a time")
    parser.add_argument("--finished", action="store_true", help="run nothing, take what is complete")
    given = parser.parse_args()
    known = {wanted.name: wanted for wanted in STUDIES}
    chosen = [known.get(name, Wanted(name)) for name in given.names or known]
    if not given.finished:
        with ThreadPoolExecutor(max_workers=given.jobs) as pool:
            list(pool.map(lambda wanted: run(wanted, given.out), chosen))
    found = {wanted: studies(wanted, given.out) for wanted in chosen}
    written = {wanted.name: section(wanted, seen) for wanted, seen in found.items() if seen}
    earlier = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    PAGE.write_text(page(earlier, written), encoding="utf-8")


if __name__ == "__main__":
    main()
