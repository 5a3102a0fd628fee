"""`lithostat run`: the case is read by one rank and run by all."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from solver.cli.bad_input import BadInput, bad_input_from
from solver.cli.launch import launched_rank
from solver.progress import duration_text

if TYPE_CHECKING:
    from mpi4py import MPI

    from solver.case import Case
    from solver.results import Checkpoint


def run_case(
    case: Path,
    overrides: Sequence[str],
    out: Path | None,
    force: bool,
    petsc: str,
    allow_outside: bool = False,
    wall_time: float | None = None,
) -> int:
    """Run a case on however many ranks were started.

    Args:
        case: Case file, or the name of a shipped case.
        overrides: Texts of `--set`.
        out: Run folder, or None for runs/NAME.
        force: Replace an existing run folder.
        petsc: Options for PETSc, one text.
        allow_outside: Whether the case may name files outside its folder and the current one.
        wall_time: How long it may take [s], or None.

    Returns:
        The exit code, the same on every rank.

    Raises:
        BadInput: On every rank; quiet on all but the first.
    """
    comm = world()
    read, text = on_first_rank(comm, lambda: read_case(case, overrides, allow_outside))
    out = out if out is not None else Path("runs") / read.name
    code, _ = run_into(comm, read, text, out, force, petsc, wall_time=wall_time)
    return code


def run_into(
    comm: "MPI.Comm",
    case: "Case",
    text: bytes,
    out: Path,
    force: bool,
    petsc: str = "",
    *,
    checkpoint: "Checkpoint | None" = None,
    wall_time: float | None = None,
) -> tuple[int, Mapping[str, Any]]:
    """Run a case that is known to be good, or go on with it, and print how it ended.

    Args:
        comm: All ranks.
        case: The case.
        text: Its file as given, kept in the run folder.
        out: Run folder.
        force: Replace an existing run folder.
        petsc: Options for PETSc, one text.
        checkpoint: Where the run that wrote the folder stood, its arrays on rank 0; None begins anew.
        wall_time: How long it may take [s], or None.

    Returns:
        The exit code, and the summary on the first rank (empty on the others).

    Raises:
        BadInput: The folder exists, or the mesh cannot be built.
    """
    from meshes import MeshError
    from solver.results import FolderError

    if checkpoint is None:
        on_first_rank(comm, lambda: _free(out, force))
    prepare_form_cache(comm)
    from solver.engine import EngineError

    with bad_input_from(MeshError, FolderError, EngineError, quiet=comm.rank > 0):
        from solver.run import run

        outcome = run(
            case,
            out,
            force=force,
            petsc_options=petsc,
            case_text=text,
            checkpoint=checkpoint,
            wall_time=wall_time,
        )
    if comm.rank == 0:
        for line in closing_lines(outcome.summary, out):
            print(line)
        sys.stdout.flush()
    return int(outcome.exit_code), outcome.summary if comm.rank == 0 else {}


def world() -> "MPI.Comm":
    """All ranks that were started together.

    Raises:
        BadInput: The finite element library cannot be loaded, or the ranks know nothing of each other.
    """
    try:
        from solver.fenics import MPI
    except (ImportError, OSError, RuntimeError) as error:
        why = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadInput([f"DOLFINx cannot be loaded ({why}); `lithostat doctor` says what to do"]) from error
    tasks = os.environ.get("SLURM_STEP_NUM_TASKS", "1")
    if MPI.COMM_WORLD.size == 1 and tasks.isdigit() and int(tasks) > 1:
        # Each of them would take itself for the whole run, and all would write into one folder.
        why = f"srun started {tasks} processes that know nothing of each other; give it the --mpi of your MPI"
        raise BadInput([f"{why}, such as --mpi=pmi2"], quiet=launched_rank() > 0)
    return MPI.COMM_WORLD


def on_first_rank[T](comm: "MPI.Comm", work: Callable[[], T]) -> T:
    """Do something on rank 0 and give every rank its result, or its complaint.

    Args:
        comm: All ranks.
        work: Called on rank 0 only; its result is sent to the others.

    Returns:
        What `work` returned.

    Raises:
        BadInput: `work` raised it; quiet on all ranks but the first.
    """
    lines: Sequence[str] | None = None
    result: T | None = None
    if comm.rank == 0:
        try:
            result = work()
        except BadInput as error:
            lines = error.lines
    lines, result = comm.bcast((lines, result))
    if lines is not None:
        raise BadInput(lines, quiet=comm.rank > 0)
    return result


def read_case(case: Path, overrides: Sequence[str], allow_outside: bool = False) -> tuple["Case", bytes]:
    """Read and check a case and print its warnings.

    Args:
        case: Case file, or the name of a shipped case.
        overrides: Texts of `--set`.
        allow_outside: Whether the case may name files outside its folder and the current one.

    Returns:
        The case, and its file as given.

    Raises:
        BadInput: What is wrong with it, one line each.
    """
    from solver.case import CaseError, load_with_text

    with bad_input_from(CaseError):
        read, text = load_with_text(case, overrides, allow_outside=allow_outside)
    for warning in read.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return read, text


def prepare_form_cache(comm: "MPI.Comm") -> None:
    """Choose one folder of compiled forms for all ranks, which load what the first of them compiled."""
    from solver.cache import form_cache, show_warnings_plainly

    show_warnings_plainly()
    folder = comm.bcast(str(form_cache()) if comm.rank == 0 else "")
    os.environ["LITHOSTAT_FORM_CACHE"] = folder


def closing_lines(summary: Mapping[str, Any], out: Path) -> list[str]:
    """How a run ended, as a table of its steps.

    Args:
        summary: As in summary.json.
        out: The run folder.

    Returns:
        Lines to print.
    """
    lines = []
    steps = summary.get("steps", ())
    width = min(max((len(str(step.get("name", ""))) for step in steps), default=0), 60)
    for number, step in enumerate(steps, start=1):
        duration, capacity = step.get("duration_s"), step.get("capacity_mAh_g")
        lines.append(
            f"{number:3d}  {step.get('name', '')!s:<{width}.60}  {step.get('reason', '')!s:<18}"
            f" {duration_text(duration) if duration is not None else '':>14}"
            f" {f'{capacity:10.3f} mAh/g' if capacity is not None else ''}".rstrip()
        )
    status = str(summary.get("status", "failed")).replace("_", " ")
    total = (summary.get("wall_time_s") or {}).get("total")
    if summary.get("status") == "failed":
        lines.append(f"why: {summary.get('ended_by', 'unknown')}; see {out / 'log.txt'}")
    took = f" after {duration_text(total)}" if total is not None else ""
    lines.append(f"{status}{took}: {out}")
    return lines


def _free(out: Path, force: bool) -> None:
    from solver.results import FolderError, RunFolder

    with bad_input_from(FolderError):
        RunFolder.check(out, force)
