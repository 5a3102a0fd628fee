"""Plant every error, hunt it, and write the table.

    python -m benchmarks.planted [ERROR ...] [--workers N] [--list]

First the pages and tests that stand nearest to the errors run in a copy without any, and must pass: what
fails anyway catches nothing. Exit 1 when an error is missed by the pages or by the tests. With names only
these errors are planted and nothing is written.
"""

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from benchmarks.planted.error import PlantedError
from benchmarks.planted.errors import ERRORS
from benchmarks.planted.hunting import Catch, Copy, Hunt, hunt, nearest

PAPER = Path(__file__).resolve().parents[2] / "docs" / "verification" / "planted-errors.md"


def baseline(errors: Sequence[PlantedError], copies: Sequence[Copy]) -> list[Catch]:
    """What fails without any error, among what stands nearest to the errors."""
    pages, tests = nearest(errors)
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in copies:
        copy.fresh_cache()
        free.put(copy)

    def check(kind: str, name: str) -> Catch | None:
        copy = free.get()
        try:
            return copy.page(name) if kind == "page" else copy.tests(name)
        finally:
            free.put(copy)

    with ThreadPoolExecutor(len(copies)) as pool:
        jobs = [pool.submit(check, "page", name) for name in pages]
        jobs += [pool.submit(check, "tests", name) for name in tests]
        return [found for job in jobs if (found := job.result()) is not None]


def hunt_all(errors: Sequence[PlantedError], copies: Sequence[Copy]) -> list[Hunt]:
    """Hunt every error, one in each copy at a time; a line of progress each."""
    free: SimpleQueue[Copy] = SimpleQueue()
    for copy in copies:
        free.put(copy)

    def one(error: PlantedError) -> Hunt:
        copy = free.get()
        try:
            return hunt(error, copy)
        finally:
            free.put(copy)

    found: dict[str, Hunt] = {}
    with ThreadPoolExecutor(len(copies)) as pool:
        for job in as_completed([pool.submit(one, error) for error in errors]):
            done = job.result()
            found[done.error.name] = done
            page = done.page.where if done.page else "MISSED by the pages"
            test = done.test.where if done.test else "MISSED by the tests"
            print(
                f"{len(found)}/{len(errors)} {done.error.name}: {page}; {test}; {done.duration:.0f} s",
                flush=True,
            )
    return [found[error.name] for error in errors]


def write_table(hunts: Sequence[Hunt], path: Path) -> None:
    """Write one row an error: where it was planted, the page and the test that caught it."""
    caught = sum(h.caught for h in hunts)
    lines = [
        "<!-- Written by `make planted`. -->",
        "# Planted errors",
        "",
        f"{len(hunts)} errors were planted, one at a time, in a copy of the code; {caught} were caught by "
        "a page of the [book](index.md) and by a test. Each was hunted with the short forms of the pages "
        "and with the tests nearest to it first, and only as long as it was not caught: more pages and "
        "tests than those named may notice it. The tests that run the pages do not count as tests here. "
        "What keeps the program from starting does not count as caught.",
        "",
        "| error | planted in | page | what it said | test |",
        "|---|---|---|---|---|",
    ]
    for found in hunts:
        page = f"[{found.page.where}]({found.page.where}.md)" if found.page else "**missed**"
        said = _short(found.page.words) if found.page else ""
        test = f"`{_short(found.test.where, 90)}`" if found.test else "**missed**"
        lines.append(f"| {found.error.name} | `{found.error.path}` | {page} | {said} | {test} |")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _short(words: str, limit: int = 160) -> str:
    plain = " ".join(words.replace("|", "/").split())
    return plain if len(plain) <= limit else plain[: limit - 3] + "..."


def main(arguments: list[str]) -> int:
    """Hunt all errors, or some."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.planted", description=__doc__)
    parser.add_argument("errors", nargs="*", help="names of errors; all unless given")
    parser.add_argument("--workers", type=int, default=2, help="errors hunted at once")
    parser.add_argument("--list", action="store_true", help="name the errors and stop")
    given = parser.parse_args(arguments)
    if given.list:
        print(*(error.name for error in ERRORS), sep="\n")
        return 0
    unknown = sorted(set(given.errors) - {error.name for error in ERRORS})
    if unknown:
        parser.error(f"no error {', '.join(unknown)}; --list names them")
    chosen = [error for error in ERRORS if not given.errors or error.name in given.errors]
    with TemporaryDirectory(prefix="planted-") as folder:
        copies = [Copy(Path(folder) / f"copy-{k}") for k in range(given.workers)]
        print("without an error:", flush=True)
        failing = baseline(chosen, copies)
        for catch in failing:
            print(f"    {catch.where} fails: {catch.words}", flush=True)
        if failing:
            return 1
        print("    pages and tests nearest to the errors pass", flush=True)
        for copy in copies:
            copy.kept = copy.cache.rename(Path(folder) / f"{copy.root.name}-kept")
        hunts = hunt_all(chosen, copies)
    if not given.errors:
        write_table(hunts, PAPER)
    missed = [found.error.name for found in hunts if not found.caught]
    print(
        f"{len(hunts) - len(missed)} of {len(hunts)} caught"
        + (f"; missed: {', '.join(missed)}" if missed else "")
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
