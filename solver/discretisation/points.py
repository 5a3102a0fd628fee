"""Pointwise states: strain, potential and eliminated occupancy at a fixed set of points of each cell."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solver.discretisation.compiled import compile_expression
from solver.discretisation.media import FIXED_EIGENSTRAIN, POTENTIAL_STRESS, Media
from solver.discretisation.unknowns import Unknowns
from solver.materials.elimination import LocalRoot, eliminate

import ufl  # isort: skip  (the wheel must be opened first)

Array = npt.NDArray[np.float64]
Cells = npt.NDArray[np.int32]


def driving_potential(unknowns: Unknowns) -> Any:
    """Right side b of the local problem: mu plus the stress of the lithium-free point times V."""
    material = unknowns.material
    pull = ufl.as_vector([material[i] for i in range(POTENTIAL_STRESS.start, POTENTIAL_STRESS.stop)])
    fixed = ufl.as_vector([material[i] for i in range(FIXED_EIGENSTRAIN.start, FIXED_EIGENSTRAIN.stop)])
    return unknowns.mu + ufl.inner(pull, unknowns.strain - fixed)


@dataclass
class PointSet:
    """The same reference points in chosen cells, grouped by phase.

    Attributes:
        unknowns: the fields.
        media: phases and material numbers.
        points: reference coordinates, shape (points, dim).
        cells: the cells, sorted; rows of every result follow them.
    """

    unknowns: Unknowns
    media: Media
    points: Array
    cells: Cells

    def __post_init__(self) -> None:
        """Compile the evaluation of the driving potential."""
        mesh = self.unknowns.imported.mesh
        self._drive = compile_expression(driving_potential(self.unknowns), self.points, mesh.comm)
        self._last: dict[str, Array] = {}
        position = np.full(len(self.unknowns.imported.phase), -1)
        position[self.cells] = np.arange(len(self.cells))
        self.rows = {
            region.name: position[region.cells][position[region.cells] >= 0] for region in self.media.regions
        }
        """Rows of each phase's cells, by region name."""

    def solve(self) -> dict[str, LocalRoot]:
        """Solve the local problem at every point; each root has shape (cells of the phase, points)."""
        mesh = self.unknowns.imported.mesh
        drive = self._drive.eval(mesh, self.cells) if len(self.cells) else np.zeros((0, len(self.points)))
        drive = np.asarray(drive).reshape(len(self.cells), len(self.points))
        roots = {}
        for region in self.media.regions:
            b = drive[self.rows[region.name]]
            root = eliminate(region.phase.host, region.kappa, b, self._last.get(region.name))
            self._last[region.name] = root.y
            roots[region.name] = root
        return roots

    def scatter(self, values: dict[str, Array]) -> Array:
        """Merge per-phase arrays into one of shape (cells, points, ...)."""
        shape = next((v.shape[1:] for v in values.values() if len(v)), (len(self.points),))
        merged = np.zeros((len(self.cells), *shape))
        for name, rows in self.rows.items():
            merged[rows] = values[name]
        return merged
