"""Values on the outer surface, the cavity wall, the phase interface and in the centre, SI."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meshes import INNER, LAYERED, OUTER, ROCK_SALT
from solver.discretisation.media import CAPACITY
from solver.discretisation.mesh_import import INTERFACE
from solver.discretisation.particle import Particle
from solver.discretisation.points import PointSet
from solver.observation.pointwise import PointProbe, PointState

import basix.ufl  # isort: skip  (the wheel must be opened first)

Array = npt.NDArray[np.float64]
WallNodes = tuple[Array, npt.NDArray[np.int64], npt.NDArray[np.int64]]

BESIDE = 1e-9
"""The origin counts as inside a cell this far beyond its sides, as a share of the cell."""

VERTEX_SHARE = {1: 1.0, 2: 1.0 / 6.0, 3: 0.0}
EDGE_SHARE = {1: 0.0, 2: 4.0 / 6.0, 3: 1.0 / 3.0}
"""Weights of a facet's nodes, those of the surface rule of the forms."""


@dataclass(frozen=True)
class WallValues:
    """Area means over a wall, SI."""

    concentration: float
    hydrostatic_stress: float
    radial_stress: float
    hoop_stress: float

    def as_summary(self) -> dict[str, float]:
        """Keys of the run summary."""
        return {
            "concentration_mol_m3": self.concentration,
            "hydrostatic_stress_Pa": self.hydrostatic_stress,
            "radial_stress_Pa": self.radial_stress,
            "hoop_stress_Pa": self.hoop_stress,
        }


class Walls:
    """Looks at walls through the nodes of the quadratic surface function."""

    def __init__(self, particle: Particle) -> None:
        """Find the walls and prepare the evaluation."""
        self.particle = particle
        self.probe = PointProbe(particle, particle.surface_points)
        self._has_inner = particle.comm.allreduce(len(particle.imported.facets.find(INNER))) > 0
        self._has_interface = particle.comm.allreduce(len(particle.imported.facets.find(INTERFACE))) > 0
        self._centre = self._find_centre()
        self._found: dict[tuple[int, int | None], WallNodes] = {}

    def _find_centre(self) -> tuple[PointProbe, Array] | None:
        """Evaluation at the corners of the cells around the origin, and weights that give the value there.

        The weights are the barycentric coordinates of the origin; if it is a vertex, its cells count alike.
        """
        p = self.particle
        mesh = p.imported.mesh
        dim = mesh.topology.dim
        geometry, dofs = np.asarray(mesh.geometry.x)[:, :dim], np.asarray(mesh.geometry.dofmaps[0])
        corners = geometry[dofs[: p.imported.owned_cells]]
        edges = (corners[:, 1:] - corners[:, :1]).transpose(0, 2, 1)
        inner = np.linalg.solve(edges, -corners[:, 0, :, None])[..., 0]
        shares = np.column_stack([1.0 - inner.sum(axis=1), inner])
        near = np.flatnonzero(shares.min(axis=1, initial=np.inf) > -BESIDE).astype(np.int32)
        if not p.comm.allreduce(len(near)):
            return None
        vertices = basix.geometry(mesh.basix_cell())
        return PointProbe(p, PointSet(p.unknowns, p.media, vertices, near)), shares[near]

    def points(self) -> dict[str, dict[str, float]]:
        """The `points` part of a summary: `surface`, and `inner` or `centre`; collective."""
        state = self.probe.look()
        result = {"surface": self._mean(state, OUTER).as_summary()}
        if self._has_inner:
            result["inner"] = self._mean(state, INNER).as_summary()
        elif self._centre is not None:
            result["centre"] = self._middle(*self._centre).as_summary()
        return result

    def interface(self) -> dict[str, float] | None:
        """Stresses on both sides of the phase interface, or None without one; collective."""
        if not self._has_interface:
            return None
        state = self.probe.look()
        core, shell = (self._mean(state, INTERFACE, phase) for phase in (LAYERED, ROCK_SALT))
        # Both sides carry the same traction, but a stiff side turns an error of strain into more stress.
        phases = self.particle.body.phases
        trust = [1.0 / phases[name].stiffness[0, 0] for name in ("layered", "rock_salt")]
        radial = (trust[0] * core.radial_stress + trust[1] * shell.radial_stress) / sum(trust)
        return {
            "radial_stress_Pa": float(radial),
            "hoop_stress_core_Pa": core.hoop_stress,
            "hoop_stress_shell_Pa": shell.hoop_stress,
        }

    def _nodes(self, tag: int, phase: int | None) -> WallNodes:
        """Weight, row and node of every wall node of the owned cells; looked for once."""
        if (tag, phase) not in self._found:
            self._found[tag, phase] = self._find_nodes(tag, phase)
        return self._found[tag, phase]

    def _find_nodes(self, tag: int, phase: int | None) -> WallNodes:
        p = self.particle
        mesh, points = p.imported.mesh, p.surface_points
        dim = mesh.topology.dim
        mesh.topology.create_connectivity(dim, dim - 1)
        to_cells = mesh.topology.connectivity(dim - 1, dim)
        to_facets = mesh.topology.connectivity(dim, dim - 1)
        closure = basix.ufl.element("DG", mesh.basix_cell(), 2).basix_element
        lattice = basix.create_element(
            basix.ElementFamily.P, closure.cell_type, 2, basix.LagrangeVariant.gll_warped
        ).entity_closure_dofs
        geometry, dofs = np.asarray(mesh.geometry.x)[:, :dim], np.asarray(mesh.geometry.dofmaps[0])
        weights, rows, nodes = [], [], []
        for facet in p.imported.facets.find(tag):
            for cell in to_cells.links(facet):
                if cell >= p.imported.owned_cells or (phase is not None and p.imported.phase[cell] != phase):
                    continue
                local = int(np.flatnonzero(to_facets.links(cell) == facet)[0])
                members = lattice[dim - 1][local]
                area = _facet_area(np.delete(geometry[dofs[cell]], _opposite(dim, local), axis=0))
                row = int(np.searchsorted(points.cells, cell))
                for node in members:
                    share = VERTEX_SHARE[dim] if node <= dim else EDGE_SHARE[dim]
                    weights.append(share * area)
                    rows.append(row)
                    nodes.append(node)
        return np.array(weights), np.array(rows, dtype=np.int64), np.array(nodes, dtype=np.int64)

    def _mean(self, state: PointState, tag: int, phase: int | None = None) -> WallValues:
        p = self.particle
        weights, rows, nodes = self._nodes(tag, phase)
        position = state.position[rows, nodes]
        radius = position[:, 0] if len(rows) else np.zeros(0)
        power = {"spherical": 2, "axisymmetric": 1}.get(p.imported.dimension, 0)
        weights = weights * radius**power
        values = _polar(state.stress[rows, nodes], position, p.imported.dimension)
        capacity = p.media.numbers[p.surface_points.cells, CAPACITY][rows]
        table = np.column_stack([capacity * state.occupancy[rows, nodes], values]) * weights[:, None]
        total = np.sum(p.comm.allgather(np.concatenate([table.sum(axis=0), [weights.sum()]])), axis=0)
        return self._si(total[:-1] / total[-1])

    def _middle(self, probe: PointProbe, shares: Array) -> WallValues:
        """Mean over the cells around the origin of their value there; directions averaged."""
        p = self.particle
        state = probe.look()
        flat = p.imported.dimension in {"generalised_plane_strain", "plane_strain"}
        hydrostatic = state.stress[..., :3].mean(axis=-1)
        radial = state.stress[..., :2].mean(axis=-1) if flat else hydrostatic
        content = p.media.numbers[probe.points.cells, CAPACITY][:, None] * state.occupancy
        table = np.stack([content, hydrostatic, radial, radial], axis=-1)
        here = np.einsum("ck,cki->i", shares, table)
        total = np.sum(p.comm.allgather(np.concatenate([here, [len(shares)]])), axis=0)
        return self._si(total[:-1] / total[-1])

    def _si(self, means: Array) -> WallValues:
        scales = self.particle.body.scales
        concentration, *stresses = means
        return WallValues(
            float(concentration) * scales.concentration, *(float(s) * scales.modulus for s in stresses)
        )


