"""What is asked of Slurm's own commands: to take an array, and which of its jobs are still to come."""

import getpass
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.sweep.engine import SweepError

_PATIENCE = 120.0
_LARGEST_ARRAY = 1001  # what Slurm has unless its configuration says otherwise


@dataclass(frozen=True)
class Queued:
    """One job of an array that is not over.

    Attributes:
        array: number of the array.
        index: number of the job in it, from 1.
        state: Slurm's word for where it stands, such as PENDING or RUNNING.
    """

    array: int
    index: int
    state: str


def submit(folder: Path) -> int:
    """Submit the job script of a folder.

    Args:
        folder: holds `job.sh` and what it reads; the job begins there.

    Returns:
        Number of the array.

    Raises:
        SweepError: Slurm does not take it; in its own words.
    """
    told = _ask("sbatch", "--parsable", "job.sh", folder=folder)
    match = re.match(r"\d+", told)
    if match is None:
        raise SweepError(f"sbatch: gave no number of a job, but {told.strip()!r}")
    return int(match.group())


def queued() -> tuple[Queued, ...]:
    """Every job of an array of this user that waits, runs or is being ended.

    Raises:
        SweepError: Slurm does not answer: nobody can say then what is still to come.
    """
    told = _ask("squeue", "--noheader", "--array", f"--user={getpass.getuser()}", "--format=%F|%K|%T")
    jobs = (line.split("|") for line in told.splitlines())
    return tuple(Queued(int(array), int(index), state) for array, index, state in jobs if index.isdigit())


def largest_array() -> int:
    """How many jobs one array may have."""
    match = re.search(r"^MaxArraySize\s*=\s*(\d+)", _ask("scontrol", "show", "config"), re.M)
    return (int(match.group(1)) if match else _LARGEST_ARRAY) - 1


def _ask(command: str, *words: str, folder: Path | None = None) -> str:
    """What a command of Slurm prints."""
    if shutil.which(command) is None:
        raise SweepError(f"{command}: not found; job arrays are submitted where Slurm's commands are")
    call: Sequence[str] = (command, *words)
    try:
        done = subprocess.run(
            call, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise SweepError(f"{command}: no answer within {_PATIENCE:g} s") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise SweepError(*(said or [f"{command}: ended with code {done.returncode}"]))
    return done.stdout
