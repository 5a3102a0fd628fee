"""What one job of an array does: take its line of the list, claim that case, run it, judge what it left.

`python -m solver.sweep.array_job BASE SECONDS COMMAND...` runs in the folder of a submission. COMMAND starts
lithostat on the ranks of the job, as `srun lithostat` does; values of the case reach it as words of a list of
arguments and meet no shell on the way. SECONDS is the longest time of a case, 0 for as long as it needs.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.sweep.engine import Result, Task
from solver.sweep.locking import HeldError
from solver.sweep.one_case import PATIENCE, settle
from solver.sweep.slurm_script import read_lines
from solver.sweep.store import Claim, Store

SESSION = "job-array"
"""Under which deaths of these jobs are counted, from one submission to the next."""

BAD_INPUT = 2
INTERRUPTED = 130
WHOLE = (0, 3, 4, INTERRUPTED)
"""Exit codes of a run that wrote its summary."""

_OF_SLURM = ("srun:", "slurmstepd")


@dataclass(frozen=True)
class Line:
    """A line of a submission's list, and how to run its case.

    Attributes:
        folder: of the submission, two below the sweep's own.
        number: of the line, from 1.
        command: words that start lithostat on the ranks of this job.
    """

    folder: Path
    number: int
    command: Sequence[str]

    @property
    def log(self) -> Path:
        """Where the job writes what it and its ranks say."""
        return self.folder / "log" / f"{self.number}.txt"


def run_line(line: Line, base: str, wall_time: float | None) -> int:
    """Run the case on one line of a submission's list.

    Args:
        line: the line.
        base: case that all cases start from.
        wall_time: longest time that the case may take [s]; None for as long as it needs.

    Returns:
        0 where the case has a finished run folder, or is another process's; 130 where it was interrupted and
        can go on; 1 where nothing runnable came of it.
    """
    store = Store(line.folder.parents[1])
    name, *overrides = read_lines(line.folder / "tasks")[line.number - 1]
    task = Task(name, base, tuple(overrides), store.root, SESSION, wall_time=wall_time)
    try:
        with store.claiming(name, SESSION, PATIENCE) as claim:
            result = store.ended(name) or _run(store, task, line, claim)
    except HeldError:
        print(f"case {name}: another process runs it", flush=True)
        return 0
    print(f"case {name}: {result.status} {result.reason}".rstrip(), flush=True)
    if result.status == "interrupted":
        return INTERRUPTED
    return 0 if name in store.finished() else 1


def _run(store: Store, task: Task, line: Line, claim: Claim) -> Result:
    """Go on from a checkpoint where there is one that can be read, else begin anew."""
    began, said_before = time.monotonic(), _size(line.log)
    limit = () if task.wall_time is None else ("--wall-time", f"{task.wall_time:.12g} s")
    code = BAD_INPUT
    if any(claim.path.glob("checkpoint*")):
        print(f"case {task.hash}: goes on from its checkpoint", flush=True)
        code = _call([*line.command, "resume", str(claim.path), *limit])
    if code not in WHOLE:
        sets = [word for text in task.overrides for word in ("--set", text)]
        # Which files a case may name was looked at when the sweep was planned.
        words = ("run", task.base, *sets, "--allow-outside", "--out", str(claim.path), "--force", *limit)
        code = _call([*line.command, *words])
    status = "invalid" if code == BAD_INPUT else "failed"
    said = f"code {code}: {_last_words(line.log, said_before)}"
    nothing = Result(task.hash, status, said, time.monotonic() - began)
    return settle(store, task, nothing, claim.deaths + 1)


def _call(words: Sequence[str]) -> int:
    """Exit code of a command; above 128 the signal that ended it."""
    try:
        code = subprocess.run(words, stdin=subprocess.DEVNULL, check=False).returncode
    except OSError as error:
        print(f"{words[0]}: {error.strerror}", flush=True)
        return 127
    return code if code >= 0 else 128 - code


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _last_words(log: Path, start: int) -> str:
    """The last line that the program said since so many bytes; the launcher's where it said nothing."""
    try:
        text = log.read_bytes()[start:].decode(errors="replace")
    except OSError:
        return "no log"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    own = [line for line in lines if not line.startswith(_OF_SLURM)]
    return (own or lines or ["it said nothing"])[-1]


def main(words: Sequence[str]) -> int:
    """Run the line that Slurm chose for this job; `words` as in the head of this file."""
    # Slurm tells the ranks itself, and this process waits until they have written what they have. A handler,
    # because a signal that is ignored here would be ignored by the ranks as well.
    signal.signal(signal.SIGTERM, lambda *_: None)
    base, seconds, *command = words
    line = Line(Path.cwd(), int(os.environ["SLURM_ARRAY_TASK_ID"]), command)
    return run_line(line, base, float(seconds) or None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
