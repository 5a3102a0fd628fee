"""A sweep from its plan to its folder: what is missing is run, every case ends as a row with its reason."""

import os
import secrets
import sys
import time
from collections import Counter
from pathlib import Path

from solver.progress import duration_text
from solver.signals import EXIT_CODE as INTERRUPTED
from solver.signals import StopRequest, watch_signals
from solver.sweep.engine import Engine, Result, SweepError, Task
from solver.sweep.plan import Plan
from solver.sweep.store import Store
from solver.sweep.tally import GOOD, Tally, Teller

ARRAY = "slurm-array"
BAD_INPUT = 2
SHOWN = 10
"""Failed cases that are printed at the end."""


def run_sweep(
    plan: Plan,
    out: Path,
    *,
    engine: str = "dask",
    workers: int | None = None,
    scheduler: str | None = None,
    profile: Path | None = None,
    retry_failed: bool = False,
) -> int:
    """Run those cases of a sweep that its folder does not hold yet, and print how it goes.

    Args:
        plan: The cases.
        out: Folder of the sweep; made, or gone on in.
        engine: `dask` or `slurm-array`.
        workers: Processes on this machine; if None, one for each core, or for as many as a case has ranks.
        scheduler: Address of a running Dask cluster that sees the same folder, instead of local processes.
        profile: Cluster profile, for workers or arrays that are jobs of a scheduler.
        retry_failed: Run those again that failed, were lost, or turned out to be invalid when run.

    Returns:
        0 when every case is accounted for: one that failed, is invalid or was lost is a row with its reason
        and changes nothing about the 0. 2 for bad input or an engine that cannot work, with the reasons on
        standard error. 130 when interrupted. A job array is not waited for: 0 once it is submitted.
    """
    store = Store(out.absolute())
    try:
        with store.driving(plan), watch_signals() as stop:
            sweep = _Sweep(plan, store, stop)
            sweep.begin(retry_failed)
            tasks = sweep.tasks()
            sweep.engine(engine, workers or _cores(plan.ranks), scheduler, profile).run(tasks, sweep.told)
            return sweep.end(out, waited=engine != ARRAY)
    except SweepError as error:
        for line in error.lines:
            print(line, file=sys.stderr)
        return BAD_INPUT


def _cores(ranks: int) -> int:
    return max(1, len(os.sched_getaffinity(0)) // ranks)


class _Sweep:
    """One call of the command."""

    def __init__(self, plan: Plan, store: Store, stop: StopRequest) -> None:
        self.plan, self.store, self.stop = plan, store, stop
        self.hashes = {case.hash for case in plan.cases}
        self.session = f"{os.getpid()}-{secrets.token_hex(4)}"
        self.results: dict[str, Result] = {}
        self.teller = Teller()
        self.began = time.monotonic()
        self.before = 0

    def begin(self, retry_failed: bool) -> None:
        """Take in what the folder holds, write down what is invalid, and forget what is to be run again."""
        store = self.store
        invalid = {case.hash: case for case in self.plan.cases if case.problem}
        known = store.failed()
        for name, case in invalid.items():
            if name not in known:
                known[name] = store.fail(Result(name, "invalid", "; ".join(case.problem), 0.0), 0)
        found = known | store.finished()
        self.results = {name: result for name, result in found.items() if name in self.hashes}
        again = [
            name
            for name, result in self.results.items()
            if retry_failed and result.status not in GOOD and name not in invalid
        ]
        for name in again:
            store.forget(name)
            del self.results[name]
        self.before = len(self.results)
        self.teller.note(
            f"sweep {self.plan.name}: {len(self.hashes)} cases, {len(self.tasks())} to be run: {store.root}"
        )

    def tasks(self) -> list[Task]:
        """What is missing."""
        return [
            Task(
                case.hash,
                self.plan.base,
                case.overrides,
                self.store.root,
                self.session,
                self.plan.ranks,
                self.plan.wall_time,
            )
            for case in self.plan.runnable
            if case.hash not in self.results
        ]

    def engine(self, name: str, workers: int, scheduler: str | None, profile: Path | None) -> Engine:
        """The engine of that name; for the arguments see `run_sweep`.

        Raises:
            SweepError: There is none, or its profile is wrong.
        """
        from solver.case.errors import CaseError
        from solver.sweep.cluster_profile import ClusterProfile, read_profile

        try:
            read = None if profile is None else read_profile(profile)
        except CaseError as error:
            raise SweepError(*error.lines) from error
        if name == "dask":
            from solver.sweep.dask_engine import DaskEngine

            return DaskEngine(self.store, self.poll, workers, scheduler, read)
        if name == ARRAY:
            from solver.sweep.slurm_array import SlurmArray

            return SlurmArray(self.store, self.plan.name, read or ClusterProfile(), self.teller.note)
        raise SweepError(f"--engine {name}: is none of the engines; dask | {ARRAY}")

    def told(self, result: Result) -> None:
        """A case has ended."""
        self.results[result.hash] = result

    def poll(self) -> bool:
        """Show how far the sweep is, where it is time to; whether somebody asked to stop."""
        if self.teller.due:
            self.teller.update(self._tally(len(self.store.being_run())))
        return self.stop.requested

    def _tally(self, running: int) -> Tally:
        counts = Counter(result.status for result in self.results.values())
        ended = len(self.results) - self.before
        passed = time.monotonic() - self.began
        rest = len(self.hashes) - len(self.results)
        # Those being run count half: nobody knows how far they are.
        left = passed / (ended + running / 2) * (rest - running / 2) if ended and passed > 1.0 else None
        return Tally(counts, running, len(self.hashes), left)

    def end(self, out: Path, waited: bool) -> int:
        """Say what became of the sweep, by its folder; the exit code.

        Args:
            out: Folder as the user named it.
            waited: Whether the engine waits for its cases.
        """
        found = self.store.failed() | self.store.finished()
        self.results = {name: result for name, result in found.items() if name in self.hashes}
        tally = self._tally(0)
        note = self.teller.note
        bad = [result for result in self.results.values() if result.status not in GOOD]
        for result in bad[:SHOWN]:
            note(f"  {result.status} {result.hash}: {result.reason}")
        if len(bad) > SHOWN:
            note(f"  and {len(bad) - SHOWN} more: lithostat sweep status {out}")
        took = duration_text(time.monotonic() - self.began)
        parts = ", ".join(f"{n} {status.replace('_', ' ')}" for status, n in tally.counts.most_common())
        if tally.waiting == 0:
            note(f"{parts or 'no cases'} after {took}: {out}")
            return 0
        if not waited:
            note(f"{parts or 'nothing yet'}, {tally.waiting} of {tally.planned} cases to come: {out}")
            return 0
        why = f"interrupted by {self.stop.name}" if self.stop.requested else "not all could be run"
        note(f"{why} after {took}, {tally.waiting} of {tally.planned} cases still to be run: {out}")
        note("the same command goes on with them")
        return INTERRUPTED
