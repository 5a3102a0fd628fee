"""What is handed to Slurm for a sweep: a list of cases and a job script, as texts.

The script is bash that a person can read, change and submit again. No value of a case stands in it: each job
takes its line of the list, so that nothing a case may hold is ever read as shell.
"""

import math
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from solver.sweep.cluster_profile import ClusterProfile
from solver.sweep.engine import SweepError, Task

_ON_ONE_LINE = re.compile(r"[^\x00-\x1f\x7f]+")
_MINUTE = 60.0


@dataclass(frozen=True)
class Limits:
    """How long the jobs of one array may take.

    Attributes:
        minutes: limit of a job; None leaves it to the cluster.
        notice: how long before the limit the program is told [s].
        restarts: how often a job that was told goes back into the queue.
    """

    minutes: int | None
    notice: int
    restarts: int


def limits(profile: ClusterProfile, wall_time: float | None) -> Limits:
    """Limits of a job from those of the cluster and of the case.

    Args:
        profile: of the cluster.
        wall_time: longest time that one case may take, restarts included [s]; None for as long as it needs.

    Returns:
        The limits; Slurm counts minutes, which are rounded up.

    Raises:
        SweepError: a job would be told to stop before it began.
    """
    notice = math.ceil(profile.notice)
    longest = profile.time
    if wall_time is not None:
        # A minute more, because Slurm may give notice that much earlier than asked.
        longest = min(wall_time + notice + _MINUTE, longest or math.inf)
    if longest is None:
        return Limits(None, notice, profile.restarts)
    if longest <= notice:
        raise SweepError(f"profile: notice: {notice} s leave nothing of a job of {longest:g} s")
    restarts = profile.restarts
    if wall_time is not None:
        restarts = min(restarts, math.ceil(wall_time / (longest - notice)) - 1)
    return Limits(math.ceil(longest / _MINUTE), notice, restarts)


def task_lines(tasks: Sequence[Task]) -> bytes:
    """The list of cases: on each line the hash and the texts of `--set`, apart by tabs.

    Raises:
        SweepError: a text does not fit on a line.
    """
    lines = []
    for task in tasks:
        for text in task.overrides:
            if not _ON_ONE_LINE.fullmatch(text):
                raise SweepError(f"{task.hash}: a job array takes values of one line, not {text!r}")
        lines.append("\t".join((task.hash, *task.overrides)))
    return "".join(f"{line}\n" for line in lines).encode()


def read_lines(tasks: Path) -> tuple[tuple[str, ...], ...]:
    """Hash and texts of `--set` of each line of a list of cases."""
    text = tasks.read_bytes().decode()
    return tuple(tuple(line.split("\t")) for line in text.split("\n") if line)


def job_script(name: str, count: int, task: Task, profile: ClusterProfile) -> str:
    """The script of a job array.

    Args:
        name: of the sweep.
        count: cases in its list.
        task: any of them: base, ranks and time are the same for all.
        profile: of the cluster.

    Returns:
        Text of a bash script, to be submitted in the folder that holds `tasks`, two below the sweep's.

    Raises:
        SweepError: the limits leave no time.
    """
    allowed = limits(profile, task.wall_time)
    return _SCRIPT.format(
        directives="\n".join(f"#SBATCH {line}" for line in _directives(name, count, task, profile, allowed)),
        prologue="".join(f"{line}\n" for line in profile.prologue),
        keeper=shlex.join((sys.executable, "-m", "solver.sweep.array_job")),
        base=shlex.quote(task.base),
        seconds=f"{task.wall_time or 0:.12g}",
        launcher=shlex.join(profile.launcher),
        program=shlex.join(profile.command or own_command()),
        restarts=allowed.restarts,
    )


def own_command() -> Sequence[str]:
    """Words that start the lithostat of this environment."""
    script = Path(sys.executable).parent / "lithostat"
    return (str(script),) if script.exists() else (sys.executable, "-m", "solver.cli")


def _directives(name: str, count: int, task: Task, profile: ClusterProfile, allowed: Limits) -> Sequence[str]:
    # What the user gives comes first: of two equal options Slurm takes the later one.
    return (
        *profile.directives,
        f"--job-name={name}",
        f"--array=1-{count}%{profile.at_once}",
        *([f"--partition={profile.partition}"] if profile.partition else []),
        *([f"--account={profile.account}"] if profile.account else []),
        *([f"--time={allowed.minutes}"] if allowed.minutes else []),
        f"--ntasks={task.ranks}",
        "--cpus-per-task=1",
        f"--mem-per-cpu={math.ceil(profile.memory / 1024)}K",
        "--output=log/%a.txt",
        "--open-mode=append",
        "--requeue",
        f"--signal=TERM@{allowed.notice}",
    )


_SCRIPT = r"""#!/usr/bin/env bash
# Each job of this array runs one case of a sweep, from its line of `tasks`: a hash and texts of --set, tabs
# between. `sbatch job.sh` in this folder submits all once more; cases that have ended are left alone.
{directives}

here=$PWD
{prologue}cd "$here" || exit 1
export OMP_NUM_THREADS=1
again=${{SLURM_RESTART_COUNT:-0}}
job=${{SLURM_ARRAY_JOB_ID}}_$SLURM_ARRAY_TASK_ID
echo "job $job on $SLURMD_NODENAME, restart $again"

# Before the limit Slurm sends SIGTERM to the ranks alone: they write a checkpoint and end with code 130, and
# the job goes back into the queue. This shell gets it where the job is cancelled, and asks for nothing more.
cancelled=
trap 'cancelled=yes' TERM

# Takes the line, claims the case, and calls the last words with `run BASE --set ... --out ...`, or `resume`
# where there is a checkpoint. What they leave in ../../running goes to ../../cases by one renaming.
{keeper} \
    {base} {seconds} \
    {launcher} {program}
code=$?

if [ "$code" -eq 130 ] && [ -z "$cancelled" ] && [ "$again" -lt {restarts} ]; then
    scontrol requeue "$job" && exit "$code"
fi
exit "$code"
"""
