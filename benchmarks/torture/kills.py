"""Runs killed at random moments, each resumed: all of them must end as the one that was left alone."""

import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.torture.faulty import OPERATIONS
from solver.results.history import read_table
from solver.sweep.ready import tidy_shared_memory

KILLS: Final = 50
SEED: Final = 7
INTERVAL: Final = 5
"""Increments between two checkpoints."""

TOLERANCE: Final = 1e-8
CASE: Final = (
    "quick/core_shell_liquid",
    *("--set", "numerics.max_increment='30 s'"),
    *("--set", "output.every=4"),
    *("--set", f"output.checkpoint_every={INTERVAL}"),
)
ROUND_OFF: Final = ("force_residual", "lithium_balance", "volume_mean_error")
PATIENCE: Final = 300.0


@dataclass(frozen=True)
class Survival:
    """What became of one run.

    Attributes:
        killed: how often it was killed before it ended.
        recomputed: most increments that a resumed run had to make again.
        gap: largest relative difference from the run that was left alone; infinite where rows are missing.
        bitwise: whether the histories are the same byte by byte.
    """

    killed: int
    recomputed: int
    gap: float
    bitwise: bool

    @property
    def holds(self) -> bool:
        """Whether it ended as it should, having lost no more than one interval."""
        return self.gap <= TOLERANCE and self.recomputed <= INTERVAL


def kills(number: int = KILLS, seed: int = SEED) -> bool:
    """Kill so many runs and print what became of them; True where all ended as the one left alone.

    Every other run dies inside the writing of a checkpoint, the rest at any moment; every third is killed
    again after it was resumed.
    """
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="lithostat-torture-") as name:
        folder = Path(name)
        whole = folder / "whole"
        if _start(["run", *CASE, "--out", str(whole)]).wait(timeout=PATIENCE) != 0:
            print("the run that is left alone does not end")
            return False
        rows = _rows(whole)
        found = []
        for k in range(number):
            found.append(_survive(folder / f"run{k}", whole, rows, draw, inside=k % 2 == 0, again=k % 3 == 0))
            print(f"{k + 1}/{number}: {found[-1]}", flush=True)
    good = sum(survival.holds for survival in found)
    print(
        f"{good} of {number} runs, killed {sum(s.killed for s in found)} times, ended as the one left alone"
    )
    gap = max(survival.gap for survival in found)
    print(f"{sum(survival.bitwise for survival in found)} of them byte by byte; largest difference {gap:.1e}")
    print(f"most increments made again: {max(s.recomputed for s in found)} (checkpoints every {INTERVAL})")
    return good == number


def _survive(out: Path, whole: Path, rows: int, draw: random.Random, inside: bool, again: bool) -> Survival:
    """Kill one run once or twice, resume it, and compare it."""
    killed = recomputed = 0
    words = ["run", *CASE, "--out", str(out)]
    for attempt in range(2 if again else 1):
        if inside and attempt == 0:
            process = _start(words, dies_at=draw.randint(1, OPERATIONS * max(rows // INTERVAL, 1)))
        else:
            process = _start(words)
            _wait_for(process, out, draw.randint(0, rows - 1))
            time.sleep(draw.random() * 0.02)
            process.kill()
        killed += process.wait(timeout=PATIENCE) == -9
        tidy_shared_memory(process.pid)
        had = _rows(out) - 1
        words = ["resume", str(out)]
        if not (out / "resolved.yaml").exists():
            words = ["run", *CASE, "--out", str(out), "--force"]
            continue
        recomputed = max(recomputed, had - _standing(out))
    _start(words).wait(timeout=PATIENCE)
    gap = _gap(out, whole)
    bitwise = gap <= TOLERANCE and (out / "history.csv").read_bytes() == (whole / "history.csv").read_bytes()
    return Survival(killed, recomputed, gap, bitwise)


def _start(words: list[str], dies_at: int | None = None) -> subprocess.Popen[bytes]:
    module = ["solver.cli"] if dies_at is None else ["benchmarks.torture.faulty", str(dies_at)]
    return subprocess.Popen(
        [sys.executable, "-m", *module, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )


def _rows(out: Path) -> int:
    history = out / "history.csv"
    return max(history.read_text().count("\n") - 1, 0) if history.exists() else 0


def _wait_for(process: subprocess.Popen[bytes], out: Path, rows: int) -> None:
    until = time.monotonic() + PATIENCE
    while _rows(out) < rows and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)


def _standing(out: Path) -> int:
    """Increments behind the newest whole checkpoint; 0 where there is none."""
    from solver.results.checkpoint import read_checkpoint

    found, _ = read_checkpoint(out)
    return 0 if found is None else int(found.facts["books"]["increments"])


def _gap(out: Path, whole: Path) -> float:
    """Largest relative difference of any column of the history."""
    ours, theirs = read_table(out / "history.csv"), read_table(whole / "history.csv")
    if list(ours) != list(theirs) or len(ours["step"]) != len(theirs["step"]):
        return float("inf")
    largest = 0.0
    for name in ours.keys() - set(ROUND_OFF):
        mine, its = ours[name].astype(float), theirs[name].astype(float)
        largest = max(largest, float(np.max(np.abs(mine - its)) / max(np.max(np.abs(its)), 1e-300)))
    return largest
