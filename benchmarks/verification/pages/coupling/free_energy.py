"""A closed particle only loses free energy, and loses what its fluxes dissipate."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.verification.exact.free_energy import Account
from benchmarks.verification.page import DIMENSIONS, Dimension, Findings, Line, Page, Panel, Workbench
from benchmarks.verification.setups import hand_made
from solver.discretisation.linear import DirectSolver
from solver.discretisation.media import Couplings
from solver.discretisation.stopwatch import Stopwatch
from solver.fenics import MPI
from solver.protocol.drive import Drive
from solver.stepping.attempt import Attempt, Stepper
from solver.stepping.control import StepControl
from solver.stepping.equilibrium import Mechanics
from solver.stepping.history import History, capture

FALLS, DISSIPATES = "free energy only falls", "dissipation of free energy"
PRESSURE = 7e8
CELLS: dict[Dimension, int] = {
    "spherical": 16,
    "axisymmetric": 4,
    "generalised_plane_strain": 4,
    "plane_strain": 4,
    "3d": 2,
}
"""Cells along a side of the box."""
MODES, AMPLITUDE = 9, 4.0
"""Cosines of the random potential, and their size [RT]."""
STATES, MARCHED = 1000, 40
"""Random initial states, and how many of them are marched with the step control."""
LEAPS = (0.5, 40.0, 1e3, 1e6)
"""Increments of backward Euler, from a fraction of a cell's time to rest [s]."""
TOLERANCES = (3e-3, 1e-3, 3e-4)
END = 1e5
"""Duration of a controlled march [s]."""
DURATION, SHARES = 300.0, (1 / 8, 1 / 16, 1 / 32)
"""Duration over which dissipation is summed [s], and the increments [durations]."""
SETTLING, FIRST = 1e-6, 0.1
"""An increment in which only mechanics comes to rest, and the first one of a controlled march [s]."""
SOFTENING = tuple(0.2 * 2.0**k for k in range(10))
"""Increments after which what is left is smooth in time, too [s]."""
SMALLEST = 1e-2
"""An increment that must be solved [s]."""
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
        pressure: float = PRESSURE,
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
        self.stepper = Stepper(self.body, mechanics, linear, 0.0, Stopwatch())
        self.account = Account(self.body, mechanics, pressure)
        self.history = History()
        self.refused = 0

    def begin(self, seed: int | None = None) -> None:
        """Start from a random potential, smooth or rough; None is a fixed smooth one."""
        n = self.body.unknowns
        n.u.x.array[:] = 0.0
        self.stepper.mechanics.set_axial(0.0)
        self.stepper.electrode.set(0.0)
        if seed is None:
            n.mu.interpolate(lambda x: 3.0 * np.cos(4.0 * x[0]) + 1.5 * np.sin(3.0 * x[1] + x[0]))
        else:
            rng = np.random.default_rng(seed)
            sizes = rng.normal(size=MODES) * AMPLITUDE / np.arange(1, MODES + 1) ** rng.uniform(0.0, 1.5)
            n.mu.interpolate(
                lambda x: sum(a * np.cos(k * np.pi * x[0]) for k, a in enumerate(sizes)) + 0.0 * x[0]
            )
        self.body.update()
        self.stepper.lithium_at_start = self.body.lithium()
        self.history = History([capture(self.body, 0.0, 0.0, 0.0, charge=0.0, current=0.0)])

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


def excess(leaps: Sequence[Leap]) -> float:
    """Largest gain beyond minus the dissipation in an increment, as a share of the whole fall; 0 for none."""
    fall = abs(sum(leap.gain for leap in leaps))
    return max(0.0, *(leap.gain + leap.lost for leap in leaps)) / fall


def rise(leaps: Sequence[Leap]) -> float:
    """Largest gain in any increment, as a share of the whole fall; 0 for none."""
    fall = abs(sum(leap.gain for leap in leaps))
    return max(0.0, *(leap.gain for leap in leaps)) / fall


def imbalance(closed: Closed, share: float, first_order: bool) -> float:
    """Energy lost over the dissipation summed in time, less 1, of equal increments of a share of DURATION.

    Backward Euler is summed as it dissipates, at the ends of increments; BDF2 by trapezoids.
    """
    closed.begin()
    closed.settle()
    closed.leaps(SOFTENING, first_order=True)
    at_start = closed.account.energy()
    first = closed.account.dissipation()
    increment = share * DURATION
    leaps = closed.leaps([increment] * round(1.0 / share), first_order)
    summed = sum(leap.lost for leap in leaps)
    if not first_order:
        summed += 0.5 * (increment * first - leaps[-1].lost)
    return (at_start - leaps[-1].energy) / summed - 1.0


