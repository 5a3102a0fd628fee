"""A smoother for flat cells: nodes that hang together strongly are solved for together.

In cells much thinner than wide a node is tied to those above and below it far more than to its neighbours.
Point smoothers then leave errors that no coarser level sees. The ties are read off the matrix: connected
groups of strong ones, columns of nodes through thin layers, are inverted as dense blocks.

Source: line relaxation for anisotropic problems, Trottenberg, Oosterlee, Schueller, Multigrid (2001), section
5.1; here the lines are found from the matrix, whatever the mesh.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from solver.fenics import PETSc

if TYPE_CHECKING:
    from scipy.sparse import bsr_array

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

STRONG = (0.35, 0.45, 0.55)
"""Size of a coupling over the geometric mean of both nodes' own blocks, from which it counts as strong; the
next where groups get too large. In well-shaped tetrahedra 99 % of all couplings are below the first."""

LARGEST = 64
"""Most nodes of a group; dense blocks of more would cost more than they save."""

ENOUGH = 0.05
"""Share of nodes in groups of several below which a mesh counts as one without flat cells."""


@dataclass(frozen=True)
class Group:
    """All groups of one size.

    Attributes:
        dofs: degrees of freedom, shape (groups, entries).
        inverse: inverted blocks, shape (groups, entries, entries).
    """

    dofs: Integers
    inverse: Array


class LineSmoother:
    """Block Jacobi on groups of nodes, as a PETSc preconditioner of kind `python`."""

    def __init__(self, groups: list[Group]) -> None:
        """Take the inverted blocks."""
        self._groups = groups

    def apply(self, _pc: Any, right: Any, result: Any) -> None:
        """Apply it (called by PETSc)."""
        values = right.getArray(readonly=True)
        moved = np.empty_like(values)
        for group in self._groups:
            moved[group.dofs] = np.matmul(group.inverse, values[group.dofs][:, :, None])[:, :, 0]
        result.setArray(moved)


def line_smoother(matrix: PETSc.Mat, comm: Any) -> LineSmoother | None:
    """The smoother of a matrix in blocks of a node, or None on every rank where no rank has flat cells.

    Groups end at the borders of ranks.

    Args:
        matrix: stiffness with a block size.
        comm: its communicator.
    """
    blocks = _owned_blocks(matrix)
    labels = _groups_of(blocks)
    sizes = np.bincount(labels)
    in_lines = int(np.sum(sizes[labels] > 1))
    tied, nodes = comm.allreduce(np.array([in_lines, len(labels)]))
    return None if tied < ENOUGH * nodes else LineSmoother(_invert(blocks, labels, sizes))


def _owned_blocks(matrix: Any) -> "bsr_array":
    """The part of a matrix that couples this rank's nodes with each other."""
    from scipy.sparse import bsr_array, csr_array  # here alone: a sphere should not wait for SciPy

    own = matrix.getDiagonalBlock() if matrix.getComm().getSize() > 1 else matrix
    plain = own.convert("seqaij", PETSc.Mat())
    rows, columns, values = plain.getValuesCSR()
    plain.destroy()
    size = matrix.getBlockSize()
    return bsr_array(csr_array((values, columns, rows)), blocksize=(size, size))


def _groups_of(blocks: "bsr_array") -> Integers:
    """Number of its group for each node, shape (nodes,)."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    count = blocks.shape[0] // blocks.blocksize[0]
    rows = np.repeat(np.arange(count), np.diff(blocks.indptr))
    sizes = np.sqrt(np.sum(blocks.data**2, axis=(1, 2)))
    own = np.zeros(count)
    diagonal = rows == blocks.indices
    own[rows[diagonal]] = sizes[diagonal]
    strength = sizes / np.sqrt(own[rows] * own[blocks.indices])
    labels = np.arange(count)
    for least in STRONG:
        tied = (strength > least) & ~diagonal
        pairs = (rows[tied], blocks.indices[tied])
        graph = csr_array((np.ones(len(pairs[0])), pairs), shape=(count, count))
        labels = np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
        if count == 0 or np.bincount(labels).max() <= LARGEST:
            return labels
    return np.arange(count)


def _invert(blocks: "bsr_array", labels: Integers, sizes: Integers) -> list[Group]:
    """Dense inverses, all groups of one size at once."""
    dim = blocks.blocksize[0]
    order = np.argsort(labels, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)])
    place = np.empty(len(labels), dtype=np.int64)  # of a node within its group
    place[order] = np.arange(len(labels)) - starts[labels[order]]
    rows = np.repeat(np.arange(len(labels)), np.diff(blocks.indptr))
    within = labels[rows] == labels[blocks.indices]
    found = []
    for size in np.unique(sizes[sizes > 0]):
        chosen = np.flatnonzero(sizes == size)
        nodes = order[starts[chosen][:, None] + np.arange(size)]
        number = np.full(len(sizes), -1)
        number[chosen] = np.arange(len(chosen))
        mine = within & (sizes[labels[rows]] == size)
        at = (number[labels[rows[mine]]], place[rows[mine]], place[blocks.indices[mine]])
        dense = np.zeros((len(chosen), size, size, dim, dim))
        dense[at] = blocks.data[mine]
        entries = size * dim
        dense = dense.transpose(0, 1, 3, 2, 4).reshape(len(chosen), entries, entries)
        dofs = (nodes[:, :, None] * dim + np.arange(dim)).reshape(len(chosen), entries)
        found.append(Group(dofs, np.linalg.inv(dense)))
    return found
