"""One case on several ranks: an MPI job of its own, looked after by a process that outlives nobody.

`python -m solver.sweep.ranks OWNER STOP SECONDS COMMAND...` runs a command and asks it to stop, as Ctrl-C
would, when the file STOP appears, when SECONDS have passed (0: never), or when the process OWNER, its parent,
is gone: a worker may be killed at any time, and its ranks must not go on without it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from solver.sweep.engine import SweepError, Task

BAD_INPUT = 2

PAUSE = 0.2
"""Between two looks [s]."""

GRACE = 60.0
"""How long ranks may take to write what they have once they are asked to stop [s]."""

LAUNCHED_BY = (
    "PMI_",
    "PMIX_",
    "HYDRA_",
    "HYDI_",
    "MPIR_",
    "MPI_LOCAL",
    "OMPI_",
    "SLURM_PROCID",
    "SLURM_LOCALID",
)
"""What a launcher tells its own ranks, and the ranks of another one must not read."""


def run_ranks(task: Task, out: Path, stop: Path, keep_open: int) -> tuple[int, str]:
    """Run a case with `mpiexec -n N lithostat run`, or go on with one that a worker left, and wait for it.

    Args:
        task: The case.
        out: Run folder to write, replaced if it is there.
        stop: File whose appearance asks the ranks to stop.
        keep_open: Open file whose lock the ranks are to share.

    Returns:
        Exit code, and the last lines that were printed.

    Raises:
        SweepError: There is no launcher.
    """
    program = [*_launcher(), "-n", str(task.ranks), sys.executable, "-m", "solver.cli"]
    limit = [] if task.wall_time is None else ["--wall-time", f"{task.wall_time} s"]
    sets = [word for text in task.overrides for word in ("--set", text)]
    anew = ["run", task.base, *sets, "--allow-outside", "--out", str(out), "--force"]
    code, said = BAD_INPUT, ""
    if any(out.glob("checkpoint*")):
        code, said = _watched(task, [*program, "resume", str(out), *limit], stop, keep_open)
    if code == BAD_INPUT:  # also a checkpoint that cannot be used
        code, said = _watched(task, [*program, *anew, *limit], stop, keep_open)
    return code, said


def _watched(task: Task, command: Sequence[str], stop: Path, keep_open: int) -> tuple[int, str]:
    """Run a command under a process that sees to it that it ends; see the head of this file."""
    watch = [sys.executable, "-m", "solver.sweep.ranks", str(os.getpid()), str(stop)]
    done = subprocess.run(
        [*watch, str(task.wall_time or 0.0), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        start_new_session=True,  # Ctrl-C reaches the ranks once, through the supervisor
        pass_fds=(keep_open,),
        env={name: value for name, value in os.environ.items() if not name.startswith(LAUNCHED_BY)},
    )
    said = [line for line in done.stdout.splitlines() if line.strip()]
    return done.returncode, " | ".join(said[-3:])


def _launcher() -> Sequence[str]:
    from solver.doctor import find_launcher

    launcher = find_launcher()
    if launcher is None:
        raise SweepError("run.ranks: no mpiexec beside the interpreter or on the path; `lithostat doctor`")
    return [str(launcher)]


def watch(owner: int, stop: Path, seconds: float, command: Sequence[str]) -> int:
    """Run a command, and ask it to stop when nobody wants it any longer.

    Args:
        owner: Process that wants it, the parent of this one.
        stop: File whose appearance asks it to stop.
        seconds: Longest time that it may take [s]; 0 for as long as it needs.
        command: Its words.

    Returns:
        Its exit code; below 0 the signal that ended it.
    """
    began = time.monotonic()
    asked: float | None = None
    with subprocess.Popen(command) as process:
        while process.poll() is None:
            time.sleep(PAUSE)
            now = time.monotonic()
            late = 0.0 < seconds < now - began
            if asked is None and (late or os.getppid() != owner or stop.exists()):
                asked = now
                process.send_signal(signal.SIGINT)
            if asked is not None and now - asked > GRACE:
                process.kill()
        return process.returncode


if __name__ == "__main__":
    sys.exit(watch(int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3]), sys.argv[4:]))
