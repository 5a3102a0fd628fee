"""A tagged mesh becomes a distributed DOLFINx mesh with its tags."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from meshes import TaggedMesh
from solver.discretisation.contact import Contact, closed_facets
from solver.fenics import MPI

import basix.ufl  # isort: skip  (the wheel must be opened first)
from dolfinx import mesh as dmesh  # isort: skip

INTERFACE = 20
"""Tag of the facets between two phases, found here; not a tag of the mesh file."""

_CELLS = {1: "interval", 2: "triangle", 3: "tetrahedron"}


@dataclass(frozen=True)
class ImportedMesh:
    """One rank's part of the mesh, coordinates in units of the particle size.

    Attributes:
        mesh: the DOLFINx mesh.
        dimension: name of the dimension.
        phase: phase of each local cell, ghosts included, shape (cells,).
        grain: grain of each local cell, shape (cells,).
        frames: crystal frames, shape (grains, 3, 3), or None.
        facets: tagged boundary facets and phase interfaces (DOLFINx mesh tags).
        length: one mesh unit [m].
        multiplicity: copies of the sector that make the whole particle.
        original_cells: number of each local cell in the tagged mesh, shape (cells,).
        closed: this rank's facets of the outer surface that have no contact.
    """

    mesh: Any
    dimension: str
    phase: npt.NDArray[np.int8]
    grain: npt.NDArray[np.int32]
    frames: npt.NDArray[np.float64] | None
    facets: Any
    length: float
    multiplicity: float
    original_cells: npt.NDArray[np.int64]
    closed: npt.NDArray[np.int32]

    @property
    def owned_cells(self) -> int:
        """Number of cells that this rank owns."""
        return int(self.mesh.topology.index_map(self.mesh.topology.dim).size_local)


def import_mesh(comm: MPI.Comm, tagged: TaggedMesh | None, contact: Contact | None = None) -> ImportedMesh:
    """Distribute a tagged mesh that rank 0 holds (the other ranks may pass None).

    Args:
        comm: ranks that share the mesh.
        tagged: the mesh.
        contact: where the outer surface is in contact; None is everywhere.
    """
    tagged = comm.bcast(tagged, root=0)
    points, cells = np.asarray(tagged.points, dtype=float), np.asarray(tagged.cells, dtype=np.int64)
    dim = points.shape[1]
    element: Any = basix.ufl.element("Lagrange", _CELLS[dim], 1, shape=(dim,))
    here = slice(None) if comm.rank == 0 else slice(0, 0)
    mesh = dmesh.create_mesh(comm, cells[here], element, points[here])
    mesh.topology.create_connectivity(dim - 1, dim)
    original = np.asarray(mesh.topology.original_cell_index, dtype=np.int64)
    local, places, tags = _import_facets(mesh, tagged)
    shut = np.zeros(len(tags), dtype=bool)
    if contact is not None:
        shut[: len(tagged.facet_tags)] = closed_facets(tagged, contact)
    return ImportedMesh(
        mesh=mesh,
        dimension=tagged.dimension,
        phase=np.asarray(tagged.cell_phase, dtype=np.int8)[original],
        grain=np.asarray(tagged.cell_grain, dtype=np.int32)[original],
        frames=tagged.frames,
        facets=dmesh.meshtags(mesh, dim - 1, local, tags[places]),
        length=tagged.length,
        multiplicity=tagged.multiplicity,
        original_cells=original,
        closed=local[shut[places]],
    )


def _import_facets(
    mesh: Any, tagged: TaggedMesh
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """This rank's tagged facets, their places in the list of all, and the tags of that list.

    The list holds the facets of the tagged mesh first, then the phase interfaces; vertex numbers match them.
    """
    dim = mesh.topology.dim
    mesh.topology.create_entities(dim - 1)
    mesh.topology.create_connectivity(dim - 1, 0)
    index_map = mesh.topology.index_map(dim - 1)
    facets = np.arange(index_map.size_local + index_map.num_ghosts, dtype=np.int32)
    nodes = np.asarray(dmesh.entities_to_geometry(mesh, dim - 1, facets)).reshape(len(facets), dim)
    interface = _phase_boundary(np.asarray(tagged.cells), np.asarray(tagged.cell_phase))
    known = np.vstack([np.asarray(tagged.facets, dtype=np.int64).reshape(-1, dim), interface])
    tags = np.concatenate([np.asarray(tagged.facet_tags), np.full(len(interface), INTERFACE)]).astype(
        np.int32
    )
    keys, order = np.unique(_keys(known, len(tagged.points)), return_index=True)
    wanted = _keys(np.asarray(mesh.geometry.input_global_indices)[nodes], len(tagged.points))
    place = np.searchsorted(keys, wanted)
    found = np.isin(wanted, keys)
    return facets[found], order[place[found]], tags


def _keys(facets: npt.NDArray[np.int64], points: int) -> npt.NDArray[np.int64]:
    """One number per facet from its sorted vertices."""
    weights = points ** np.arange(facets.shape[1], dtype=np.int64)
    return np.asarray(np.sort(facets, axis=1) @ weights)


def _phase_boundary(cells: npt.NDArray[np.int64], phase: npt.NDArray[np.int8]) -> npt.NDArray[np.int64]:
    """Facets between cells of different phases, shape (facets, dim)."""
    corners = cells.shape[1]
    sides = np.sort(
        np.concatenate([np.delete(cells, k, axis=1) for k in range(corners)]).reshape(-1, corners - 1), axis=1
    )
    owner = np.tile(phase, corners)
    unique, inverse = np.unique(sides, axis=0, return_inverse=True)
    lowest, highest = np.full(len(unique), 127), np.full(len(unique), -1)
    np.minimum.at(lowest, inverse.ravel(), owner)
    np.maximum.at(highest, inverse.ravel(), owner)
    return np.asarray(unique[lowest < highest], dtype=np.int64)
