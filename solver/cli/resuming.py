"""`lithostat resume`: a run goes on where it stopped, on however many ranks."""

import difflib
import hashlib
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from solver.cli.bad_input import BadInput, bad_input_from
from solver.cli.running import on_first_rank, run_into, world

if TYPE_CHECKING:
    from solver.case import Case
    from solver.results import Checkpoint

OVER = {"done", "ended_early"}
"""Statuses of runs that have nothing left to do."""

MOST_LINES = 40
"""Of a difference that is shown."""


def resume_run(folder: Path, petsc: str, wall_time: float | None) -> int:
    """Go on with a run from its last checkpoint, or begin it anew where it has none yet.

    Args:
        folder: Run folder.
        petsc: Options for PETSc, one text.
        wall_time: How long it may take [s], or None.

    Returns:
        The exit code, the same on every rank; 0 where the run is over already.

    Raises:
        BadInput: No run folder, one whose case was changed, or one that another process writes into.
    """
    comm = world()
    found = on_first_rank(comm, lambda: _look(folder))
    if isinstance(found, str):
        if comm.rank == 0:
            print(found)
        return 0
    case, text, checkpoint = found
    code, _ = run_into(
        comm, case, text, folder, force=True, petsc=petsc, checkpoint=checkpoint, wall_time=wall_time
    )
    return code


def _look(folder: Path) -> "str | tuple[Case, bytes, Checkpoint | None]":
    """The case, its file and the last checkpoint; or why there is nothing to do."""
    from solver.case import CaseError, load_case
    from solver.results import RunReadError, read_run
    from solver.results.checkpoint import read_checkpoint

    with bad_input_from(RunReadError):
        run = read_run(folder)
        if run.status in OVER:
            return f"{folder}: {run.status.replace('_', ' ')} already, nothing is left to do"
        provenance = run.provenance
    with bad_input_from(OSError):
        text, resolved = (folder / "case.yaml").read_bytes(), (folder / "resolved.yaml").read_text()
    checkpoint, damaged = read_checkpoint(folder)
    for line in damaged:
        instead = "going on from the one before it" if checkpoint is not None else "beginning anew"
        print(f"warning: {line}; {instead}", file=sys.stderr)
    _refuse_changed(folder, text, resolved, provenance, checkpoint)
    with bad_input_from(CaseError):
        case = load_case(folder / "resolved.yaml", allow_outside=True)
    return case, text, checkpoint


def _refuse_changed(
    folder: Path,
    text: bytes,
    resolved: str,
    provenance: Mapping[str, object],
    checkpoint: "Checkpoint | None",
) -> None:
    """A run goes on with the case that it began with.

    Raises:
        BadInput: Somebody changed the case; the difference line by line, where it is known.
    """
    advice = (
        "a changed case is another run: give it another folder, or begin anew with `lithostat run --force`"
    )
    known = provenance.get("given_sha256")
    if known is not None and hashlib.sha256(text).hexdigest() != known:
        before = None if checkpoint is None else str(checkpoint.facts["given"])
        lines = [] if before is None else _difference(before, text.decode(errors="replace"))
        raise BadInput([f"{folder / 'case.yaml'}: was changed after the run began; {advice}", *lines])
    if checkpoint is not None and checkpoint.facts["resolved"] != resolved:
        lines = _difference(str(checkpoint.facts["resolved"]), resolved)
        raise BadInput([f"{folder / 'resolved.yaml'}: was changed after the run began; {advice}", *lines])


def _difference(before: str, after: str) -> list[str]:
    lines = list(
        difflib.unified_diff(before.splitlines(), after.splitlines(), "as it began", "now", n=1, lineterm="")
    )
    return (
        lines
        if len(lines) <= MOST_LINES
        else [*lines[:MOST_LINES], f"and {len(lines) - MOST_LINES} lines more"]
    )
