"""The engine of job arrays: cases go to Slurm as jobs of their own, and nothing waits for them.

    slurm/0001/job.sh     what was submitted
    slurm/0001/tasks      its cases, one a line
    slurm/0001/job        number that Slurm gave it
    slurm/0001/log/N.txt  what the job of line N said

A call submits what is neither finished nor still in the queue, and leaves. Finished cases are taken in by the
folder alone; so the same call again collects them and submits what was lost meanwhile.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.results.atomic import replace_file
from solver.sweep import slurm_queue
from solver.sweep.array_job import SESSION
from solver.sweep.cluster_profile import ClusterProfile
from solver.sweep.engine import Result, SweepError, Task
from solver.sweep.one_case import MOST_DEATHS
from solver.sweep.slurm_script import job_script, read_lines, task_lines
from solver.sweep.store import Store


@dataclass(frozen=True)
class SlurmArray:
    """Runs cases as job arrays; see `solver.sweep.engine.Engine`.

    Attributes:
        store: the sweep's folder.
        name: of the sweep.
        profile: of the cluster.
        say: told, a line at a time, what was submitted and what is still to come.
    """

    store: Store
    name: str
    profile: ClusterProfile
    say: Callable[[str], None]

    def run(self, tasks: Sequence[Task], each: Callable[[Result], None]) -> None:
        """Submit tasks that are not in the queue, and tell of those that died too often; waits for none."""
        if not tasks:
            return
        if self.profile.scheduler != "slurm":
            raise SweepError(f"profile: scheduler: job arrays are for slurm, not {self.profile.scheduler}")
        coming = self._coming()
        if coming:
            running = sum(state == "RUNNING" for state in coming.values())
            self.say(f"in the queue: {len(coming) - running} waiting, {running} running")
        due = []
        for task in tasks:
            if task.hash in coming:
                continue
            deaths, log = self._deaths(task.hash), self._last_log(task.hash)
            if deaths < MOST_DEATHS:
                due.append(task)
                continue
            reason = f"{deaths} jobs died of it; see {log}"
            each(self.store.fail(Result(task.hash, "lost", reason, 0.0), deaths))
            self._lock(task.hash).unlink(missing_ok=True)  # asked for again, it begins with no deaths
        most = slurm_queue.largest_array()
        for start in range(0, len(due), most):
            self._submit(due[start : start + most])

    def _submit(self, tasks: Sequence[Task]) -> None:
        """Submit one array."""
        folder = self._home / f"{len(self._submissions()) + 1:04d}"
        (folder / "log").mkdir(parents=True)
        replace_file(folder / "tasks", task_lines(tasks))
        script = job_script(self.name, len(tasks), tasks[0], self.profile)
        replace_file(folder / "job.sh", script.encode())
        try:
            number = slurm_queue.submit(folder)
        except SweepError:
            shutil.rmtree(folder)
            raise
        replace_file(folder / "job", f"{number}\n".encode())
        cases = "1 case" if len(tasks) == 1 else f"{len(tasks)} cases"
        self.say(f"submitted {cases} as job {number}, see {folder}; the same command collects what ends")

    def _coming(self) -> dict[str, str]:
        """Cases of earlier submissions that are not over: hash to Slurm's word for where they stand."""
        arrays = {}
        for folder in self._submissions():
            number = _number(folder)
            if number is not None:
                arrays[number] = read_lines(folder / "tasks")
        if not arrays:
            return {}
        jobs = [job for job in slurm_queue.queued() if job.array in arrays]
        return {arrays[job.array][job.index - 1][0]: job.state for job in jobs}

    def _deaths(self, name: str) -> int:
        """How many jobs were killed while they ran a case."""
        try:
            return sum(line.startswith(f"{SESSION} ") for line in self._lock(name).read_text().splitlines())
        except OSError:
            return 0

    def _lock(self, name: str) -> Path:
        return self.store.running / f"{name}.lock"

    def _last_log(self, name: str) -> Path | None:
        """What the last job that ran a case said."""
        for folder in reversed(self._submissions()):
            for number, line in enumerate(read_lines(folder / "tasks"), start=1):
                if line[0] == name:
                    return folder / "log" / f"{number}.txt"
        return None

    @property
    def _home(self) -> Path:
        return self.store.root / "slurm"

    def _submissions(self) -> Sequence[Path]:
        """Folders of what was submitted before, the oldest first."""
        return sorted(path for path in self._home.glob("[0-9][0-9][0-9][0-9]") if path.is_dir())


def _number(folder: Path) -> int | None:
    """Number that Slurm gave a submission; None where it took none."""
    try:
        return int((folder / "job").read_text())
    except (OSError, ValueError):
        return None
