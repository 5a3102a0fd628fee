"""The loaded start, compiled: balance of forces at one chemical potential, held or found for a content."""

import math

import numpy as np
import numpy.typing as npt

from solver.radial.banded import REACH, factorise, substitute
from solver.radial.compiling import compiled
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
        As `newton.solve` does.
    """
    size = unknowns.shape[0]
    rows, scales = np.empty(size), np.empty(size)
    band = np.empty((size, 2 * REACH + 1))
    change, answer, weight = np.empty(size), np.empty(size), np.empty(size)
    norms, noise = np.zeros(4), np.zeros(2)
    held = walls.held.copy()
    held[1::3] = True
    for iteration in range(task.iterations + 1):
        outcome, unsettled = update(laws, cells, shapes, unknowns, points)
        if outcome != SETTLED:
            return judge_local(outcome), iteration, unsettled, norms
        rows[:], scales[:] = 0.0, 0.0
        residual(cells, shapes, unknowns, points, task.increment, task.lead, rows, scales)
        rows[size - 2] += walls.load
        excess = np.sum(rows[1::3]) - task.target
        norm, scale = measure(rows, scales, held, 0)
        enough = max(TOLERANCE * (scale + task.least_force), ROUND_OFF * noise[0], 1e-300)
        norms[FORCE] = norm / enough
        norms[SCALAR] = abs(excess) / (TOLERANCE * task.scale) if task.driven else 0.0
        if not np.all(np.isfinite(norms)):
            return NO_RESIDUAL, iteration, 0, norms
        if np.max(norms) <= 1.0:
            return CONVERGED, iteration, 0, norms
        if iteration == task.iterations:
            break
        band[:, :] = 0.0
        tangent(cells, shapes, unknowns, points, task.increment, task.lead, band)
        # What a uniform mu does to the forces and to the lithium, and what the displacement does to that.
        answer[:], weight[:] = 0.0, 0.0
        corner = 0.0
        for i in range(size):
            for j in range(max(i - REACH, 0), min(i + REACH + 1, size)):
                entry = band[i, j - i + REACH]
                if i % 3 == 1 and j % 3 == 1:
                    corner += entry
                elif i % 3 == 1:
                    weight[j] += entry
                elif j % 3 == 1:
                    answer[i] -= entry
        hold(band, held)
        find_noise(band, unknowns, noise)
        if not factorise(band):
            return NO_FACTORS, iteration, 0, norms
        for i in range(size):
            change[i] = 0.0 if held[i] else -rows[i]
            if held[i]:
                answer[i] = 0.0
        substitute(band, change)
        level = 0.0
        if task.driven:
            substitute(band, answer)
            right, schur = -excess, corner
            for i in range(size):
                if not held[i]:
                    right -= weight[i] * change[i]
                    schur += weight[i] * answer[i]
            if schur == 0.0:
                return NO_BORDER, iteration, 0, norms
            level = right / schur
        for i in range(size):
            move = change[i] + level * answer[i] if task.driven else change[i]
            if not math.isfinite(move):
                return NO_SOLUTION, iteration, 0, norms
            unknowns[i] += level if i % 3 == 1 else move
    return STALLED, task.iterations, 0, norms
