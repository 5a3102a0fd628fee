"""Local smoothing that only ever lifts the worst cells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from meshes.bisection import edges_of
from meshes.simplices import quality
from meshes.tagged_mesh import Floats, Ints

SWEEPS = 6
GOOD_ENOUGH = 0.6
"""Vertices whose cells are all better than this stay where they are."""


def smooth(points: Floats, cells: Ints, phase: npt.NDArray[np.int8], free: npt.NDArray[np.bool_]) -> Floats:
    """Move vertices inside a phase towards the middle of their neighbours where that helps.

    Args:
        points: (n, d).
        cells: (m, d+1).
        phase: (m,) phases; vertices between two phases do not move.
        free: (n,) vertices that lie on no wall.

    Returns:
        (n, d) moved points; the worst cell at every vertex is no worse than before.
    """
    points = points.copy()
    count = len(points)
    corner = cells.ravel()
    owner = np.repeat(np.arange(len(cells)), cells.shape[1])
    low, high = np.full(count, 127, np.int8), np.zeros(count, np.int8)
    np.minimum.at(low, corner, phase[owner])
    np.maximum.at(high, corner, phase[owner])
    movable = free & (low == high)
    edges = edges_of(cells)
    ends = np.concatenate([edges, edges[:, ::-1]])
    for _ in range(SWEEPS):
        shape = quality(points, cells)
        worst = _worst(shape, corner, owner, count)
        chosen = movable & (worst < GOOD_ENOUGH)
        if not chosen.any():
            break
        total = np.zeros_like(points)
        np.add.at(total, ends[:, 0], points[ends[:, 1]])
        middle = total / np.maximum(np.bincount(ends[:, 0], minlength=count), 1)[:, None]
        trial = np.where(chosen[:, None], 0.5 * (points + middle), points)
        # Neighbours move together, so a trial can hurt; whoever touches a cell that got worse steps back.
        while True:
            spoiled = _worst(quality(trial, cells), corner, owner, count) < worst
            back = spoiled & (trial != points).any(axis=1)
            if not back.any():
                back = _neighbours(spoiled, cells, count) & (trial != points).any(axis=1)
                if not spoiled.any() or not back.any():
                    break
            trial[back] = points[back]
        points = trial
    return points


def _worst(shape: Floats, corner: Ints, owner: Ints, count: int) -> Floats:
    worst = np.full(count, np.inf)
    np.minimum.at(worst, corner, shape[owner])
    return worst


def _neighbours(marked: npt.NDArray[np.bool_], cells: Ints, count: int) -> npt.NDArray[np.bool_]:
    touched = np.zeros(count, dtype=bool)
    touched[cells[marked[cells].any(axis=1)]] = True
    return touched
