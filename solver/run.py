"""A run from case to folder, told on one page: mesh, problem, start, march, results."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solver.build import Problem, build_problem, build_stepper, current_units, set_petsc_options, start_solver
from solver.case import Case
from solver.discretisation.stopwatch import Stopwatch
from solver.fenics import MPI
from solver.meshing import build_mesh
from solver.recording import Recording
from solver.results.summary import exit_code
from solver.signals import StopRequest, watch_signals
from solver.stepping.control import StepControl
from solver.stepping.equilibrium import equilibrate
from solver.stepping.history import capture
from solver.stepping.march import March
from solver.stepping.resolution import first_increment


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
    comm: MPI.Comm = MPI.COMM_WORLD,
) -> Outcome:
    """Run a case into a folder; collective over the communicator.

    Args:
        case: a checked case, the same on every rank.
        out: run folder to make.
        force: replace an earlier run.
        petsc_options: options for PETSc, as one text.
        case_text: the case file as given, kept in the folder.
        comm: ranks that share the run.

    Raises:
        MeshError: the mesh is bad; nothing is written.
        FolderError: the folder cannot be made; nothing is written.
    """
    watch = Stopwatch()
    set_petsc_options(petsc_options)
    with watch_signals() as stop:
        tagged = build_mesh(case, comm, watch)
        recording = Recording(case, tagged, out, force, case_text, comm, watch)
        with recording.keeping(stop):
            recording.preparing()
            problem = build_problem(case, tagged, comm, watch)
            recording.prepared(problem)
            if _equilibrate(problem, recording):
                _march(problem, recording, stop)
        status = recording.ledger.status()
        summary = recording.finish()
    return Outcome(exit_code(status), status, summary)


def _equilibrate(problem: Problem, recording: Recording) -> bool:
    """Apply misfit and pressure at the start of the protocol; False where no equilibrium was found."""
    start = problem.case.protocol.start
    held = None if start.voltage is None else 0.0  # reduced potentials count from the start voltage
    system, linear = start_solver(problem)
    result = equilibrate(
        problem.particle, problem.mechanics, held, start.occupancy, problem.watch, system, linear
    )
    refusal = problem.particle.refusal() if result.converged else None
    recording.equilibrium(result, linear.counts, refusal)
    return result.converged and refusal is None


def _march(problem: Problem, recording: Recording, stop: StopRequest) -> None:
    """March through the protocol from the equilibrium."""
    case, particle = problem.case, problem.particle
    stepper = build_stepper(problem)
    electrode = -particle.mean_potential()
    entry = capture(particle, 0.0, electrode, problem.mechanics.axial, charge=0.0, current=0.0)
    first = first_increment(particle)
    march = March(
        stepper=stepper,
        control=StepControl(case.numerics.tolerance, case.numerics.max_increment, smallest=1e-9 * first),
        units=current_units(problem),
        recorder=recording,
        interrupted=lambda: bool(particle.comm.allreduce(int(stop.requested), op=MPI.MAX)),
        first_increment=first,
    )
    recording.started(stepper, march, entry)
    march.run(case.protocol.steps, entry)
