"""The coupled problem of a particle in forms, as the march sees it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solver.discretisation.assembly import assemble_number, assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.conditions import Condition
from solver.discretisation.linear import LinearSolver, SolveCounts, Tangent
from solver.discretisation.mechanics import Mechanics, force_scale
from solver.discretisation.media import CAPACITY
from solver.discretisation.newton import BorderedNewton, Residual
from solver.discretisation.particle import Particle
from solver.discretisation.state import Demand, Memory, NewtonResult, Refusal, State
from solver.discretisation.stopwatch import Stopwatch
from solver.fenics import MPI
from solver.materials.hosts import Host

from dolfinx import fem  # isort: skip  (the wheel must be opened first)

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Stage:
    """Fields that are solved for together, with the scalars that border them.

    Attributes:
        tangent: of the fields.
        linear: solver for this tangent.
    """

    tangent: Tangent
    linear: LinearSolver


class FormSystem:
    """A particle whose equations are assembled from forms; see `solver.stepping.system.System`.

    Attributes:
        particle: the particle.
        mechanics: its axial condition and force scale, shared with the start.
        body: what the particle is made of.
        sites: lithium sites, reduced.
        outer_area: of the outer surface, reduced.
        contact_area: of the surface that current passes, reduced.
        lithium_at_start: total lithium when the system was made, reduced.
    """

    def __init__(
        self,
        particle: Particle,
        mechanics: Mechanics,
        stages: Sequence[Stage],
        watch: Stopwatch,
    ) -> None:
        """Compile the coupled residuals and the electrode's condition.

        Args:
            particle: the particle.
            mechanics: its mechanical part.
            stages: one for both fields; or several, of which none depends on the fields of those after it. A
                field of no stage keeps its values.
            watch: counts the time.
        """
        self.particle, self.mechanics, self.stages = particle, mechanics, stages
        self.body = particle.body
        self.sites, self.outer_area = particle.sites, particle.outer_area
        self.contact_area = particle.contact_area
        n = particle.unknowns
        self._electrode = Condition(
            "electrode", particle.forms, particle.forms.current, "electrode", [n.electrode]
        )
        self._charge_scale = 0.0
        self.lithium_at_start = particle.lithium()
        self._content_rows = compile_form(particle.forms.content_rows)
        residuals = {
            "u": Residual(mechanics.residual_form, lambda: force_scale(particle, mechanics)),
            "mu": Residual(compile_form(particle.forms.lithium), self._content_scale, self._sum_scale),
        }
        self._newton = {
            driven: [
                BorderedNewton(
                    stage.tangent,
                    [residuals[block.name] for block in stage.tangent.blocks],
                    self._conditions({block.name for block in stage.tangent.blocks}, driven),
                    particle.update,
                    stage.linear,
                    watch,
                )
                for stage in stages
            ]
            for driven in (True, False)
        }
        self._gap = fem.Function(n.occupancy.function_space)
        self._square = compile_form(n.material[CAPACITY] * self._gap**2 * n.weight * n.dx)

    def _conditions(self, fields: Collection[str], driven: bool) -> list[Condition]:
        """The scalars that border some of the fields.

        Args:
            fields: names of their blocks.
            driven: whether the electrode's potential is unknown.
        """
        electrode = [self._electrode] if driven and "mu" in fields else []
        return electrode + (self.mechanics.conditions if "u" in fields else [])

    def _content_scale(self) -> float:
        rows = assemble_rows(self._content_rows, self.particle.blocks[1])
        return float(np.sqrt(self.particle.comm.allreduce(float(rows @ rows))))

    def _sum_scale(self) -> float:
        return max(self.lithium_at_start, self._charge_scale, 1e-300)

    @property
    def hosts(self) -> Sequence[Host]:
        """Occupancy laws of the phases that hold lithium."""
        laws = [region.phase.host for region in self.particle.media.regions]
        return [law for law in laws if law.holds_lithium]

    @property
    def exchange(self) -> float:
        """Exchange current density, contact fraction included, reduced [1/s]."""
        return float(self.particle.parameters.exchange.value)

    @property
    def description(self) -> str:
        """The linear solvers in words."""
        return ", then ".join(stage.linear.description for stage in self.stages)

    @property
    def linearisations(self) -> int:
        """Newton iterations of all solves so far."""
        return sum(stage.tangent.assemblies for stage in self.stages)

    @property
    def counts(self) -> SolveCounts:
        """Linear solves so far."""
        total = SolveCounts()
        for stage in self.stages:
            total.include(stage.linear.counts)
        return total

    def read(self) -> State:
        """Copy the present state."""
        p, n = self.particle, self.particle.unknowns
        size = p.imported.owned_cells * len(p.volume_points.points)
        return State(
            occupancy=n.occupancy.x.array[:size].copy(),
            displacement=n.u.x.array.copy(),
            potential=n.mu.x.array.copy(),
            electrode=self._electrode.get(),
            axial=self.mechanics.axial,
        )

    def write(self, state: State) -> None:
        """Set the unknowns; the occupancies follow with `update` or `solve`."""
        n = self.particle.unknowns
        n.u.x.array[:], n.mu.x.array[:] = state.displacement, state.potential
        self._electrode.set(state.electrode)
        self.mechanics.set_axial(state.axial)

    def set_electrode(self, potential: float) -> None:
        """Set the reduced electrode potential alone."""
        self._electrode.set(potential)

    def set_clock(self, increment: float, lead: float, past: Array) -> None:
        """State the increment [s], the weight a0 of the new content and what past contents add to it."""
        p = self.particle
        p.parameters.increment.value, p.parameters.lead.value = increment, lead
        p.unknowns.history.x.array[: past.size] = past

    def solve(self, demand: Demand | None, charge: float) -> NewtonResult:
        """Solve from the present unknowns; None keeps the electrode's potential."""
        self._charge_scale = charge
        if demand is not None:
            self._electrode.demand(demand.own, demand.gain, demand.target, demand.scale)
        taken, norms = 0, dict[str, float]()
        for newton in self._newton[demand is not None]:
            found = newton.solve()
            taken, norms = taken + found.iterations, norms | dict(found.norms)
            if not found.converged:
                return NewtonResult(False, taken, norms, found.reason)
        return NewtonResult(True, taken, norms)

    def update(self) -> None:
        """Recompute the occupancies from the unknowns."""
        self.particle.update()

    def refusal(self) -> Refusal | None:
        """Why the state of the last solve may not be accepted, or None."""
        return self.particle.refusal()

    def current(self) -> float:
        """Total anodic current of the present state, reduced."""
        return self._electrode.measure()

    def lithium(self) -> float:
        """Total lithium, reduced."""
        return self.particle.lithium()

    def memory(self) -> Memory:
        """First guesses of the local solves, sizes of round-off, and what the linear solver keeps."""
        p, kept = self.particle, dict[str, Array]()
        for stage in self.stages:
            kept |= stage.linear.memory()
        for kind, points in (("volume", p.volume_points), ("surface", p.surface_points)):
            kept |= {f"{kind} {name}": guess for name, guess in points.guesses().items()}
        for driven, newtons in self._newton.items():
            for newton in newtons:
                kept |= {f"noise {driven} {name}": np.array([size]) for name, size in newton.noise.items()}
        return kept

    def recall(self, memory: Memory) -> None:
        """Take up the memory of the same particle on as many ranks, or none."""
        p = self.particle

        def named(kind: str) -> dict[str, Array]:
            return {
                name[len(kind) + 1 :]: kept for name, kept in memory.items() if name.startswith(f"{kind} ")
            }

        p.volume_points.guess(named("volume"))
        p.surface_points.guess(named("surface"))
        for driven, newtons in self._newton.items():
            noise = {name: float(size[0]) for name, size in named(f"noise {driven}").items()}
            for newton in newtons:
                newton.noise = {b.name: noise[b.name] for b in newton.system.blocks if b.name in noise}
        for stage in self.stages:
            stage.linear.recall(memory)

    def surface_occupancies(self) -> tuple[float, float] | None:
        """Extreme surface occupancies of hosts without saturation of their own, or None without any."""
        p = self.particle
        names = [r.name for r in p.media.regions if r.phase.host.holds_lithium and not r.phase.host.bounded]
        if not names:
            return None
        roots = p.surface_points.solve()
        found = [roots[name].occupancy for name in names if roots[name].occupancy.size]
        low = min((float(f.min()) for f in found), default=np.inf)
        high = max((float(f.max()) for f in found), default=-np.inf)
        return p.comm.allreduce(low, op=MPI.MIN), p.comm.allreduce(high, op=MPI.MAX)

    def site_mean(self, gap: Array) -> float:
        """Root mean square over the lithium sites of values at the quadrature points."""
        self._gap.x.array[: gap.size] = gap
        total = assemble_number(self._square, self.particle.comm)
        return float(np.sqrt(max(total, 0.0) / max(self.sites, 1e-300)))
