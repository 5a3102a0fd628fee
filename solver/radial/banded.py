"""LU of a banded matrix, compiled: rows of nine entries about the diagonal.

Without pivoting: the symmetric part of the tangent is positive, row by row scaled, since softening by lithium
never outweighs the stiffness (the free energy is convex), nor storage the flux.
"""

import math

import numpy as np
import numpy.typing as npt

from solver.radial.compiling import compiled, inlined

Array = npt.NDArray[np.float64]

REACH = 4
"""Diagonals on either side: a cell's five unknowns are neighbours."""


@compiled
def factorise(band: Array) -> bool:
    """Factorise in place, pivots as their reciprocals; False at a zero pivot.

    Entry (i, j) of the matrix is band[i, j - i + REACH].
    """
    size = band.shape[0]
    for k in range(size):
        pivot = band[k, REACH]
        if pivot == 0.0 or not math.isfinite(pivot):
            return False
        band[k, REACH] = 1.0 / pivot
        if k < size - REACH:
            eliminate_below(band, k, REACH)
        else:
            eliminate_below(band, k, size - 1 - k)
    return True


@inlined
def eliminate_below(band: Array, k: int, reach: int) -> None:
    """Take a row from those below it, as far as they reach: a number that is known unrolls the loops."""
    for down in range(1, reach + 1):
        factor = band[k + down, REACH - down] * band[k, REACH]
        band[k + down, REACH - down] = factor
        for j in range(1, reach + 1):
            band[k + down, REACH + j - down] -= factor * band[k, REACH + j]


@compiled
def substitute(band: Array, right: Array) -> None:
    """Solve for two right sides with a factorised matrix, at the cost of one; the solutions replace them.

    Args:
        band: factors.
        right: shape (size, 2).
    """
    size = band.shape[0]
    for i in range(size):
        one, other = right[i, 0], right[i, 1]
        for j in range(max(i - REACH, 0), i):
            one -= band[i, j - i + REACH] * right[j, 0]
            other -= band[i, j - i + REACH] * right[j, 1]
        right[i, 0], right[i, 1] = one, other
    for i in range(size - 1, -1, -1):
        one, other = right[i, 0], right[i, 1]
        for j in range(i + 1, min(i + REACH + 1, size)):
            one -= band[i, j - i + REACH] * right[j, 0]
            other -= band[i, j - i + REACH] * right[j, 1]
        right[i, 0], right[i, 1] = one * band[i, REACH], other * band[i, REACH]
