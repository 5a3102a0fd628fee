"""How large and how long a run will be, from the number of cells alone."""

import math
from typing import Final

LIBRARIES: Final = 0.16 * 2**30
"""Memory of the libraries before there is any mesh [bytes]."""

NEWTON: Final = 4.0
"""Newton iterations of an increment, as measured over whole protocols."""

SECONDS: Final = 2.5e-5
"""Assembly and solution of one Newton iteration in three dimensions, per unknown on one core [s]."""


def estimate_unknowns(dimension: str, cells: int) -> int:
    """Estimate the unknowns of a mesh of simplices: P2 displacement and P1 potential.

    In space a sector of some thousand cells has a good part of its vertices on its boundary; the second term
    stands for them. Both constants are fitted to octants and balls of 800 to 13 000 cells, to 10 %.

    Args:
        dimension: as in the case.
        cells: number of cells.
    """
    if dimension == "spherical":
        return 3 * cells + 2
    if dimension == "3d":
        return int(4.2 * cells + 12.0 * cells ** (2 / 3))
    vertices = cells // 2 + 1
    edges = 3 * cells // 2
    return 2 * (vertices + edges) + vertices


def estimate_memory(dimension: str, unknowns: int) -> float:
    """Estimate the memory of a run on one rank [bytes]: the libraries, the matrices and a factorisation.

    The factors of a planar problem ordered by nested dissection grow as N log2 N, those of a solid one as
    N^(4/3). The constants are measured: 0.62 and 1.21 GiB at 121 000 and 266 000 unknowns in the plane,
    0.16 GiB for a line of 100 cells.

    Args:
        dimension: as in the case.
        unknowns: all of them together.
    """
    if dimension == "spherical":
        return LIBRARIES + 2000 * unknowns
    if dimension == "3d":
        return LIBRARIES + unknowns * (6000 + 190 * math.cbrt(unknowns))
    return LIBRARIES + unknowns * (2000 + 130 * math.log2(max(unknowns, 2)))


def estimate_seconds(unknowns: int) -> float:
    """Estimate what 100 increments of a run in three dimensions take on one core [s].

    Args:
        unknowns: all of them together.
    """
    return 100 * NEWTON * SECONDS * unknowns


def duration_text(seconds: float) -> str:
    """A duration to one digit that counts: seconds, minutes or hours."""
    for unit, length in (("hours", 3600.0), ("minutes", 60.0)):
        if seconds >= 1.5 * length:
            return f"{float(f'{seconds / length:.1g}'):g} {unit}"
    return f"{float(f'{max(seconds, 1.0):.1g}'):g} seconds"
