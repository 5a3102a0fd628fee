"""All pages, each in a process of its own, two at a time; what they give goes to paper.

    python -m benchmarks.verification [PAGE ...] [--short] [--out DIR] [--workers N]

Without page names all pages are computed and the index is written; with names only these are, and nothing
is written unless --out says where. A page that crashes is one that does not hold, never the end of the book.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from benchmarks.verification.computing import Computed, complaints, read
from benchmarks.verification.contents import load, names
from benchmarks.verification.page import Findings
from benchmarks.verification.writing import write_index, write_page

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT / "docs" / "verification"
LONGEST = 1500.0
"""A page that takes longer has hung [s]."""


def in_own_process(name: str, short: bool, folder: Path) -> Computed:
    """Compute a page in a process of its own."""
    path, began = folder / f"{name.replace('/', '-')}.json", monotonic()
    command = [sys.executable, "-m", "benchmarks.verification.computing", name, str(path)]
    try:
        done = subprocess.run(
            [*command, *(["--short"] if short else [])],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired:
        return Computed(name, Findings(), f"took more than {LONGEST:.0f} s", monotonic() - began)
    if not path.exists():
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return Computed(name, Findings(), f"ended with {done.returncode}: {last}", monotonic() - began)
    computed = read(path)
    if computed.failure:
        print(done.stderr, file=sys.stderr)
    return computed


def compute_all(wanted: Iterable[str], short: bool, workers: int) -> dict[str, Computed]:
    """Compute pages side by side; one line of progress each."""
    found: dict[str, Computed] = {}
    wanted = list(wanted)
    with TemporaryDirectory() as folder, ThreadPoolExecutor(workers) as pool:
        # Pages that start ranks of their own come last: they would share their cores with other pages.
        alone = [name for name in wanted if load(name).starts_ranks]
        for group in ([n for n in wanted if n not in alone], alone):
            jobs = [pool.submit(in_own_process, name, short, Path(folder)) for name in group]
            for job in as_completed(jobs):
                computed = job.result()
                found[computed.name] = computed
                verdict = "holds" if computed.holds else "DOES NOT HOLD"
                print(
                    f"{len(found)}/{len(wanted)} {computed.name}: {verdict}, {computed.duration:.0f} s",
                    flush=True,
                )
                for line in complaints(computed):
                    print(f"    {line}", flush=True)
    return {name: found[name] for name in wanted}


def main(arguments: list[str]) -> int:
    """Compute the book, or some of its pages."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.verification", description=__doc__)
    parser.add_argument("pages", nargs="*", help="names, chapter/page; all unless given")
    parser.add_argument("--short", action="store_true", help="the form that `make test` runs; writes nothing")
    parser.add_argument("--out", type=Path, help="folder of the pages; docs/verification for the whole book")
    parser.add_argument("--workers", type=int, default=2, help="pages computed at once")
    parser.add_argument("--list", action="store_true", help="name the pages and stop")
    given = parser.parse_args(arguments)
    if given.list:
        print(*names(), sep="\n")
        return 0
    unknown = sorted(set(given.pages) - set(names()))
    if unknown:
        parser.error(f"no page {', '.join(unknown)}; --list names them")
    whole = not given.pages
    out = given.out or (PAPER if whole and not given.short else None)
    found = compute_all(given.pages or names(), given.short, given.workers)
    if out is not None:
        for name, computed in found.items():
            write_page(out, name, load(name), computed)
        if whole:
            write_index(out, {name: load(name).title for name in found}, found)
    failed = [name for name, computed in found.items() if not computed.holds]
    print(
        f"{len(found) - len(failed)} of {len(found)} pages hold"
        + (f"; not: {', '.join(failed)}" if failed else "")
    )
    return 1 if failed else 0
