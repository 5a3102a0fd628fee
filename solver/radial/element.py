"""One line of cells, compiled: state at the points, residual and exact tangent.

The text follows `solver.discretisation.forms` term by term. A cell's unknowns are u and mu of its left
vertex, u of its middle, u and mu of its right vertex; cell k has the unknowns 3k to 3k + 4.
"""

import math

import numpy as np
import numpy.typing as npt

from solver.physics.axis import AXIS_TOLERANCE
from solver.radial.banded import REACH
from solver.radial.compiling import allocating, compiled, inlined
from solver.radial.elimination import eliminate
from solver.radial.laws import content_factor
from solver.radial.tables import HOOP, LOCAL, RADIAL, Cells, Laws, Points

Array = npt.NDArray[np.float64]

PLACES = 0.5 + np.sqrt(0.15) * np.array([-1.0, 0.0, 1.0])
SHARES = np.array([5.0, 8.0, 5.0]) / 18.0
"""Gauss points of the unit cell and their weights: exact to degree 5."""

SETTLED, NOT_FINITE, UNSETTLED = 0, 1, 2
"""What came of the local problems."""


@inlined
def shape_of(place: float, length: float, radius: float, shapes: Array) -> None:
    """Strain, potential and its gradient that each unknown of a cell makes at a place in it.

    Args:
        place: between 0 and 1.
        length: of the cell.
        radius: of the place.
        shapes: filled, shape (4, 5): du/dr, u/r, mu, dmu/dr.
    """
    for row in range(4):
        for unknown in range(LOCAL):
            shapes[row, unknown] = 0.0
    values = ((1.0 - place) * (1.0 - 2.0 * place), 4.0 * place * (1.0 - place), place * (2.0 * place - 1.0))
    slopes = (4.0 * place - 3.0, 4.0 - 8.0 * place, 4.0 * place - 1.0)
    for i, unknown in enumerate((0, 2, 3)):
        shapes[0, unknown] = slopes[i] / length
        # In the centre u/r has the limit du/dr.
        at_centre = radius < AXIS_TOLERANCE
        shapes[1, unknown] = slopes[i] / length if at_centre else values[i] / radius
    shapes[2, 1], shapes[2, 4] = 1.0 - place, place
    shapes[3, 1], shapes[3, 4] = -1.0 / length, 1.0 / length


@allocating
def shapes_of(length: Array, radius: Array) -> Array:
    """Shapes at every point of a line.

    Args:
        length: of the cells, shape (cells,).
        radius: of the quadrature points, shape (cells, 3).

    Returns:
        Shape (cells, 3, 4, 5).
    """
    found = np.empty((length.shape[0], PLACES.size, 4, LOCAL))
    for k in range(length.shape[0]):
        for q in range(PLACES.size):
            shape_of(PLACES[q], length[k], radius[k, q], found[k, q])
    return found


@inlined
def look(shapes: Array, unknowns: Array, first: int) -> tuple[float, float, float, float]:
    """Values of du/dr, u/r, mu and dmu/dr at a place with these shapes, in the cell of a first unknown."""
    radial, hoop, mu, gradient = 0.0, 0.0, 0.0, 0.0
    for i in (0, 2, 3):
        radial += shapes[0, i] * unknowns[first + i]
        hoop += shapes[1, i] * unknowns[first + i]
    for i in (1, 4):
        mu += shapes[2, i] * unknowns[first + i]
        gradient += shapes[3, i] * unknowns[first + i]
    return radial, hoop, mu, gradient


@inlined
def drive_of(cells: Cells, k: int, radial: float, hoop: float, mu: float) -> float:
    """Right side of the local problem: mu, and the stress of the lithium-free point times V."""
    pulled = cells.pull[k, RADIAL] * radial + cells.pull[k, HOOP] * hoop - cells.offset[k]
    return float(mu + pulled)


@inlined
def guess_of(points: Points, k: int, q: int, b: float) -> float:
    """Root for another right side than a point's: along its tangent, or its parabola if that bends little."""
    moved, gain, bend = b - points.drive[k, q], points.gain[k, q], points.bend[k, q]
    return float(points.y[k, q] + moved * (gain + (0.5 * bend * moved if abs(bend * moved) < gain else 0.0)))


