"""A sweep as a job array of a real Slurm: one job killed, one told to stop, the same command again."""

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from solver.sweep.slurm_queue import queued
from solver.sweep.slurm_script import read_lines
from solver.sweep.store import Store

PATIENCE = 240.0
# The first two begin at once on the two processors, and take long enough to be met while they run.
SWEEP = """\
name: three
base: quick/sphere_2007
set: {output.every: 50}
axes:
  - {field: numerics.max_increment, kind: list, values: [0.05 s, 0.06 s, 40 s]}
"""
KILLED, TOLD, QUICK = 1, 2, 3
PROFILE = "partition: test\ntime: 10 min\nmemory: 500 MB\nat_once: 3\n"


def sweep(folder: Path) -> list[str]:
    """Lines of the command that submits and collects."""
    words = ("sweep.yaml", "--out", "out", "--engine", "slurm-array", "--profile", "profile.yaml")
    done = subprocess.run(
        [sys.executable, "-m", "solver.cli", "sweep", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return (done.stdout + done.stderr).splitlines()


def wait(ready: Callable[[], object], folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > until:
            logs = [path.read_text()[-500:] for path in folder.rglob("log/*.txt")]
            pytest.fail("\n".join(["not reached", str(queued()), *logs]))
        time.sleep(0.1)


def slurm(*words: str) -> None:
    subprocess.run(words, check=True, timeout=60, capture_output=True)


def rows(run: Path) -> int:
    history = run / "history.csv"
    return history.read_text().count("\n") - 1 if history.exists() else 0


@pytest.mark.mpi
def test_a_job_array_is_submitted_collected_and_completed(slurm_node: Path, tmp_path: Path) -> None:
    (tmp_path / "sweep.yaml").write_text(SWEEP)
    (tmp_path / "profile.yaml").write_text(PROFILE)
    said = sweep(tmp_path)
    store = Store(tmp_path / "out")
    first = store.root / "slurm" / "0001"
    names = [line[0] for line in read_lines(first / "tasks")]
    assert len(names) == 3
    array = int((first / "job").read_text())
    assert any(f"submitted 3 cases as job {array}" in line for line in said)

    # One of the slow ones is killed, the other is told to stop as Slurm does before a limit.
    wait(lambda: rows(store.running / names[KILLED - 1]) > 3, tmp_path)
    slurm("scancel", "--signal=KILL", f"{array}_{KILLED}")
    wait(lambda: rows(store.running / names[TOLD - 1]) > 3, tmp_path)
    told = next(line for line in _jobs() if line.startswith(f"{array}_{TOLD}|"))
    slurm("scancel", "--signal=TERM", f"{told.split('|')[1]}.0")
    wait(lambda: len(store.finished()) == 2, tmp_path)
    wait(lambda: not queued(), tmp_path)
    finished = store.finished()
    assert {names[number - 1] for number in (QUICK, TOLD)} == finished.keys()
    assert {result.status for result in finished.values()} == {"done"}
    assert not store.failed()
    log = (first / "log" / f"{TOLD}.txt").read_text()
    assert re.findall(r"restart (\d)$", log, re.M) == ["0", "1"]
    assert f"case {names[TOLD - 1]}: interrupted" in log
    assert f"case {names[TOLD - 1]}: goes on from its checkpoint" in log

    # What was killed is what the same command submits; once it runs, nothing.
    said = sweep(tmp_path)
    second = store.root / "slurm" / "0002"
    assert [line[0] for line in read_lines(second / "tasks")] == [names[KILLED - 1]]
    assert any("submitted 1 case " in line for line in said)
    said = sweep(tmp_path)
    assert not (store.root / "slurm" / "0003").exists()
    wait(lambda: len(store.finished()) == 3 and not queued(), tmp_path)
    said = sweep(tmp_path)
    assert any(line.startswith("3 done") for line in said)
    assert not (store.root / "slurm" / "0003").exists()
    assert not list(store.running.iterdir())


def _jobs() -> list[str]:
    """`array_index|number` of every job in the queue."""
    done = subprocess.run(
        ["squeue", "--noheader", "--array", "--format=%i|%A"], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()
