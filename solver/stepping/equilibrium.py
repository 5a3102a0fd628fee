"""The start of a run: misfit and pressure applied at one chemical potential, held or closed."""

from typing import Any

import numpy as np

from solver.discretisation.assembly import assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.conditions import Condition
from solver.discretisation.linear import DirectSolver, LinearSolver, Tangent
from solver.discretisation.newton import BorderedNewton, NewtonResult, Residual
from solver.discretisation.particle import Particle
from solver.discretisation.stopwatch import Stopwatch


class Mechanics:
    """The mechanical part that start and march share.

    Attributes:
        particle: the particle.
        residual_form: compiled momentum residual.
        conditions: the axial force balance in generalised plane strain and in a die, else nothing.
        fixed_strain: largest part of the eigenstrain that lithium may cancel, and then only to round-off [1].
    """

    def __init__(self, particle: Particle) -> None:
        """Compile the momentum residual and, where a uniform axial strain is unknown, the axial balance.

        In a die the free plate moves by that strain times the height; its force times the height is the
        integral of sigma_zz, so both cases obey one equation.
        """
        self.particle = particle
        self.residual_form = compile_form(particle.forms.momentum)
        self.conditions: list[Condition] = []
        if particle.imported.dimension == "generalised_plane_strain" or particle.walls is not None:
            forms = particle.forms
            axial = Condition("axial", forms, forms.axial_force, "axial", [particle.unknowns.axial])
            pressure = float(particle.parameters.pressure.value)
            scale = max(pressure, 1e-3) * particle.solid_volume
            axial.demand(0.0, 1.0, -pressure * particle.enclosed_volume, scale)
            self.conditions.append(axial)
        self._eigenforce = compile_form(particle.forms.eigenforce)
        self.fixed_strain: float = max(particle.comm.allgather(particle.media.largest_offset))

    @property
    def axial(self) -> float:
        """Axial strain e0 [1]; 0 where the dimension has none."""
        return self.conditions[0].get() if self.conditions else 0.0

    def set_axial(self, value: float) -> None:
        """Set the axial strain where the dimension has one."""
        for condition in self.conditions:
            condition.set(value)

    def eigenforce(self) -> float:
        """Norm of the nodal forces that the eigenstrain alone would make."""
        rows = assemble_rows(self._eigenforce, self.particle.blocks[0])
        return float(np.sqrt(self.particle.comm.allreduce(float(rows @ rows))))


def force_scale(particle: Particle, mechanics: Mechanics) -> float:
    """Norm of nodal forces that counts as one: the eigenstrain's, and pressure's or a share of its parts'."""
    least = max(float(particle.parameters.pressure.value), 1e-6, 1e-2 * mechanics.fixed_strain)
    return mechanics.eigenforce() + least * particle.outer_area / 10.0


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
        system: tangent of the displacement alone; None assembles it.
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
