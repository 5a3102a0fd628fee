"""The parts of a split tangent from a particle's forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solver.discretisation.assembly import Assembled
from solver.discretisation.compiled import compile_form
from solver.discretisation.lithium_tangent import LithiumTangent
from solver.discretisation.media import (
    ACTIVATION,
    DIFFUSIVITY,
    POTENTIAL_STRESS,
    STIFFNESS,
    SWELLING,
    UPPER,
    Media,
)
from solver.discretisation.particle import Particle
from solver.discretisation.split_tangent import Balance, Points, SplitTangent
from solver.fenics import PETSc

import ufl  # isort: skip  (the wheel must be opened first)
from dolfinx import fem, la  # isort: skip
from ufl.algorithms import expand_derivatives  # isort: skip

Array = npt.NDArray[np.float64]

PARALLEL = 1e-12
"""Relative deviation below which two force vectors of a cell count as parallel: round-off."""


def split_tangent(
    particle: Particle, stiffness: PETSc.Mat, points: Points, with_lithium: bool = True
) -> SplitTangent:
    """The tangent of a particle around what is constant.

    Args:
        particle: the particle.
        stiffness: K, see `constant_stiffness`.
        points: see `assemble_points`.
        with_lithium: whether mu is unknown; else it is held.
    """
    if not with_lithium:
        return SplitTangent(particle.blocks[:1], stiffness, points)
    return SplitTangent(particle.blocks, stiffness, points, _balance(particle))


def lithium_tangent(particle: Particle) -> LithiumTangent:
    """The tangent of mu alone, for a particle whose lithium does not look at stress."""
    return LithiumTangent(particle.blocks[1], _by_potential(particle))


def _by_potential(particle: Particle) -> Assembled:
    forms, dmu = particle.forms, ufl.TrialFunction(particle.unknowns.mu.function_space)
    held = [condition for block in particle.blocks for condition in block.conditions]
    return Assembled.of(forms.vary(forms.lithium, mu=dmu), held)


def _balance(particle: Particle) -> Balance:
    forms, n = particle.forms, particle.unknowns
    du, at = ufl.TrialFunction(n.u.function_space), ufl.TrialFunction(n.occupancy.function_space)
    held = [condition for block in particle.blocks for condition in block.conditions]
    surface = forms.answer_at_surface(forms.lithium, du)
    return Balance(
        by_drive=Assembled.of(forms.answer(forms.lithium, at), held),
        by_stress=Assembled.of(forms.flux_by_stress(at), held),
        by_potential=_by_potential(particle),
        at_surface=None if surface is None else Assembled.of(surface, held),
    )


def assemble_points(particle: Particle) -> Points:
    """What the quadrature points do, whatever the state."""
    n, (displaced, potential) = particle.unknowns, particle.blocks
    space = n.occupancy.function_space
    at, test = ufl.TrialFunction(space), ufl.TestFunction(space)
    weights = fem.assemble_vector(compile_form(test * n.weight * n.dx))
    weights.scatter_reverse(la.InsertMode.add)
    cells = particle.imported.owned_cells
    per_cell = len(particle.volume_points.points)
    size = cells * per_cell
    weight = weights.array[:size].copy()

    def slopes() -> Sequence[Array | float]:
        if n.swelling is None:
            return (1.0,)
        pairs = n.swelling.slope.x.array.reshape(-1, 2)[:size]
        return pairs[:, 0], pairs[:, 1]

    dmu, du = ufl.TrialFunction(n.mu.function_space), ufl.TrialFunction(n.u.function_space)
    found = ratios(particle.media, cells)
    pulls: Array | Sequence[PETSc.Mat] = -np.repeat(found.pull, per_cell) / weight
    if particle.comm.allreduce(int(found.pull_alone)):
        strain = n.strain_of(du)
        pulls = [
            _per_weight(ufl.inner(p, strain) * test * n.weight * n.dx, displaced.conditions, weight)
            for p in n.pulls
        ]
    stresses: Array | PETSc.Mat = -np.repeat(found.stress, per_cell) / weight
    if particle.comm.allreduce(int(not found.parallel)):
        changed = ufl.derivative(particle.forms.sigma, n.u, du)
        hydrostatic = expand_derivatives((changed[0] + changed[1] + changed[2]) / 3.0)
        stresses = _per_weight(hydrostatic * test * n.weight * n.dx, displaced.conditions, weight)
    return Points(
        forces=[Assembled.of(form, displaced.conditions).refill() for form in _forces(particle, at)],
        shapes=_per_weight(dmu * test * n.weight * n.dx, potential.conditions, weight),
        pull=pulls,
        stress=stresses,
        response=lambda: n.response.x.array[:size],
        slopes=slopes,
    )


def _forces(particle: Particle, at: Any) -> list[Any]:
    """Derivative of the momentum residual with each strain that lithium makes."""
    n, momentum = particle.unknowns, particle.forms.momentum
    if n.swelling is None:
        return [expand_derivatives(ufl.derivative(momentum, n.occupancy, at))]
    strains = [ufl.as_vector(pair) for pair in ((at, 0.0 * at), (0.0 * at, at))]
    return [expand_derivatives(ufl.derivative(momentum, n.swelling.strain, strain)) for strain in strains]


def _per_weight(form: Any, conditions: Sequence[Any], weight: Array) -> PETSc.Mat:
    """A matrix onto points, whose rows are divided by the points' weights."""
    matrix: Any = Assembled.of(form, conditions).refill()
    rows = matrix.createVecLeft()
    rows.setArray(1.0 / weight)
    matrix.diagonalScale(rows, None)
    scaled: PETSc.Mat = matrix
    return scaled


