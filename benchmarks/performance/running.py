"""Measurements one after the other, each in a process of its own, its row kept at once."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.performance.job import Family, Job
from benchmarks.performance.rows import GIVEN_UP, Row, keep, path_of, recall

ROOT = Path(__file__).resolve().parents[2]

Measure = Callable[[Family, Job, Path], Row]


def missing(family: Family, jobs: Sequence[Job], folder: Path, fresh: bool) -> Iterator[tuple[Job, int]]:
    """What is still to be measured: every job once, then every job again.

    A ratio then compares neighbours in time, and an interrupted session has some repeats of everything.
    """
    for repeat in range(max((job.repeats for job in jobs), default=0)):
        for job in jobs:
            path = path_of(folder, family.name, job, repeat)
            if repeat < job.repeats and (fresh or recall(path, job) is None):
                yield job, repeat


def measure_all(
    families: Mapping[str, tuple[Family, Sequence[Job]]], folder: Path, fresh: bool, measure: Measure
) -> list[str]:
    """Measure what is missing; gives a line for each measurement that failed.

    Args:
        families: with their jobs, by name.
        folder: where rows are kept.
        fresh: measure everything anew.
        measure: makes one row.
    """
    version, failed = _version(), []
    prepared = folder / "prepared"
    for name, (family, jobs) in families.items():
        waiting = list(missing(family, jobs, folder, fresh))
        if family.prepare is not None:
            prepared.mkdir(parents=True, exist_ok=True)
            for job in dict.fromkeys(job.name for job, _ in waiting):
                family.prepare(next(one.given for one, _ in waiting if one.name == job), prepared)
        for count, (job, repeat) in enumerate(waiting, start=1):
            print(f"{name} {count}/{len(waiting)}: {job.name}, repeat {repeat + 1}", flush=True)
            found = measure(family, job, prepared)
            row = Row(
                job.name,
                repeat,
                dict(job.given),
                job.ranks,
                found.values,
                found.failure,
                found.version or version,
            )
            keep(path_of(folder, name, job, repeat), row)
            if row.failure:
                failed.append(f"{name}, {job.name}: {row.failure}")
                print(f"    {row.failure}", flush=True)
    return failed


def in_own_process(family: Family, job: Job, prepared: Path) -> Row:
    """Measure once in a process of its own; whatever goes wrong there is the row's failure."""
    with TemporaryDirectory(prefix="performance-") as name:
        given, answer = Path(name) / "given.json", Path(name) / "answer.json"
        given.write_text(json.dumps(dict(job.given)), encoding="utf-8")
        python = str(ROOT / job.environment / "bin" / "python") if job.environment else sys.executable
        if not Path(python).exists():
            return Row(job.name, 0, job.given, job.ranks, {}, f"no environment {job.environment}")
        words = [python, "-m", "benchmarks.performance.measuring", family.name]
        words += [str(given), str(answer), str(prepared)]
        if job.ranks > 1:
            words = [str(Path(python).parent / "mpiexec"), "-n", str(job.ranks), *words]
        code, told = _run(words, job.longest)
        if code is None:
            failure = f"{GIVEN_UP} {job.longest:.0f} s"
        elif not answer.exists():
            failure = f"ended with {code}: {(told.strip().splitlines() or ['no message'])[-1]}"
        else:
            return Row(job.name, 0, job.given, job.ranks, json.loads(answer.read_text(encoding="utf-8")))
        return Row(job.name, 0, job.given, job.ranks, {}, failure)


def _run(words: Sequence[str], longest: float) -> tuple[int | None, str]:
    """Exit code and errors of a command; no code where it was given up, with all that it had started."""
    process = subprocess.Popen(
        words,
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _, told = process.communicate(timeout=longest)
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        return None, ""
    return process.returncode, told


def _version() -> str:
    """The commit that is measured, marked where files differ from it; empty outside a repository."""
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()
