"""Fields of the whole sector on exploded simplices, gathered on rank 0 in the order of the mesh file."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from meshes import INNER, OUTER
from solver.discretisation.compiled import compile_expression
from solver.discretisation.media import ACTIVATION, CAPACITY, DIFFUSIVITY
from solver.discretisation.particle import Particle
from solver.discretisation.points import PointSet
from solver.observation.interior import Interior
from solver.observation.pointwise import PointProbe
from solver.observation.statistics import gather, principal_maximum, von_mises

import basix  # isort: skip  (the wheel must be opened first)
import ufl  # isort: skip

Array = npt.NDArray[np.float64]


class Camera:
    """Takes pictures of a particle."""

    def __init__(self, particle: Particle, interior: Interior) -> None:
        """Prepare the evaluation at the corners of the cells."""
        self.particle, self.interior = particle, interior
        imported = particle.imported
        mesh = imported.mesh
        dim = mesh.topology.dim
        cells = np.arange(imported.owned_cells, dtype=np.int32)
        corners = basix.geometry(mesh.basix_cell())
        self._probe = PointProbe(particle, PointSet(particle.unknowns, particle.media, corners, cells))
        self._fit = _corner_fit(np.asarray(particle.volume_points.points))
        middle = np.full((1, dim), 1.0 / (dim + 1))
        self._gradient = compile_expression(ufl.grad(particle.unknowns.mu), middle, particle.comm)
        order = gather(particle.comm, imported.original_cells[: imported.owned_cells].astype(float))
        self._order = None if order is None else np.argsort(order)
        self._fixed_cell_data = {
            "region": imported.phase[: imported.owned_cells].astype(float),
            "grain": imported.grain[: imported.owned_cells].astype(float),
            "wall": self._walls(),
        }

    def _walls(self) -> Array:
        """Bit 1: the cell touches the outer surface; bit 2: the cavity wall."""
        imported = self.particle.imported
        mesh = imported.mesh
        links = mesh.topology.connectivity(mesh.topology.dim - 1, mesh.topology.dim)
        flags = np.zeros(len(imported.phase), dtype=np.uint8)
        for tag, bit in ((OUTER, 1), (INNER, 2)):
            for facet in imported.facets.find(tag):
                flags[links.links(facet)[0]] |= bit
        return flags[: imported.owned_cells].astype(float)

    def take(self, fields: Sequence[str]) -> tuple[Array, Array, dict[str, Array], dict[str, Array]] | None:
        """Points, cells, point data and cell data on rank 0 (None elsewhere), SI; collective.

        Args:
            fields: names of the fields wanted.
        """
        p, scales = self.particle, self.particle.body.scales
        state = self._probe.look()
        stress = self._corner_stress()
        count, corners = state.potential.shape
        capacity = p.media.numbers[:count, CAPACITY][:, None]
        active = capacity > 0.0
        everything = {
            "displacement": _three(state.displacement) * scales.length,
            "chemical_potential": (state.potential + p.body.level) * scales.chemical_potential,
            "occupancy": np.where(active, state.occupancy, np.nan),
            "concentration": capacity * state.occupancy * scales.concentration,
            "hydrostatic_stress": stress[..., :3].mean(axis=-1) * scales.modulus,
            "max_principal_stress": principal_maximum(stress) * scales.modulus,
            "von_mises_stress": von_mises(stress) * scales.modulus,
            "stress": stress * scales.modulus,
        }
        point_data = {name: values for name, values in everything.items() if name in fields}
        cell_data = dict(self._fixed_cell_data)
        if "lithium_flux" in fields:
            cell_data["lithium_flux"] = _three(self._flux())
        points = _three(state.position) * scales.length
        packed = self._gather(
            {"points": points, **point_data, **{f"cell {k}": v for k, v in cell_data.items()}}
        )
        if packed is None:
            return None
        places = packed.pop("points")
        cells = np.arange(len(places) * corners).reshape(-1, corners)
        by_cell = {k[5:]: v for k, v in packed.items() if k.startswith("cell ")}
        by_point = {k: v.reshape(-1, *v.shape[2:]) for k, v in packed.items() if not k.startswith("cell ")}
        for name, kind in (("region", np.int8), ("grain", np.int32), ("wall", np.uint8)):
            by_cell[name] = by_cell[name].astype(kind)
        return places.reshape(-1, 3), cells, by_point, by_cell

    def _corner_stress(self) -> Array:
        """Stress at the corners, shape (cells, corners, 6): linear fits to the quadrature points of a cell.

        There it is most accurate; evaluated at the corners themselves it overshoots where lithium is steep.
        """
        return np.asarray(np.einsum("kq,cqi->cki", self._fit, self.interior.probe.look().stress))

    def _flux(self) -> Array:
        """Mean lithium flux of every owned cell, shape (cells, mesh dimension) [mol/m^2/s]."""
        p, scales = self.particle, self.particle.body.scales
        mesh = p.imported.mesh
        state = self.interior.probe.look()
        numbers = p.media.numbers[: len(state.potential)]
        size = state.potential.size
        content = p.unknowns.content.x.array[:size].reshape(state.potential.shape)
        push = np.exp(numbers[:, ACTIVATION][:, None] * state.hydrostatic)
        mobility = numbers[:, DIFFUSIVITY] * (content * push * self.interior.volumes).sum(axis=1)
        mobility = mobility / self.interior.volumes.sum(axis=1)
        cells = np.arange(len(numbers), dtype=np.int32)
        gradient = self._gradient.eval(mesh, cells) if len(cells) else np.zeros((0, mesh.geometry.dim))
        gradient = np.asarray(gradient).reshape(len(cells), mesh.geometry.dim)
        return np.asarray(-mobility[:, None] * gradient * scales.concentration * scales.length)

    def _gather(self, data: dict[str, Array]) -> dict[str, Array] | None:
        packed: dict[str, Array] = {}
        for name, values in data.items():
            whole = gather(self.particle.comm, np.asarray(values, dtype=float))
            if whole is not None and self._order is not None:
                packed[name] = whole[self._order]
        return packed if self.particle.comm.rank == 0 else None


def _corner_fit(points: Array) -> Array:
    """Matrix, shape (corners, points), from values at reference points to their linear fit at the corners."""
    barycentric = np.column_stack([1.0 - points.sum(axis=1), points])
    return np.asarray(np.linalg.pinv(barycentric))


def _three(vectors: Array) -> Array:
    """Pad the last axis to three components."""
    missing = 3 - vectors.shape[-1]
    return np.concatenate([vectors, np.zeros((*vectors.shape[:-1], missing))], axis=-1)
