"""Pointwise states: strain, potential and eliminated occupancy at a fixed set of points of each cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from solver.discretisation.compiled import compile_expression
from solver.discretisation.media import POTENTIAL_STRESS, SWELLING, Media
from solver.discretisation.unknowns import Unknowns
from solver.materials.elimination import LocalRoot, eliminate

import ufl  # isort: skip  (the wheel must be opened first)

Array = npt.NDArray[np.float64]
Cells = npt.NDArray[np.int32]


def driving_potential(unknowns: Unknowns) -> Any:
    """What the local problem is given: mu, and the stress of the lithium-free point times V.

    Their sum b where all V are constant; where any is not, mu and the load per unit of each swelling slope.
    """
    elastic = unknowns.strain - unknowns.fixed_strain
    if unknowns.swelling is None:
        return unknowns.mu + ufl.inner(unknowns.numbers(POTENTIAL_STRESS), elastic)
    return ufl.as_vector([unknowns.mu, *unknowns.swelling.weigh(elastic)])


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
        self._known: tuple[Array, dict[str, LocalRoot]] | None = None
        position = np.full(len(self.unknowns.imported.phase), -1)
        position[self.cells] = np.arange(len(self.cells))
        self.rows = {
            region.name: position[region.cells][position[region.cells] >= 0] for region in self.media.regions
        }
        """Rows of each phase's cells, by region name."""

    def _driven(self) -> Array:
        """What the local problems are given, shape (cells, points, 1 or 3)."""
        mesh = self.unknowns.imported.mesh
        drive = self._drive.eval(mesh, self.cells) if len(self.cells) else np.zeros(0)
        shape = (len(self.cells), len(self.points))
        return np.array(drive).reshape(*shape, 1 if self.media.modes is None else 3)

    def adopt(self, roots: dict[str, LocalRoot]) -> None:
        """Take roots that somebody else has found for the present fields."""
        self._known = self._driven(), roots

    def solve(self) -> dict[str, LocalRoot]:
        """Solve the local problem at every point; each root has shape (cells of the phase, points).

        Roots that are known are not looked for again: observers ask for those of the state just accepted.
        """
        drive = self._driven()
        if self._known is not None and np.array_equal(drive, self._known[0]):
            return self._known[1]
        roots: dict[str, LocalRoot] = {}
        for region in self.media.regions:
            given, guess = drive[self.rows[region.name]], self._last.get(region.name)
            root: LocalRoot
            if region.curved is not None:
                root = region.curved.solve(given[..., 0], np.moveaxis(given[..., 1:], -1, 0), guess)
            else:
                root = eliminate(region.phase.host, region.kappa, np.sum(given[..., :2], axis=-1), guess)
            self._last[region.name] = root.y
            roots[region.name] = root
        self._known = drive, roots
        return roots

    def guesses(self) -> dict[str, Array]:
        """Where the next local solves start, by region name; not to be changed."""
        return dict(self._last)

    def guess(self, guesses: Mapping[str, Array]) -> None:
        """Start the next local solves from there."""
        self._last, self._known = dict(guesses), None

    def positions(self) -> Array:
        """First coordinate of every point, shape (cells, points)."""
        mesh = self.unknowns.imported.mesh
        dofs = np.asarray(mesh.geometry.dofmaps[0])[self.cells]
        corners = np.asarray(mesh.geometry.x)[dofs, 0]
        return np.asarray(corners[:, :1] + (corners[:, 1:] - corners[:, :1]) @ self.points.T)

    def chemical_strain(self, roots: dict[str, LocalRoot]) -> Array:
        """Part of the eigenstrain that lithium makes, as strain vectors, shape (cells, points, 6)."""
        if self.media.modes is None:
            occupancy = self.scatter({name: root.occupancy for name, root in roots.items()})
            return occupancy[..., None] * self.media.numbers[self.cells, None, SWELLING]
        strains = {region.name: region.swelling(roots[region.name])[0] for region in self.media.regions}
        return np.asarray(np.einsum("cpk,cki->cpi", self.scatter(strains), self.media.modes[self.cells, 0]))

    def scatter(self, values: dict[str, Array]) -> Array:
        """Merge per-phase arrays into one of shape (cells, points, ...)."""
        shape = next((v.shape[1:] for v in values.values()), (len(self.points),))
        merged = np.zeros((len(self.cells), *shape))
        for name, rows in self.rows.items():
            merged[rows] = values[name]
        return merged
