"""How forms are compiled: flags, cache, and what to do when a compilation was killed half-way.

The form compiler marks a module that is being compiled by an empty file and lets other processes wait for it.
A killed process leaves its mark behind, so everybody who compiles holds a shared lock of the cache: whoever
gets it exclusively knows that no mark is alive and may remove those without a module.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from solver.cache import form_cache
from solver.fenics import MPI

from dolfinx import fem  # isort: skip  (the wheel must be opened first)

PATIENCE = 20
"""How long a process waits for another one's compilation before it looks whether that one still lives [s]."""

MAX_TRIALS = 10


@cache
def jit_options() -> dict[str, Any]:
    """Options of the form compiler: native code in a cache keyed by CPU, shared by all ranks if named."""
    return {
        "cffi_extra_compile_args": ["-O3", "-march=native", "-g0"],
        "cache_dir": os.environ.get("LITHOSTAT_FORM_CACHE") or str(form_cache()),
        "timeout": PATIENCE,
    }


def compile_form(form: Any) -> Any:
    """Compile a UFL form, rank 0 first; None stays None."""
    if form is None:
        return None
    comm = form.ufl_domain().ufl_cargo().comm
    return _patiently(lambda: fem.form(form, jit_options=jit_options()), comm)


def compile_expression(expression: Any, points: Any, comm: MPI.Comm) -> Any:
    """Compile a UFL expression for evaluation at reference points, shape (points, dim)."""
    return _patiently(lambda: fem.Expression(expression, points, comm=comm, jit_options=jit_options()), comm)


def _patiently(compile_it: Callable[[], Any], comm: Any) -> Any:
    """Compile; where the wait for another process was too long, clear up after the dead and try again.

    A form may fail on one rank alone, whose part of the mesh lacks what it needs: all ranks then raise.
    """
    folder = Path(jit_options()["cache_dir"])
    for trial in range(MAX_TRIALS):
        compiled, problem = None, None
        try:
            with _lock(folder, fcntl.LOCK_SH):
                compiled = compile_it()
        except (TimeoutError, RuntimeError) as error:
            problem = error
        told = [
            words for words in comm.allgather("" if problem is None else str(problem) or "failed") if words
        ]
        if not told:
            return compiled
        if trial == MAX_TRIALS - 1 or not any("timed out" in words for words in told):
            raise problem or RuntimeError(told[0])
        if comm.rank == 0:
            with _lock(folder, fcntl.LOCK_EX):
                remove_orphans(folder)
        comm.barrier()
    raise AssertionError  # the loop returns or raises


@contextmanager
def _lock(folder: Path, kind: int) -> Iterator[None]:
    """Hold the lock of a cache; file systems without locks do without."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as stream:
        with suppress(OSError):
            fcntl.flock(stream, kind)
        yield


def remove_orphans(folder: Path) -> int:
    """Remove the marks of compilations that never ended; gives their number. Nobody may be compiling."""
    marks = [mark for mark in folder.glob("*.c") if not mark.with_suffix(".c.cached").exists()]
    for mark in marks:
        mark.unlink(missing_ok=True)
    return len(marks)
