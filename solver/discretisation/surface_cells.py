"""The cells at the surface of a particle, and what they can resolve in time."""

import numpy as np
import numpy.typing as npt

from meshes import INNER, OUTER
from solver.discretisation.media import NAMES
from solver.discretisation.particle import Particle
from solver.discretisation.resolution import UNLIMITED, resolved_increments
from solver.fenics import MPI

Array = npt.NDArray[np.float64]


def first_increment(particle: Particle) -> float:
    """First increment of a step [s]: the shortest that the cells at the surface can follow; collective."""
    imported = particle.imported
    mesh = imported.mesh
    dim = mesh.topology.dim
    links = mesh.topology.connectivity(dim - 1, dim)
    wall = imported.facets.indices[np.isin(imported.facets.values, (OUTER, INNER))]
    cells = np.array([links.links(facet)[0] for facet in wall], dtype=np.int64)
    cells = cells[cells < imported.owned_cells]
    unit = resolved_increments(particle.media.regions, particle.body.scales)
    allowed = np.array([unit.get(NAMES[int(phase)], np.inf) for phase in imported.phase[cells]])
    corners = np.asarray(mesh.geometry.x)[np.asarray(mesh.geometry.dofmaps[0])[cells], :dim]
    shortest = float(np.min(_heights(corners) ** 2 * allowed, initial=np.inf))
    shortest = particle.comm.allreduce(shortest, op=MPI.MIN)
    return float(shortest) if np.isfinite(shortest) else UNLIMITED


def _heights(corners: Array) -> Array:
    """Smallest height of each simplex: dim times its volume over its largest facet.

    Args:
        corners: shape (cells, dim + 1, dim).
    """
    dim = corners.shape[2]
    volume: Array = np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1]))
    if dim == 1:
        return volume
    facets = [np.delete(corners, skip, axis=1) for skip in range(dim + 1)]
    edges = [facet[:, 1:] - facet[:, :1] for facet in facets]
    crossed = [edge[:, 0] if dim == 2 else np.cross(edge[:, 0], edge[:, 1]) for edge in edges]
    return np.asarray(volume / np.max([np.linalg.norm(facet, axis=1) for facet in crossed], axis=0))
