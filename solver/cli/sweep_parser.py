"""The words of `lithostat sweep`: a sweep file, or one of three words and the folder of a sweep."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ENGINES = ("dask", "slurm-array")

TEXT = """\
Runs a base case with many combinations of values, every case in a folder of its own below DIR, which is
all that a sweep remembers: the same command again runs what is missing. A case that fails is a row with
its reason and ends nothing. Ctrl-C stops the sweep, and the same command goes on with it.

  lithostat sweep status DIR    how far it is, what failed and why, how long the rest will take
  lithostat sweep collect DIR   results.parquet and results.csv, one row a case, and page.html
  lithostat sweep plot DIR      the same with pictures, in plots/ and on the page"""

EXAMPLE = """\
exit codes: 0 every case has ended, in whatever way, or waits in the queue of Slurm; 2 bad input;
130 interrupted

example:
  lithostat sweep quick/core_shell_thickness --dry-run
  lithostat sweep my_sweep.yaml --workers 8
  lithostat sweep status sweeps/my-sweep"""

READERS = {
    "status": (
        "Says how far a sweep is, from its folder alone: done, running and failed cases, the reasons of\n"
        "those that failed, and how long the rest will take. On a terminal the table lives as long as a\n"
        "command is at work on the sweep; Ctrl-C leaves the table, not the sweep.",
        "  lithostat sweep status sweeps/my-sweep",
    ),
    "collect": (
        "Gathers the results of a sweep, finished or not: results.parquet and results.csv with one row a\n"
        "case and units in the names of the columns, and page.html, which holds a table to sort and the\n"
        "pictures that `lithostat sweep plot` has drawn.",
        "  lithostat sweep collect sweeps/my-sweep",
    ),
    "plot": (
        "Draws the figures of a sweep, finished or not: lines over each swept number, maps over two of\n"
        "them, parallel coordinates for three and more. It collects the results too, and page.html shows\n"
        "both.",
        "  lithostat sweep plot sweeps/my-sweep",
    ),
}
"""What the words before a folder do, and an example of each."""


class WordsFirst(argparse.ArgumentParser):
    """A parser of commands, one of which (`sweep`) may begin with a word that has a parser of its own."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.words: dict[str, argparse.ArgumentParser] = {}

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """Hand the rest to the parser of the first word, where there is one."""
        if args and args[0] in self.words:
            return self.words[args[0]].parse_known_args(args[1:], namespace)
        return super().parse_known_args(args, namespace)


def add_sweep(commands: Any) -> None:
    """Add the command to those of `lithostat`.

    Args:
        commands: sub-commands whose parsers are `WordsFirst`.
    """
    parser: WordsFirst = commands.add_parser(
        "sweep",
        help="run a case with many combinations of values",
        description=TEXT,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(word="run")
    parser.add_argument("sweep", type=Path, metavar="SWEEP", help="sweep file (YAML), or a shipped sweep")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder (default sweeps/NAME)")
    parser.add_argument(
        "--dry-run", action="store_true",
        help="only check every case, print the table, run one typical case and estimate what all will cost",
    )  # fmt: skip
    parser.add_argument(
        "--retry-failed", action="store_true", help="run those again that failed or were lost"
    )
    parser.add_argument(
        "--workers", type=_count, metavar="N",
        help="processes at once on this machine (default: one a core, divided by the ranks of a case)",
    )  # fmt: skip
    parser.add_argument(
        "--engine", choices=ENGINES, default="dask",
        help="who runs the cases: Dask (default), or a job array that is submitted to Slurm",
    )  # fmt: skip
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="running Dask cluster to use, such as tcp://head:8786"
    )
    parser.add_argument(
        "--profile",
        type=Path,
        metavar="FILE",
        help="what jobs of this cluster ask for (YAML; docs/sweeps.md)",
    )
    for word, (text, example) in READERS.items():
        reader = argparse.ArgumentParser(
            prog=f"{parser.prog} {word}",
            description=text,
            epilog=f"example:\n{example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        reader.set_defaults(word=word)
        reader.add_argument("folder", type=Path, metavar="DIR", help="folder of a sweep")
        parser.words[word] = reader


def _count(text: str) -> int:
    """A whole number of processes."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 10_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 10000")
    return int(text)
