"""What a run writes and says: history, snapshots, summary and progress."""

import resource
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from meshes import TaggedMesh
from solver.build import Problem, region_masses
from solver.case import Case
from solver.case.resolved import case_hash
from solver.discretisation.acceptance import SEPARATION
from solver.discretisation.linear import SolveCounts
from solver.discretisation.mechanics import Mechanics, force_residual
from solver.discretisation.state import NewtonResult, Refusal
from solver.discretisation.stopwatch import Stopwatch
from solver.engine import Engine
from solver.fenics import MPI
from solver.ledger import PER_MILLIAMPERE_HOUR_PER_GRAM, Ledger
from solver.observation.observer import Observer, electric_row, lithium_balance
from solver.opening import open_folder, reopen_folder
from solver.protocol.ending import Observation
from solver.results import Checkpoint, Snapshot
from solver.saving import Saver
from solver.signals import StopRequest
from solver.standing import restore_ledger
from solver.stepping.attempt import Attempt
from solver.stepping.bookmark import Bookmark, StepOutcome
from solver.stepping.history import Entry
from solver.stepping.march import March
from solver.telling import Teller

FEW = 4
"""A limit met in fewer increments was met before the mesh could follow."""


class Recording:
    """Implements the march's recorder on a run folder; collective, writes on rank 0."""

    def __init__(
        self,
        case: Case,
        tagged: TaggedMesh,
        out: Path,
        force: bool,
        case_text: bytes | None,
        comm: MPI.Comm,
        watch: Stopwatch,
        checkpoint: Checkpoint | None = None,
    ) -> None:
        """Make the folder and keep the case in it, or go on with the folder of an earlier run.

        Raises:
            FolderError: on every rank, if it cannot be made, or gone on with.
        """
        self.comm, self.watch = comm, watch
        self.ledger = Ledger(case, tagged, case_hash(case), comm.size, watch.seconds, watch.began)
        facts = None if checkpoint is None else checkpoint.facts
        if facts is None:
            self.folder = open_folder(self.ledger, out, force, case_text, comm)
        else:
            restore_ledger(self.ledger, facts["books"])
            self.folder = reopen_folder(self.ledger, out, facts, comm)
        self._teller = Teller(case.protocol.steps, comm.rank == 0)
        self._observer: Observer | None = None
        self._engine: Engine | None = None
        self._mechanics: Mechanics | None = None
        self._march: March | None = None
        self._saver: Saver | None = None
        self._begin = (0.0, 0.0)
        self._increments_before = 0

    @contextmanager
    def keeping(self, stop: StopRequest) -> Iterator[None]:
        """Turn a failure inside the block into a status; what was written stays."""
        try:
            yield
        except Exception as error:
            # Whatever went wrong, the folder must say so; a program's own mistake is told in full in the log.
            self.ledger.failure = f"{type(error).__name__}: {error}".splitlines()[0]
            self.log(traceback.format_exc())
            self._complain(f"the run failed: {self.ledger.failure}")
            if self.comm.size > 1:  # the other ranks may wait for this one for ever
                self.finish()
                self.comm.Abort(4)
        asked = [name for name in self.comm.allgather(stop.name) if name]
        if asked:
            self.ledger.interrupted_by = asked[0]

    def log(self, line: str) -> None:
        """A line of the log."""
        if self.folder is not None:
            self.folder.log(line)

    def preparing(self) -> None:
        """Say that the problem is being built, which takes a while where nothing is compiled yet."""
        cells = len(self.ledger.tagged.cells)
        line = f"building the problem on {cells} cells (the first run of a kind compiles its equations)"
        self.log(line)
        self._teller.note(line)

    def prepared(self, problem: Problem) -> None:
        """The problem is built: look at it from now on."""
        with self.watch.measure("compile"):
            core_shell = self.ledger.case.geometry.kind == "core_shell"
            self._observer = Observer(problem.particle, core_shell)
        self._mechanics = problem.mechanics
        self.ledger.masses, self.ledger.densities = region_masses(problem), problem.density
        blocks = problem.particle.blocks
        self.ledger.unknowns = sum(self.comm.allreduce(block.owned) for block in blocks)
        particle = problem.particle
        self.ledger.contact_share = particle.touched_area / particle.outer_area
        self._weigh()

    def equilibrium(self, result: NewtonResult, counts: SolveCounts, refusal: Refusal | None) -> None:
        """The start is solved (or not), and may be accepted (or not)."""
        self.ledger.linear = counts
        self.ledger.newton_iterations += result.iterations
        if not result.converged:
            self.ledger.failure = f"no equilibrium under load: {result.reason}"
        if refusal is not None:
            words = f"no start under load: {refusal.words}"
            self.log(words)
            if refusal.reason == SEPARATION:
                self.ledger.separated = words
            else:
                self.ledger.failure = words

    def marching(self, engine: Engine, march: March, saver: Saver) -> None:
        """The march is about to begin, or to go on."""
        self._engine, self._march, self._saver = engine, march, saver
        self.ledger.linear_solver = engine.description
        self.ledger.rejections = march.rejections
        chosen = f"linear solver: {engine.description}; {self.ledger.unknowns} unknowns"
        self.log(f"{chosen}; first increment {march.first_increment:.4g} s")
        self._teller.note(chosen)

    def started(self, march: March, entry: Entry) -> None:
        """The march begins from an equilibrium."""
        voltage = march.stepper.voltage(entry.electrode, 0.0)
        with self.watch.measure("output"):
            moment = self._observer.moment(voltage) if self._observer is not None else None
            self.ledger.moments = {"equilibrium": moment, "final": moment}
            self._row(0, entry, 0)
            self._snapshot(0, entry, "equilibrium")

    def resumed(self, mark: Bookmark) -> None:
        """The march goes on from a bookmark."""
        last = mark.entries[-1]
        words = f"goes on at {last.time:.6g} s after {self.ledger.increments} increments"
        self.log(words)
        self._teller.note(words)
        opening = mark.opening
        self._begin = (last.time, last.charge) if opening is None else (opening.time, opening.charge)

    def save(self) -> None:
        """Keep where the march stood last, where the run ended before its protocol; collective."""
        if self._saver is None or self.ledger.status() in {"done", "ended_early"}:
            return
        try:
            self._saver.save()
        except OSError as error:
            self._complain(f"no checkpoint of the end could be written: {error}")

    def _complain(self, words: str) -> None:
        """Say on standard error what the folder may not be able to hold."""
        if self.comm.rank == 0:
            print(words, file=sys.stderr, flush=True)

    def _weigh(self) -> None:
        """Note the memory that all ranks have needed so far; collective."""
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.ledger.peak_memory = 1024 * self.comm.allreduce(int(kilobytes))

    def step_begins(self, step: int, name: str, duration: float | None) -> None:
        """A protocol step begins."""
        self.log(f"step {step}: {name}")
        self._increments_before = self.ledger.increments
        self._teller.step_begins(step, self._begin[0], duration)

    def increment(self, step: int, entry: Entry, seen: Observation, iterations: int) -> None:
        """An increment was accepted."""
        ledger = self.ledger
        ledger.increments += 1
        self._show()
        with self.watch.measure("output"):
            self._row(step, entry, iterations)
            every = ledger.case.output.every
            if every and ledger.increments % every == 0:
                self._snapshot(step, entry, f"step {step} increment {ledger.increments}")
        self._teller.tell(entry.time, seen.voltage, ledger.increments, sum(ledger.rejections.values()))

    def rejected(self, step: int, attempt: Attempt, reason: str) -> None:
        """An attempt was rejected."""
        self.log(f"step {step}: increment of {attempt.increment:.4g} s rejected: {reason}")

    def step_ended(self, outcome: StepOutcome, entry: Entry, seen: Observation) -> None:
        """A protocol step ended."""
        self.ledger.outcomes.append(outcome)
        taken = self.ledger.increments - self._increments_before
        if 0 < taken < FEW and outcome.reason in {"voltage", "surface_depleted", "surface_saturated"}:
            self.ledger.coarse.append(
                f"step {outcome.index} ended as {outcome.reason} after {taken} increments: lithium is "
                "steeper at the surface than the cells there; make mesh_size.interface smaller"
            )
        self._weigh()
        self._begin = (entry.time, entry.charge)
        detail = f" ({outcome.detail})" if outcome.detail else ""
        self.log(f"step {outcome.index} ended after {outcome.duration:.6g} s: {outcome.reason}{detail}")
        self._show()
        with self.watch.measure("output"):
            if self._observer is not None:
                self.ledger.moments["final"] = self._observer.moment(seen.voltage)
            self._snapshot(outcome.index, entry, f"end of step {outcome.index}: {outcome.name}")

    def _show(self) -> None:
        """Have the fields hold the state that the march holds."""
        if self._engine is not None:
            self._engine.show()

    def _row(self, step: int, entry: Entry, iterations: int) -> None:
        """One row of the history."""
        if self._march is None or self._observer is None or self._mechanics is None:
            return
        particle, stepper, ledger = self._observer.particle, self._march.stepper, self.ledger
        state, means = self._observer.look()
        ledger.validity = ledger.validity.worst(self._observer.judge(state))
        balance = lithium_balance(stepper.system, entry)
        ledger.worst_balance = max(ledger.worst_balance, balance)
        ledger.worst_mean = max(ledger.worst_mean, means.mean_deviation)
        passed = (entry.charge - self._begin[1]) * stepper.current_unit
        row = {
            "time [s]": entry.time,
            "step": step,
            "increment": ledger.increments,
            "dt [s]": entry.increment,
            **electric_row(particle, stepper, entry),
            "capacity [mAh/g]": passed / ledger.mass * PER_MILLIAMPERE_HOUR_PER_GRAM,
            **self._observer.mean_row(means),
            "force_residual": force_residual(particle, self._mechanics),
            "lithium_balance": balance,
            "volume_mean_error": means.mean_deviation,
            "newton_iterations": iterations,
        }
        if self.folder is not None:
            self.folder.append_history(row)

    def _snapshot(self, step: int, entry: Entry, moment: str) -> None:
        if self._march is None or self._observer is None:
            return
        picture = self._observer.picture(self.ledger.case.output.fields)
        if self.folder is None or picture is None:
            return
        points, cells, point_data, cell_data = picture
        self.folder.write_snapshot(
            Snapshot(
                time=entry.time,
                step=step,
                increment=self.ledger.increments,
                voltage=self._march.stepper.voltage(entry.electrode, entry.current),
                moment=moment,
                points=points,
                cells=cells,
                point_data=point_data,
                cell_data=cell_data,
            )
        )

    def finish(self) -> dict[str, Any]:
        """Write the summary and close the folder; gives the summary on rank 0, else an empty mapping."""
        if self.folder is None:
            return {}
        if self._engine is not None:
            self.ledger.newton_iterations += self._engine.linearisations()
            self.ledger.linear = self._engine.counts()
        summary = self.ledger.summary()
        try:
            self.folder.write_summary(summary)
            if summary["status"] in {"done", "ended_early"}:
                self.folder.drop_checkpoints()
            self.log(f"ended: {summary['status']}")
        except OSError as error:
            self._complain(f"the summary could not be written: {error}")
        self.folder.close()
        self._teller.close()
        return summary
