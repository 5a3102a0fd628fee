"""What one job of an array does with its case, with a program that only writes down its words."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from solver.sweep import array_job
from solver.sweep.engine import Task
from solver.sweep.slurm_script import task_lines
from solver.sweep.store import Store

FIRST, SECOND = "0123456789abcdef", "fedcba9876543210"
HOSTILE = ("name=$(touch pwned)", "name=a'; touch pwned; '\"", "name=`touch pwned` * \\n > pwned")

# Stands for `lithostat`: writes its words and, as the file `plan` says by the first word, a summary with this
# status and this exit code.
PROGRAM = """\
import json, os, pathlib, signal, sys
here = pathlib.Path(__file__).parent
words = sys.argv[1:]
with (here / "words.jsonl").open("a") as file:
    file.write(json.dumps(words) + "\\n")
status, code, said = json.loads((here / "plan").read_text())[words[0]]
out = pathlib.Path(words[words.index("--out") + 1] if "--out" in words else words[1])
out.mkdir(exist_ok=True)
if status:
    (out / "summary.json").write_text(json.dumps({"status": status, "ended_by": "made up"}))
print(said, flush=True)
print("srun: error: node: task 0: Exited with exit code", code, file=sys.stderr, flush=True)
if code < 0:
    os.kill(os.getpid(), -code)
