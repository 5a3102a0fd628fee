"""Charge transfer at the walls of the line, compiled."""

import math

import numpy as np
import numpy.typing as npt

from solver.radial.banded import REACH
from solver.radial.compiling import allocating, compiled
from solver.radial.element import drive_of, guess_of, look, shape_of
from solver.radial.elimination import eliminate
from solver.radial.laws import butler_volmer, concentration_factor
from solver.radial.tables import HOOP, LOCAL, RADIAL, Cells, Kinetics, Laws, Points, Walls

Array = npt.NDArray[np.float64]

VALUE, BY_ELECTRODE, BY_UNKNOWN = 0, 1, 2
"""Layout of a wall's numbers: current, its slope with the electrode potential, and with a cell's unknowns."""

WIDTH = BY_UNKNOWN + LOCAL


@allocating
def currents(
    laws: Laws,
    cells: Cells,
    walls: Walls,
    kinetics: Kinetics,
    unknowns: Array,
    points: Points,
    electrode: float,
) -> Array:
    """Anodic current through each wetted wall with its derivatives, shape (walls, 7); NaN where none settles.

    Under the law `concentration` the occupancy of the surface answers strain and potential there.
    """
    found = np.zeros((walls.cell.shape[0], WIDTH))
    shape = np.empty((4, LOCAL))
    for w in range(walls.cell.shape[0]):
        k, side = walls.cell[w], walls.side[w]
        rate, slope = kinetics.exchange * walls.area[w], 0.0
        shape_of(float(side), cells.length[k], walls.radius[w], shape)
        phase = cells.phase[k]
        response = 0.0
        radial, hoop, mu, _ = look(shape, unknowns, 3 * k)
        if kinetics.concentration:
            b = drive_of(cells, k, radial, hoop, mu)
            settled, _, occupancy, steepness, _ = eliminate(laws, phase, b, guess_of(points, k, 2 * side, b))
            if not (settled and math.isfinite(b)):
                found[w, VALUE] = math.nan
                continue
            response = steepness / (1.0 + laws.kappa[phase] * steepness)
            factor, rise = concentration_factor(occupancy)
            slope = rate * rise
            rate *= factor
        value, growth = butler_volmer(kinetics.anodic, kinetics.cathodic, electrode + mu)
        found[w, VALUE], found[w, BY_ELECTRODE] = rate * value, rate * growth
        for j in range(LOCAL):
            pulled = cells.pull[k, RADIAL] * shape[0, j] + cells.pull[k, HOOP] * shape[1, j]
            gained = slope * value * response * (shape[2, j] + pulled)
            found[w, BY_UNKNOWN + j] = rate * growth * shape[2, j] + gained
    return found


@compiled
def vertex(walls: Walls, w: int) -> int:
    """Number of the unknown mu at a wetted wall."""
    return int(3 * walls.cell[w] + 1 + 3 * walls.side[w])


@compiled
def add_tangent(walls: Walls, found: Array, increment: float, band: Array) -> None:
    """Add what leaves through the walls to the derivative of the lithium residual."""
    for w in range(walls.cell.shape[0]):
        row, first = vertex(walls, w), 3 * walls.cell[w]
        for j in range(LOCAL):
            band[row, first + j - row + REACH] += increment * found[w, BY_UNKNOWN + j]


@allocating
def extremes(
    laws: Laws, cells: Cells, near: npt.NDArray[np.int64], edges: Array, unknowns: Array, points: Points
) -> Array:
    """Smallest and largest occupancy of chosen cells at their vertices and middles, shape (2,).

    Args:
        laws: occupancy laws.
        cells: geometry and material.
        near: numbers of the cells.
        edges: radii of the vertices, shape (cells + 1,).
        unknowns: shape (unknowns,).
        points: from whose roots those beside them are found.
    """
    found = np.array([np.inf, -np.inf])
    shape = np.empty((4, LOCAL))
    for k in near:
        for q, place in enumerate((0.0, 0.5, 1.0)):
            radius = edges[k] + place * cells.length[k]
            shape_of(place, cells.length[k], radius, shape)
            radial, hoop, mu, _ = look(shape, unknowns, 3 * k)
            b = drive_of(cells, k, radial, hoop, mu)
            guess = guess_of(points, k, q, b)
            occupancy = eliminate(laws, cells.phase[k], b, guess)[2] if math.isfinite(b) else math.nan
            found[0], found[1] = min(found[0], occupancy), max(found[1], occupancy)
    return found
