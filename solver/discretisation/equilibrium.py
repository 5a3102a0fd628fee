"""The start of a run: misfit and pressure applied at one chemical potential, held or closed."""

from typing import Any

from solver.discretisation.conditions import Condition
from solver.discretisation.linear import DirectSolver, LinearSolver, Tangent
from solver.discretisation.mechanics import Mechanics, force_scale
from solver.discretisation.newton import BorderedNewton, Residual
from solver.discretisation.particle import Particle
from solver.discretisation.state import NewtonResult
from solver.discretisation.stopwatch import Stopwatch


def equilibrate(
    particle: Particle,
    mechanics: Mechanics,
    potential: float | None,
    occupancy: float | None,
    watch: Stopwatch,
    system: Tangent | None = None,
    linear: LinearSolver | None = None,
) -> NewtonResult:
    """Solve for the loaded, uncharged start; the fields hold it afterwards.

    Args:
        particle: the particle.
        mechanics: its mechanical part.
        potential: reduced chemical potential that is held, or None for a closed start.
        occupancy: total lithium over total sites of a closed start [1].
        watch: counts the time.
        system: tangent of the displacement alone, released afterwards; None assembles it.
        linear: solver for this tangent; None factorises.
    """
    n = particle.unknowns
    system = system or particle.elastic_tangent()
    conditions: list[Any] = list(mechanics.conditions)
    n.mu.x.array[:] = 0.0 if potential is None else potential
    if potential is None and occupancy is not None and particle.sites > 0.0:
        level = Condition("level", particle.forms, particle.forms.content, "mu", [n.mu])
        level.demand(0.0, 1.0, occupancy * particle.sites, 1e-2 * min(occupancy, 1.0) * particle.sites)
        level.set(0.0)
        conditions.append(level)
    linear = linear or DirectSolver(particle.comm, particle.imported.mesh.topology.dim)
    newton = BorderedNewton(
        system,
        (Residual(mechanics.residual_form, lambda: force_scale(particle, mechanics)),),
        conditions,
        particle.update,
        linear,
        watch=watch,
        max_iterations=80,
    )
    result = newton.solve()
    system.destroy()
    return result
