"""What a worker does with one case: claim it, run it, judge what it left. Failures of every kind are results.

A case on one rank runs in this process as the command `run` would run it, outside of the main thread too; one
on several ranks is an MPI job of its own.
"""

import contextlib
import io
import os
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from solver.signals import StopRequest
from solver.sweep.engine import Result, Task
from solver.sweep.locking import HeldError
from solver.sweep.store import Claim, Store

MOST_DEATHS = 3
"""So many workers may die of a case."""

WALL_TIME = "wall time"
"""What a run says ended it that stopped in time to be done by its longest time."""

PATIENCE = 120.0
"""How long to wait for a process that still runs the case, left over by a command that was killed [s]."""

GRACE = 60.0
"""How long a case may go on beyond its longest time before its process is ended [s]."""


class SweepStop(StopRequest):
    """Asks a run to stop when its sweep is being stopped: signals reach the main thread only."""

    def __init__(self, store: Store, wall_time: float | None) -> None:
        super().__init__(wall_time)
        self._store = store

    def poll(self, ending: float = 0.0) -> bool:
        """Whether to stop now; to be asked between increments."""
        if not self.name and self._store.is_stopping():
            self.name = "its sweep"
        return super().poll(ending)


def run_task(task: Task) -> Result:
    """Run a case of a sweep, unless it has ended meanwhile, and put what it left into its place.

    Args:
        task: The case.

    Returns:
        How it ended; `interrupted` where the sweep is being stopped, which leaves the case to be run.
    """
    store = Store(task.folder)
    if store.is_stopping():
        return Result(task.hash, "interrupted", "", 0.0)
    began = time.perf_counter()
    try:
        with store.claiming(task.hash, task.session, PATIENCE) as claim:
            result = store.ended(task.hash) or _claimed(store, task, claim)
    except HeldError:
        return Result(task.hash, "interrupted", "another process still runs it", 0.0)
    return Result(result.hash, result.status, result.reason, time.perf_counter() - began)


def _claimed(store: Store, task: Task, claim: Claim) -> Result:
    """Run a case that is this process's alone."""
    if claim.deaths >= MOST_DEATHS:
        reason = f"{claim.deaths} workers died while they ran it"
        return store.fail(Result(task.hash, "lost", reason, 0.0), claim.deaths)
    began = time.perf_counter()
    trace = ""
    try:
        status, reason = _run(store, task, claim)
    except Exception as error:
        # Whatever went wrong with one case, the others go on.
        status, reason = "failed", f"{type(error).__name__}: {error}".splitlines()[0]
        trace = traceback.format_exc()
    nothing = Result(task.hash, status, reason, time.perf_counter() - began)
    return settle(store, task, nothing, claim.deaths + 1, trace)


def settle(store: Store, task: Task, nothing: Result, attempts: int, trace: str = "") -> Result:
    """Judge what a run left in `running/HASH` and put it into its place; the case's claim is held.

    Args:
        store: The sweep's folder.
        task: The case.
        nothing: What holds where it left no finished run folder: `failed` or `invalid`, reason and time.
        attempts: How many workers have tried.
        trace: Where in the program it failed.

    Returns:
        How it ended.
    """
    ended = store.ended(task.hash)
    if ended is not None:
        return ended
    left = store.left(task.hash)
    late = task.wall_time is not None and nothing.seconds >= task.wall_time
    if task.wall_time is not None and (late or left.get("ended_by") == WALL_TIME):
        nothing = Result(task.hash, "failed", took_too_long(task.wall_time), nothing.seconds)
    elif store.is_stopping() or left.get("status") == "interrupted":
        return Result(task.hash, "interrupted", "", nothing.seconds)
    elif not nothing.reason:
        nothing = Result(task.hash, nothing.status, "it ended without a summary", nothing.seconds)
    return store.fail(nothing, attempts, trace)


def took_too_long(wall_time: float) -> str:
    """The reason of a case that was stopped at its longest time [s]."""
    from solver.progress import duration_text

    return f"took longer than {duration_text(wall_time)}"


def _run(store: Store, task: Task, claim: Claim) -> tuple[str, str]:
    """Run it; the status and the reason that hold if it leaves no finished run folder."""
    if task.ranks > 1:
        from solver.sweep.ranks import run_ranks

        code, said = run_ranks(task, claim.path, store.stop_mark, claim.lock)
        return ("invalid" if code == 2 else "failed"), said
    with _ending_with(store, task, claim), contextlib.redirect_stdout(io.StringIO()):
        return run_here(task, claim.path)


def run_here(task: Task, out: Path) -> tuple[str, str]:
    """Run a case on one rank in this process, in whatever thread, or go on with one that a worker left."""
    from meshes import MeshError
    from solver.case import CaseError, load_with_text, write_resolved
    from solver.engine import EngineError
    from solver.fenics import MPI
    from solver.results import FolderError
    from solver.results.checkpoint import read_checkpoint
    from solver.run import run

    try:
        # Which files a case may name was looked at when the sweep was planned.
        case, text = load_with_text(Path(task.base), task.overrides, allow_outside=True)
        checkpoint, _ = read_checkpoint(out)
        if checkpoint is not None and checkpoint.facts.get("resolved") != write_resolved(case):
            checkpoint = None
        run(
            case,
            out,
            force=True,
            case_text=text,
            checkpoint=checkpoint,
            stop=SweepStop(Store(task.folder), task.wall_time),
            comm=MPI.COMM_SELF,
        )
    except (CaseError, MeshError, EngineError) as error:
        lines = getattr(error, "lines", None) or str(error).splitlines()
        return "invalid", "; ".join(lines)
    except FolderError as error:
        return "failed", str(error)
    return "failed", ""


@contextlib.contextmanager
def _ending_with(store: Store, task: Task, claim: Claim) -> Iterator[None]:
    """End this process where a case neither ends nor stops: the worker is replaced, the case is judged."""
    if task.wall_time is None:
        yield
        return

    def give_up() -> None:
        said = took_too_long(task.wall_time or 0.0)
        store.fail(Result(task.hash, "failed", said, time.perf_counter() - began), claim.deaths + 1)
        os._exit(1)

    began = time.perf_counter()
    timer = threading.Timer(task.wall_time + GRACE, give_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
