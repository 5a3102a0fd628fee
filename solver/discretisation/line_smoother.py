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

from solver.discretisation.node_groups import blocks_of, find_groups, gathering
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

    def __init__(self, groups: list[Group], gathered: Any = None, scatter: Any = None) -> None:
        """Take the inverted blocks.

        Args:
            groups: their degrees of freedom count within those that this rank gathers.
            gathered: a vector of these; None where they are the rank's own.
            scatter: brings them there from a vector of all ranks.
        """
        self._groups, self._gathered, self._scatter = groups, gathered, scatter

    def apply(self, _pc: Any, right: Any, result: Any) -> None:
        """Apply it (called by PETSc)."""
        if self._scatter is not None:
            self._scatter.scatter(right, self._gathered)
        values = (right if self._scatter is None else self._gathered).getArray(readonly=True)
        moved = np.empty_like(values)
        for group in self._groups:
            moved[group.dofs] = np.matmul(group.inverse, values[group.dofs][:, :, None])[:, :, 0]
        if self._scatter is None:
            result.setArray(moved)
            return
        self._gathered.setArray(moved)
        self._scatter.scatter(self._gathered, result, mode=PETSc.ScatterMode.REVERSE)


def line_smoother(matrix: PETSc.Mat, comm: Any) -> LineSmoother | None:
    """The smoother of a matrix in blocks of a node, or None on every rank where no rank has flat cells.

    Args:
        matrix: stiffness with a block size.
        comm: its communicator.
    """
    size, columns = matrix.getBlockSize(), matrix.getSize()[1]
    plain: Any = matrix.convert("aij", PETSc.Mat())
    blocks = blocks_of(plain.getValuesCSR(), size, columns)
    ranges = np.asarray(matrix.getOwnershipRanges(), dtype=np.int64) // size
    groups = find_groups(blocks, ranges, comm, STRONG, LARGEST)
    if groups.share < ENOUGH:
        plain.destroy()
        return None
    gathered = scatter = None
    if comm.size > 1:
        # A group that a border of ranks cuts is inverted whole by one of them.
        dofs = (groups.nodes[:, None] * size + np.arange(size)).ravel()
        (part,) = plain.createSubMatrices([PETSc.IS().createGeneral(list(dofs), comm=PETSc.COMM_SELF)])
        blocks = blocks_of(part.getValuesCSR(), size, len(dofs))
        gathered = PETSc.Vec().createSeq(len(dofs))
        scatter = gathering(matrix.createVecRight(), dofs, gathered)
        part.destroy()
    plain.destroy()
    return LineSmoother(_invert(blocks, groups.labels, np.bincount(groups.labels)), gathered, scatter)


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