def _opposite(dim: int, facet: int) -> int:
    """Vertex that is not on a facet of a simplex: in 1D facet k is vertex k, else it lies opposite k."""
    return 1 - facet if dim == 1 else facet


def _facet_area(corners: Array) -> float:
    """Length or area of a flat facet; 1 for a point."""
    if len(corners) == 1:
        return 1.0
    if len(corners) == 2:
        return float(np.linalg.norm(corners[1] - corners[0]))
    return 0.5 * float(np.linalg.norm(np.cross(corners[1] - corners[0], corners[2] - corners[0])))


def _polar(stress: Array, position: Array, dimension: str) -> Array:
    """Hydrostatic, radial and hoop stress, shape (n, 3).

    Spherical axes in `spherical`, `axisymmetric` and `3d` (hoop: the mean of both tangentials), cylindrical
    ones in the plane.
    """
    trace = stress[:, :3].sum(axis=1)
    if dimension == "spherical":
        radial = stress[:, 0]
        return np.column_stack([trace / 3.0, radial, 0.5 * (trace - radial)])
    length = np.maximum(np.linalg.norm(position, axis=1), 1e-300)
    if dimension == "axisymmetric":
        e, f = position[:, 0] / length, position[:, 1] / length
        radial = e**2 * stress[:, 0] + f**2 * stress[:, 2] + 2.0 * e * f * stress[:, 4]
        return np.column_stack([trace / 3.0, radial, 0.5 * (trace - radial)])
    e, f = position[:, 0] / length, position[:, 1] / length
    if dimension == "3d":
        g = position[:, 2] / length
        radial = e**2 * stress[:, 0] + f**2 * stress[:, 1] + g**2 * stress[:, 2]
        radial = radial + 2.0 * (f * g * stress[:, 3] + e * g * stress[:, 4] + e * f * stress[:, 5])
        return np.column_stack([trace / 3.0, radial, 0.5 * (trace - radial)])
    radial = e**2 * stress[:, 0] + f**2 * stress[:, 1] + 2.0 * e * f * stress[:, 5]
    return np.column_stack([trace / 3.0, radial, stress[:, 0] + stress[:, 1] - radial])
