"""How large and how long a run will be, from the number of cells alone."""

import math
from typing import Final

LIBRARIES: Final = 0.16 * 2**30
"""Memory of the libraries before there is any mesh [bytes]."""

FACTORISED: Final = 300_000
"""Unknowns of a planar particle beyond which multigrid serves and memory grows in proportion."""

NEWTON: Final = 3.5
"""Newton iterations of an increment; 3.2 to 3.8 were measured over short protocols in three dimensions."""

SECONDS: Final = 7e-6
"""Assembly and solution of one Newton iteration in three dimensions, per unknown on one core [s].

Processor time measured on a shared AMD EPYC: 5.7e-6 for a dispersed eighth of 25 000 unknowns, 7.2e-6 and
8.2e-6 for shells of 31 000 and 134 000."""


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
    """Estimate the memory of a run on one rank [bytes]: the libraries, the matrices and their factors.

    The factors of a planar problem ordered by nested dissection grow as N log2 N; multigrid grows in
    proportion. The constants are measured: 0.19, 0.39 and 2.3 GiB at 22 000, 81 000 and 822 000 unknowns in
    the plane, 0.16 GiB for a line of 100 cells, 0.25, 0.27 and 0.83 GiB at 25 000, 31 000 and 134 000 in
    space.

    Args:
        dimension: as in the case.
        unknowns: all of them together.
    """
    if dimension == "spherical":
        return LIBRARIES + 2000 * unknowns
    if dimension == "3d":
        return LIBRARIES + 5300 * unknowns
    return LIBRARIES + unknowns * (230 + 174 * math.log2(min(max(unknowns, 2), FACTORISED)))


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
