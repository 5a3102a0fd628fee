"""A body that nothing enters or leaves, marched with an account of its free energy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.verification.exact.free_energy import Account
from benchmarks.verification.setups import hand_made
from solver.discretisation.form_system import FormSystem, Stage
from solver.discretisation.linear import DirectSolver
from solver.discretisation.mechanics import Mechanics
from solver.discretisation.media import Couplings
from solver.discretisation.stopwatch import Stopwatch
from solver.fenics import MPI
from solver.protocol.drive import Drive
from solver.stepping.attempt import Attempt, Stepper
from solver.stepping.control import StepControl
from solver.stepping.history import History, capture

MODES, AMPLITUDE = 9, 4.0
"""Cosines of a random potential, and their size [RT]."""
SETTLING, FIRST, SMALLEST = 1e-6, 0.1, 1e-2
"""Increments for mechanics alone to come to rest, to begin a march with, and that must be solved [s]."""
END = 1e5
"""Duration of a controlled march [s]."""
REST = Drive(current=0.0)


@dataclass(frozen=True)
class Leap:
    """What an increment did, reduced.

    Attributes:
        time: at its end [s].
        energy: then.
        gain: of energy.
        lost: increment times the dissipation at its end.
    """

    time: float
    energy: float
    gain: float
    lost: float


class Closed:
    """A particle that nothing enters or leaves, with its energy account."""

    def __init__(
        self,
        dimension: str,
        count: int,
        couplings: Couplings | None = None,
        pressure: float = 0.0,
        comm: MPI.Comm = MPI.COMM_SELF,
    ) -> None:
        """Build the particle.

        Args:
            dimension: name of the dimension.
            count: cells along a side of the box.
            couplings: switches.
            pressure: stack pressure [Pa].
            comm: ranks that share the box.
        """
        self.body = hand_made.particle(
            hand_made.box(dimension, count),
            hand_made.coupled_phases(),
            couplings=couplings,
            pressure=pressure,
            comm=comm,
        )
        self.body.parameters.exchange.value = 1e-12  # nothing passes; the electrode's potential stays defined
        mechanics = Mechanics(self.body)
        linear = DirectSolver(self.body.comm, self.body.imported.mesh.topology.dim)
        self.system = FormSystem(self.body, mechanics, [Stage(self.body.tangent(), linear)], Stopwatch())
        self.stepper = Stepper(self.system, 0.0)
        self.account = Account(self.body, mechanics, pressure)
        self.history = History()
        self.refused = 0

    def begin(self, seed: int | None = None) -> None:
        """Start from a random potential, smooth or rough; None is a fixed smooth one."""
        n = self.body.unknowns
        n.u.x.array[:] = 0.0
        self.system.mechanics.set_axial(0.0)
        self.system.set_electrode(0.0)
        if seed is None:
            n.mu.interpolate(lambda x: 3.0 * np.cos(4.0 * x[0]) + 1.5 * np.sin(3.0 * x[1] + x[0]))
        else:
            rng = np.random.default_rng(seed)
            sizes = rng.normal(size=MODES) * AMPLITUDE / np.arange(1, MODES + 1) ** rng.uniform(0.0, 1.5)
            n.mu.interpolate(
                lambda x: sum(a * np.cos(k * np.pi * x[0]) for k, a in enumerate(sizes)) + 0.0 * x[0]
            )
        self.body.update()
        self.system.lithium_at_start = self.system.lithium()
        self.history = History([capture(self.system, 0.0, charge=0.0, current=0.0)])

    def settle(self) -> None:
        """Let mechanics come to rest before lithium moves."""
        self._accept(self.stepper.attempt(self.history, SETTLING, REST))
        self.history.restart()

    def _accept(self, attempt: Attempt) -> None:
        if attempt.entry is None:
            msg = f"an increment of {attempt.increment:g} s was not solved: {attempt.newton}"
            raise ArithmeticError(msg)
        self.history.push(attempt.entry)

    def leaps(self, increments: Sequence[float], first_order: bool) -> list[Leap]:
        """March by given increments, all with backward Euler or only the first.

        What Newton's method refuses is done in halves, as a run does.
        """
        before, found = self.account.energy(), []
        waiting = list(increments)[::-1]
        while waiting:
            increment = waiting.pop()
            attempt = self.stepper.attempt(self.history, increment, REST)
            if attempt.entry is None and increment > SMALLEST:
                self.refused += 1
                waiting += [0.5 * increment] * 2
                continue
            self._accept(attempt)
            if first_order:
                self.history.restart()
            energy = self.account.energy()
            lost = increment * self.account.dissipation()
            found.append(Leap(self.history.last.time, energy, energy - before, lost))
            before = energy
        return found

    def controlled(self, tolerance: float) -> list[Leap]:
        """March to rest by the step control, as a run does."""
        control, wanted = StepControl(tolerance), FIRST
        before, found = self.account.energy(), []
        while self.history.last.time < END:
            attempt = self.stepper.attempt(self.history, wanted, REST)
            error = attempt.error / control.local_tolerance
            if attempt.entry is None or (error > 1.0 and wanted > FIRST):
                wanted *= 0.5
                continue
            order = min(len(self.history.entries), 2)
            self.history.push(attempt.entry)
            energy = self.account.energy()
            found.append(Leap(self.history.last.time, energy, energy - before, 0.0))
            before, wanted = energy, wanted * control.factor(error, order)
        return found
