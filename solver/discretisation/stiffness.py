"""The elastic stiffness without the softening by lithium, constant over a run, on two levels of fields."""

from dataclasses import replace
from typing import Any

import numpy as np

from solver.discretisation.assembly import Assembled, Block
from solver.discretisation.constraints import displacement_conditions
from solver.discretisation.elastic_block import ElasticLevels
from solver.discretisation.particle import Particle
from solver.fenics import PETSc

import basix.ufl  # isort: skip  (the wheel must be opened first)
import ufl  # isort: skip
from dolfinx import fem  # isort: skip
from dolfinx.fem import petsc as fem_petsc  # isort: skip


def constant_stiffness(particle: Particle) -> PETSc.Mat:
    """Derivative of the momentum residual with the displacement alone, in blocks of a node."""
    return Assembled.of(_derivative(particle), particle.blocks[0].conditions, "baij").refill()


def elastic_levels(particle: Particle, stiffness: PETSc.Mat) -> ElasticLevels:
    """The linear displacements below the quadratic ones.

    Linear displacements are quadratic ones too, and both are integrated by one rule: the stiffness assembled
    on them is that of the quadratic level seen through the interpolation.

    Args:
        particle: the particle.
        stiffness: see `constant_stiffness`.
    """
    n, fine = particle.unknowns, particle.blocks[0]
    mesh = n.imported.mesh
    dim = mesh.geometry.dim
    space = fem.functionspace(mesh, basix.ufl.element("Lagrange", mesh.basix_cell(), 1, shape=(dim,)))
    conditions, held = displacement_conditions(replace(n, u=fem.Function(space)), particle.walls)
    coarse = Block("u", fem.Function(space), held, conditions)
    form = _derivative(particle)
    test, trial = form.arguments()
    linear = ufl.replace(form, {test: ufl.TestFunction(space), trial: ufl.TrialFunction(space)})
    interpolation: Any = fem_petsc.interpolation_matrix(space, n.u.function_space)
    interpolation.assemble()
    left, right = interpolation.createVecLeft(), interpolation.createVecRight()
    left.setArray(_free(fine))
    right.setArray(_free(coarse))
    interpolation.diagonalScale(left, right)
    owned = space.dofmap.index_map.size_local
    return ElasticLevels(
        stiffness=stiffness,
        coarse=Assembled.of(linear, conditions).refill(),
        nodes=np.asarray(space.tabulate_dof_coordinates()[:owned, :dim]),
        interpolation=interpolation,
    )


def _derivative(particle: Particle) -> Any:
    n = particle.unknowns
    trial = ufl.TrialFunction(n.u.function_space)
    return ufl.algorithms.expand_derivatives(ufl.derivative(particle.forms.momentum, n.u, trial))


def _free(block: Block) -> np.ndarray:
    """1 at owned degrees of freedom that are free, 0 at constraints."""
    free = np.ones(block.owned)
    free[block.held[block.held < block.owned]] = 0.0
    return free
