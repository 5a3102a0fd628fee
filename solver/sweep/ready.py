"""What a worker process does before its first case, and what it leaves when it is killed."""

import gc
import importlib
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from distributed import WorkerPlugin

SHARED_MEMORY = Path("/dev/shm")
LEAVING = 5.0
"""How long a worker may take to be gone [s]."""

PROCESSES = "processes"
OUTPUT = "output.txt"


class Ready(WorkerPlugin):
    """Loads the solver once in each worker, in its main thread, also in one that joins later.

    MPI and PETSc install handlers of signals, and Python lets only the main thread choose others.

    Args:
        solver: Whether cases run in the worker itself.
        scratch: Folder of workers that live and die with this command; empty for workers of others.
    """

    name = "lithostat"

    def __init__(self, solver: bool, scratch: str) -> None:
        self.solver, self.scratch = solver, scratch

    def setup(self, worker: Any) -> None:
        """Called by Dask when a worker has started."""
        if self.scratch:
            _settle_in(Path(self.scratch))
            with suppress(AttributeError):
                worker.http_server.stop()  # nobody is to ask it anything
        prepare(self.solver)


def prepare(solver: bool) -> None:
    """Load what cases need, once.

    Args:
        solver: Whether cases run in this process itself.
    """
    from solver.cache import form_cache

    os.environ.setdefault("LITHOSTAT_FORM_CACHE", str(form_cache()))
    if not solver:
        return
    importlib.import_module("solver.run")
    importlib.import_module("solver.radial.system")  # nearly every sphere needs it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # PETSc's handler would print and abort
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    gc.collect()
    gc.freeze()  # what was loaded stays: no collection need look at it again


def _settle_in(scratch: Path) -> None:
    """Keep this process's output and its number, and let Ctrl-C be told by the command, in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with (scratch / OUTPUT).open("ab", buffering=0) as output:
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
    with (scratch / PROCESSES).open("a") as numbers:
        numbers.write(f"{os.getpid()}\n")


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """A folder for the workers of this machine while the block runs; what earlier ones left is removed.

    Args:
        folder: Where; nobody else may use it.

    Yields:
        The same folder, empty.
    """
    _clear(folder)
    folder.mkdir()
    try:
        yield folder
    finally:
        _clear(folder)


def tidy_shared_memory(process: int) -> None:
    """Remove what MPI left of a killed process in shared memory; dozens of such files would fill it."""
    for left in SHARED_MEMORY.glob(f"mpich_shm_{process:x}_*"):
        left.unlink(missing_ok=True)


def _clear(folder: Path) -> None:
    """Remove a scratch folder, and the shared memory of those workers that were killed."""
    until = time.monotonic() + LEAVING
    with suppress(OSError):
        for number in (folder / PROCESSES).read_text().split():
            # A worker that was told to leave may still be on its way out.
            while Path(f"/proc/{number}").exists() and time.monotonic() < until:
                time.sleep(0.05)
            if not Path(f"/proc/{number}").exists():
                tidy_shared_memory(int(number))
    shutil.rmtree(folder, ignore_errors=True)
