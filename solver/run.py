"""A run from case to folder, told on one page: mesh, problem, start, march, results."""

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.build import Problem, build_problem, current_units, set_petsc_options
from solver.case import Case
from solver.discretisation.numbering import Numbering
from solver.discretisation.stopwatch import Stopwatch
from solver.engine import Engine, build_engine, choose_engine
from solver.fenics import MPI
from solver.meshing import build_mesh
from solver.recording import Recording
from solver.results import Checkpoint
from solver.results.summary import exit_code
from solver.saving import Saver, refuse_other_mesh, restored
from solver.signals import StopRequest, watch_signals
from solver.stepping.attempt import Stepper
from solver.stepping.bookmark import Bookmark
from solver.stepping.control import StepControl
from solver.stepping.history import Entry, capture
from solver.stepping.march import March


@dataclass(frozen=True)
class Outcome:
    """How a run ended.

    Attributes:
        exit_code: of the process.
        status: `done`, `ended_early`, `failed` or `interrupted`.
        summary: what summary.json says, on rank 0; empty elsewhere.
    """

    exit_code: int
    status: str
    summary: dict[str, Any]


def run(
    case: Case,
    out: Path,
    *,
    force: bool = False,
    petsc_options: str = "",
    case_text: bytes | None = None,
    checkpoint: Checkpoint | None = None,
    wall_time: float | None = None,
    stop: StopRequest | None = None,
    comm: MPI.Comm = MPI.COMM_WORLD,
) -> Outcome:
    """Run a case into a folder; collective over the communicator.

    Args:
        case: a checked case, the same on every rank.
        out: run folder to make.
        force: replace an earlier run.
        petsc_options: options for PETSc, as one text.
        case_text: the case file as given, kept in the folder.
        checkpoint: of the folder `out`, to go on from instead of beginning anew; its arrays on rank 0 alone.
        wall_time: stop in time to be done after so long [s]; None is no limit.
        stop: asks to stop, instead of signals and `wall_time`.
        comm: ranks that share the run.

    Raises:
        MeshError: the mesh is bad; nothing is written.
        EngineError: the case asks for an engine that cannot run it; nothing is written.
        FolderError: the folder cannot be made; nothing is written.
    """
    watch = Stopwatch()
    set_petsc_options(petsc_options)
    with watch_signals(wall_time) if stop is None else nullcontext(stop) as stop:
        tagged = build_mesh(case, comm, watch)
        refuse_other_mesh(tagged, checkpoint)
        chosen = choose_engine(case, tagged, comm.size, petsc_options)
        recording = Recording(case, tagged, out, force, case_text, comm, watch, checkpoint)
        with recording.keeping(stop):
            recording.preparing()
            problem = build_problem(case, tagged, comm, watch)
            engine = build_engine(chosen, problem, tagged)
            recording.prepared(problem)
            if checkpoint is not None or _equilibrate(engine, recording):
                _march(problem, engine, recording, stop, checkpoint)
        recording.save()
        status = recording.ledger.status()
        summary = recording.finish()
    return Outcome(exit_code(status), status, summary)


def _equilibrate(engine: Engine, recording: Recording) -> bool:
    """Apply misfit and pressure at the start of the protocol; False where no equilibrium was found."""
    result, refusal = engine.settle()
    recording.equilibrium(result, engine.counts(), refusal)
    return result.converged and refusal is None


def _march(
    problem: Problem, engine: Engine, recording: Recording, stop: StopRequest, checkpoint: Checkpoint | None
) -> None:
    """March through the protocol from the equilibrium, or on from a checkpoint."""
    case, comm = problem.case, problem.particle.comm
    system = engine.system()
    numbering = Numbering(problem.particle)
    saver = Saver(recording.ledger, engine, system, numbering, recording.folder, comm)
    first = engine.first_increment
    march = March(
        stepper=Stepper(system, case.protocol.reference_potential),
        control=StepControl(case.numerics.tolerance, case.numerics.max_increment, smallest=1e-9 * first),
        units=current_units(problem),
        recorder=recording,
        interrupted=lambda: bool(comm.allreduce(int(stop.poll(saver.seconds)), op=MPI.MAX)),
        first_increment=first,
        keep=saver.keep,
    )
    recording.marching(engine, march, saver)
    start: Entry | Bookmark
    if checkpoint is None:
        start = capture(system, 0.0, charge=0.0, current=0.0)
        recording.started(march, start)
    else:
        start = restored(checkpoint, engine, system, numbering, comm)
        recording.resumed(start)
    march.run(case.protocol.steps, start)
