"""The headline number of every page that has one, computed by all ranks of this process together.

    mpiexec -n N python -m benchmarks.verification.headlines FILE [PAGE ...]

Rank 0 writes them as JSON, page by page.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.verification.contents import load, names
from benchmarks.verification.page import Workbench
from solver.fenics import MPI


def headlines(wanted: list[str]) -> dict[str, float]:
    """The headline of each page that has one; collective."""
    comm, found = MPI.COMM_WORLD, {}
    with TemporaryDirectory(prefix="headlines-") as own:
        folder = Path(comm.bcast(own))
        for name in wanted:
            headline = load(name).headline
            if headline is not None:
                found[name] = float(headline.compute(Workbench(folder, short=True)))
        comm.barrier()
    return found


def main(arguments: list[str]) -> int:
    """Compute headlines into a file."""
    path, *wanted = arguments
    found = headlines(wanted or names())
    if MPI.COMM_WORLD.rank == 0:
        Path(path).write_text(json.dumps(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
