"""The one place that knows where DOLFINx comes from.

The `wheel` extra ships DOLFINx, PETSc and MPI as Python wheels, which must be opened by importing
`dolfinx_solver` before anything else; a cluster's own DOLFINx needs no such step. Every module that uses
DOLFINx, petsc4py or mpi4py imports this one first.
"""

import importlib
import importlib.util

if importlib.util.find_spec("dolfinx_solver") is not None:
    importlib.import_module("dolfinx_solver")

from mpi4py import MPI
from petsc4py import PETSc

__all__ = ["MPI", "PETSc"]
