"""LU of a banded matrix, compiled: rows of nine entries about the diagonal.

Without pivoting: the symmetric part of the tangent is positive, row by row scaled, since softening by lithium
never outweighs the stiffness (the free energy is convex), nor storage the flux.
"""

import math

import numpy as np
import numpy.typing as npt

from solver.radial.compiling import compiled

Array = npt.NDArray[np.float64]

REACH = 4
"""Diagonals on either side: a cell's five unknowns are neighbours."""


@compiled
def factorise(band: Array) -> bool:
    """Factorise in place; entry (i, j) of the matrix is band[i, j - i + REACH]. False at a zero pivot."""
    size = band.shape[0]
    for k in range(size):
        pivot = band[k, REACH]
        if pivot == 0.0 or not math.isfinite(pivot):
            return False
        for i in range(k + 1, min(k + REACH + 1, size)):
            factor = band[i, k - i + REACH] / pivot
            if factor != 0.0:
                band[i, k - i + REACH] = factor
                for j in range(1, REACH + 1):
                    if k + j < size:
                        band[i, k + j - i + REACH] -= factor * band[k, j + REACH]
    return True


@compiled
def substitute(band: Array, right: Array) -> None:
    """Solve with a factorised matrix; the solution replaces the right side, shape (size,)."""
    size = band.shape[0]
    for i in range(size):
        total = right[i]
        for j in range(max(i - REACH, 0), i):
            total -= band[i, j - i + REACH] * right[j]
        right[i] = total
    for i in range(size - 1, -1, -1):
        total = right[i]
        for j in range(i + 1, min(i + REACH + 1, size)):
            total -= band[i, j - i + REACH] * right[j]
        right[i] = total / band[i, REACH]