@compiled
def update(laws: Laws, cells: Cells, shapes: Array, unknowns: Array, points: Points) -> tuple[int, int]:
    """Recompute the state at every point; gives what came of it and how many points did not settle."""
    unsettled = 0
    for k in range(cells.length.shape[0]):
        phase = cells.phase[k]
        kappa, kind = laws.kappa[phase], laws.mobility[phase]
        for q in range(PLACES.size):
            shape = shapes[k, q]
            radial, hoop, mu, _ = look(shape, unknowns, 3 * k)
            b = drive_of(cells, k, radial, hoop, mu)
            if not math.isfinite(b):
                return NOT_FINITE, 0
            guess = guess_of(points, k, q, b)
            settled, y, occupancy, slope, curvature = eliminate(laws, phase, b, guess)
            if not settled:
                unsettled += 1
                continue
            gain = 1.0 / (1.0 + kappa * slope)
            points.y[k, q], points.drive[k, q], points.gain[k, q] = y, b, gain
            points.bend[k, q] = -kappa * curvature * gain**3
            points.occupancy[k, q], points.response[k, q] = occupancy, slope * gain
            content, content_slope = content_factor(kind, occupancy, slope, curvature)
            points.content[k, q], points.content_slope[k, q] = content, content_slope
            rr, rh, hh = cells.stiffness[k, 0], cells.stiffness[k, 1], cells.stiffness[k, 2]
            points.radial[k, q] = (
                rr * radial + rh * hoop - cells.fixed[k, RADIAL] - occupancy * cells.swelling[k, RADIAL]
            )
            points.hoop[k, q] = (
                rh * radial + hh * hoop - cells.fixed[k, HOOP] - occupancy * cells.swelling[k, HOOP]
            )
    return (UNSETTLED if unsettled else SETTLED), unsettled


@inlined
def conductance(cells: Cells, points: Points, k: int, q: int) -> float:
    """Mobility at a point: D c_max content exp(V_act sigma_h/(R T))."""
    hydrostatic = (points.radial[k, q] + points.hoop[k, q]) / 3.0
    factor = math.exp(cells.activation[k] * hydrostatic) if cells.activation[k] != 0.0 else 1.0
    return float(cells.diffusivity[k] * points.content[k, q] * factor)


@compiled
def residual(
    cells: Cells,
    shapes: Array,
    unknowns: Array,
    points: Points,
    increment: float,
    lead: float,
    rows: Array,
    scales: Array,
) -> None:
    """Add the cells' part of the residuals, and of what they are judged by.

    Args:
        cells: geometry and material.
        shapes: of `shape_of` at the points, shape (cells, 3, 4, 5).
        unknowns: shape (unknowns,).
        points: their state.
        increment: [s].
        lead: weight of the new content.
        rows: residual, added to.
        scales: nodal force of the eigenstrain and lithium per node, added to.
    """
    for k in range(cells.length.shape[0]):
        first = 3 * k
        for q in range(PLACES.size):
            shape, volume, theta = shapes[k, q], cells.volume[k, q], points.occupancy[k, q]
            radial, hoop = volume * points.radial[k, q], volume * points.hoop[k, q]
            locked_r = volume * (cells.fixed[k, RADIAL] + theta * cells.swelling[k, RADIAL])
            locked_h = volume * (cells.fixed[k, HOOP] + theta * cells.swelling[k, HOOP])
            for i in (0, 2, 3):
                rows[first + i] += radial * shape[0, i] + hoop * shape[1, i]
                scales[first + i] += locked_r * shape[0, i] + locked_h * shape[1, i]
            if cells.capacity[k] == 0.0:
                continue
            stored = volume * cells.capacity[k] * (lead * theta + points.past[k, q])
            gradient = look(shape, unknowns, first)[3]
            flow = 0.0
            if increment > 0.0:
                flow = volume * increment * conductance(cells, points, k, q) * gradient
            held = volume * cells.capacity[k] * theta
            for i in (1, 4):
                rows[first + i] += stored * shape[2, i] + flow * shape[3, i]
                scales[first + i] += held * shape[2, i]


@compiled
def tangent(
    cells: Cells,
    shapes: Array,
    unknowns: Array,
    points: Points,
    increment: float,
    lead: float,
    band: Array,
) -> None:
    """Add the derivative of `residual` to a banded matrix; the occupancy answers any change of its drive."""
    for k in range(cells.length.shape[0]):
        first = 3 * k
        rr, rh, hh = cells.stiffness[k, 0], cells.stiffness[k, 1], cells.stiffness[k, 2]
        for q in range(PLACES.size):
            shape, volume = shapes[k, q], cells.volume[k, q]
            gradient, through, faster = look(shape, unknowns, first)[3], 0.0, 0.0
            if increment > 0.0 and cells.capacity[k] > 0.0:
                through = volume * increment * conductance(cells, points, k, q)
                faster = points.content_slope[k, q] / points.content[k, q]
            stored, third = volume * cells.capacity[k] * lead, cells.activation[k] / 3.0
            for j in range(LOCAL):
                pulled = cells.pull[k, RADIAL] * shape[0, j] + cells.pull[k, HOOP] * shape[1, j]
                answer = points.response[k, q] * (shape[2, j] + pulled)
                radial = rr * shape[0, j] + rh * shape[1, j] - cells.swelling[k, RADIAL] * answer
                hoop = rh * shape[0, j] + hh * shape[1, j] - cells.swelling[k, HOOP] * answer
                for i in (0, 2, 3):
                    band[first + i, j - i + REACH] += volume * (shape[0, i] * radial + shape[1, i] * hoop)
                gained = faster * answer + third * (radial + hoop)
                flow = through * (shape[3, j] + gradient * gained)
                for i in (1, 4):
                    band[first + i, j - i + REACH] += stored * answer * shape[2, i] + flow * shape[3, i]
