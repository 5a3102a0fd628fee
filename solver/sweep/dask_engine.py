"""The engine of Dask: cases as tasks of processes here, of a running cluster, or of jobs of a scheduler.

Each worker has one thread and loads the solver once. Dask hands a case of a worker that died to another one;
how often a case may do that, the folder of the sweep counts. Dashboards stay off.
"""

import concurrent.futures
import importlib
import logging
import queue
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from solver.sweep.engine import Result, SweepError, Task
from solver.sweep.forking import METHOD
from solver.sweep.one_case import run_task
from solver.sweep.ready import Ready, scratch_folder
from solver.sweep.store import Store

if TYPE_CHECKING:
    from solver.sweep.cluster_profile import ClusterProfile

# Their types say half of what they take.
dask: Any = importlib.import_module("dask")
distributed: Any = importlib.import_module("distributed")

PAUSE = 0.2
"""Between two looks at whether somebody asked to stop [s]."""

UNDONE = ("pending", "lost")
"""What Dask calls a task that had ended, but whose worker died before anybody fetched its result."""

CONNECT = "20s"
"""How long a scheduler may take to answer."""

LEAVING = 20.0
"""How long running cases may take to write what they have once a stop is asked for [s]."""

SETTINGS: Mapping[str, object] = {
    # A worker that is long in one call of a library cannot answer, and is not dead for that.
    "distributed.scheduler.worker-ttl": None,
    "distributed.comm.timeouts.connect": "10 minutes",
    "distributed.comm.timeouts.tcp": "10 minutes",
    # The folder of the sweep counts the deaths of each case itself; Dask also blames those that only waited.
    "distributed.scheduler.allowed-failures": 1_000_000,
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,
    "distributed.worker.multiprocessing-method": METHOD,
    # Dask watches its own event loops many times a second, in the processes that cases are to have.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.tick.limit": "1 hour",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.client.scheduler-info-interval": "10s",
}


@dataclass(frozen=True)
class DaskEngine:
    """Runs cases on the workers of a cluster; see `solver.sweep.engine.Engine`.

    Attributes:
        store: the sweep's folder.
        poll: called a few times a second; True asks to stop.
        workers: processes on this machine.
        scheduler: address of a running cluster instead.
        profile: jobs of a scheduler instead.
    """

    store: Store
    poll: Callable[[], bool]
    workers: int
    scheduler: str | None = None
    profile: "ClusterProfile | None" = None

    def run(self, tasks: Sequence[Task], each: Callable[[Result], None]) -> None:
        """Run tasks until all are told or a stop is asked for."""
        if not tasks:
            return
        with self._client(tasks) as client:
            ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
            futures = {
                future: task
                for task, future in zip(
                    tasks,
                    client.map(run_task, tasks, key=[("case", task.hash) for task in tasks], pure=False),
                    strict=True,
                )
            }
            for future in futures:
                future.add_done_callback(ended.put)
            while futures and not self.poll():
                # Workers do not wait for this: many results are fetched at the price of one.
                time.sleep(PAUSE)
                done = [ended.get() for _ in range(ended.qsize())]
                for future in [future for future in done if future.status in UNDONE]:
                    done.remove(future)
                    future.add_done_callback(ended.put)
                for result in self._results(client, {future: futures.pop(future) for future in done}):
                    if result.status != "interrupted":
                        each(result)
            if futures:
                self._stop(client, list(futures))

    def _results(self, client: Any, ended: Mapping[Any, Task]) -> list[Result]:
        """What tasks returned; what Dask says of those that never did.

        Raises:
            SweepError: The cluster is gone.
        """
        fallen = {future: task for future, task in ended.items() if future.status == "error"}
        try:
            results = client.gather([future for future in ended if future not in fallen])
        except (OSError, RuntimeError, TimeoutError, concurrent.futures.CancelledError) as error:
            where = self.scheduler or "workers"
            raise SweepError(f"{where}: lost ({type(error).__name__}); the same command goes on") from error
        for future, task in fallen.items():
            said = f"{type(future.exception()).__name__}: {future.exception()}".splitlines()[0]
            results.append(self.store.fail(Result(task.hash, "lost", said, 0.0), 1))
        return list(results)

    def _stop(self, client: Any, futures: Sequence[Any]) -> None:
        """Begin no further case and wait until those that run have written what they have."""
        self.store.ask_to_stop()
        client.cancel(futures)
        until = time.monotonic() + LEAVING
        while self.store.being_run() and time.monotonic() < until:
            time.sleep(PAUSE)

    @contextmanager
    def _client(self, tasks: Sequence[Task]) -> Iterator[Any]:
        """A client of the cluster with workers that are ready, and everything closed behind it."""
        ranks = tasks[0].ranks
        with ExitStack() as stack:
            stack.enter_context(_quiet())
            stack.enter_context(dask.config.set(SETTINGS))
            local = self.scheduler is None and self.profile is None
            scratch = str(stack.enter_context(scratch_folder(self.store.scratch))) if local else ""
            ready = Ready(ranks == 1, scratch)
            try:
                where = self.scheduler or stack.enter_context(self._cluster(ranks, len(tasks), scratch))
                client = stack.enter_context(distributed.Client(where, timeout=CONNECT, set_as_default=False))
                client.register_plugin(ready)
            except (OSError, TimeoutError, RuntimeError, ValueError, ImportError) as error:
                said = str(error).splitlines()[0] if str(error) else type(error).__name__
                raise SweepError(f"{self.scheduler or 'workers'}: cannot be used ({said})") from error
            yield client
            if self.scheduler is not None:
                client.unregister_worker_plugin(ready.name)

    def _cluster(self, ranks: int, cases: int, scratch: str) -> Any:
        """Workers of this command's own."""
        if self.profile is not None:
            from solver.sweep.job_workers import job_cluster

            cluster = job_cluster(self.profile, ranks, self.store.root / "jobs")
            cluster.scale(jobs=min(self.profile.at_once, cases))
            return cluster
        cluster = distributed.LocalCluster(
            n_workers=min(self.workers, cases),
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            # Without a dashboard Dask still opens its port, and complains where that is taken.
            scheduler_kwargs={"dashboard": False, "dashboard_address": "127.0.0.1:0"},
            memory_limit=None,
            silence_logs=logging.CRITICAL,
            local_directory=scratch,
            # Whoever reaches a worker can have it run code: without certificates all users here could.
            security=True,
        )
        cluster.scheduler.http_server.stop()
        return cluster


@contextmanager
def _quiet() -> Iterator[None]:
    """Let the sweep alone write on the terminal: what Dask would say there, the rows of the cases say."""
    loggers = [logging.getLogger(name) for name in ("distributed", "tornado", "asyncio")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
