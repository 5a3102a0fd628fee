"""One measurement, in this process.

    python -m benchmarks.performance.measuring FAMILY GIVEN ANSWER FOLDER

reads what is asked from the JSON file GIVEN and writes what was found into ANSWER; FOLDER holds what was
prepared. Started under `mpiexec` it measures on all ranks, and rank 0 answers.
"""

import json
import os
import sys
from pathlib import Path

from benchmarks.performance.contents import load


def rank() -> int:
    """Number of this process among those of `mpiexec` or `srun`; 0 where there is one."""
    for name in ("PMI_RANK", "OMPI_COMM_WORLD_RANK", "SLURM_PROCID"):
        if name in os.environ:
            return int(os.environ[name])
    return 0


def main(arguments: list[str]) -> int:
    """Measure once; gives the exit code."""
    family, given, answer, folder = arguments
    values = load(family).measure(json.loads(Path(given).read_text(encoding="utf-8")), Path(folder))
    if rank() == 0:
        Path(answer).write_text(json.dumps(values), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
