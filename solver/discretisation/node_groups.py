"""Groups of nodes that a matrix ties together strongly, wherever the borders of ranks run.

Each rank knows the ties of its own nodes. A group's label is the lowest number of its nodes; it spreads from
node to node, and between ranks until no label changes. The rank that owns the labelling node has the group.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from solver.fenics import MPI, PETSc

if TYPE_CHECKING:
    from scipy.sparse import bsr_array

Array = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class NodeGroups:
    """The groups that this rank has.

    Attributes:
        nodes: global numbers of their nodes, ascending, also of those that other ranks own, shape (nodes,).
        labels: number of the group of each node, from 0, shape (nodes,).
        share: of the nodes of all ranks, those in groups of several [1].
    """

    nodes: Integers
    labels: Integers
    share: float


def blocks_of(rows: tuple[Array, Array, Array], size: int, columns: int) -> "bsr_array":
    """A matrix in blocks of a node.

    Args:
        rows: its rows as PETSc gives them: ends, columns, values.
        size: of a block.
        columns: degrees of freedom of all ranks.
    """
    from scipy.sparse import bsr_array, csr_array  # here alone: a sphere should not wait for SciPy

    ends, places, values = rows
    return bsr_array(
        csr_array((values, places, ends), shape=(len(ends) - 1, columns)), blocksize=(size, size)
    )


def find_groups(
    blocks: "bsr_array", ranges: Integers, comm: Any, strong: Sequence[float], largest: int
) -> NodeGroups:
    """Groups over the ties of all ranks; collective.

    Args:
        blocks: this rank's rows, columns of all ranks.
        ranges: first node of each rank, and the number of all.
        comm: the ranks.
        strong: sizes of a coupling over the geometric mean of both nodes' own blocks from which it ties; the
            next one where groups get too large.
        largest: most nodes of a group; where no size keeps to it, each node is a group of its own.
    """
    first, last = int(ranges[comm.rank]), int(ranges[comm.rank + 1])
    own = np.arange(first, last)
    rows, columns = np.repeat(own, np.diff(blocks.indptr)), blocks.indices.astype(np.int64)
    sizes = np.sqrt(np.sum(blocks.data**2, axis=(1, 2)))
    others = np.setdiff1d(columns, own)
    exchange = _Exchange(comm, last - first, others)
    diagonal = rows == columns
    norms = np.zeros(last - first)
    norms[rows[diagonal] - first] = sizes[diagonal]
    norms = np.concatenate([norms, exchange.of_others(norms)])
    inside = (columns >= first) & (columns < last)
    there = np.where(inside, columns - first, last - first + np.searchsorted(others, columns))
    strength = sizes / np.sqrt(norms[rows - first] * norms[there])
    for least in strong:
        tied = (strength > least) & ~diagonal
        labels = _spread(rows[tied] - first, there[tied], np.concatenate([own, others]), exchange, comm)
        counts = exchange.count(labels)
        if comm.allreduce(int(counts.max(initial=0)), op=MPI.MAX) <= largest:
            break
    else:
        labels, counts = own, np.ones(len(own))
    in_several, nodes = comm.allreduce(np.array([counts[counts > 1].sum(), len(own)]))
    owners = np.searchsorted(ranges, labels, side="right") - 1
    parts = [np.stack([own[owners == rank], labels[owners == rank]]) for rank in range(comm.size)]
    members, found = np.concatenate(comm.alltoall(parts), axis=1)
    order = np.argsort(members)
    return NodeGroups(
        members[order], np.unique(found[order], return_inverse=True)[1], in_several / max(nodes, 1)
    )


def _spread(
    rows: Integers, columns: Integers, numbers: Integers, exchange: "_Exchange", comm: Any
) -> Integers:
    """Label of each own node.

    Args:
        rows: own nodes with a tie, counted from this rank's first.
        columns: what they are tied to; beyond the own nodes come those of other ranks.
        numbers: global numbers of both.
        exchange: gives values of the nodes of other ranks.
        comm: the ranks.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    graph = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(numbers), len(numbers)))
    parts, part = connected_components(graph, directed=False)
    own, labels = exchange.own, numbers.copy()
    while True:
        lowest = np.full(parts, np.iinfo(np.int64).max)
        np.minimum.at(lowest, part, labels)
        spread = lowest[part]
        known = exchange.of_others(spread[:own].astype(float)).astype(np.int64)
        spread[own:] = np.minimum(spread[own:], known)
        if not comm.allreduce(int(np.any(spread != labels))):
            return spread[:own]
        labels = spread


def gathering(everywhere: Any, numbers: Integers, here: Any) -> Any:
    """What brings the entries of given numbers from a vector of all ranks into one of this rank."""
    wanted = PETSc.IS().createGeneral(list(numbers), comm=PETSc.COMM_SELF)
    scatter: Any = PETSc.Scatter()
    return scatter.create(everywhere, wanted, here, None)


class _Exchange:
    """Numbers at nodes, between the ranks that own them and those that look at them."""

    def __init__(self, comm: Any, own: int, others: Integers) -> None:
        """Prepare it for so many own nodes and the global numbers of others."""
        self.own = own
        self._all: Any = PETSc.Vec().createMPI((own, comm.allreduce(own)), comm=comm)
        self._others: Any = PETSc.Vec().createSeq(len(others))
        self._scatter = gathering(self._all, others, self._others)

    def of_others(self, values: Array) -> Array:
        """Values at the other nodes from everybody's own, shape (others,)."""
        self._all.setArray(values)
        self._scatter.scatter(self._all, self._others)
        return np.array(self._others.getArray(readonly=True))

    def count(self, labels: Integers) -> Array:
        """How many nodes of all ranks have the number of each own node as their label, shape (own,)."""
        self._all.set(0.0)
        self._all.setValues(labels.astype(PETSc.IntType), np.ones(len(labels)), addv=PETSc.InsertMode.ADD)
        self._all.assemble()
        return np.array(self._all.getArray(readonly=True))
