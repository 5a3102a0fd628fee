"""The one place that knows where DOLFINx comes from.

The `wheel` extra ships DOLFINx, PETSc and MPI as Python wheels, which must be opened by importing
`dolfinx_solver` before anything else; a cluster's own DOLFINx needs no such step. Every module that uses
DOLFINx, petsc4py or mpi4py imports this one first.
"""

import importlib
import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager

if importlib.util.find_spec("dolfinx_solver") is not None:
    importlib.import_module("dolfinx_solver")

from mpi4py import MPI
from petsc4py import PETSc


@contextmanager
def _without_numba() -> Iterator[None]:
    """Let imports inside the block find no numba.

    Where DOLFINx finds it, it makes every symbol of PETSc's libraries global, the wheel's HDF5 among them,
    which h5py then calls instead of its own.
    """
    known = sys.modules.get("numba")
    sys.modules["numba"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["numba"]
        if known is not None:
            sys.modules["numba"] = known


with _without_numba():
    importlib.import_module("dolfinx.fem.petsc")

__all__ = ["MPI", "PETSc"]
