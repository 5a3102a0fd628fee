"""The cells at the surface of a particle, and what they can resolve in time."""

import numpy as np

from meshes import INNER, OUTER
from solver.discretisation.media import NAMES
from solver.discretisation.particle import Particle
from solver.discretisation.resolution import UNLIMITED, resolved_increments
from solver.fenics import MPI


def first_increment(particle: Particle) -> float:
    """First increment of a step [s]: the shortest that the cells at the surface can follow; collective."""
    imported = particle.imported
    mesh = imported.mesh
    dim = mesh.topology.dim
    links = mesh.topology.connectivity(dim - 1, dim)
    wall = imported.facets.indices[np.isin(imported.facets.values, (OUTER, INNER))]
    shortest, unit = np.inf, resolved_increments(particle.media.regions, particle.body.scales)
    for facet in wall:
        cell = links.links(facet)[0]
        allowed = unit.get(NAMES[int(imported.phase[cell])], np.inf)
        if cell >= imported.owned_cells or not np.isfinite(allowed):
            continue
        corners = np.asarray(mesh.geometry.x)[np.asarray(mesh.geometry.dofmaps[0])[cell], :dim]
        shortest = min(shortest, _height(corners) ** 2 * allowed)
    shortest = particle.comm.allreduce(shortest, op=MPI.MIN)
    return float(shortest) if np.isfinite(shortest) else UNLIMITED


def _height(corners: np.ndarray) -> float:
    """Smallest height of a simplex: dim times its volume over its largest facet."""
    dim = corners.shape[1]
    edges = corners[1:] - corners[0]
    volume = abs(float(np.linalg.det(edges)))
    if dim == 1:
        return volume
    if dim == 2:
        longest = max(float(np.linalg.norm(corners[i] - corners[j])) for i in range(3) for j in range(i))
        return volume / longest
    areas = []
    for skip in range(4):
        a, b, c = np.delete(corners, skip, axis=0)
        areas.append(float(np.linalg.norm(np.cross(b - a, c - a))))
    return volume / max(areas)
