"""What a sweep costs beyond its cases: the same cases in plain processes beside each other, and as a sweep.

    python -m benchmarks.torture overhead

Both use as many processes at once. The plain ones are loaded before the clock starts and know nothing of a
sweep, so that the cost of a sweep is everything else by the clock: its start and end, the start of its
workers, what Dask and the folder take. Both are measured in turn, because a machine is not equally fast from
one minute to the next, and a sweep is compared with the plain runs before and after it.
"""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Final

from benchmarks.torture.worker import ROOT

TARGET: Final = 0.10
"""The most that a sweep may cost beyond its cases [1]."""
SWEEP: Final = """\
name: overhead
base: quick/core_shell_liquid
axes:
  - {{field: geometry.shell_thickness, kind: grid, from: 40 nm, to: 140 nm, points: {across}}}
  - {{field: mechanics.stack_pressure, kind: grid, from: 0 MPa, to: 760 MPa, points: {up}}}
"""


@dataclass(frozen=True)
class Measured:
    """Times of the same cases, in turn.

    Attributes:
        plain: seconds of plain runs, the sum over the cases by the number of processes; one more than sweeps.
        swept: seconds of sweeps by the clock, from the start of the command to its end.
    """

    plain: Sequence[float]
    swept: Sequence[float]

    @property
    def beyond(self) -> list[float]:
        """Of each sweep, what it cost beyond the mean of its two neighbours, relative to it [1]."""
        pairs = zip(self.plain, self.plain[1:], strict=False)
        return [swept / mean(pair) - 1.0 for swept, pair in zip(self.swept, pairs, strict=True)]


def overhead() -> bool:
    """The long form: 500 cases on 2 workers, three sweeps.

    Returns:
        Whether the median keeps the target.
    """
    with tempfile.TemporaryDirectory(prefix="lithostat-overhead-") as folder:
        found = measure(Path(folder), (25, 20), 2, 3)
    shown = ", ".join(f"{100 * one:.1f} %" for one in found.beyond)
    middle = median(found.beyond)
    print(f"overhead of a sweep: {shown}; median {100 * middle:.1f} %, at most {100 * TARGET:.0f} % wanted")
    return middle <= TARGET


def measure(folder: Path, points: tuple[int, int], processes: int, repeats: int) -> Measured:
    """Run the cases plainly and as a sweep, in turn.

    Args:
        folder: for everything; empty.
        points: shells and pressures; their product is the number of cases.
        processes: at once.
        repeats: sweeps.

    Returns:
        The times.

    Raises:
        RuntimeError: a process failed, or a case did not end as done.
    """
    spec = folder / "sweep.yaml"
    spec.write_text(SWEEP.format(across=points[0], up=points[1]), encoding="utf-8")
    plain, swept = [_plain(folder, spec, processes)], []
    for number in range(repeats):
        swept.append(_swept(folder / f"swept_{number}", spec, processes, points[0] * points[1]))
        plain.append(_plain(folder, spec, processes))
        print(f"plain {plain[-2]:.1f} s, sweep {swept[-1]:.1f} s, plain {plain[-1]:.1f} s", flush=True)
    return Measured(plain, swept)


def _plain(folder: Path, spec: Path, processes: int) -> float:
    """Seconds of the cases in processes that run beside each other, summed, by their number."""
    with tempfile.TemporaryDirectory(dir=folder) as out:
        words = [sys.executable, "-m", __name__, str(spec), out, str(processes)]
        started = [
            subprocess.Popen([*words, str(share)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
            for share in range(processes)
        ]
        said = [process.communicate()[0] for process in started]
        if any(process.returncode for process in started):
            msg = "a plain process failed"
            raise RuntimeError(msg)
    return sum(float(one) for one in said) / processes


def _swept(out: Path, spec: Path, processes: int, cases: int) -> float:
    """Seconds of the command `lithostat sweep`."""
    words = [sys.executable, "-m", "solver.cli", "sweep", str(spec), "--out", str(out)]
    began = time.perf_counter()
    subprocess.run([*words, "--workers", str(processes)], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    took = time.perf_counter() - began
    done = [json.loads(path.read_text()) for path in out.glob("cases/*/summary.json")]
    if len(done) != cases or any(summary["status"] != "done" for summary in done):
        msg = f"of {cases} cases {len(done)} left a summary"
        raise RuntimeError(msg)
    return took


def share_of_cases(spec: Path, out: Path, processes: int, share: int) -> float:
    """Run every so manieth case in this process; the sum of what each took [s].

    Args:
        spec: file of the sweep.
        out: folder for run folders.
        processes: how many share the cases.
        share: which of them this is.
    """
    from solver.sweep.engine import Task
    from solver.sweep.one_case import run_here
    from solver.sweep.plan import read_plan
    from solver.sweep.ready import prepare

    plan = read_plan(spec)
    prepare(True)
    took = 0.0
    for case in plan.runnable[share::processes]:
        task = Task(case.hash, plan.base, case.overrides, out, "plain")
        began = time.perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            run_here(task, out / case.hash)
        took += time.perf_counter() - began
        if not (out / case.hash / "summary.json").exists():
            msg = f"{case.hash}: left no summary"
            raise RuntimeError(msg)
    return took


if __name__ == "__main__":
    given = sys.argv[1:]
    print(share_of_cases(Path(given[0]), Path(given[1]), int(given[2]), int(given[3])))
