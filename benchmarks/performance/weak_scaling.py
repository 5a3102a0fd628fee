"""The same stretch of a charge with as many unknowns a rank on however many ranks this is started on.

    srun -n 64 python -m benchmarks.performance.weak_scaling [--unknowns-a-rank 50000] [--out FILE]

prints one line of JSON and adds it to FILE: what `docs/performance.md` extrapolates, measured. Start it on
1, 2, 4, ... ranks and compare `unknown_increment_us` times the ranks, `krylov_a_solve` and
`memory_per_unknown_bytes`. The first start on a machine compiles its forms: start it twice. The mesh is made
on rank 0 and kept in the cache.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.performance.charging import charge
from benchmarks.performance.families.scaling import STRETCH


def main(words: Sequence[str] | None = None) -> int:
    """Measure once on all ranks; gives the exit code."""
    from solver.fenics import MPI

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", default="dispersed_solid_3d", help="a shipped case in three dimensions")
    parser.add_argument("--unknowns-a-rank", type=float, default=50_000.0)
    parser.add_argument("--stretch", default=STRETCH, help="what is marched, a sentence of a protocol")
    parser.add_argument("--out", type=Path, help="file that the line is added to")
    given = parser.parse_args(words)
    ranks = MPI.COMM_WORLD.size
    asked = {"case": given.case, "unknowns": given.unknowns_a_rank * ranks, "steps": [given.stretch]}
    found = charge(asked, Path())
    if MPI.COMM_WORLD.rank == 0:
        line = json.dumps({"ranks": ranks, **found})
        print(line)
        if given.out is not None:
            with given.out.open("a", encoding="utf-8") as stream:
                stream.write(line + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
