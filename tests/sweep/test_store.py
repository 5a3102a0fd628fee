"""The folder of a sweep: whole at any instant, one command at a time, made from one sweep file."""

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from solver.results.file_lock import is_held
from solver.sweep.engine import Result, SweepError
from solver.sweep.locking import HeldError, holding
from solver.sweep.plan import Plan, Planned
from solver.sweep.rows import read_rows
from solver.sweep.store import Store, reason_of, table_of

GOOD, WRONG = "0123456789abcdef", "fedcba9876543210"

HOLDER = """
import sys, time
from pathlib import Path
from solver.sweep.locking import holding
with holding(Path(sys.argv[1]), 0.0):
    print("held", flush=True)
    time.sleep(60)
"""


def plan(text: str = "name: tiny\n") -> Plan:
    values = {
        "geometry.radius": "4 um",
        "phases.layered.name": 'a "b", c',
        "couplings.misfit": True,
        "x.y": 0.25,
    }
    cases = (
        Planned(1, GOOD, values, ("geometry.radius=4 um",), ()),
        Planned(2, WRONG, {"geometry.radius": "-1 um"}, ("geometry.radius=-1 um",), ("too small", "and bad")),
    )
    return Plan("tiny", "quick/sphere_2007", cases, 1, None, text.encode())


def summary(status: str, **more: object) -> dict[str, object]:
    return {"status": status, "steps": [], "wall_time_s": {"total": 2.5}, "case_hash": GOOD, **more}


