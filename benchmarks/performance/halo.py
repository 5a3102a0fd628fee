"""What a partition of a mesh into many parts would send, from its graph alone: no ranks are needed."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

EDGES = ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))


@dataclass(frozen=True)
class Halo:
    """A partition.

    Attributes:
        parts: number of parts.
        shared: largest number of a part's quadratic nodes that it needs and others own.
        owned: mean number of nodes a part owns.
        neighbours: largest number of parts that a part shares nodes with.
        balance: cells of the largest part over the mean.
    """

    parts: int
    shared: int
    owned: float
    neighbours: int
    balance: float


def quadratic_nodes(cells: Ints) -> Ints:
    """Numbers of vertices and then of edges of tetrahedra, shape (cells, 10)."""
    pairs = np.sort(np.concatenate([cells[:, edge] for edge in EDGES]), axis=1)
    _, place = np.unique(pairs, axis=0, return_inverse=True)
    return np.column_stack([cells, cells.max() + 1 + place.reshape(len(EDGES), -1).T])


def partitioned(cells: Ints, parts: int) -> Ints:
    """Part of each tetrahedron by the partitioner that DOLFINx itself uses."""
    import solver.fenics  # noqa: F401  (opens DOLFINx where it is a wheel)

    from dolfinx import graph  # isort: skip
    from mpi4py import MPI  # isort: skip

    neighbours = dual_graph(cells)
    found: Any = graph.partitioner()(MPI.COMM_SELF, parts, neighbours, False)
    return np.asarray(found.array, dtype=np.int64)


def dual_graph(cells: Ints) -> Any:
    """Cells that share a face, as DOLFINx's adjacency list."""
    from dolfinx import graph

    number = len(cells)
    faces = np.sort(np.concatenate([np.delete(cells, k, axis=1) for k in range(4)]), axis=1)
    owner = np.tile(np.arange(number), 4)
    order = np.lexsort(faces.T)
    faces, owner = faces[order], owner[order]
    same = np.flatnonzero(np.all(faces[1:] == faces[:-1], axis=1))
    first, second = owner[same], owner[same + 1]
    here, there = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.argsort(here, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(here, minlength=number))])
    adjacency: Any = graph.adjacencylist
    return adjacency(there[order].astype(np.int64), offsets.astype(np.int32))._cpp_object


def halo(cells: Ints, part: Ints) -> Halo:
    """Measure a partition; a node belongs to the lowest of the parts that touch it.

    Args:
        cells: vertices of tetrahedra.
        part: of each of them.
    """
    nodes = quadratic_nodes(cells)
    pairs = np.unique(np.column_stack([nodes.ravel(), np.repeat(part, nodes.shape[1])]), axis=0)
    owner = np.full(nodes.max() + 1, np.iinfo(np.int64).max)
    np.minimum.at(owner, pairs[:, 0], pairs[:, 1])
    parts = int(part.max()) + 1
    ghost = owner[pairs[:, 0]] != pairs[:, 1]
    needed = np.bincount(pairs[ghost, 1], minlength=parts)
    links = np.unique(np.column_stack([pairs[ghost, 1], owner[pairs[ghost, 0]]]), axis=0)
    both = np.unique(np.concatenate([links, links[:, ::-1]]), axis=0)
    around = np.bincount(both[:, 0], minlength=parts)
    cells_of = np.bincount(part, minlength=parts)
    return Halo(
        parts=parts,
        shared=int(needed.max()),
        owned=float(len(np.unique(nodes)) / parts),
        neighbours=int(around.max()),
        balance=float(cells_of.max() / cells_of.mean()),
    )
