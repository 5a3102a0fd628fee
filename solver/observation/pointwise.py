"""Strain, stress, occupancy and potential at a set of points, as plain arrays."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solver.discretisation.compiled import compile_expression
from solver.discretisation.media import FIXED_EIGENSTRAIN, STIFFNESS, UPPER
from solver.discretisation.particle import Particle
from solver.discretisation.points import PointSet

import ufl  # isort: skip  (the wheel must be opened first)

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PointState:
    """State at every point of a set, reduced; the first two axes are (cells, points).

    Attributes:
        position: shape (cells, points, mesh dimension).
        elastic_strain: strain less eigenstrain as strain vectors, shape (cells, points, 6).
        eigenstrain: stress-free strain as strain vectors, shape (cells, points, 6).
        stress: stress vectors, shape (cells, points, 6).
        potential: mu, shape (cells, points).
        occupancy: theta, shape (cells, points).
        displacement: shape (cells, points, mesh dimension); in a die with that of the moving plate.
    """

    position: Array
    elastic_strain: Array
    eigenstrain: Array
    stress: Array
    potential: Array
    occupancy: Array
    displacement: Array

    @property
    def hydrostatic(self) -> Array:
        """tr(sigma)/3, shape (cells, points)."""
        return np.asarray(self.stress[..., :3].mean(axis=-1))


class PointProbe:
    """Evaluates the full state at the points of a set."""

    def __init__(self, particle: Particle, points: PointSet) -> None:
        """Compile the evaluation."""
        self.points = points
        n = particle.unknowns
        self._dim = particle.imported.mesh.geometry.dim
        strain = n.strain
        entries = [n.position[k] for k in range(self._dim)] + [strain[k] for k in range(6)]
        moved = [n.u[k] for k in range(self._dim)]
        if self._dim == 3:
            moved[2] = moved[2] + n.axial * n.position[2]
        entries += [n.mu, *moved]
        self._expression = compile_expression(ufl.as_vector(entries), points.points, particle.comm)
        self._numbers = particle.media.numbers[points.cells]

    def look(self) -> PointState:
        """The present state; the local problem is solved again at these points."""
        points, dim = self.points, self._dim
        shape = (len(points.cells), len(points.points))
        mesh = points.unknowns.imported.mesh
        width = 2 * dim + 7
        values = self._expression.eval(mesh, points.cells) if shape[0] else np.zeros((*shape, width))
        values = np.asarray(values).reshape(*shape, width)
        strain, mu = values[..., dim : dim + 6], values[..., dim + 6]
        roots = points.solve()
        occupancy = points.scatter({name: root.occupancy for name, root in roots.items()})
        numbers = self._numbers
        stiffness = np.zeros((shape[0], 6, 6))
        stiffness[:, UPPER[0], UPPER[1]] = numbers[:, STIFFNESS]
        stiffness += np.triu(stiffness, 1).transpose(0, 2, 1)
        eigenstrain = numbers[:, None, FIXED_EIGENSTRAIN] + points.chemical_strain(roots)
        elastic = strain - eigenstrain
        return PointState(
            position=values[..., :dim],
            elastic_strain=elastic,
            eigenstrain=eigenstrain,
            stress=np.einsum("cij,cpj->cpi", stiffness, elastic),
            potential=mu,
            occupancy=occupancy,
            displacement=values[..., dim + 7 :],
        )
