"""A plain mesh in DOLFINx, as a user of DOLFINx would take it; nothing of lithostat is used.

Whoever imports this has opened DOLFINx before: in one environment it comes as a wheel, in another it does not.
"""

from dataclasses import dataclass
from typing import Any

import basix.ufl
import dolfinx.mesh
import numpy as np
import numpy.typing as npt
import ufl
from dolfinx import fem, graph
from mpi4py import MPI

from benchmarks.performance.plain_mesh import PlainMesh


@dataclass(frozen=True)
class Imported:
    """What DOLFINx makes of it, lengths in outer radii.

    Attributes:
        mesh: the mesh.
        phases: tags of its cells.
        facets: tags of its boundary.
    """

    mesh: Any
    phases: Any
    facets: Any


def imported(plain: PlainMesh) -> Imported:
    """The mesh with its tags, on one rank."""
    element = basix.ufl.element("Lagrange", "tetrahedron", 1, shape=(3,))
    mesh = dolfinx.mesh.create_mesh(MPI.COMM_SELF, plain.cells, ufl.Mesh(element), plain.points)
    place = mesh.topology.original_cell_index
    cells = np.arange(len(place), dtype=np.int32)
    phases = dolfinx.mesh.meshtags(mesh, 3, cells, plain.phase[place].astype(np.int32))
    # Tags follow vertices: the mesh numbers them its own way.
    own = np.empty(len(plain.points), dtype=np.int64)
    own[mesh.geometry.input_global_indices] = np.arange(len(plain.points))
    facets = graph.adjacencylist(own[plain.facets].astype(np.int32))
    mesh.topology.create_connectivity(2, 0)
    mesh.topology.create_connectivity(2, 3)
    tags = dolfinx.mesh.meshtags_from_entities(
        mesh, 2, _vertices(mesh, facets), plain.facet_tags.astype(np.int32)
    )
    return Imported(mesh, phases, tags)


def _vertices(mesh: Any, nodes: Any) -> Any:
    """Facets by vertices of the topology instead of nodes of the geometry."""
    mesh.topology.create_connectivity(3, 0)
    links = mesh.topology.connectivity(3, 0)
    vertex = np.empty(mesh.geometry.x.shape[0], dtype=np.int32)
    vertex[mesh.geometry.dofmap.ravel()] = np.asarray(links.array)
    return graph.adjacencylist(vertex[nodes.array].reshape(-1, 3))


def held_across(imported_mesh: Imported, space: Any, planes: tuple[int, ...]) -> list[Any]:
    """Conditions of no displacement across planes of symmetry, x, y and z in that order."""
    found = []
    for axis, tag in enumerate(planes):
        dofs = fem.locate_dofs_topological(space.sub(axis), 2, imported_mesh.facets.find(tag))
        found.append(fem.dirichletbc(0.0, dofs, space.sub(axis)))
    return found


def nodes_of(space: Any) -> npt.NDArray[np.float64]:
    """Coordinates of the nodes of a space, shape (nodes, 3)."""
    return np.asarray(space.tabulate_dof_coordinates())
