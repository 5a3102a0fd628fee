"""The run folder at the start of a run: made on the first rank, the case and its provenance in it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from solver.case import Case
from solver.case.resolved import write_resolved
from solver.fenics import MPI
from solver.ledger import Ledger
from solver.results import FolderError, RunFolder, collect_provenance


def open_folder(
    ledger: Ledger, out: Path, force: bool, case_text: bytes | None, comm: MPI.Comm
) -> RunFolder | None:
    """Make the folder of a run and keep the case in it; collective, None on all ranks but the first.

    Args:
        ledger: of the run.
        out: the folder.
        force: replace an earlier run.
        case_text: the case file as given; None takes the resolved one.
        comm: ranks that share the run.

    Raises:
        FolderError: on every rank, if it cannot be made.
    """

    def begin() -> RunFolder:
        folder = RunFolder.create(out, force)
        try:
            _describe(folder, ledger, case_text)
        except OSError as error:
            folder.give_up()
            raise FolderError(f"{out}: cannot be written ({error.strerror or error})") from error
        return folder

    return _on_first_rank(comm, begin)


def _describe(folder: RunFolder, ledger: Ledger, case_text: bytes | None) -> None:
    """Keep the case and where it comes from."""
    resolved = write_resolved(ledger.case)
    given = resolved.encode() if case_text is None else case_text
    folder.write_case(given, resolved)
    folder.write_provenance(
        collect_provenance(
            ranks=ledger.ranks,
            mesh_hash=ledger.tagged.report.hash,
            case_hash=ledger.case_hash,
            sources=_sources(ledger.case),
            extra={"given_sha256": hashlib.sha256(given).hexdigest()},
        )
    )


def reopen_folder(ledger: Ledger, out: Path, facts: Mapping[str, Any], comm: MPI.Comm) -> RunFolder | None:
    """Go on with the folder of an earlier run; collective, None on all ranks but the first.

    Args:
        ledger: of the run, with the books of the earlier one.
        out: the folder.
        facts: of the checkpoint.
        comm: ranks that share the run.

    Raises:
        FolderError: on every rank, if it cannot be gone on with.
    """
    # The history has a row of the equilibrium, and one of every increment.
    return _on_first_rank(
        comm, lambda: RunFolder.reopen(out, rows=ledger.increments + 1, snapshots=facts["snapshots"])
    )


def _on_first_rank(comm: MPI.Comm, work: Callable[[], RunFolder]) -> RunFolder | None:
    """A folder on rank 0, or its complaint on all."""
    folder, problem = None, ""
    if comm.rank == 0:
        try:
            folder = work()
        except FolderError as error:
            problem = str(error)
    problem = comm.bcast(problem, root=0)
    if problem:
        raise FolderError(problem)
    return folder


def _sources(case: Case) -> Sequence[str]:
    """Where the numbers of the case's phases come from."""
    phases = (case.phases.layered, case.phases.rock_salt)
    return [source for phase in phases if phase is not None for source in phase.sources]