def leave(store: Store, name: str, status: str) -> None:
    folder = store.running / name
    folder.mkdir()
    (folder / "summary.json").write_text(json.dumps(summary(status, ended_by="numerics")))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def hold_elsewhere(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    with process:
        process.send_signal(signal.SIGKILL)


def test_a_lock_ends_with_its_holder_and_looking_does_not_touch_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    assert not is_held(path)
    process = hold_elsewhere(path)
    try:
        assert is_held(path)
        with pytest.raises(HeldError), holding(path, 0.2):
            pass
    finally:
        kill(process)
    assert path.exists()
    assert not is_held(path)
    with holding(path, 0.0) as file:
        # Looked at in the holder's own process, and closed there, it is still held.
        assert is_held(path)
        assert is_held(path)
        assert os.fstat(file).st_ino == path.stat().st_ino
    assert not path.exists()


def test_a_lock_lives_as_long_as_a_process_that_was_given_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with holding(path, 0.0) as file:
        child = subprocess.Popen(["sleep", "60"], pass_fds=(file,))
        kept = path.with_name("kept")
        path.rename(kept)  # so that leaving the block does not remove it
    try:
        assert is_held(kept)
    finally:
        with child:
            child.kill()
    assert not is_held(kept)


def test_a_lock_is_of_the_file_that_stands_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real, tries = tmp_path / "lock", fcntl.fcntl, []

    def late(file: int, command: int, words: bytes) -> bytes | int:
        if not tries:
            path.unlink()  # a holder leaves between opening and locking, and the next one comes
            path.touch()
        tries.append(command)
        return real(file, command, words)

    monkeypatch.setattr(fcntl, "fcntl", late)
    with holding(path, 0.5) as file:
        assert os.fstat(file).st_ino == path.stat().st_ino
    assert len(tries) == 2


def test_a_folder_is_driven_by_one_command_at_a_time(tmp_path: Path) -> None:
    store = Store(tmp_path / "sweep")
    with store.driving(plan()):
        assert store.is_driven()
        with pytest.raises(SweepError, match="another `lithostat sweep` is at work"), store.driving(plan()):
            pass
    assert not store.is_driven()
    assert names(store.root) == ["cases", "failed", "running", "sweep.yaml", "table.csv"]


def test_another_sweep_file_is_refused_with_the_difference(tmp_path: Path) -> None:
    store = Store(tmp_path / "sweep")
    with store.driving(plan("name: tiny\nrun: {ranks: 1}\n")):
        pass
    before = {path: path.read_bytes() for path in store.root.iterdir() if path.is_file()}
    with pytest.raises(SweepError) as caught, store.driving(plan("name: tiny\nrun: {ranks: 2}\n")):
        pass
    assert "was made from another sweep file" in caught.value.lines[0]
    assert caught.value.lines[-2:] == ("-run: {ranks: 1}", "+run: {ranks: 2}")
    assert {path: path.read_bytes() for path in store.root.iterdir() if path.is_file()} == before


def test_a_folder_of_something_else_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(SweepError, match="holds no sweep"), Store(tmp_path).driving(plan()):
        pass
    assert names(tmp_path) == ["notes.txt"]
    with pytest.raises(SweepError, match="is a file"), Store(tmp_path / "notes.txt").driving(plan()):
        pass


def test_the_table_is_read_back(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_bytes(table_of(plan()))
    rows = read_rows(tmp_path)
    assert rows.fields == ("geometry.radius", "phases.layered.name", "couplings.misfit", "x.y")
    assert rows.rows[0].values == ("4 um", 'a "b", c', "true", "0.25")
    assert (rows.rows[1].status, rows.rows[1].reason) == ("invalid", "too small; and bad")


def test_a_finished_run_is_kept_as_a_whole(tmp_path: Path) -> None:
    store = Store(tmp_path / "sweep")
    with store.driving(plan()):
        store.fail(Result(GOOD, "lost", "three workers died", 0.0), 3)
        leave(store, GOOD, "done")
        assert store.finished() == {}
        with store.claiming(GOOD, "session", 0.0):
            store.keep(GOOD)
        assert store.finished() == {GOOD: Result(GOOD, "done", "", 2.5)}
        assert store.failed() == {}
        assert names(store.running) == []


@pytest.mark.parametrize("status", ["done", "ended_early", "failed"])
def test_a_worker_that_died_between_summary_and_renaming_loses_nothing(tmp_path: Path, status: str) -> None:
    store = Store(tmp_path / "sweep")
    with store.driving(plan()):
        leave(store, GOOD, status)
        ended = store.ended(GOOD)
        assert ended is not None
        assert ended.status == status
        assert (store.cases / GOOD / "summary.json").exists()


def test_what_is_interrupted_damaged_or_missing_has_not_ended(tmp_path: Path) -> None:
    store = Store(tmp_path / "sweep")
    with store.driving(plan()):
        assert store.ended(GOOD) is None
        leave(store, GOOD, "interrupted")
        assert store.ended(GOOD) is None
        (store.cases / GOOD).mkdir()
        (store.cases / GOOD / "summary.json").write_text('{"status": "do')
        assert store.finished() == {}
        (store.running / GOOD / "summary.json").write_text(json.dumps(summary("done")))
        store.keep(GOOD)  # the damaged one gives way
        assert store.finished()[GOOD].status == "done"
        assert names(store.running) == []


def test_deaths_count_within_a_session_and_until_a_case_ends(tmp_path: Path) -> None:
    store = Store(tmp_path / "sweep")
    with store.driving(plan()):
        for n in range(3):
            (store.running / f"{GOOD}.lock").write_text("earlier host 1\n" + "now host 2\n" * n)
            with store.claiming(GOOD, "now", 0.0) as claim:
                assert claim.deaths == n
                assert list(store.being_run()) == [GOOD]
            assert store.being_run() == {}
        with store.claiming(GOOD, "now", 0.0) as claim:
            assert claim.deaths == 0


def test_a_case_that_is_forgotten_is_missing_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "sweep")
    with store.driving(plan()):
        leave(store, GOOD, "failed")
        store.keep(GOOD)
        store.fail(Result(WRONG, "failed", "why", 1.5), 2)
        assert store.failed() == {WRONG: Result(WRONG, "failed", "why", 1.5)}
        assert json.loads((store.refused / f"{WRONG}.json").read_text())["attempts"] == 2
        store.forget(GOOD)
        store.forget(WRONG)
        assert store.finished() | store.failed() == {}
        assert names(store.running) == []


def test_the_reason_of_a_run_is_one_line() -> None:
    assert reason_of(summary("done", ended_by="voltage")) == ""
    assert reason_of(summary("ended_early", ended_by="surface_depleted")) == "surface depleted"
    told = summary("failed", ended_by="numerics", warnings=["coarse", "step 2: no\nconvergence: at all"])
    assert reason_of(told) == "numerics: no convergence: at all"