@dataclass(frozen=True)
class Ratios:
    """How the force that lithium makes gives its pull on the potential and the hydrostatic stress.

    Attributes:
        pull: pull over force, shape (cells,), 0 without a force [1].
        stress: hydrostatic stress over force, shape (cells,), 0 without a force [1].
        pull_alone: whether there is a pull where there is no force.
        parallel: whether `stress` holds wherever stress acts on the mobility.
    """

    pull: Array
    stress: Array
    pull_alone: bool
    parallel: bool


def ratios(media: Media, cells: int) -> Ratios:
    """Compare force, pull and hydrostatic stress in the first cells of a mesh.

    Force and pull are C times the same strains, so one number a cell tells them apart; the hydrostatic part
    of C is parallel to the force where both the crystal and its swelling are isotropic.
    """
    numbers = media.numbers[:cells]
    stiffness = np.zeros((cells, 6, 6))
    stiffness[:, UPPER[0], UPPER[1]] = stiffness[:, UPPER[1], UPPER[0]] = numbers[:, STIFFNESS]
    if media.modes is None:
        strains, pull = numbers[:, None, SWELLING], numbers[:, None, POTENTIAL_STRESS]
    else:
        strains, pull = media.modes[:cells, 0], media.modes[:cells, 1]
    force = np.einsum("cij,ckj->cki", stiffness, strains)
    square = np.sum(force * force, axis=(1, 2))

    def over(values: Array) -> Array:
        along = np.sum(values * force, axis=(1, 2))
        return np.divide(along, square, out=np.zeros(cells), where=square > 0.0)

    hydrostatic = stiffness[:, None, :3].sum(axis=2) / 3.0
    stress = over(hydrostatic)
    rest = np.abs(hydrostatic - stress[:, None, None] * force).max(axis=(1, 2), initial=0.0)
    size = np.abs(hydrostatic).max(axis=(1, 2), initial=0.0)
    acts = (numbers[:, ACTIVATION] != 0.0) & (numbers[:, DIFFUSIVITY] != 0.0)
    return Ratios(
        pull=over(pull),
        stress=stress,
        pull_alone=bool(np.any(pull[square == 0.0])),
        parallel=media.modes is None and bool(np.all(rest[acts] <= PARALLEL * size[acts])),
    )
