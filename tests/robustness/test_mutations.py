"""The short form of the damage that `python -m benchmarks.torture mutations` does by the thousand."""

import contextlib
import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.torture import mutations
from benchmarks.torture.good_input import good_cases
from benchmarks.torture.hostile_cases import damaged_cases
from benchmarks.torture.judging import Tally, fault_of, left_behind
from benchmarks.torture.worker import Outcome, Worker
from solver.cli import main

TRACE = 'Traceback\n  File "/x/solver/case/loader.py", line 7, in y\nValueError: bad\n'


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    with Worker() as found:
        yield found


def test_check_takes_or_refuses_damaged_cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    case, tally = Path("case.yaml"), Tally()
    for data in mutations.examples(damaged_cases(good_cases()), 100):
        case.write_bytes(data)
        out, err, began = io.StringIO(), io.StringIO(), time.process_time()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["check", "case.yaml"])
        seconds = time.process_time() - began
        outcome = Outcome(code, out.getvalue(), err.getvalue(), seconds, seconds > 30)
        tally.note(outcome, fault_of(outcome, placed=True), data)
        assert [path.name for path in tmp_path.iterdir()] == ["case.yaml"]
        assert bool(outcome.out) == (code == 0)
    assert not tally.faults, str(tally)
    assert tally.counts[2] > 50
    assert tally.counts[0] > 3


def test_check_in_a_process_of_its_own(tmp_path: Path, worker: Worker) -> None:
    tally = mutations.checks(worker, tmp_path, 10)
    assert not tally.faults, str(tally)


def test_run_takes_or_refuses_damaged_cases(tmp_path: Path, worker: Worker) -> None:
    tally = mutations.runs(worker, tmp_path, 20)
    assert not tally.faults, str(tally)
    assert tally.counts[0] > 0


def test_damaged_meshes(tmp_path: Path, worker: Worker) -> None:
    tally = mutations.mesh_files(worker, tmp_path, 24)
    assert not tally.faults, str(tally)


def test_damaged_run_folders(tmp_path: Path, worker: Worker) -> None:
    """By scripts and as a case: reports take long, and what they refuse is tested for itself."""
    tally = mutations.run_folders(worker, tmp_path, 40, mutations.READERS[:2])
    assert not tally.faults, str(tally)
    assert {0, 2} <= set(tally.counts)


@pytest.mark.parametrize(
    ("outcome", "fault"),
    [
        (Outcome(0, "fine"), None),
        (Outcome(2, "", "case.yaml:3:4: geometry: wrong\nwarning: a word\n"), None),
        (Outcome(2, "", "case.yaml: wrong\n"), "a complaint without a place"),
        (Outcome(2, "", "case.yaml:3:4: \x1b[31m\n"), "an unreadable complaint"),
        (Outcome(2, "", f"case.yaml:3:4: {'x' * 2000}\n"), "an unreadable complaint"),
        (Outcome(2, "", ""), "refused without a word"),
        (Outcome(1, "", TRACE), "code 1: ValueError: bad (solver/case/loader.py:7)"),
        (Outcome(-11, "", ""), "code -11: without a word"),
        (Outcome(3, "", ""), "code 3"),
        (Outcome(0, "fine", "", 31.0, True), "took 31 s"),
    ],
)
def test_what_counts_as_a_fault(outcome: Outcome, fault: str | None) -> None:
    found = fault_of(outcome, placed=True)
    assert (found is None) == (fault is None)
    if found is not None and fault is not None:
        assert found.startswith(fault)


def test_folders_of_refused_and_of_finished_runs(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert left_behind(Outcome(2), folder) is None
    assert left_behind(Outcome(0), folder) == "code 0, and no summary"
    folder.mkdir()
    assert left_behind(Outcome(2), folder) == "refused, and yet a folder was written"
    (folder / "summary.json").touch()
    assert left_behind(Outcome(3), folder) is None


def test_a_worker_outlives_what_it_does(tmp_path: Path) -> None:
    """One that dies of a command is told so, and the next command finds another."""
    with Worker(memory=3 * 1024**3) as worker:
        (tmp_path / "case.yaml").write_text("name: [\n")
        assert worker.ask(["check", "case.yaml"], tmp_path).code == 2
        worker.ask(["no-such-command"], tmp_path)
        first = worker._process
        assert first is not None
        first.kill()
        assert worker.ask(["check", "case.yaml"], tmp_path).code == -9
        assert worker.ask(["check", "case.yaml"], tmp_path).code == 2
        assert worker._process is not first
