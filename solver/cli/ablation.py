"""Each coupling of two runs switched off in turn: the reruns behind `lithostat compare --ablate`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from solver.cli.bad_input import bad_input_from
from solver.cli.running import on_first_rank, run_into, world

if TYPE_CHECKING:
    from mpi4py import MPI

    from solver.case import Case

COUPLINGS = ("misfit", "chemical_strain", "stress_in_potential", "stress_in_mobility")
INTERRUPTED = 130
USABLE = ("done", "ended_early")

Pairs = dict[str, tuple[Path, Path]]


def ablate_runs(runs: tuple[Path, Path], out: Path) -> tuple[int, Pairs]:
    """Run the cases of two runs again with one coupling off, for every coupling that is on in one of them.

    What an earlier call finished from the same case is kept, so that an interrupted ablation goes on where it
    was. The folders are `OUT/a/<coupling>` and `OUT/b/<coupling>`. Collective over all ranks.

    Args:
        runs: Run folders.
        out: Folder of the ablations.

    Returns:
        0, or 130 when one was interrupted; and for each coupling the folders without it. A run that lacks the
        coupling anyway stands for itself. One that fails is among them: its status says so.

    Raises:
        BadInput: The resolved case of a run can no longer be read.
    """
    comm = world()
    pairs: Pairs = {}
    switches = [on_first_rank(comm, partial(couplings_on, run)) for run in runs]
    for coupling in COUPLINGS:
        if not any(coupling in on for on in switches):
            continue
        folders = []
        for label, run, on in zip("ab", runs, switches, strict=True):
            if coupling not in on:
                folders.append(run)
                continue
            folder = out / label / coupling
            if _rerun(comm, run, coupling, folder) == INTERRUPTED:
                return INTERRUPTED, {}
            folders.append(folder)
        pairs[coupling] = (folders[0], folders[1])
    return 0, pairs


def couplings_on(run: Path) -> list[str]:
    """The couplings that were on in a run.

    Args:
        run: Run folder.

    Returns:
        Names out of `COUPLINGS`.
    """
    from solver.results import RunReadError, read_run

    with bad_input_from(RunReadError):
        switches = read_run(run).case.get("couplings", {})
    return [name for name in COUPLINGS if switches.get(name, True)]


def _rerun(comm: "MPI.Comm", run: Path, coupling: str, folder: Path) -> int:
    case, text, finished = on_first_rank(comm, partial(_prepare, run, coupling, folder))
    if finished:
        return 0
    if comm.rank == 0:
        print(f"{run} without {coupling}:", flush=True)
    return run_into(comm, case, text, folder, force=True)[0]


def _prepare(run: Path, coupling: str, folder: Path) -> tuple["Case", bytes, bool]:
    """The case with one coupling off, its text, and whether that was run before."""
    from solver.case import CaseError, load_case
    from solver.case.resolved import write_resolved

    with bad_input_from(CaseError):
        # Its mesh may lie elsewhere: it was allowed when the case was run.
        words = [f"couplings.{coupling}=false"]
        case = load_case(run / "resolved.yaml", words, allow_outside=True)
    text = write_resolved(case)
    return case, text.encode(), finished(folder, text)


def finished(folder: Path, resolved: str) -> bool:
    """Whether a folder holds a run of this resolved case that went through its protocol.

    Args:
        folder: Run folder; it need not exist.
        resolved: The case as `resolved.yaml` has it.

    Returns:
        True where it need not be run again.
    """
    from solver.results import RunReadError, read_run

    try:
        earlier = read_run(folder)
        same = (folder / "resolved.yaml").read_text(encoding="utf-8") == resolved
        return same and earlier.status in USABLE
    except (RunReadError, OSError):
        return False
