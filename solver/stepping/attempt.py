"""One attempt at an increment: set the clock, predict, solve, judge. A failure is a value."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solver.discretisation.acceptance import Refusal
from solver.discretisation.assembly import assemble_number, assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.conditions import Condition
from solver.discretisation.linear import LinearSolver, Tangent
from solver.discretisation.media import CAPACITY
from solver.discretisation.newton import BorderedNewton, NewtonResult, Residual
from solver.discretisation.particle import Particle
from solver.discretisation.stopwatch import Stopwatch
from solver.fenics import MPI
from solver.protocol.drive import Drive
from solver.protocol.ending import Observation
from solver.stepping.equilibrium import Mechanics, force_scale
from solver.stepping.history import Entry, History, capture
from solver.stepping.scheme import error_share, extrapolate, weights

from dolfinx import fem  # isort: skip  (the wheel must be opened first)


@dataclass(frozen=True)
class Attempt:
    """What came of one attempt.

    Attributes:
        entry: the state reached, or None where the solve failed.
        seen: what the ending conditions look at, or None.
        error: local error over its tolerance scale of 1 (occupancy and volts), 0 where it cannot be told.
        newton: outcome of the solve.
        increment: [s].
        refusal: why the state found is not accepted although it solves the equations, or None.
    """

    entry: Entry | None
    seen: Observation | None
    error: float
    newton: NewtonResult
    increment: float
    refusal: Refusal | None = None


class Stepper:
    """Makes attempts from a history of accepted states."""

    def __init__(
        self,
        particle: Particle,
        mechanics: Mechanics,
        tangent: Tangent,
        linear: LinearSolver,
        reference_potential: float,
        watch: Stopwatch,
    ) -> None:
        """Compile the coupled residuals and the electrode's condition.

        Args:
            particle: the particle.
            mechanics: its axial condition and force scale, shared with the start.
            tangent: of both fields.
            linear: solver for this tangent.
            reference_potential: of the protocol's reference electrode against Li/Li+ [V].
            watch: counts the time.
        """
        self.particle, self.mechanics, self.linear = particle, mechanics, linear
        self.reference_potential = reference_potential
        n = particle.unknowns
        self.electrode = Condition(
            "electrode", particle.forms, particle.forms.current, "electrode", [n.electrode]
        )
        self.charge_scale = 0.0
        self.lithium_at_start = particle.lithium()
        self.tangent = tangent
        self._content_rows = compile_form(particle.forms.content_rows)
        momentum = Residual(mechanics.residual_form, lambda: force_scale(particle, mechanics))
        lithium = Residual(compile_form(particle.forms.lithium), self._content_scale, self._sum_scale)
        self._newton = {
            driven: BorderedNewton(
                self.tangent,
                (momentum, lithium),
                ([self.electrode] if driven else []) + mechanics.conditions,
                particle.update,
                linear,
                watch,
            )
            for driven in (True, False)
        }
        self._gap = fem.Function(n.occupancy.function_space)
        self._square = compile_form(n.material[CAPACITY] * self._gap**2 * n.weight * n.dx)

    def _content_scale(self) -> float:
        rows = assemble_rows(self._content_rows, self.particle.blocks[1])
        return float(np.sqrt(self.particle.comm.allreduce(float(rows @ rows))))

    def _sum_scale(self) -> float:
        return max(self.lithium_at_start, self.charge_scale, 1e-300)

    def voltage(self, electrode: float, current: float) -> float:
        """Cell voltage [V] against the protocol's reference from reduced electrode potential and current."""
        body = self.particle.body
        phi = (electrode - body.level) * body.scales.potential
        return phi + self.resistance * current - self.reference_potential

    def electrode_at(self, voltage: float) -> float:
        """Reduced potential phi_s + R_a i_mean at a cell voltage [V]."""
        body = self.particle.body
        return (voltage + self.reference_potential) / body.scales.potential + body.level

    @property
    def resistance(self) -> float:
        """Voltage per reduced current: R_a over the outer area [V]."""
        body = self.particle.body
        unit = body.scales.current_density
        return body.surface.area_specific_resistance * unit / self.particle.outer_area

    @property
    def current_unit(self) -> float:
        """One reduced current [A], or [A/m] in 2D."""
        return self.particle.body.scales.charge

    def demand(self, drive: Drive, increment: float) -> bool:
        """State the electrode's equation for a drive; False where its potential is simply given."""
        p = self.particle
        if drive.voltage is None and p.contact_area == 0.0:
            return False  # a sealed particle at rest: no surface gives its electrode a potential
        if drive.voltage is None:
            target = (drive.current or 0.0) / self.current_unit
            own_scale = float(p.parameters.exchange.value) * p.contact_area
            self.electrode.demand(
                0.0, increment, increment * target, increment * max(abs(target), 0.1 * own_scale)
            )
            return True
        value = self.electrode_at(drive.voltage)
        if p.body.surface.area_specific_resistance > 0.0:
            self.electrode.demand(1.0, self.resistance / p.body.scales.potential, value, 1.0)
            return True
        self.electrode.set(value)
        return False

    def restore(self, entry: Entry) -> None:
        """Put an accepted state back into the fields."""
        n = self.particle.unknowns
        n.u.x.array[:], n.mu.x.array[:] = entry.displacement, entry.potential
        self.electrode.set(entry.electrode)
        self.mechanics.set_axial(entry.axial)

    def observe(self, entry: Entry) -> Observation:
        """What the ending conditions look at."""
        p = self.particle
        return Observation(
            voltage=self.voltage(entry.electrode, entry.current),
            current=entry.current * self.current_unit,
            occupancy=p.lithium() / p.sites if p.sites > 0.0 else 0.0,
            surface_occupancy=self._unbounded_surface(),
        )

    def _unbounded_surface(self) -> tuple[float, float] | None:
        """Extreme surface occupancies of hosts without saturation of their own, or None."""
        p = self.particle
        names = [r.name for r in p.media.regions if r.phase.host.holds_lithium and not r.phase.host.bounded]
        if not names:
            return None
        roots = p.surface_points.solve()
        found = [roots[name].occupancy for name in names if roots[name].occupancy.size]
        low = min((float(f.min()) for f in found), default=np.inf)
        high = max((float(f.max()) for f in found), default=-np.inf)
        return p.comm.allreduce(low, op=MPI.MIN), p.comm.allreduce(high, op=MPI.MAX)

    def force_residual(self) -> float:
        """Norm of the momentum residual over the norm of the forces at work [1]."""
        rows = assemble_rows(self.mechanics.residual_form, self.particle.blocks[0])
        norm = float(np.sqrt(self.particle.comm.allreduce(float(rows @ rows))))
        return norm / force_scale(self.particle, self.mechanics)

    def attempt(
        self, history: History, increment: float, drive: Drive, tried: Sequence[Entry] = ()
    ) -> Attempt:
        """Solve one increment from the newest accepted state.

        Args:
            history: the accepted states.
            increment: [s].
            drive: control of the electrode.
            tried: states that other increments from here led to; between two of them Newton has little to do.
        """
        p, n, last = self.particle, self.particle.unknowns, history.last
        entries, time = history.entries, last.time + increment
        previous = last.time - entries[-2].time if len(entries) > 1 else None
        a0, a1, a2 = weights(increment, previous)
        before = entries[-2] if previous is not None else last
        p.parameters.increment.value, p.parameters.lead.value = increment, a0
        size = last.occupancy.size
        n.history.x.array[:size] = a1 * last.occupancy + a2 * before.occupancy
        self._predict(history, time, tried)
        driven = self.demand(drive, increment)
        self.charge_scale = abs(last.charge) + increment * abs(last.current)
        result = self._newton[driven].solve()
        if not result.converged:
            return Attempt(None, None, np.inf, result, increment)
        refusal = p.refusal()
        if refusal is not None:
            return Attempt(None, None, np.inf, result, increment, refusal)
        current = self.electrode.measure()
        charge = (increment * current - a1 * last.charge - a2 * before.charge) / a0
        entry = capture(p, time, self.electrode.get(), self.mechanics.axial, charge, current, increment)
        error = self._local_error(history, entry, electrode=drive.voltage is None)
        return Attempt(entry, self.observe(entry), error, result, increment)

    def _predict(self, history: History, time: float, tried: Sequence[Entry]) -> None:
        """Start Newton from the straight line through two states, or from the last one.

        The line leads through the states on either side of the time where later ones were tried, else through
        the last two of the history.
        """
        self.restore(history.last)
        known = (history.last, *tried)[::-1]  # of two at one time the newer
        before = max((e for e in known if e.time < time), key=lambda e: e.time, default=history.last)
        after = min((e for e in known if e.time >= time), key=lambda e: e.time, default=None)
        pair = [before, after] if after is not None else history.entries[-2:]
        if len(pair) < 2:
            return
        n, times = self.particle.unknowns, [entry.time for entry in pair]
        n.u.x.array[:] = extrapolate(times, [e.displacement for e in pair], time)
        n.mu.x.array[:] = extrapolate(times, [e.potential for e in pair], time)
        if pair[0].settled:
            self.electrode.set(float(extrapolate(times, [np.array(e.electrode) for e in pair], time)))
        elif after is not None:
            self.electrode.set(after.electrode)
        self.mechanics.set_axial(float(extrapolate(times, [np.array(e.axial) for e in pair], time)))

    def _local_error(self, history: History, entry: Entry, electrode: bool) -> float:
        """Local error: root mean square of occupancy [1] against the electrode's in volts, the larger one."""
        times, entries = history.times, history.entries
        if len(entries) < 2:
            return 0.0
        share = error_share(times, entry.time)
        gap = entry.occupancy - extrapolate(times, [e.occupancy for e in entries], entry.time)
        error = share * self._norm(gap)
        past = history.settled
        if electrode and len(past) > 1:
            moments = [e.time for e in past]
            guess = float(extrapolate(moments, [np.array(e.electrode) for e in past], entry.time))
            miss = abs(entry.electrode - guess) * self.particle.body.scales.potential
            error = max(error, error_share(moments, entry.time) * miss)
        return error

    def _norm(self, gap: npt.NDArray[np.float64]) -> float:
        """Root mean square over the lithium sites."""
        self._gap.x.array[: gap.size] = gap
        total = assemble_number(self._square, self.particle.comm)
        return float(np.sqrt(max(total, 0.0) / max(self.particle.sites, 1e-300)))
