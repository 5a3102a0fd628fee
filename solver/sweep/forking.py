"""One process of this machine loads what workers need while the command still checks cases; they are forked.

Each worker that starts from nothing takes a second of a core for that, and a sweep waits for the last one.
What is loaded must not start threads or MPI, neither of which survives a fork: DOLFINx stays for each worker.
"""

import multiprocessing
from multiprocessing import forkserver
from typing import Final

from solver.threads import pin_threads

METHOD: Final = "forkserver"
LOADED: Final = (
    "distributed",
    "solver.sweep.one_case",
    "solver.case",
    "meshes",
    "solver.radial.compiling",
    "scipy.sparse",
    "h5py",
    "ufl",
)
"""Modules; nobody misses one that cannot be loaded."""


def begin_loading() -> None:
    """Start the process that local workers are forked from; it ends with this one."""
    pin_threads()  # libraries look at this when they are loaded
    multiprocessing.get_context(METHOD).set_forkserver_preload(list(LOADED))
    forkserver.ensure_running()
