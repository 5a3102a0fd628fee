"""The run folder at the start of a run: made on the first rank, the case and its provenance in it."""

from collections.abc import Sequence
from pathlib import Path

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
    folder, problem = None, ""
    if comm.rank == 0:
        try:
            folder = RunFolder.create(out, force)
        except FolderError as error:
            problem = str(error)
    problem = comm.bcast(problem, root=0)
    if problem:
        raise FolderError(problem)
    if folder is not None:
        resolved = write_resolved(ledger.case)
        folder.write_case(resolved.encode() if case_text is None else case_text, resolved)
        folder.write_provenance(
            collect_provenance(
                ranks=comm.size,
                mesh_hash=ledger.tagged.report.hash,
                case_hash=ledger.case_hash,
                sources=_sources(ledger.case),
            )
        )
    return folder


def _sources(case: Case) -> Sequence[str]:
    """Where the numbers of the case's phases come from."""
    phases = (case.phases.layered, case.phases.rock_salt)
    return [source for phase in phases if phase is not None for source in phase.sources]
