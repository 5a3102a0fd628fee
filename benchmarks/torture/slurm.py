"""Sweeps on a real Slurm of one node: `python -m benchmarks.torture.slurm [--cases N]`.

The same cases twice, each time with a job that dies on the way: as a job array, where one more case takes
longer than its jobs may, and on workers of Dask that are jobs. Prints what it counts.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from solver.sweep.slurm_queue import queued
from solver.sweep.slurm_script import read_lines
from solver.sweep.store import Store

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "slurm_node.sh"
PATIENCE = 3600.0
UNAVAILABLE = 75
BASE = """\
name: torture
base: quick/sphere_2007
set: {output.every: 10000}
axes:
  - {field: numerics.max_increment, kind: csv, path: increments.csv}
"""
# Increments so small that the first is met while it runs and the second meets the limit of its job.
SLOW, LONG = "0.1 s", "0.008 s"
PROFILE = "partition: test\nmemory: 500 MB\nat_once: 2\n"
LIMITED = PROFILE + "time: 1 min\nnotice: 15 s\nrestarts: 60\n"


class NoSlurmError(Exception):
    """No node could be started, in the words of the script that tried."""


@dataclass(frozen=True)
class Statement:
    """Something that should hold.

    Attributes:
        what: in words.
        holds: whether it does.
    """

    what: str
    holds: bool


@contextmanager
def node() -> Iterator[Mapping[str, str]]:
    """A Slurm of one node while the block runs; yields the environment that finds it.

    Raises:
        NoSlurmError: there is none.
    """
    with tempfile.TemporaryDirectory(prefix="slurm-") as name:
        folder = Path(name) / "node"
        started = subprocess.run([SCRIPT, "start", folder], capture_output=True, text=True, check=False)
        if started.returncode:
            raise NoSlurmError(started.stderr.strip())
        try:
            yield {"SLURM_CONF": str(folder / "slurm.conf")}
        finally:
            subprocess.run([SCRIPT, "stop", folder], check=False)


def write_sweep(folder: Path, increments: Sequence[str], profile: str) -> None:
    """Write a sweep over the largest increment, and the profile of the node."""
    folder.mkdir()
    (folder / "increments.csv").write_text("\n".join(["numerics.max_increment", *increments]) + "\n")
    (folder / "sweep.yaml").write_text(BASE.replace("field: numerics.max_increment, ", ""))
    (folder / "profile.yaml").write_text(profile)


def begin(folder: Path, *words: str) -> subprocess.Popen[str]:
    """Start the command in a folder."""
    call = ("sweep", "sweep.yaml", "--out", "out", "--profile", "profile.yaml", *words)
    return subprocess.Popen(
        [sys.executable, "-m", "solver.cli", *call],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def sweep(folder: Path, *words: str) -> str:
    """Run the command to its end; what it printed.

    Raises:
        RuntimeError: it went wrong.
    """
    process = begin(folder, *words)
    said, _ = process.communicate(timeout=PATIENCE)
    if process.returncode:
        raise RuntimeError(f"exit code {process.returncode}: {said}")
    return said


def wait(ready: Callable[[], object]) -> None:
    """Wait for something.

    Raises:
        TimeoutError: it did not come.
    """
    until = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > until:
            raise TimeoutError(f"nothing came within {PATIENCE:g} s")
        time.sleep(0.2)


def rows(run: Path) -> int:
    """Rows of a run's history."""
    history = run / "history.csv"
    return history.read_text().count("\n") - 1 if history.exists() else 0


def as_array(folder: Path, count: int) -> list[Statement]:
    """The cases as an array: one job killed, one over its limit."""
    increments = [LONG, SLOW, *(f"{40 + number} s" for number in range(count - 2))]
    write_sweep(folder, increments, LIMITED)
    words = ("--engine", "slurm-array")
    print(sweep(folder, *words))
    store = Store(folder / "out")
    first = store.root / "slurm" / "0001"
    names = [line[0] for line in read_lines(first / "tasks")]
    array = int((first / "job").read_text())
    wait(lambda: rows(store.running / names[1]) > 3)
    subprocess.run(["scancel", "--signal=KILL", f"{array}_2"], check=True)
    wait(lambda: not queued())
    before = store.finished()
    print(sweep(folder, *words))
    second = [line[0] for line in read_lines(store.root / "slurm" / "0002" / "tasks")]
    wait(lambda: not queued())
    last = sweep(folder, *words)
    print(last)
    log = (first / "log" / "1.txt").read_text()
    restarts = [int(number) for number in re.findall(r"restart (\d+)$", log, re.M)]
    statuses = Counter(result.status for result in store.finished().values())
    print(f"array: {dict(statuses)}, restarts of the long case: {restarts[-1]}")
    return [
        Statement(f"all but the killed one of {count} ended in the first array", len(before) == count - 1),
        Statement("the killed one alone was submitted again", second == [names[1]]),
        Statement(f"{count} cases are done", statuses == {"done": count}),
        Statement("the long one was restarted in order", restarts == list(range(len(restarts))) != [0]),
        Statement("the long one went on from its checkpoint", "goes on from its checkpoint" in log),
        Statement(
            "nothing failed and nothing is left", not store.failed() and not any(store.running.iterdir())
        ),
        Statement("the last call submits nothing", "submitted" not in last),
    ]


def as_dask(folder: Path, count: int) -> list[Statement]:
    """The cases on workers of Dask that are jobs: one of these killed."""
    increments = [SLOW, *(f"{40 + number} s" for number in range(count - 1))]
    write_sweep(folder, increments, PROFILE + "time: 30 min\n")
    process = begin(folder, "--workers", "2")
    store = Store(folder / "out")
    wait(lambda: any(rows(run) > 3 for run in store.running.glob("*")) or process.poll() is not None)
    jobs = subprocess.run(["squeue", "--noheader", "--format=%A"], capture_output=True, text=True, check=True)
    numbers = jobs.stdout.split()
    if numbers:
        subprocess.run(["scancel", "--signal=KILL", numbers[0]], check=True)
    said, _ = process.communicate(timeout=PATIENCE)
    print(said)
    statuses = Counter(result.status for result in store.finished().values())
    print(f"dask: {dict(statuses)}, jobs seen: {len(numbers)}")
    wait(lambda: not subprocess.run(["squeue", "--noheader"], capture_output=True, check=True).stdout)
    return [
        Statement("workers were jobs", len(numbers) == 2),
        Statement(f"{count} cases are done, although one job was killed", statuses == {"done": count}),
        Statement("the command says so", process.returncode == 0),
        Statement("no failure is told", not store.failed()),
    ]


def torture(count: int = 24) -> bool:
    """Run both forms; whether everything held.

    Args:
        count: cases of each form, at least 4.

    Raises:
        NoSlurmError: there is no Slurm here.
    """
    with node() as environment, tempfile.TemporaryDirectory(prefix="sweeps-") as name:
        os.environ.update(environment)
        statements = [*as_array(Path(name) / "array", count), *as_dask(Path(name) / "dask", count)]
    for statement in statements:
        print(f"{'holds' if statement.holds else 'DOES NOT HOLD'}: {statement.what}")
    return all(statement.holds for statement in statements)


def main() -> int:
    """Exit code 0 where everything held, 1 where it did not, 75 where there is no Slurm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=24, metavar="N", help="cases of each form (default 24)")
    given = parser.parse_args()
    try:
        return 0 if torture(max(4, given.cases)) else 1
    except NoSlurmError as error:
        print(error, file=sys.stderr)
        return UNAVAILABLE


if __name__ == "__main__":
    sys.exit(main())
