"""Newton's method on the line, bordered by the electrode potential, compiled as one call.

Damping, norms, tolerances and reasons are those of `solver.discretisation.newton`.
"""

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from solver.radial.banded import REACH, factorise, substitute
from solver.radial.compiling import allocating, compiled
from solver.radial.element import NOT_FINITE, SETTLED, residual, tangent, update
from solver.radial.surface import BY_ELECTRODE, BY_UNKNOWN, VALUE, add_tangent, currents, vertex
from solver.radial.tables import LOCAL, Cells, Kinetics, Laws, Points, Task, Walls

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

MAX_POTENTIAL_STEP: Final = 2.0
TOLERANCE: Final = 1e-11
SUM_TOLERANCE: Final = 1e-13
ROUND_OFF: Final = 16.0 * float(np.finfo(np.float64).eps)

CONVERGED, STALLED, NO_RESIDUAL, NO_DRIVE, NO_ROOT, NO_FACTORS, NO_SOLUTION, NO_BORDER = range(8)
"""How a solve ended."""

FORCE, LITHIUM, LITHIUM_SUM, SCALAR = range(4)
"""Norms over their tolerances."""


@compiled
def measure(values: Array, scales: Array, held: Flags, first: int) -> tuple[float, float]:
    """Euclidean norms of one field's residual and of its scale, held entries left out.

    Args:
        values: residual, shape (unknowns,).
        scales: what it is judged by, same shape.
        held: flags, same shape.
        first: 0 for displacements, which stand at 0 and 2 of three, 1 for potentials.
    """
    norm, scale = 0.0, 0.0
    for i in range(values.shape[0]):
        if (i % 3 == 1) == (first == 1) and not held[i]:
            norm += values[i] ** 2
            scale += scales[i] ** 2
    return math.sqrt(norm), math.sqrt(scale)


@compiled
def find_noise(band: Array, unknowns: Array, noise: Array) -> None:
    """Note the size of the terms that cancel in each residual: the diagonal times the field."""
    noise[0], noise[1] = 0.0, 0.0
    for i in range(unknowns.shape[0]):
        noise[1 if i % 3 == 1 else 0] += (band[i, REACH] * unknowns[i]) ** 2
    noise[0], noise[1] = math.sqrt(noise[0]), math.sqrt(noise[1])


@compiled
def hold(band: Array, held: Flags) -> None:
    """Replace rows and columns of held unknowns by those of the identity."""
    size = band.shape[0]
    for i in range(size):
        if held[i]:
            for j in range(max(i - REACH, 0), min(i + REACH + 1, size)):
                band[i, j - i + REACH] = 0.0
                band[j, i - j + REACH] = 0.0
            band[i, REACH] = 1.0


@compiled
def judge_local(outcome: int) -> int:
    """How a solve ends whose local problems ended so."""
    return NO_DRIVE if outcome == NOT_FINITE else NO_ROOT


@compiled
def linearise(
    cells: Cells,
    walls: Walls,
    shapes: Array,
    task: Task,
    unknowns: Array,
    points: Points,
    through: Array,
    band: Array,
    noise: Array,
) -> bool:
    """Fill a band with the factors of the tangent and note its noise; False at a zero pivot."""
    for i in range(band.shape[0]):
        for j in range(band.shape[1]):
            band[i, j] = 0.0
    tangent(cells, shapes, unknowns, points, task.increment, task.lead, band)
    add_tangent(walls, through, task.increment, band)
    hold(band, walls.held)
    find_noise(band, unknowns, noise)
    return bool(factorise(band))


@compiled
def border(walls: Walls, task: Task, through: Array, excess: float, change: Array) -> float:
    """Change of the electrode potential, by the Schur complement of its row and column.

    Args:
        walls: wetted walls.
        task: the electrode's equation.
        through: of `surface.currents`.
        excess: residual of that equation.
        change: of the unknowns at a fixed potential, and with one of the potential, shape (unknowns, 2); the
            first becomes that with the potential's change.

    Returns:
        The change; infinite where the equation does not determine it.
    """
    right, schur = -excess, task.own
    for w in range(walls.cell.shape[0]):
        schur += task.gain * through[w, BY_ELECTRODE]
        for j in range(LOCAL):
            row = task.gain * through[w, BY_UNKNOWN + j]
            right -= row * change[3 * walls.cell[w] + j, 0]
            schur += row * change[3 * walls.cell[w] + j, 1]
    if schur == 0.0:
        return math.inf
    shift = right / schur
    for i in range(change.shape[0]):
        change[i, 0] += shift * change[i, 1]
    return float(shift)


