"""Cases marched without run folders, for sweeps and calibration: one curve a case, failures as values."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

import meshes
from meshes import MeshError
from solver.bodies import build_body, build_phases, specific_current
from solver.protocol.drive import CurrentUnits
from solver.protocol.ending import Observation
from solver.radial.chain import Chain, build_chain
from solver.radial.line import DIMENSION, line_of, refusal_of
from solver.radial.striding import StridingMarch, StridingStepper, StridingSystem
from solver.stepping.attempt import Attempt, Stepper
from solver.stepping.bookmark import StepOutcome
from solver.stepping.control import StepControl
from solver.stepping.history import Entry, capture

Array = npt.NDArray[np.float64]

PER_MILLIAMPERE_HOUR_PER_GRAM: Final = 1.0 / 3600.0
"""mAh/g in one C/kg."""

EARLY: Final = {"surface_depleted", "surface_saturated"}
"""Reasons by which the physics, not the protocol, ends a step."""

MESHES: Final = 256
"""Lines kept for the cases to come, which often differ in other things."""


@dataclass(frozen=True)
class Draft:
    """A case still to be read.

    Attributes:
        case: case file, or the name of a shipped case.
        overrides: texts as `--set` takes them.
    """

    case: str | Path
    overrides: tuple[str, ...] = ()


@dataclass(frozen=True)
class StepEnd:
    """How a protocol step ended.

    Attributes:
        name: its name.
        reason: the one machine-readable reason.
        duration: [s].
        capacity: magnitude of the charge passed over the mass [mAh/g].
        detail: what failed, for `numerics`.
    """

    name: str
    reason: str
    duration: float
    capacity: float
    detail: str = ""


@dataclass(frozen=True)
class Curve:
    """What a particle showed at its surface; arrays of one value an accepted increment, the start first.

    Attributes:
        name: of the case.
        status: `done`, `ended_early`, `failed`, `interrupted`, or `refused` where nothing was computed.
        problem: why it was refused or failed, else nothing.
        steps: how each protocol step ended.
        step: number of the protocol step, 0 at the start.
        time: [s].
        voltage: against the protocol's reference [V].
        current: anodic positive [A].
        capacity: anodic charge since the step began over the mass [mAh/g].
        occupancy: mean of the particle [1].
        mass: of the whole particle [kg].
        iterations: Newton iterations, those of rejected attempts included.
        rejected: attempts that were repeated smaller.
    """

    name: str
    status: str
    problem: str = ""
    steps: tuple[StepEnd, ...] = ()
    step: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    time: Array = field(default_factory=lambda: np.zeros(0))
    voltage: Array = field(default_factory=lambda: np.zeros(0))
    current: Array = field(default_factory=lambda: np.zeros(0))
    capacity: Array = field(default_factory=lambda: np.zeros(0))
    occupancy: Array = field(default_factory=lambda: np.zeros(0))
    mass: float = 0.0
    iterations: int = 0
    rejected: int = 0


def march(case: Any, stop: Callable[[], bool] = lambda: False) -> Curve:
    """March through the protocol of one case.

    Args:
        case: a checked case (`solver.case.load_case`), or the draft of one; spherical.
        stop: polled before each attempt; True ends the march as `interrupted`.

    Returns:
        The curve; where the case cannot be marched, or could not be to its end, with the reason.
    """
    if isinstance(case, Draft):
        from solver.case import CaseError, load_case  # here: checked cases need no models of files

        try:
            case = load_case(case.case, case.overrides)
        except CaseError as error:
            return Curve(str(case.case), "refused", str(error))
    try:
        system = _system(case)
    except (MeshError, ValueError) as error:
        return Curve(case.name, "refused", str(error))
    protocol = case.protocol
    if system.contact_area == 0.0 and any(step.drive != "rest" for step in protocol.steps):
        return Curve(case.name, "refused", "the contacted surface is wholly inert: no current can pass it")
    begun = system.settle(None if protocol.start.voltage is None else 0.0, protocol.start.occupancy)
    if not begun.converged:
        problem = f"no equilibrium under load: {begun.reason}"
        return Curve(case.name, "failed", problem, iterations=begun.iterations)
    return _run(case, system, stop, begun.iterations)


def march_all(cases: Iterable[Any], processes: int = 1) -> list[Curve]:
    """March through many cases, each by itself; the order stays.

    Checked cases are shared out to threads, which cost nothing to start: compiled code runs without the
    interpreter's lock. Drafts are read, with the lock, by processes that start afresh: a script that hands
    over drafts and asks for several does so below `if __name__ == "__main__":`.

    Args:
        cases: checked cases, or drafts, which each process reads for itself.
        processes: how many work at once, each on one core.
    """
    listed = list(cases)
    if processes <= 1 or len(listed) < 2:
        return [march(case) for case in listed]
    first = march(listed[0])  # here: it compiles what the others then load
    if not any(isinstance(case, Draft) for case in listed):
        with ThreadPoolExecutor(min(processes, len(listed))) as threads:
            return [first, *threads.map(march, listed[1:])]
    share = max(1, len(listed) // (8 * processes))
    # Fresh processes: one that loaded MPI or threads must not be forked.
    with ProcessPoolExecutor(min(processes, len(listed)), mp_context=get_context("spawn")) as pool:
        return [first, *pool.map(march, listed[1:], chunksize=share)]


@lru_cache(maxsize=MESHES)
def _chain(geometry: Any) -> Chain | str:
    """The line of a geometry (a frozen dataclass), or why it is none."""
    tagged = meshes.build(geometry)
    return refusal_of(tagged) or build_chain(tagged)


def _system(case: Any) -> StridingSystem:
    """A case's particle.

    Raises:
        ValueError: it is not compiled.
        MeshError: it cannot be meshed.
    """
    chain = _chain(case.mesh_geometry())
    if isinstance(chain, str):
        raise ValueError(chain)
    body = build_body(case, build_phases(case), DIMENSION, chain.unit)
    return StridingSystem(line_of(chain, body), body)


def mass_of(system: StridingSystem) -> float:
    """Mass of the whole particle, inert parts included [kg]."""
    body = system.body
    volumes = system.region_volumes()
    return sum(volumes[name] * body.scales.volume * body.phases[name].density for name in volumes)


def _run(case: Any, system: StridingSystem, stop: Callable[[], bool], begun: int) -> Curve:
    """March from the loaded start."""
    system.set_electrode(-system.mean_potential())
    entry, mass = capture(system, 0.0, charge=0.0, current=0.0), mass_of(system)
    surface, scales = system.body.surface, system.body.scales
    area = system.outer_area * scales.area * surface.contact_fraction
    stepper = StridingStepper(system, case.protocol.reference_potential)
    told = _Told(stepper, mass, entry)
    first = system.first_increment
    outcomes = StridingMarch(
        stepper=stepper,
        control=StepControl(case.numerics.tolerance, case.numerics.max_increment, smallest=1e-9 * first),
        units=CurrentUnits(mass, specific_current(case), area),
        recorder=told,
        interrupted=stop,
        first_increment=first,
    ).run(case.protocol.steps, entry)
    status, problem = _judged(outcomes, len(case.protocol.steps))
    step, time, voltage, current, capacity, occupancy = np.concatenate(told.rows, axis=1)
    return Curve(
        name=case.name,
        status=status,
        problem=problem,
        steps=tuple(told.end(outcome) for outcome in outcomes),
        step=step.astype(np.int64),
        time=time,
        voltage=voltage,
        current=current,
        capacity=capacity,
        occupancy=occupancy,
        mass=mass,
        iterations=begun + system.linearisations,
        rejected=told.refused,
    )


def _judged(outcomes: list[StepOutcome], planned: int) -> tuple[str, str]:
    """Status of a march and what went wrong."""
    last = outcomes[-1] if outcomes else None
    if last is not None and last.reason == "numerics":
        return "failed", last.detail
    if last is not None and last.reason == "interrupted":
        return "interrupted", "asked to stop"
    early = len(outcomes) < planned or any(outcome.reason in EARLY for outcome in outcomes)
    return ("ended_early" if early else "done"), ""


class _Told:
    """Keeps what the march tells; see `solver.stepping.march.Recorder`."""

    def __init__(self, stepper: Stepper, mass: float, start: Entry) -> None:
        self._unit, self._mass, self._begin = stepper.current_unit, mass, 0.0
        self._last, self.refused = start.charge, 0
        seen = stepper.observe(start)
        self.rows = [np.array([[0.0], [0.0], [seen.voltage], [0.0], [0.0], [seen.occupancy]])]

    def end(self, outcome: StepOutcome) -> StepEnd:
        """A step's end over the mass."""
        capacity = abs(outcome.charge) / self._mass * PER_MILLIAMPERE_HOUR_PER_GRAM
        return StepEnd(outcome.name, outcome.reason, outcome.duration, capacity, outcome.detail)

    def increment(self, step: int, entry: Entry, seen: Observation, iterations: int) -> None:
        """An increment was accepted."""
        del iterations
        one = np.array([[entry.time], [seen.voltage], [seen.current], [entry.charge], [seen.occupancy]])
        self.stride(step, one[0], one[1], one[2], one[3], one[4])

    def stride(
        self, step: int, time: Array, voltage: Array, current: Array, charge: Array, occupancy: Array
    ) -> None:
        """Several increments were accepted; see `solver.radial.striding.StrideRecorder`."""
        self._last = float(charge[-1])
        gained = (charge - self._begin) * self._unit / self._mass * PER_MILLIAMPERE_HOUR_PER_GRAM
        self.rows.append(np.stack([np.full(len(time), step), time, voltage, current, gained, occupancy]))

    def rejected(self, step: int, attempt: Attempt, reason: str) -> None:
        """An attempt was rejected."""
        del step, attempt, reason
        self.refused += 1

    def step_begins(self, step: int, name: str, duration: float | None) -> None:
        """A protocol step begins."""
        del step, name, duration
        self._begin = self._last

    def step_ended(self, outcome: StepOutcome, entry: Entry, seen: Observation) -> None:
        """A protocol step ended."""
