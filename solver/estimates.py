"""How large and how long a run will be, from the number of cells alone."""

import math
from typing import Final

LIBRARIES: Final = 0.16 * 2**30
"""Memory of the libraries before there is any mesh [bytes]."""

FACTORISED: Final = 150_000
"""Unknowns of a solid particle beyond which nothing is factorised and memory grows in proportion."""

NEWTON: Final = 3.5
"""Newton iterations of an increment; 3.2 to 3.8 were measured over short protocols in three dimensions."""

SECONDS: Final = 1.6e-5
"""Assembly and solution of one Newton iteration in three dimensions, per unknown on one core [s].

Measured on an AMD EPYC: the same within a tenth from 25 000 to 83 000 unknowns, a third less where all is
factorised anew (below 15 000)."""


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
    0.16 GiB for a line of 100 cells, 0.52, 1.31 and 1.54 GiB at 25 000, 69 000 and 83 000 unknowns in space,
    where a ball with a thin shell took a fifth more than said here.

    Args:
        dimension: as in the case.
        unknowns: all of them together.
    """
    if dimension == "spherical":
        return LIBRARIES + 2000 * unknowns
    if dimension == "3d":
        return LIBRARIES + unknowns * (5400 + 305 * math.cbrt(min(unknowns, FACTORISED)))
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