@compiled
def damping_of(change: Array, shift: float) -> float:
    """Share of a step that moves no potential by more than `MAX_POTENTIAL_STEP`; 0 if it is not finite."""
    largest = abs(shift)
    for i in range(change.shape[0]):
        if not math.isfinite(change[i, 0]):
            return 0.0
        if i % 3 == 1:
            largest = max(largest, abs(change[i, 0]))
    return min(1.0, MAX_POTENTIAL_STEP / largest) if largest > 0.0 else 1.0


@allocating
def solve(
    laws: Laws,
    cells: Cells,
    walls: Walls,
    kinetics: Kinetics,
    shapes: Array,
    task: Task,
    unknowns: Array,
    electrode: Array,
    points: Points,
    noise: Array,
) -> tuple[int, int, int, Array, float]:
    """Solve an increment from the present unknowns; on failure they hold the last iterate.

    Args:
        laws: of the phases.
        cells: geometry and material.
        walls: wetted walls, load and held unknowns.
        kinetics: charge transfer.
        shapes: of the points, shape (cells, 3, 4, 5).
        task: the increment and the electrode's equation.
        unknowns: changed in place, shape (unknowns,).
        electrode: its potential, changed in place, shape (1,).
        points: state at the points, follows the unknowns.
        noise: of the last matrix, changed in place, shape (2,).

    Returns:
        How it ended; iterations; points that did not settle; norms over their tolerances, shape (4,); the
        anodic current of the last state that was judged.
    """
    size = unknowns.shape[0]
    rows, scales = np.empty(size), np.empty(size)
    band = np.empty((size, 2 * REACH + 1))
    change = np.empty((size, 2))
    norms, current = np.zeros(4), 0.0
    for iteration in range(task.iterations + 1):
        outcome, unsettled = update(laws, cells, shapes, unknowns, points)
        if outcome != SETTLED:
            return judge_local(outcome), iteration, unsettled, norms, current
        through = currents(laws, cells, walls, kinetics, unknowns, points, electrode[0])
        for i in range(size):
            rows[i], scales[i] = 0.0, 0.0
        residual(cells, shapes, unknowns, points, task.increment, task.lead, rows, scales)
        rows[size - 2] += walls.load
        current = 0.0
        for w in range(walls.cell.shape[0]):
            current += through[w, VALUE]
            rows[vertex(walls, w)] += task.increment * through[w, VALUE]
        excess = task.own * electrode[0] + task.gain * current - task.target
        worst = _judge(rows, scales, walls.held, excess, task, noise, norms)
        if not math.isfinite(worst):
            return NO_RESIDUAL, iteration, 0, norms, current
        if worst <= 1.0:
            return CONVERGED, iteration, 0, norms, current
        if iteration == task.iterations:
            break
        if not linearise(cells, walls, shapes, task, unknowns, points, through, band, noise):
            return NO_FACTORS, iteration, 0, norms, current
        for i in range(size):
            change[i, 0], change[i, 1] = 0.0 if walls.held[i] else -rows[i], 0.0
        for w in range(walls.cell.shape[0]):
            change[vertex(walls, w), 1] = -task.increment * through[w, BY_ELECTRODE]
        substitute(band, change)
        shift = border(walls, task, through, excess, change) if task.driven else 0.0
        if math.isinf(shift):
            return NO_BORDER, iteration, 0, norms, current
        damping = damping_of(change, shift)
        if damping == 0.0:
            return NO_SOLUTION, iteration, 0, norms, current
        for i in range(size):
            unknowns[i] += damping * change[i, 0]
        electrode[0] += damping * shift
    return STALLED, task.iterations, 0, norms, current


@compiled
def _judge(
    rows: Array, scales: Array, held: Flags, excess: float, task: Task, noise: Array, norms: Array
) -> float:
    """Each residual over its tolerance, and the largest: converged where that is at most 1."""
    norm, scale = measure(rows, scales, held, 0)
    enough = max(TOLERANCE * (scale + task.least_force), ROUND_OFF * noise[0], 1e-300)
    norms[FORCE] = norm / enough
    norm, scale = measure(rows, scales, held, 1)
    norms[LITHIUM] = norm / max(TOLERANCE * scale, ROUND_OFF * noise[1], 1e-300)
    total = 0.0
    for i in range(1, rows.shape[0], 3):
        if not held[i]:
            total += rows[i]
    norms[LITHIUM_SUM] = abs(total) / (SUM_TOLERANCE * task.content)
    norms[SCALAR] = abs(excess) / (TOLERANCE * task.scale) if task.driven else 0.0
    # A sum is not finite where any of them is not; a comparison would pass over it.
    total = norms[FORCE] + norms[LITHIUM] + norms[LITHIUM_SUM] + norms[SCALAR]
    if not math.isfinite(total):
        return math.inf
    return float(max(max(norms[FORCE], norms[LITHIUM]), max(norms[LITHIUM_SUM], norms[SCALAR])))
