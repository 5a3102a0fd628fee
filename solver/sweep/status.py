"""`lithostat sweep status DIR`: what has become of every case of a sweep, while it runs too."""

import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from solver.progress import duration_text
from solver.sweep.engine import Result
from solver.sweep.rows import Row, read_rows
from solver.sweep.store import Store
from solver.sweep.tally import GOOD, Tally

REFRESH = 2.0
"""Between two looks of a live table [s]."""

SHOWN = 20
"""Cases of a kind that are listed one by one."""


@dataclass(frozen=True)
class Standing:
    """How a sweep stands.

    Attributes:
        tally: counts and the time left.
        running: cases being run, and for how long [s].
        bad: cases without results, and why.
        driven: whether a command is at work on it.
    """

    tally: Tally
    running: tuple[tuple[Row, float], ...]
    bad: tuple[tuple[Row, Result], ...]
    driven: bool


def look(folder: Path) -> Standing:
    """Read how a sweep stands from its folder; takes no lock and changes nothing.

    Raises:
        SweepReadError: it is no folder of a sweep.
    """
    rows = list({row.hash: row for row in reversed(read_rows(folder).rows)}.values())[::-1]
    store = Store(folder)
    found = store.failed() | store.finished()
    for row in rows:
        if row.status in ("invalid", "damaged") and row.hash not in found:
            found[row.hash] = Result(row.hash, row.status, row.reason, 0.0)
    ended = [(row, found[row.hash]) for row in rows if row.hash in found]
    since, now = store.being_run(), time.time()
    running = [(row, max(now - since[row.hash], 0.0)) for row in rows if row.hash in since]
    running = [(row, age) for row, age in running if row.hash not in found]
    counts = Counter(result.status for _, result in ended)
    times = [result.seconds for _, result in ended if result.seconds > 0.0]
    left = _left(times, [age for _, age in running], len(rows) - len(ended) - len(running))
    return Standing(
        tally=Tally(counts, len(running), len(rows), left),
        running=tuple(running),
        bad=tuple((row, result) for row, result in ended if result.status not in GOOD),
        driven=store.is_driven(),
    )


def _left(times: Sequence[float], ages: Sequence[float], waiting: int) -> float | None:
    """Time that the rest will take [s]: each as long as those that ended, on as many workers as work now."""
    if not times or not ages:
        return None
    mean = sum(times) / len(times)
    return (waiting * mean + sum(max(mean - age, 0.0) for age in ages)) / len(ages)


def lines_of(folder: Path, standing: Standing, fields: Sequence[str]) -> list[str]:
    """A table of a standing: counts, cases being run, cases that failed with their reasons.

    Args:
        folder: of the sweep.
        standing: how it stands.
        fields: names of the swept fields, in the order of the rows' values.
    """
    tally = standing.tally
    lines = [f"{folder}: {tally.line()}"]
    for row, age in standing.running[:SHOWN]:
        lines.append(f"  running {duration_text(age):>12}  {_named(row, fields)}")
    for row, result in standing.bad[:SHOWN]:
        lines.append(f"  {result.status:<20}  {_named(row, fields)}: {result.reason}")
    hidden = max(len(standing.running) - SHOWN, 0) + max(len(standing.bad) - SHOWN, 0)
    if hidden:
        lines.append(f"  and {hidden} more")
    if tally.waiting and not standing.driven and not standing.running:
        lines.append("nobody is at work on it: the same `lithostat sweep` goes on with what is missing")
    return lines


def _named(row: Row, fields: Sequence[str]) -> str:
    """A case by its number, hash and values."""
    values = ", ".join(
        f"{field.rsplit('.', 1)[-1]}={value}" for field, value in zip(fields, row.values, strict=True)
    )
    return f"{row.number:>4} {row.hash} {values}"


def status(folder: Path, *, stream: TextIO | None = None) -> int:
    """Print how a sweep stands; on a terminal again and again until the command at work on it has ended.

    Args:
        folder: of the sweep.
        stream: where to print; standard output unless given.

    Returns:
        0.

    Raises:
        SweepReadError: it is no folder of a sweep.
    """
    stream = sys.stdout if stream is None else stream
    fields = read_rows(folder).fields
    shown = 0
    while True:
        standing = look(folder)
        lines = lines_of(folder, standing, fields)
        # Back to the first line of the table before, and clear what stands below.
        stream.write((f"\x1b[{shown}F\x1b[J" if shown else "") + "\n".join(lines) + "\n")
        stream.flush()
        if not (stream.isatty() and standing.driven):
            return 0
        shown = len(lines)
        time.sleep(REFRESH)
