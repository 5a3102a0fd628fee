"""What a run writes and says: history, snapshots, summary and progress."""

import resource
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
from solver.opening import open_folder
from solver.progress import Position, Progress
from solver.protocol.ending import Observation
from solver.results import Snapshot
from solver.signals import StopRequest
from solver.stepping.attempt import Attempt
from solver.stepping.bookmark import StepOutcome
from solver.stepping.history import Entry
from solver.stepping.march import March

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
    ) -> None:
        """Make the folder and keep the case in it.

        Raises:
            FolderError: on every rank, if it cannot be made.
        """
        self.comm, self.watch = comm, watch
        self.ledger = Ledger(case, tagged, case_hash(case), comm.size, watch.seconds, watch.began)
        self.folder = open_folder(self.ledger, out, force, case_text, comm)
        self.progress = Progress() if comm.rank == 0 else None
        self._observer: Observer | None = None
        self._engine: Engine | None = None
        self._mechanics: Mechanics | None = None
        self._march: March | None = None
        self._begin = (0.0, 0.0)
        self._increments_before = 0
        self._duration: float | None = None
        self._name = ""
        self._limit: float | None = None
        self._first_voltage: float | None = None

    @contextmanager
    def keeping(self, stop: StopRequest) -> Iterator[None]:
        """Turn a failure inside the block into a status; what was written stays."""
        try:
            yield
        except Exception as error:
            # Whatever went wrong, the folder must say so; a program's own mistake is told in full in the log.
            self.ledger.failure = f"{type(error).__name__}: {error}".splitlines()[0]
            self.log(traceback.format_exc())
            if self.comm.size > 1:  # the other ranks may wait for this one for ever
                self.finish()
                self.comm.Abort(4)
        if any(self.comm.allgather(stop.requested)):
            self.ledger.interrupted_by = stop.name or "a signal to another rank"

    def log(self, line: str) -> None:
        """A line of the log."""
        if self.folder is not None:
            self.folder.log(line)

    def preparing(self) -> None:
        """Say that the problem is being built, which takes a while where nothing is compiled yet."""
        cells = len(self.ledger.tagged.cells)
        line = f"building the problem on {cells} cells (the first run of a kind compiles its equations)"
        self.log(line)
        if self.progress is not None:
            self.progress.note(line)

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

    def started(self, engine: Engine, march: March, entry: Entry) -> None:
        """The march is about to begin from an equilibrium."""
        self._engine, self._march = engine, march
        self.ledger.linear_solver = engine.description
        self.ledger.rejections = march.rejections
        chosen = f"linear solver: {engine.description}; {self.ledger.unknowns} unknowns"
        self.log(f"{chosen}; first increment {march.first_increment:.4g} s")
        if self.progress is not None:
            self.progress.note(chosen)
        voltage = march.stepper.voltage(entry.electrode, 0.0)
        with self.watch.measure("output"):
            moment = self._observer.moment(voltage) if self._observer is not None else None
            self.ledger.moments = {"equilibrium": moment, "final": moment}
            self._row(0, entry, 0)
            self._snapshot(0, entry, "equilibrium")

    def _weigh(self) -> None:
        """Note the memory that all ranks have needed so far; collective."""
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        self.ledger.peak_memory = 1024 * self.comm.allreduce(int(kilobytes))

    def step_begins(self, step: int, name: str, duration: float | None) -> None:
        """A protocol step begins."""
        self.log(f"step {step}: {name}")
        self._name, self._duration = name, duration
        self._increments_before = self.ledger.increments
        limits = [u.value for u in self.ledger.case.protocol.steps[step - 1].until if u.kind == "voltage"]
        self._limit, self._first_voltage = (limits[0] if limits else None), None

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
        if self.progress is not None:
            self.progress.update(
                Position(
                    step=step,
                    steps=len(ledger.case.protocol.steps),
                    name=self._name,
                    voltage=seen.voltage,
                    time=entry.time,
                    increments=ledger.increments,
                    rejected=sum(ledger.rejections.values()),
                    share=self._share(entry.time, seen.voltage),
                )
            )

    def _share(self, time: float, voltage: float) -> float | None:
        """Part of the step that is done, by time or by voltage, whichever is further; None if unknown."""
        shares = [(time - self._begin[0]) / self._duration] if self._duration else []
        if self._first_voltage is None:
            self._first_voltage = voltage
        elif self._limit is not None and self._limit != self._first_voltage:
            way = self._limit - self._first_voltage
            shares.append(min(max((voltage - self._first_voltage) / way, 0.0), 1.0))
        return max(shares, default=None)

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
        self.folder.write_summary(summary)
        self.log(f"ended: {summary['status']}")
        self.folder.close()
        if self.progress is not None:
            self.progress.close()
        return summary
