"""The loaded start: balance of forces at one chemical potential, held or found for a content.

A handful of iterations once a run, compiled as one call.
"""

import numpy as np
import numpy.typing as npt

from solver.radial.banded import REACH, factorise, substitute
from solver.radial.compiling import allocating, compiled
from solver.radial.element import SETTLED, residual, tangent, update
from solver.radial.newton import (
    CONVERGED,
    FORCE,
    NO_BORDER,
    NO_FACTORS,
    NO_RESIDUAL,
    NO_SOLUTION,
    ROUND_OFF,
    SCALAR,
    STALLED,
    TOLERANCE,
    find_noise,
    hold,
    judge_local,
    measure,
)
from solver.radial.tables import Cells, Laws, Points, Task, Walls

Array = npt.NDArray[np.float64]


@compiled
def sum_up(band: Array, column: Array, weight: Array) -> None:
    """Add a banded matrix up over the columns of mu, by row, and over the rows of mu, by column."""
    size = band.shape[0]
    for i in range(size):
        for j in range(max(i - REACH, 0), min(i + REACH + 1, size)):
            entry = band[i, j - i + REACH]
            if j % 3 == 1:
                column[i] += entry
            if i % 3 == 1:
                weight[j] += entry


@allocating
def settle(
    laws: Laws, cells: Cells, walls: Walls, shapes: Array, task: Task, unknowns: Array, points: Points
) -> tuple[int, int, int, Array]:
    """Solve for the displacement, and for one level of mu where the task is driven.

    Args:
        laws: of the phases.
        cells: geometry and material.
        walls: load and held unknowns.
        shapes: of the points, shape (cells, 3, 4, 5).
        task: driven where the lithium is to be `target`; its clock must be 0 with a lead of 1.
        unknowns: changed in place; mu is uniform at first and stays so.
        points: state at the points, without a past.

    Returns:
        As `newton.solve` does, but for the current.
    """
    size = unknowns.shape[0]
    norms, noise = np.zeros(4), np.zeros(2)
    filled = np.arange(size) % 3 == 1
    held = walls.held | filled
    rows, scales, column, weight = np.empty(size), np.empty(size), np.empty(size), np.empty(size)
    band, right = np.empty((size, 2 * REACH + 1)), np.empty((size, 2))
    for iteration in range(task.iterations + 1):
        outcome, unsettled = update(laws, cells, shapes, unknowns, points)
        if outcome != SETTLED:
            return judge_local(outcome), iteration, unsettled, norms
        rows[:], scales[:] = 0.0, 0.0
        residual(cells, shapes, unknowns, points, task.increment, task.lead, rows, scales)
        rows[size - 2] += walls.load
        excess = rows[filled].sum() - task.target
        norm, scale = measure(rows, scales, held, 0)
        norms[FORCE] = norm / max(TOLERANCE * (scale + task.least_force), ROUND_OFF * noise[0], 1e-300)
        norms[SCALAR] = abs(excess) / (TOLERANCE * task.scale) if task.driven else 0.0
        if not np.all(np.isfinite(norms)):
            return NO_RESIDUAL, iteration, 0, norms
        if norms.max() <= 1.0:
            return CONVERGED, iteration, 0, norms
        if iteration == task.iterations:
            break
        band[:], column[:], weight[:] = 0.0, 0.0, 0.0
        tangent(cells, shapes, unknowns, points, task.increment, task.lead, band)
        # What a uniform mu does to forces and lithium, and what the displacement does to the lithium.
        sum_up(band, column, weight)
        corner = column[filled].sum()
        hold(band, held)
        find_noise(band, unknowns, noise)
        if not factorise(band):
            return NO_FACTORS, iteration, 0, norms
        right[:, 0], right[:, 1] = np.where(held, 0.0, -rows), np.where(held, 0.0, -column)
        substitute(band, right)
        change, answer = right[:, 0], right[:, 1]
        if task.driven:
            weight[held] = 0.0
            schur = corner + np.sum(weight * answer)
            if schur == 0.0:
                return NO_BORDER, iteration, 0, norms
            level = (-excess - np.sum(weight * change)) / schur
            change = np.where(filled, level, change + level * answer)
        if not np.all(np.isfinite(change)):
            return NO_SOLUTION, iteration, 0, norms
        unknowns += change
    return STALLED, task.iterations, 0, norms
