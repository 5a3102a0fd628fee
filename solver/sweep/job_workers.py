"""Workers of Dask as jobs of Slurm and other schedulers, by dask-jobqueue."""

import importlib
import logging
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.sweep.engine import SweepError

if TYPE_CHECKING:
    from solver.sweep.cluster_profile import ClusterProfile

CLUSTERS = {
    "slurm": ("SLURMCluster", "account"),
    "pbs": ("PBSCluster", "account"),
    "moab": ("MoabCluster", "account"),
    "sge": ("SGECluster", "project"),
    "lsf": ("LSFCluster", "project"),
    "oar": ("OARCluster", "project"),
    "htcondor": ("HTCondorCluster", ""),
}
"""By scheduler: the class, and its word for the account that pays."""

SECONDS = 60


def job_cluster(profile: "ClusterProfile", ranks: int, logs: Path) -> Any:
    """A cluster without workers as yet; `scale(jobs=N)` asks for them. Each job is one worker of one thread.

    Args:
        profile: What the scheduler wants to be told.
        ranks: MPI ranks of each case, for which a job needs cores.
        logs: Folder for what jobs print.

    Raises:
        SweepError: dask-jobqueue is not installed.
    """
    return cluster_class(profile.scheduler)(
        **job_options(profile, ranks, logs),
        scheduler_options={"dashboard": False, "dashboard_address": ":0"},
        silence_logs=logging.CRITICAL,
    )


def cluster_class(scheduler: str) -> Any:
    """The class of dask-jobqueue for a scheduler.

    Raises:
        SweepError: dask-jobqueue is not installed.
    """
    try:
        jobqueue = importlib.import_module("dask_jobqueue")
    except ImportError as error:
        advice = "pip install 'lithostat[cluster]'"
        raise SweepError(f"dask-jobqueue cannot be loaded ({error}); {advice}") from error
    return getattr(jobqueue, CLUSTERS[scheduler][0])


def job_options(profile: "ClusterProfile", ranks: int, logs: Path) -> dict[str, Any]:
    """What a job of dask-jobqueue is made from; for the arguments see `job_cluster`."""
    options: dict[str, Any] = {
        "cores": ranks,
        "processes": 1,
        "memory": f"{profile.memory * ranks} B",
        "job_extra_directives": list(profile.directives),
        "job_script_prologue": list(profile.prologue),
        "interface": profile.interface,
        "python": sys.executable,
        "worker_extra_args": ["--no-dashboard", "--memory-limit", "0"],
        "log_directory": str(logs),
    }
    if profile.scheduler == "htcondor":
        return options | {"disk": "1 GB"}
    time = None if profile.time is None else _clock(profile.time, profile.scheduler)
    payer = CLUSTERS[profile.scheduler][1]
    return options | {"queue": profile.partition, payer: profile.account, "walltime": time}


def _clock(seconds: float, scheduler: str) -> str:
    """A time as a scheduler writes it, hours:minutes:seconds or, for LSF, hours:minutes; rounded up."""
    minutes = math.ceil(seconds / SECONDS)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return text if scheduler == "lsf" else f"{text}:00"
