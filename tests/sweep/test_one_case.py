"""What a worker does with one case: in a thread, on several ranks, and when things go wrong."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from solver.sweep import one_case
from solver.sweep.engine import Result, Task
from solver.sweep.one_case import run_task
from solver.sweep.ranks import watch
from solver.sweep.store import Store

NAME = "0123456789abcdef"
BASE = "quick/sphere_2007"
SHORT = ("protocol.steps.0.for=50 s", "geometry.mesh_size.bulk=500 nm", "geometry.mesh_size.interface=500 nm")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(tmp_path / "sweep")
    for folder in (made.cases, made.running, made.refused):
        folder.mkdir(parents=True)
    return made


def task(store: Store, *overrides: str, **more: Any) -> Task:
    return Task(NAME, BASE, overrides, store.root, "session", **more)


def in_thread[T](work: Callable[[], T]) -> T:
    found: list[T] = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


def told(store: Store) -> dict[str, Any]:
    return json.loads((store.refused / f"{NAME}.json").read_text())  # type: ignore[no-any-return]


def refuse_to_run(*_: object, **__: object) -> None:
    pytest.fail("the case was run")


def test_a_case_in_a_thread_is_the_case_of_the_command(store: Store, tmp_path: Path) -> None:
    result = in_thread(lambda: run_task(task(store, *SHORT)))
    assert (result.status, result.reason) == ("done", "")
    sets = [word for text in SHORT for word in ("--set", text)]
    command = [sys.executable, "-m", "solver.cli", "run", BASE, *sets, "--out", str(tmp_path / "run")]
    subprocess.run(command, check=True, capture_output=True, timeout=120, stdin=subprocess.DEVNULL)
    ours, theirs = store.cases / NAME, tmp_path / "run"
    assert {path.name for path in ours.iterdir()} == {path.name for path in theirs.iterdir()}
    for name in ("case.yaml", "resolved.yaml", "history.csv"):
        assert (ours / name).read_bytes() == (theirs / name).read_bytes()
    summaries = [json.loads((folder / "summary.json").read_text()) for folder in (ours, theirs)]
    for summary in summaries:
        del summary["wall_time_s"], summary["peak_memory_bytes"]
    assert summaries[0] == summaries[1]
    assert not list(store.running.iterdir())


def test_gmsh_makes_a_mesh_in_a_thread() -> None:
    import meshes
    from solver.case import load_case

    case = load_case("quick/core_shell_liquid_disc", ("geometry.mesh_size.bulk=800 nm",))
    mesh = in_thread(lambda: meshes.build(case.mesh_geometry(), None))
    assert mesh.cells.shape[1] == 3
    assert len(mesh.cells) > 50


def test_what_the_case_prints_goes_nowhere(store: Store, capfd: pytest.CaptureFixture[str]) -> None:
    in_thread(lambda: run_task(task(store, *SHORT)))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("override", "status", "reason"),
    [
        ("geometry.radius=-1 um", "invalid", "--set geometry.radius: "),
        ("numerics.engine=forms, really", "invalid", "--set numerics.engine: "),
        ("protocol.steps.0.value=-1e6 A/m^2", "failed", "numerics: "),
        ("protocol.steps.0.value=-20 A/m^2", "ended_early", "surface saturated"),
    ],
)
def test_a_case_that_comes_to_nothing_says_why(store: Store, override: str, status: str, reason: str) -> None:
    result = run_task(task(store, "protocol.steps.0.for=1000 s", override))
    assert result.status == status
    assert reason in result.reason
    assert "\n" not in result.reason
    assert (store.failed() | store.finished())[NAME].reason == result.reason


def test_a_mistake_of_the_program_is_a_row_with_its_traceback(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("solver.case.load_with_text", lambda *_, **__: 1 // 0)
    result = run_task(task(store))
    assert (result.status, result.reason) == (
        "failed",
        "ZeroDivisionError: integer division or modulo by zero",
    )
    assert told(store)["attempts"] == 1
    assert any("run_here" in line for line in told(store)["traceback"])


def test_a_case_is_not_run_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run_task(task(store, *SHORT))
    before = (store.cases / NAME / "summary.json").stat()
    monkeypatch.setattr(one_case, "run_here", refuse_to_run)
    again = run_task(task(store, *SHORT))
    assert (again.hash, again.status) == (first.hash, first.status)
    assert (store.cases / NAME / "summary.json").stat().st_ino == before.st_ino
    # Killed between its summary and its renaming, it is not run again either.
    (store.cases / NAME).rename(store.running / NAME)
    assert run_task(task(store, *SHORT)).status == "done"
    assert (store.cases / NAME / "summary.json").stat().st_ino == before.st_ino


def test_what_a_dead_worker_left_is_replaced(store: Store) -> None:
    (store.running / NAME).mkdir()
    (store.running / NAME / "log.txt").write_text("lithostat 0\n")
    (store.running / NAME / "half").write_text("half")
    (store.running / f"{NAME}.lock").write_text("session host 1\n")
    assert run_task(task(store, *SHORT)).status == "done"
    assert not (store.cases / NAME / "half").exists()


def test_a_case_that_killed_three_workers_is_lost(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_case, "run_here", refuse_to_run)
    lock = store.running / f"{NAME}.lock"
    lock.write_text("earlier host 1\n" + "session host 2\n" * 3)
    result = run_task(task(store))
    assert (result.status, result.reason) == ("lost", "3 workers died while they ran it")
    assert told(store)["attempts"] == 3
    assert not lock.exists()


def test_a_sweep_that_is_stopping_begins_no_case(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_case, "run_here", refuse_to_run)
    store.ask_to_stop()
    assert run_task(task(store)).status == "interrupted"
    assert store.finished() | store.failed() == {}


def test_a_case_that_another_process_runs_is_left_to_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_case, "run_here", refuse_to_run)
    monkeypatch.setattr(one_case, "PATIENCE", 0.1)
    with store.claiming(NAME, "other", 0.0):
        result = run_task(task(store))
    assert (result.status, result.reason) == ("interrupted", "another process still runs it")


HANGS = """
import sys, time
from pathlib import Path
from solver.sweep import one_case
from solver.sweep.engine import Task
one_case.GRACE = 0.2
one_case.run_here = lambda *_: time.sleep(60)
one_case.run_task(Task(sys.argv[1], "base", (), Path(sys.argv[2]), "session", wall_time=0.3))
"""


def test_a_case_that_hangs_ends_with_its_process(store: Store) -> None:
    done = subprocess.run([sys.executable, "-c", HANGS, NAME, str(store.root)], check=False, timeout=30)
    assert done.returncode == 1
    assert store.being_run() == {}
    assert store.failed()[NAME].reason == "took longer than 0 s"
    # The worker that takes the case over finds it ended.
    assert run_task(task(store)) == Result(
        NAME, "failed", "took longer than 0 s", pytest.approx(0.0, abs=5.0)
    )


OWNER = """
import subprocess, sys, time
words = [sys.executable, "-m", "solver.sweep.ranks", str(__import__("os").getpid()), sys.argv[1], "0"]
subprocess.Popen([*words, sys.executable, "-c", sys.argv[2], sys.argv[3]], start_new_session=True)
time.sleep(60)
"""
RANK = """
import os, sys, time
from pathlib import Path
Path(sys.argv[1]).write_text(str(os.getpid()))
time.sleep(60)
"""


def wait_for(ready: Callable[[], bool], patience: float = 20.0) -> None:
    until = time.monotonic() + patience
    while not ready():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_ranks_do_not_outlive_the_worker_that_wants_them(tmp_path: Path) -> None:
    number = tmp_path / "number"
    owner = subprocess.Popen([sys.executable, "-c", OWNER, str(tmp_path / "stop"), RANK, str(number)])
    with owner:
        wait_for(lambda: number.exists() and number.read_text() != "")
        rank = int(number.read_text())
        assert is_alive(rank)
        owner.send_signal(signal.SIGKILL)
    wait_for(lambda: not is_alive(rank))


@pytest.mark.parametrize("seconds", [0.3, 0.0])
def test_ranks_are_asked_to_stop(tmp_path: Path, seconds: float) -> None:
    stop = tmp_path / "stop"
    if not seconds:
        stop.touch()
    code = watch(os.getppid(), stop, seconds, [sys.executable, "-c", RANK, str(tmp_path / "number")])
    # Python ends by the interrupt itself, wherever it is.
    assert code in {1, -signal.SIGINT}


def test_ranks_that_nobody_stops_end_by_themselves(tmp_path: Path) -> None:
    assert (
        watch(os.getppid(), tmp_path / "stop", 30.0, [sys.executable, "-c", "import sys; sys.exit(3)"]) == 3
    )


@pytest.mark.mpi
def test_a_case_on_two_ranks(store: Store) -> None:
    result = run_task(task(store, *SHORT, ranks=2))
    assert (result.status, result.reason) == ("done", "")
    assert json.loads((store.cases / NAME / "summary.json").read_text())["ranks"] == 2


@pytest.mark.mpi
def test_a_bad_case_on_two_ranks(store: Store) -> None:
    result = run_task(task(store, "geometry.radius=-1 um", ranks=2))
    assert result.status == "invalid"
    assert "geometry.radius" in result.reason


@pytest.mark.mpi
def test_a_case_on_two_ranks_that_takes_too_long(store: Store) -> None:
    slow = ("numerics.max_increment=0.001 s", "protocol.steps.0.for=1000 s")
    result = run_task(task(store, *slow, ranks=2, wall_time=2.0))
    assert (result.status, result.reason) == ("failed", "took longer than 2 s")
    assert store.being_run() == {}
