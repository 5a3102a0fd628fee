"""The engine of Dask with real workers: here and in a running cluster; Ctrl-C; cases that kill workers."""

import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from distributed import LocalCluster

from solver.sweep.dask_engine import DaskEngine
from solver.sweep.engine import Result, SweepError, Task
from solver.sweep.store import Store

BASE = "quick/sphere_2007"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "sweep")
    for folder in (made.cases, made.running, made.refused):
        folder.mkdir(parents=True)
    return made


def task(store: Store, number: int, *overrides: str) -> Task:
    return Task(
        f"{number:016x}", BASE, (f"geometry.radius={4 + number / 10} um", *overrides), store.root, "now"
    )


def kill_whoever_runs(store: Store, name: str, killed: set[int]) -> None:
    try:
        lines = (store.running / f"{name}.lock").read_text().splitlines()
        number = int(lines[-1].split()[-1])
    except (OSError, IndexError, ValueError):
        return
    if number not in killed:
        killed.add(number)
        os.kill(number, signal.SIGKILL)


def test_a_case_that_kills_its_workers_is_lost_and_the_others_are_done(store: Store) -> None:
    slow = task(store, 0, "numerics.max_increment=0.1 s")  # so that it is seen at work
    tasks = [slow, *(task(store, n) for n in range(1, 4))]
    deadly, killed = slow.hash, set[int]()
    listening = set[str]()

    def poll() -> bool:
        listening.update(_listening())
        kill_whoever_runs(store, deadly, killed)
        return False

    results: list[Result] = []
    before = _listening()
    DaskEngine(store, poll, workers=2).run(tasks, results.append)
    assert {result.hash: result.status for result in results} == {
        task.hash: "lost" if task.hash == deadly else "done" for task in tasks
    }
    assert len(killed) == 3
    assert store.failed()[deadly].reason == "3 workers died while they ran it"
    # Nobody else can reach the workers, and they leave nothing.
    assert all(address.startswith("0100007F:") for address in listening - before)
    assert not store.scratch.exists()
    assert not [left for number in killed for left in Path("/dev/shm").glob(f"mpich_shm_{number:x}_*")]


def _listening() -> set[str]:
    """Addresses, in hexadecimal, on which this process listens."""
    sockets = {str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[1] for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets}


def test_a_running_cluster_is_used_and_left_as_it_was(store: Store) -> None:
    with LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        host="127.0.0.1",
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        silence_logs=logging.CRITICAL,
        local_directory=str(store.root),
    ) as cluster:
        results: list[Result] = []
        engine = DaskEngine(store, lambda: False, workers=8, scheduler=cluster.scheduler_address)
        engine.run([task(store, 1)], results.append)
        assert [result.status for result in results] == ["done"]
        assert len(cluster.scheduler.workers) == 1
        assert "lithostat" not in cluster.scheduler.worker_plugins
        assert not cluster.scheduler.tasks


def test_a_cluster_that_goes_away_leaves_its_cases_to_be_run(store: Store) -> None:
    cluster = LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        host="127.0.0.1",
        scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
        silence_logs=logging.CRITICAL,
        local_directory=str(store.root),
    )

    def poll() -> bool:
        if store.being_run():
            cluster.close()
        return False

    engine = DaskEngine(store, poll, workers=1, scheduler=cluster.scheduler_address)
    with cluster, pytest.raises(SweepError, match="lost"):
        engine.run([task(store, n, "numerics.max_increment=0.1 s") for n in range(3)], lambda _: None)
    assert store.failed() == {}


def test_a_scheduler_that_does_not_answer_is_bad_input(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("solver.sweep.dask_engine.CONNECT", "1s")
    engine = DaskEngine(store, lambda: False, workers=1, scheduler="tcp://127.0.0.1:9")
    with pytest.raises(SweepError, match=r"tcp://127\.0\.0\.1:9: cannot be used"):
        engine.run([task(store, 1)], lambda _: None)


SWEEP = f"""\
name: slow
base: {BASE}
set: {{numerics.max_increment: 0.5 s}}
axes:
  - {{field: geometry.radius, kind: grid, from: 4 um, to: 5 um, points: 40}}
"""


def wait_for(ready: Callable[[], bool], process: "subprocess.Popen[str]", patience: float = 200.0) -> None:
    until = time.monotonic() + patience
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail(f"not reached: {process.communicate()}")
        time.sleep(0.05)


def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(tmp_path: Path) -> None:
    (tmp_path / "sweep.yaml").write_text(SWEEP)
    store = Store(tmp_path / "out")
    process = subprocess.Popen(
        [sys.executable, "-m", "solver.cli", "sweep", "sweep.yaml", "--out", "out", "--workers", "2"],
        cwd=tmp_path,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(lambda: bool(store.finished()) and bool(store.being_run()), process)
    os.killpg(process.pid, signal.SIGINT)  # as the terminal does: the workers get it too
    said, complained = process.communicate(timeout=120)
    assert process.returncode == 130, complained
    assert complained == ""
    assert "interrupted by SIGINT" in said
    assert said.splitlines()[-1] == "the same command goes on with them"
    assert 0 < len(store.finished()) < 40
    assert store.failed() == {}
    assert store.being_run() == {}
    assert not store.scratch.exists()