def compute(bench: Workbench) -> Findings:
    """Random states by both schemes, then dissipation in every dimension."""
    found = Findings()
    line = Closed("spherical", CELLS["spherical"])
    worst = []
    for seed in range(bench.pick(STATES, 20)):
        line.begin(seed)
        worst.append(excess(line.leaps(LEAPS, first_order=True)))
    quantity = f"backward Euler: rise beyond minus the dissipation, worst of {len(worst)} states [1]"
    found.compare(FALLS, "spherical", quantity, max(worst), 0.0, 1e-11, scale=1.0)
    if line.refused:
        found.notes.append(
            f"Newton's method refused {line.refused} attempts at increments of backward Euler, which are too "
            f"long on purpose ({len(worst) * len(LEAPS)} of them in all); they were done in halves."
        )
    _marches(found, line, bench)
    for dimension in bench.pick(DIMENSIONS, ("spherical", "generalised_plane_strain")):
        closed = line if dimension == "spherical" else Closed(dimension, CELLS[dimension])
        if dimension != "spherical":
            closed.begin()
            beyond = excess(closed.leaps(LEAPS, first_order=True))
            quantity = "backward Euler: rise beyond minus the dissipation [1]"
            found.compare(FALLS, dimension, quantity, beyond, 0.0, 1e-11, scale=1.0)
        _dissipation(found, closed, dimension, bench.pick(SHARES, SHARES[:2]))
    return found


def _marches(found: Findings, line: Closed, bench: Workbench) -> None:
    """Rises under the step control, and how the energy falls."""
    rises, lines = [], []
    tolerances = bench.pick(TOLERANCES, TOLERANCES[:2])
    for tolerance in tolerances:
        highest = 0.0
        for seed in range(bench.pick(MARCHED, 2)):
            line.begin(seed)
            line.settle()
            leaps = line.controlled(tolerance)
            highest = max(highest, rise(leaps))
            if tolerance == tolerances[-1] and seed < 8:
                above = [leap.energy - leaps[-1].energy for leap in leaps]
                shown = [k for k, value in enumerate(above) if value > 1e-9 * above[0]]
                times = [leaps[k].time for k in shown]
                lines.append(Line("", times, [above[k] / above[0] for k in shown], f"C{seed}-"))
        rises.append(highest)
        quantity = f"BDF2: largest rise at tolerance {tolerance:g} [1]"
        found.compare(FALLS, "spherical", quantity, highest, 0.0, 2e4 * tolerance**3, scale=1.0)
    if not bench.short:
        found.refine(
            FALLS,
            "spherical",
            "BDF2, largest rise",
            tolerances,
            rises,
            3.0,
            slack=0.6,
            parameter="tolerance of time",
        )
    title = f"free energy above rest, tolerance {tolerances[-1]:g}"
    found.panels.append(Panel(title, "time [s]", "share of the fall [1]", tuple(lines), ("log", "log")))


def _dissipation(found: Findings, closed: Closed, dimension: Dimension, shares: Sequence[float]) -> None:
    """Energy lost beside energy dissipated."""
    for scheme, order in (("BDF1", 1.0), ("BDF2", 2.0)):
        gaps = [imbalance(closed, share, scheme == "BDF1") for share in shares]
        found.refine(
            DISSIPATES,
            dimension,
            f"lost over dissipated, {scheme}",
            shares,
            [abs(gap) for gap in gaps],
            order,
            parameter=f"increment / duration, {scheme}",
        )


def headline(bench: Workbench) -> float:
    """Energy that a relaxing body has lost over the energy of its pressure."""
    closed = Closed("generalised_plane_strain", 4, comm=MPI.COMM_WORLD)
    closed.begin()
    return -sum(leap.gain for leap in closed.leaps(LEAPS[:2], first_order=True))


PAGE = Page(
    title="Free energy only falls",
    claim="""
A closed particle that relaxes loses exactly the free energy that its fluxes dissipate. Backward Euler never
lets the energy rise, whatever the increment; BDF2 under the step control lets it rise by less the tighter the
tolerance.
""",
    equation=r"""
$$E = \int\Big(\int\mu_{host}\,dc + \tfrac12\,(\varepsilon-\varepsilon^*):C:(\varepsilon-\varepsilon^*)\Big)
\,dV + p\,\Delta V_{outer}, \qquad
\frac{dE}{dt} = -\int \nabla\mu\cdot M\,\nabla\mu\;dV \le 0$$

Backward Euler: $E_{n+1} - E_n \le -\Delta t \int\nabla\mu_{n+1}\cdot M\,\nabla\mu_{n+1}\,dV$, since $E$ is
convex. BDF2 may rise near rest, where $E$ is quadratic in the distance from it and that distance is the local
error, in proportion to tolerance$^{3/2}$: its largest rise goes with the third power of the tolerance.
""",
    source="""
F. Larché and J. W. Cahn, Acta Metall. 21 (1973) 1051, for the energy; backward Euler: convexity
""",
    setup=rf"""
Two phases with misfit, swelling, stress in potential and mobility, {PRESSURE / 1e6:g} MPa; nothing passes the
surface. {CELLS["spherical"]} cells in `spherical`: {STATES} random potentials ({MODES} cosines of size
{AMPLITUDE:g} $RT$, rough to smooth), each by increments of {", ".join(f"{leap:g}" for leap in LEAPS)} s of
backward Euler; {MARCHED} of them also by BDF2 with the step control, to rest. Rises are shares of the whole
fall. Boxes elsewhere, from one smooth potential. Dissipation is summed over {DURATION:g} s,
{sum(SOFTENING):.0f} s after the start, at the ends of increments (BDF1) or by trapezoids (BDF2).
""",
    compute=compute,
    headline_of="energy lost [1]",
    headline_in="generalised_plane_strain",
    headline=headline,
)
