"""What the mesh can resolve in time: the first increment of a step."""

import numpy as np

from meshes import INNER, OUTER
from solver.discretisation.media import NAMES
from solver.discretisation.particle import Particle
from solver.fenics import MPI
from solver.materials.mobility import chemical_diffusivity

SHARE = 1.0 / 6.0
"""Below h^2/(6 D) a linear potential oscillates next to a surface that suddenly carries current."""

TYPICAL_OCCUPANCY = 0.5


def first_increment(particle: Particle) -> float:
    """First increment of a step [s]: the shortest that the cells at the surface can follow."""
    imported, scales = particle.imported, particle.body.scales
    mesh = imported.mesh
    dim = mesh.topology.dim
    links = mesh.topology.connectivity(dim - 1, dim)
    wall = imported.facets.indices[np.isin(imported.facets.values, (OUTER, INNER))]
    shortest = np.inf
    diffusivity = {
        region.name: float(
            chemical_diffusivity(
                region.phase.diffusivity_kind,
                region.phase.diffusivity,
                region.phase.host,
                np.array(TYPICAL_OCCUPANCY),
            )
        )
        for region in particle.media.regions
        if region.phase.host.holds_lithium
    }
    for facet in wall:
        cell = links.links(facet)[0]
        d = diffusivity.get(NAMES[int(imported.phase[cell])], 0.0)
        if cell >= imported.owned_cells or d <= 0.0:
            continue
        corners = np.asarray(mesh.geometry.x)[np.asarray(mesh.geometry.dofmaps[0])[cell], :dim]
        shortest = min(shortest, SHARE * _height(corners) ** 2 * scales.length**2 / d)
    shortest = particle.comm.allreduce(shortest, op=MPI.MIN)
    return float(shortest) if np.isfinite(shortest) else 1.0


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
