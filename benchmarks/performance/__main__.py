"""Measure what is missing and write the page.

    python -m benchmarks.performance [NAME ...] [--quick] [--out FOLDER] [--fresh] [--repeats N] [--tell]

Rows are kept in `runs/performance` one by one: interrupted, the command goes on where it stopped. The whole
form takes hours and writes `docs/performance.md`; the quick one takes ten minutes on two quiet cores and
writes into its own folder below `runs/`.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.performance.contents import NAMES, load
from benchmarks.performance.running import ROOT, in_own_process, measure_all

PAGE = ROOT / "docs" / "performance.md"


def main(words: Sequence[str] | None = None) -> int:
    """Measure, write the page and say what failed; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.performance", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"families: {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="small sizes, few repeats")
    parser.add_argument("--out", type=Path, help="where rows are kept, and the page of the quick form")
    parser.add_argument("--fresh", action="store_true", help="measure anew what is there")
    parser.add_argument("--repeats", type=int, help="at most so many of each measurement")
    parser.add_argument(
        "--tell", action="store_true", help="measure nothing, write the page from what is there"
    )
    given = parser.parse_args(words)
    unknown = sorted(set(given.names) - set(NAMES))
    if unknown:
        parser.error(f"no family {', '.join(unknown)}; there are {', '.join(NAMES)}")
    out = given.out or ROOT / "runs" / ("performance-quick" if given.quick else "performance")
    families = {name: load(name) for name in NAMES}
    jobs = {name: family.jobs(given.quick) for name, family in families.items()}
    if given.repeats:
        jobs = {
            name: [replace(job, repeats=min(job.repeats, given.repeats)) for job in some]
            for name, some in jobs.items()
        }
    failed: list[str] = []
    if not given.tell:
        chosen = {name: (families[name], jobs[name]) for name in given.names or NAMES}
        failed = measure_all(chosen, out, given.fresh, in_own_process)
    page = out / "performance.md" if given.quick or given.out else PAGE
    # The page draws with what the book has, which the measurements themselves never need.
    from benchmarks.performance.page import write
    from benchmarks.performance.rows import gather

    rows = gather(out, {name: load(name).jobs(given.quick) for name in NAMES})
    write(page, {name: family.tell(rows) for name, family in families.items()}, rows, given.quick)
    print(f"written: {page}")
    for line in failed:
        print(f"failed: {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
