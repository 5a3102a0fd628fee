"""Checkpoints of a run: when they are due, what goes into them, and how a run goes on from one."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from meshes import MeshError, TaggedMesh
from solver.case.resolved import write_resolved
from solver.discretisation.numbering import Numbering
from solver.engine import Engine
from solver.fenics import MPI
from solver.ledger import Ledger
from solver.results.checkpoint import Checkpoint
from solver.results.folder import RunFolder
from solver.standing import ARRAYS, bookmark_facts, bookmark_of, ledger_facts
from solver.stepping.bookmark import Bookmark
from solver.stepping.system import System

Array = npt.NDArray[np.float64]


class Saver:
    """Writes checkpoints of a march; collective, the file on rank 0.

    Attributes:
        seconds: wall time of the checkpoint that took longest [s].
    """

    def __init__(
        self,
        ledger: Ledger,
        engine: Engine,
        system: System,
        numbering: Numbering,
        folder: RunFolder | None,
        comm: MPI.Comm,
    ) -> None:
        """Take what a checkpoint is made of; the folder on rank 0 only."""
        self.seconds = 0.0
        self._ledger, self._engine, self._system = ledger, engine, system
        self._numbering, self._folder, self._comm = numbering, folder, comm
        self._mark: Bookmark | None = None
        self._books: dict[str, Any] = {}
        self._saved = (ledger.increments, time.monotonic())

    def keep(self, mark: Bookmark) -> None:
        """Remember where the march stands, and write it down when that is due.

        Args:
            mark: where it stands.
        """
        self._mark, self._books = mark, self._balanced()
        output, between = self._ledger.case.output, mark.opening is None
        increments, began = self._saved
        every = output.checkpoint_every
        due = between or bool(every and self._ledger.increments - increments >= every)
        late = time.monotonic() - began >= output.checkpoint_time
        if between and mark.step > len(self._ledger.case.protocol.steps):
            return  # nothing is left to be done but the summary
        if due or self._comm.bcast(late, root=0):
            self.save()

    def save(self) -> None:
        """Write where the march stood last, unless that is written already."""
        if self._mark is None:
            return
        begin, mark = time.monotonic(), self._mark
        arrays: dict[str, Array] = {}
        for place, entry in enumerate(mark.entries):
            whole = self._numbering.gather(self._engine.export(entry))
            if whole is not None:
                arrays |= {f"{place} {name}": getattr(whole, name) for name in ARRAYS}
        for rank, memory in enumerate(self._comm.gather(dict(mark.memory), root=0) or ()):
            arrays |= {f"memory {rank} {name}": values for name, values in memory.items()}
        if self._folder is not None:
            facts = {**self._about(self._folder), **self._books, "position": bookmark_facts(mark)}
            self._folder.write_checkpoint(Checkpoint(facts, arrays))
        self._mark, self._saved = None, (self._ledger.increments, time.monotonic())
        self.seconds = max(self.seconds, time.monotonic() - begin)

    def _balanced(self) -> dict[str, Any]:
        """What the books say at this moment: the end of an interrupted step is not to be read again."""
        ledger, engine = self._ledger, self._engine
        linear = replace(engine.counts())
        linear.include(ledger.earlier)
        newton = ledger.newton_iterations + engine.linearisations()
        books = ledger_facts(ledger, newton, linear, time.perf_counter() - ledger.began)
        return {"books": books, "snapshots": 0 if self._folder is None else self._folder.snapshots}

    def _about(self, folder: RunFolder) -> dict[str, Any]:
        """What the run is, the same at every moment."""
        ledger = self._ledger
        return {
            "case_hash": ledger.case_hash,
            "mesh_hash": ledger.tagged.report.hash,
            "given": folder.given(),
            "resolved": write_resolved(ledger.case),
            "ranks": self._comm.size,
            "engine": self._engine.name,
            "lithium_at_start": self._system.lithium_at_start,
        }


def refuse_other_mesh(tagged: TaggedMesh, checkpoint: Checkpoint | None) -> None:
    """A run goes on with the mesh that it began with.

    Raises:
        MeshError: the mesh is another one, or the mesher another version.
    """
    if checkpoint is not None and checkpoint.facts["mesh_hash"] != tagged.report.hash:
        raise MeshError("geometry: the mesh is not the one that the run began with; begin anew with --force")


def restored(
    checkpoint: Checkpoint, engine: Engine, system: System, numbering: Numbering, comm: MPI.Comm
) -> Bookmark:
    """Give a system what a checkpoint says of its start, and the bookmark to march on from; collective.

    Args:
        checkpoint: its arrays on rank 0 alone.
        engine: that is to go on, on however many ranks.
        system: its system.
        numbering: of the problem's particle.
        comm: the ranks.
    """
    facts, arrays = checkpoint.facts, checkpoint.arrays
    whole: Bookmark | None = None
    memory: list[dict[str, Array]] | None = None
    if comm.rank == 0:
        whole = bookmark_of(facts["position"], arrays)
        same = facts["ranks"] == comm.size and facts["engine"] == engine.name
        memory = [_named(arrays, f"memory {rank} ") if same else {} for rank in range(comm.size)]
    mark: Bookmark = comm.bcast(whole, root=0)
    system.lithium_at_start = facts["lithium_at_start"]
    entries = tuple(engine.adopt(numbering.part(entry)) for entry in mark.entries)
    return replace(mark, entries=entries, memory=comm.scatter(memory, root=0))


def _named(values: Mapping[str, Any], head: str) -> dict[str, Array]:
    """The values whose names begin so, by the rest of their names."""
    return {name.removeprefix(head): value for name, value in values.items() if name.startswith(head)}
