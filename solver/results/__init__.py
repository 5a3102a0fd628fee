"""The run folder: everything a run leaves behind, and how it is read again.

Writers take plain numbers and NumPy arrays and are called on rank 0 only; nothing here knows about finite
elements. Reports and comparisons see a run through `read_run` alone.
"""

from solver.results.checkpoint import Checkpoint
from solver.results.fields import Snapshot
from solver.results.folder import FolderError, RunFolder
from solver.results.provenance import collect_provenance
from solver.results.reader import Run, RunReadError, SnapshotRecord, read_run

__all__ = [
    "Checkpoint",
    "FolderError",
    "Run",
    "RunFolder",
    "RunReadError",
    "Snapshot",
    "SnapshotRecord",
    "collect_provenance",
    "read_run",
]
