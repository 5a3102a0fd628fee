"""A hand-made particle in equilibrium: stresses, and strains straight from gradients."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solver.discretisation.compiled import compile_expression
from solver.discretisation.equilibrium import equilibrate
from solver.discretisation.mechanics import Mechanics
from solver.discretisation.particle import Particle
from solver.discretisation.stopwatch import Stopwatch
from solver.materials.elasticity import stress_tensor
from solver.observation.interior import Interior

import ufl  # isort: skip  (the wheel must be opened first)

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Settled:
    """A particle in equilibrium; each rank has its own points.

    Attributes:
        particle: the particle.
        grain: grain of each point, shape (points,).
        volume: volume that each point stands for, reduced, shape (points,).
        strain: tensors, shape (points, 3, 3).
        stress: tensors [Pa], shape (points, 3, 3).
        axial: strain along z that is one unknown, 0 where there is none.
    """

    particle: Particle
    grain: npt.NDArray[np.int32]
    volume: Array
    strain: Array
    stress: Array
    axial: float

    def mean_strain(self, i: int, j: int) -> float:
        """Mean of a component of the strain over all ranks."""
        comm = self.particle.comm
        amount = comm.allreduce(float(self.volume @ self.strain[:, i, j]))
        return amount / comm.allreduce(float(self.volume.sum()))


def settle(body: Particle, potential: float | None = None, occupancy: float | None = None) -> Settled:
    """Load a particle; collective.

    Args:
        body: the particle.
        potential: reduced chemical potential that is held, or None.
        occupancy: mean occupancy of a closed particle, where no potential is held.

    Raises:
        ArithmeticError: Newton did not converge.
    """
    mechanics = Mechanics(body)
    result = equilibrate(body, mechanics, potential, occupancy, Stopwatch())
    if not result.converged:
        msg = f"no equilibrium: {result}"
        raise ArithmeticError(msg)
    state = Interior(body)
    look = state.probe.look()
    cells = look.stress.shape[0]
    points = look.stress.shape[0] * look.stress.shape[1]
    grain = np.asarray(body.imported.grain)[: body.imported.owned_cells]
    return Settled(
        particle=body,
        grain=np.repeat(grain, points // max(cells, 1)),
        volume=state.volumes.ravel(),
        strain=_strain(body, mechanics.axial),
        stress=stress_tensor(look.stress.reshape(points, 6)) * body.body.scales.modulus,
        axial=mechanics.axial,
    )


def _strain(body: Particle, axial: float) -> Array:
    """Tensors of the strain from the gradient of the displacement, not by the solver's kinematics."""
    imported, u = body.imported, body.unknowns.u
    dim, dimension = imported.mesh.geometry.dim, imported.dimension
    gradient, x = ufl.grad(u), body.unknowns.position
    entries = [gradient[i, j] for i in range(dim) for j in range(dim)] + [u[0] / x[0]]
    where = body.volume_points.points
    cells = np.arange(imported.owned_cells, dtype=np.int32)
    found = compile_expression(ufl.as_vector(entries), where, body.comm).eval(imported.mesh, cells)
    found = np.asarray(found).reshape(-1, dim * dim + 1)
    slopes = found[:, :-1].reshape(-1, dim, dim)
    axes = {"axisymmetric": (0, 2), "spherical": (0,)}.get(dimension, tuple(range(dim)))
    strain = np.zeros((len(found), 3, 3))
    strain[np.ix_(np.arange(len(found)), axes, axes)] = 0.5 * (slopes + slopes.transpose(0, 2, 1))
    for k in {"axisymmetric": (1,), "spherical": (1, 2)}.get(dimension, ()):
        strain[:, k, k] = found[:, -1]
    strain[:, 2, 2] += axial
    return strain
