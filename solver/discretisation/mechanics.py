"""The mechanical part of a particle that its start and its march share."""

import numpy as np

from solver.discretisation.assembly import assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.conditions import Condition
from solver.discretisation.particle import Particle


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


def force_residual(particle: Particle, mechanics: Mechanics) -> float:
    """Norm of the momentum residual over the norm of the forces at work [1]; collective."""
    rows = assemble_rows(mechanics.residual_form, particle.blocks[0])
    norm = float(np.sqrt(particle.comm.allreduce(float(rows @ rows))))
    return norm / force_scale(particle, mechanics)
