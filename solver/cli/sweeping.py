"""`lithostat sweep`: plan, run, and look at what came of it."""

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from solver.cli.bad_input import BadInput, bad_input_from

if TYPE_CHECKING:
    from solver.sweep.plan import Plan

PATIENCE = 1.0
"""How long cases are checked before anything is said of it [s]."""


def sweep(given: argparse.Namespace) -> int:
    """Do what the words after `lithostat sweep` ask for.

    Args:
        given: as `sweep_parser` reads them: `word` is `run`, `status`, `collect` or `plot`.

    Returns:
        The exit code.

    Raises:
        BadInput: The sweep file is wrong, or the folder is none of a sweep.
    """
    if given.word == "run":
        return _run(given)
    from solver.sweep.rows import SweepReadError

    with bad_input_from(SweepReadError):
        if given.word == "status":
            from solver.sweep.status import status

            return status(given.folder)
        return _gather(given.folder, draw=given.word == "plot")


def _run(given: argparse.Namespace) -> int:
    if given.engine == "dask" and not (given.scheduler or given.profile or given.dry_run):
        from solver.sweep.forking import begin_loading

        begin_loading()
    plan = read(given.sweep)
    out = given.out if given.out is not None else Path("sweeps") / plan.name
    if given.dry_run:
        return _dry_run(plan, out, given.workers)
    refuse_unless_runnable(plan)
    from solver.sweep.driver import run_sweep

    return run_sweep(
        plan,
        out,
        engine=given.engine,
        workers=given.workers,
        scheduler=given.scheduler,
        profile=given.profile,
        retry_failed=given.retry_failed,
    )


def read(path: Path) -> "Plan":
    """Read a sweep file and check its cases, saying how far that is where it takes long.

    Args:
        path: The file, or the name of a shipped sweep.

    Returns:
        The plan.

    Raises:
        BadInput: What is wrong with the file, one line each.
    """
    from solver.case import CaseError
    from solver.sweep.plan import read_plan

    began = time.monotonic()
    said = False

    def told(done: int, count: int) -> None:
        nonlocal said
        if sys.stderr.isatty() and done % 50 == 0 and time.monotonic() - began > PATIENCE:
            sys.stderr.write(f"\rchecking case {done} of {count}")
            sys.stderr.flush()
            said = True

    try:
        with bad_input_from(CaseError):
            return read_plan(path, told)
    finally:
        if said:
            sys.stderr.write("\r\x1b[K")


def refuse_unless_runnable(plan: "Plan") -> None:
    """Complain about a sweep without a single good case.

    Args:
        plan: The sweep.

    Raises:
        BadInput: No case of it can be run.
    """
    if not plan.runnable:
        reasons = dict.fromkeys(line for case in plan.cases for line in case.problem)
        what = f"sweep {plan.name}: none of its {len(plan.cases)} cases can be run"
        raise BadInput([what, *list(reasons)[:20]])


def _dry_run(plan: "Plan", out: Path, workers: int | None) -> int:
    from solver.sweep.calibration import calibrate, typical_case, unknowns_of
    from solver.sweep.dry_run import cost, cost_lines, table_lines
    from solver.sweep.engine import SweepError
    from solver.sweep.store import Store

    for line in table_lines(plan):
        print(line)
    refuse_unless_runnable(plan)
    sizes = unknowns_of(plan)
    case = typical_case(plan, sizes)
    print(f"calibration: running case {case.number} into a temporary folder", flush=True)
    with bad_input_from(SweepError):
        calibration = calibrate(plan, case)
    if not calibration.tells:
        print(f"no estimate: case {case.number} {calibration.status}: {calibration.reason}")
        return 0
    finished = frozenset(Store(out).finished()) if out.is_dir() else frozenset()
    shared = workers or max(1, len(os.sched_getaffinity(0)) // plan.ranks)
    for line in cost_lines(plan, calibration, cost(plan, calibration, sizes, finished, shared)):
        print(line)
    return 0


def _gather(folder: Path, *, draw: bool) -> int:
    """Write tables and page of a sweep, with new figures where they are asked for."""
    from solver.sweep.collect import collect
    from solver.sweep.page import write_page

    table = collect(folder)
    written = [table, table.with_suffix(".csv")]
    if draw:
        from solver.sweep.plots import plot

        written += plot(folder)
    written.append(write_page(folder))
    for path in written:
        print(path)
    return 0
