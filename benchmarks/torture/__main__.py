"""Treat the program badly for a long time and count what it survives.

    python -m benchmarks.torture [NAME ...]

Each part prints its counts; the exit code is 1 where any of them is not what it should be.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final


def _kills() -> bool:
    from benchmarks.torture.kills import kills

    return kills()


def _mutations() -> bool:
    from benchmarks.torture.mutations import mutations

    return mutations()


def _overhead() -> bool:
    from benchmarks.torture.overhead import overhead

    return overhead()


def _slurm() -> bool:
    from benchmarks.torture.slurm import slurm

    return slurm()


def _sweep() -> bool:
    from benchmarks.torture.sweep import sweep

    return sweep()


PARTS: Final[Mapping[str, Callable[[], bool]]] = {
    "kills": _kills,
    "mutations": _mutations,
    "sweep": _sweep,
    "overhead": _overhead,
    "slurm": _slurm,
}


def main(words: Sequence[str] | None = None) -> int:
    """Run the parts that are named, or all; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.torture", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(PARTS))
    given = parser.parse_args(words)
    unknown = sorted(set(given.names) - set(PARTS))
    if unknown:
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    failed = []
    for name in given.names or PARTS:
        print(f"== {name}", flush=True)
        if not PARTS[name]():
            failed.append(name)
    print(f"does not hold: {', '.join(failed)}" if failed else "everything holds")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
