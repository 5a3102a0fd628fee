"""States in the numbers of the tagged mesh, which do not depend on how many ranks share it."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from solver.discretisation.particle import Particle
from solver.discretisation.state import State
from solver.fenics import MPI

import basix  # isort: skip  (the wheel must be opened first)

Array = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


class Numbering:
    """Gathers states from all ranks, and takes out of whole ones what is this rank's; collective.

    A node of a field is known by the vertices that it stands on or between. Whole states hold nodes in the
    order of these, and occupancies in the order of the mesh's cells.
    """

    def __init__(self, particle: Particle) -> None:
        """Number the nodes of both fields and the cells."""
        self._comm = particle.comm
        imported, n = particle.imported, particle.unknowns
        self._fields = [_Rows(self._comm, *_nodes(field, imported.mesh)) for field in (n.u, n.mu)]
        cells = imported.original_cells[: imported.owned_cells]
        self._cells = _Rows(self._comm, cells, len(cells))

    def gather(self, state: State) -> State | None:
        """The whole state on rank 0, None elsewhere."""
        u, mu = self._fields
        displacement, potential = u.gather(state.displacement), mu.gather(state.potential)
        occupancy = self._cells.gather(state.occupancy)
        if displacement is None or potential is None or occupancy is None:
            return None
        # By name, since a state may carry more than its fields.
        return replace(state, displacement=displacement, potential=potential, occupancy=occupancy)

    def part[T: State](self, whole: T) -> T:
        """This rank's part of a whole state."""
        u, mu = self._fields
        return replace(
            whole,
            displacement=u.own(whole.displacement),
            potential=mu.own(whole.potential),
            occupancy=self._cells.own(whole.occupancy),
        )


class _Rows:
    """Rows of values that ranks hold, each known by a number that is the same whoever holds it."""

    def __init__(self, comm: Any, numbers: Numbers, owned: int) -> None:
        """Take the number of each row of this rank, those that it owns first."""
        self._comm, self._owned, self._count = comm, owned, len(numbers)
        gathered = comm.gather(numbers[:owned], root=0)
        order = whole = None
        if gathered is not None:
            known = np.concatenate(gathered)
            order = np.argsort(known, kind="stable")
            whole = known[order]
        self._order = order
        whole = comm.bcast(whole, root=0)
        self._total, self._places = len(whole), np.searchsorted(whole, numbers)

    def gather(self, values: Array) -> Array | None:
        """Rows of all ranks by their numbers, flat, on rank 0; None elsewhere."""
        rows = values.reshape(self._count, values.size // max(self._count, 1))[: self._owned]
        gathered = self._comm.gather(rows, root=0)
        if gathered is None:
            return None
        return np.asarray(np.concatenate([part for part in gathered if len(part)])[self._order].ravel())

    def own(self, whole: Array) -> Array:
        """This rank's rows, flat."""
        return np.asarray(whole.reshape(self._total, -1)[self._places].ravel())


def _nodes(field: Any, mesh: Any) -> tuple[Numbers, int]:
    """Number of each of this rank's nodes of a Lagrange field up to degree 2, and how many it owns."""
    dofmap = field.function_space.dofmap
    corners = np.asarray(mesh.geometry.input_global_indices, dtype=np.int64)[mesh.geometry.dofmaps[0]]
    edges = np.array(basix.topology(mesh.basix_cell())[1])
    ends = np.vstack([np.repeat(np.arange(corners.shape[1])[:, None], 2, axis=1), edges])
    nodes = np.asarray(dofmap.list)
    pairs = np.sort(corners[:, ends[: nodes.shape[1]]], axis=2)
    count = dofmap.index_map.size_local + dofmap.index_map.num_ghosts
    largest = mesh.comm.allreduce(int(corners.max(initial=0)), op=MPI.MAX)
    numbers = np.zeros(count, dtype=np.int64)
    numbers[nodes] = pairs[..., 0] * (largest + 1) + pairs[..., 1]
    return numbers, int(dofmap.index_map.size_local)
