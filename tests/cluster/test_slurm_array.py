"""What is submitted, what is waited for and what is given up, with a queue made up."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from solver.sweep import slurm_queue
from solver.sweep.array_job import SESSION
from solver.sweep.cluster_profile import ClusterProfile
from solver.sweep.engine import Result, SweepError, Task
from solver.sweep.one_case import MOST_DEATHS
from solver.sweep.slurm_array import SlurmArray
from solver.sweep.slurm_script import read_lines
from solver.sweep.store import Store


class Cluster:
    """A queue that a test fills, and a sweep that submits to it."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = Store(root)
        for folder in (self.store.cases, self.store.running, self.store.refused):
            folder.mkdir()
        self.jobs: list[slurm_queue.Queued] = []
        self.largest = 1000
        self.refusal = ""
        self.next = 40
        self.told: list[Result] = []
        self.said: list[str] = []
        monkeypatch.setattr(slurm_queue, "queued", lambda: tuple(self.jobs))
        monkeypatch.setattr(slurm_queue, "largest_array", lambda: self.largest)
        monkeypatch.setattr(slurm_queue, "submit", self.submit)

    def submit(self, folder: Path) -> int:
        if self.refusal:
            raise SweepError(self.refusal)
        assert (folder / "job.sh").exists()
        assert (folder / "log").is_dir()
        self.next += 2
        count = len(read_lines(folder / "tasks"))
        self.jobs += [slurm_queue.Queued(self.next, n, "PENDING") for n in range(1, count + 1)]
        return self.next

    def run(self, names: str, profile: ClusterProfile | None = None) -> None:
        tasks = [Task(name * 16, "base", (f"name={name}",), self.store.root, "session") for name in names]
        engine = SlurmArray(self.store, "thin", profile or ClusterProfile(), self.said.append)
        engine.run(tasks, self.told.append)

    def submitted(self) -> Sequence[str]:
        """Letters of the cases of each submission."""
        folders = sorted((self.store.root / "slurm").glob("*"))
        return ["".join(line[0][0] for line in read_lines(folder / "tasks")) for folder in folders]

    def kill(self, name: str, times: int) -> None:
        """Leave what a job leaves that is killed while it runs a case."""
        lock = self.store.running / f"{name * 16}.lock"
        with lock.open("a") as file:
            file.write(f"{SESSION} node 17\n" * times)


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cluster:
    return Cluster(tmp_path, monkeypatch)


def test_what_is_in_the_queue_is_not_submitted_again(cluster: Cluster) -> None:
    cluster.run("abc")
    cluster.run("abc")
    assert cluster.submitted() == ["abc"]
    assert cluster.said[-1] == "in the queue: 3 waiting, 0 running"
    # b is over, and left nothing.
    cluster.jobs = [job for job in cluster.jobs if job.index != 2]
    cluster.run("abc")
    assert cluster.submitted() == ["abc", "b"]
    # Of the second array all is over, of the first c still runs.
    cluster.jobs = [slurm_queue.Queued(42, 3, "RUNNING")]
    cluster.run("bc")
    assert cluster.submitted() == ["abc", "b", "b"]
    assert cluster.said[-2] == "in the queue: 0 waiting, 1 running"
    assert not cluster.told


def test_jobs_of_others_do_not_count(cluster: Cluster) -> None:
    cluster.run("a")
    cluster.jobs = [slurm_queue.Queued(7, 1, "RUNNING")]
    cluster.run("a")
    assert cluster.submitted() == ["a", "a"]


def test_nothing_to_do_asks_nobody(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(slurm_queue, "queued")
    cluster.run("")
    assert not cluster.said


def test_many_cases_are_several_arrays(cluster: Cluster) -> None:
    cluster.largest = 2
    cluster.run("abcde")
    assert cluster.submitted() == ["ab", "cd", "e"]
    cluster.run("abcde")
    assert len(cluster.submitted()) == 3


def test_a_case_of_which_jobs_die_is_given_up(cluster: Cluster) -> None:
    cluster.run("ab")
    cluster.jobs.clear()
    cluster.kill("a", MOST_DEATHS - 1)
    cluster.run("ab")
    assert cluster.submitted() == ["ab", "ab"]
    cluster.jobs.clear()
    cluster.kill("a", 1)
    cluster.run("ab")
    assert cluster.submitted()[2:] == ["b"]
    (told,) = cluster.told
    assert (told.hash, told.status) == ("a" * 16, "lost")
    assert told.reason == f"3 jobs died of it; see {cluster.store.root}/slurm/0002/log/1.txt"
    assert cluster.store.failed().keys() == {"a" * 16}
    # Asked for again, it has its three lives.
    cluster.jobs.clear()
    cluster.store.forget("a" * 16)
    cluster.run("a")
    assert cluster.submitted()[3:] == ["a"]


def test_what_slurm_refuses_leaves_no_submission(cluster: Cluster) -> None:
    cluster.refusal = "sbatch: error: invalid partition specified: nowhere"
    with pytest.raises(SweepError, match="invalid partition"):
        cluster.run("ab")
    assert cluster.submitted() == []
    cluster.refusal = ""
    cluster.run("ab")
    assert cluster.submitted() == ["ab"]


def test_other_schedulers_take_no_arrays(cluster: Cluster) -> None:
    with pytest.raises(SweepError, match="job arrays are for slurm, not pbs"):
        cluster.run("a", ClusterProfile(scheduler="pbs"))


@pytest.fixture
def commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of commands that comes first on the path."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def write(file: Path, text: str) -> None:
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def test_a_queue_is_read(commands: Path) -> None:
    write(commands / "squeue", "printf '4|1|RUNNING\\n4|12|PENDING\\n9|N/A|RUNNING\\n'")
    assert slurm_queue.queued() == (
        slurm_queue.Queued(4, 1, "RUNNING"),
        slurm_queue.Queued(4, 12, "PENDING"),
    )


def test_a_queue_that_does_not_answer_is_no_empty_queue(commands: Path) -> None:
    write(commands / "squeue", "echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1")
    with pytest.raises(SweepError, match="Unable to contact slurm controller"):
        slurm_queue.queued()


def test_the_number_of_a_submission_is_read(commands: Path, tmp_path: Path) -> None:
    write(commands / "sbatch", 'test "$*" = "--parsable job.sh" && test -e job.sh && echo "731;cluster"')
    (tmp_path / "job.sh").touch()
    assert slurm_queue.submit(tmp_path) == 731
    write(commands / "sbatch", "echo Submitted")
    with pytest.raises(SweepError, match="no number of a job, but 'Submitted'"):
        slurm_queue.submit(tmp_path)


def test_the_largest_array_is_what_slurm_says(commands: Path) -> None:
    write(commands / "scontrol", "printf 'MailProg = x\\nMaxArraySize            = 501\\n'")
    assert slurm_queue.largest_array() == 500
    write(commands / "scontrol", "true")
    assert slurm_queue.largest_array() == 1000


def test_without_slurm_the_missing_command_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SweepError, match="squeue: not found"):
        slurm_queue.queued()