sys.exit(code)
"""


@contextmanager
def speaking_to(log: Path) -> Iterator[None]:
    """Send to a file what this process and those that it starts print, as Slurm does."""
    sys.stdout.flush()
    with log.open("a") as file:
        before = os.dup(1), os.dup(2)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            sys.stdout.flush()
            os.dup2(before[0], 1)
            os.dup2(before[1], 2)
            for copy in before:
                os.close(copy)


class Sweep:
    """A submission of two cases in a folder."""

    def __init__(self, root: Path) -> None:
        self.store = Store(root / "a sweep")
        for folder in (self.store.cases, self.store.running, self.store.refused):
            folder.mkdir(parents=True)
        self.folder = self.store.root / "slurm" / "0001"
        (self.folder / "log").mkdir(parents=True)
        self.program = root / "program.py"
        self.program.write_text(PROGRAM)
        tasks = [Task(FIRST, "base", HOSTILE, root, ""), Task(SECOND, "base", ("a=2",), root, "")]
        (self.folder / "tasks").write_bytes(task_lines(tasks))

    def job(self, number: int, seconds: float | None = None, **plan: tuple[str, int, str]) -> tuple[int, str]:
        """Exit code and output of the job of one line; `plan` holds status, code and words by command."""
        (self.program.parent / "plan").write_text(json.dumps(plan))
        line = array_job.Line(self.folder, number, (sys.executable, "-I", str(self.program)))
        with speaking_to(line.log):
            code = array_job.run_line(line, "the base", seconds)
        return code, line.log.read_text()

    def words(self) -> list[list[str]]:
        """What the program was called with, call by call."""
        file = self.program.parent / "words.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture
def sweep(tmp_path: Path) -> Sweep:
    return Sweep(tmp_path)


def test_values_reach_the_program_as_they_are(sweep: Sweep) -> None:
    (sweep.program.parent / "plan").write_text(json.dumps({"run": ("done", 0, "fine")}))
    words = [
        sys.executable,
        "-m",
        "solver.sweep.array_job",
        "the base",
        "0",
        sys.executable,
        str(sweep.program),
    ]
    env = {**os.environ, "SLURM_ARRAY_TASK_ID": "1"}
    done = subprocess.run(words, cwd=sweep.folder, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["fine", f"case {FIRST}: done"]
    sets = [word for text in HOSTILE for word in ("--set", text)]
    out = str(sweep.store.running / FIRST)
    assert sweep.words() == [["run", "the base", *sets, "--allow-outside", "--out", out, "--force"]]
    assert not list(sweep.store.root.parent.rglob("pwned"))


@pytest.mark.parametrize(("status", "exit_code"), [("done", 0), ("ended_early", 3), ("failed", 4)])
def test_a_whole_run_folder_is_handed_over(status: str, exit_code: int, sweep: Sweep) -> None:
    assert sweep.job(2, run=(status, exit_code, "")) == (0, sweep.folder.joinpath("log/2.txt").read_text())
    assert [(r.hash, r.status) for r in sweep.store.finished().values()] == [(SECOND, status)]
    assert not list(sweep.store.running.iterdir())


def test_what_has_ended_is_not_run_again(sweep: Sweep) -> None:
    sweep.job(2, run=("done", 0, ""))
    code, _ = sweep.job(2, run=("failed", 4, ""))
    assert code == 0
    assert len(sweep.words()) == 1
    assert sweep.store.finished()[SECOND].status == "done"


def test_an_interrupted_case_goes_on_from_its_checkpoint(sweep: Sweep) -> None:
    code, _ = sweep.job(2, run=("interrupted", 130, ""))
    assert code == 130
    assert not sweep.store.finished()
    assert not sweep.store.failed()
    (sweep.store.running / SECOND / "checkpoint.npz").touch()
    code, _ = sweep.job(2, resume=("done", 0, ""))
    assert code == 0
    assert sweep.words()[1:] == [["resume", str(sweep.store.running / SECOND)]]
    assert sweep.store.finished()[SECOND].status == "done"


@pytest.mark.parametrize("exit_code", [2, 1, -11])
def test_without_a_checkpoint_that_can_be_read_it_begins_anew(exit_code: int, sweep: Sweep) -> None:
    (sweep.store.running / SECOND).mkdir()
    (sweep.store.running / SECOND / "checkpoint.npz").touch()
    code, _ = sweep.job(2, resume=("", exit_code, "not to be read"), run=("done", 0, ""))
    assert code == 0
    assert [words[0] for words in sweep.words()] == ["resume", "run"]


def test_an_interrupted_case_without_a_checkpoint_begins_anew(sweep: Sweep) -> None:
    sweep.job(2, run=("interrupted", 130, ""))
    sweep.job(2, run=("done", 0, ""))
    assert [words[0] for words in sweep.words()] == ["run", "run"]


def test_a_case_beyond_its_longest_time_has_failed(sweep: Sweep) -> None:
    code, _ = sweep.job(2, seconds=0.001, run=("interrupted", 130, ""))
    assert code == 1
    assert sweep.store.failed()[SECOND].status == "failed"
    assert "took longer than" in sweep.store.failed()[SECOND].reason
    assert sweep.words()[0][-2:] == ["--wall-time", "0.001 s"]


@pytest.mark.parametrize(
    ("exit_code", "status", "said"),
    [(2, "invalid", "code 2"), (-9, "failed", "code 137"), (1, "failed", "code 1")],
)
def test_a_case_that_leaves_nothing_has_a_reason(
    exit_code: int, status: str, said: str, sweep: Sweep, capsys: pytest.CaptureFixture[str]
) -> None:
    code, log = sweep.job(1, run=("", exit_code, "the mesh cannot be built"))
    assert code == 1
    told = sweep.store.failed()[FIRST]
    assert (told.status, told.reason) == (status, f"{said}: the mesh cannot be built")
    assert "the mesh cannot be built" in log
    assert f"case {FIRST}: {status} {said}" in capsys.readouterr().out
    assert not list(sweep.store.running.glob("*.lock"))


def test_the_reason_is_of_this_job_not_of_one_before(sweep: Sweep) -> None:
    sweep.job(1, run=("interrupted", 130, "an earlier word"))
    (sweep.store.running / FIRST / "summary.json").unlink()
    sweep.job(1, run=("", 1, ""))
    assert sweep.store.failed()[FIRST].reason.startswith("code 1: srun: error: node")


def test_a_program_that_is_not_there_is_a_reason(sweep: Sweep) -> None:
    sweep.program = sweep.program.parent / "nowhere" / "program.py"
    sweep.program.parent.mkdir()
    code, _ = sweep.job(1, run=("done", 0, ""))
    assert code == 1
    assert "No such file" in sweep.store.failed()[FIRST].reason


def test_a_case_that_another_process_runs_is_left_to_it(
    sweep: Sweep, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(array_job, "PATIENCE", 0.0)
    line = array_job.Line(sweep.folder, 2, ["false"])
    with sweep.store.claiming(SECOND, array_job.SESSION, 0.0):
        assert array_job.run_line(line, "base", None) == 0
    assert "another process runs it" in capsys.readouterr().out
    assert not sweep.store.failed()
