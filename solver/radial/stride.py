"""Several increments in one call, compiled: attempt after attempt for as long as nothing happens.

What an attempt is, `solver.stepping.attempt` says; weights, shares of the past and the error's share are
those of `solver.stepping.scheme`, the same text compiled. The sizes of increments are guesses at what the
march will ask for, by the same rules: whoever asks otherwise makes the attempt anew.
"""

import math
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from solver.radial.compiling import allocating, compiled, inlined
from solver.radial.newton import CONVERGED, solve
from solver.radial.surface import extremes
from solver.radial.tables import Cells, Kinetics, Laws, Points, Task, Walls
from solver.stepping import control, scheme
from solver.stepping.control import LADDER, LEAST, SAFETY
from solver.stepping.history import DEPTH

Array = npt.NDArray[np.float64]

(
    TIME,
    INCREMENT,
    CHARGE,
    CURRENT,
    ELECTRODE,
    SETTLED,
    ERROR,
    OCCUPANCY,
    LOWEST,
    HIGHEST,
    ENDED,
    ITERATIONS,
    UNSETTLED,
    NORMS,
) = range(14)
"""Rows of `Track.account`; the last is the first of four norms."""

LINES: Final = NORMS + 4

# Compiled, they take arrays where the march hands them lists.
clip_to_end: Any = compiled(control.clip_to_end)
weights: Any = compiled(scheme.weights)
shares: Any = allocating(scheme.shares)
error_share: Any = compiled(scheme.error_share)


class Course(NamedTuple):
    """What drives and ends a step, and how its increments are chosen.

    Attributes:
        own: as in `Task`, like the next three.
        gain: of one second where `timed`.
        target: of one second where `timed`.
        scale: of one second where `timed`.
        driven: whether the electrode potential is an unknown.
        timed: whether its equation is that of a charge, in proportion to the increment.
        held: reduced electrode potential that is given; NaN where none is.
        judged: whether the electrode's potential is looked at for the local error.
        unit: one reduced potential [V].
        resistance: voltage of one reduced current [V].
        lowest: an increment is the last that leads to reduced potential + resistance, current's size, mean or
            largest surface occupancy at or below, shape (4,).
        highest: the same at or above, shape (4,).
        first: increments up to it are not rejected for their error [s].
        largest: bound of an increment [s].
        end: of the step [s].
        tolerance: local error allowed in an increment.
        least_force: as in `Task`.
        content: lithium before the march.
        sites: lithium sites.
        watched: whether extreme occupancies at the surface are looked for.
        iterations: as in `Task`.
    """

    own: float
    gain: float
    target: float
    scale: float
    driven: bool
    timed: bool
    held: float
    judged: bool
    unit: float
    resistance: float
    lowest: Array
    highest: Array
    first: float
    largest: float
    end: float
    tolerance: float
    least_force: float
    content: float
    sites: float
    watched: bool
    iterations: int


class Track(NamedTuple):
    """States in a row, the accepted past first.

    Attributes:
        account: numbers of each state, shape (18, states).
        unknowns: shape (states, unknowns).
        occupancy: at the quadrature points, shape (states, cells, 3).
    """

    account: Array
    unknowns: Array
    occupancy: Array


@allocating
def stride(
    laws: Laws,
    cells: Cells,
    walls: Walls,
    kinetics: Kinetics,
    shapes: Array,
    near: npt.NDArray[np.int64],
    edges: Array,
    course: Course,
    increment: float,
    known: int,
    track: Track,
    unknowns: Array,
    electrode: Array,
    points: Points,
    noise: Array,
) -> int:
    """Make attempts until one fails, ends the step or is to be rejected, or the track is full.

    Args:
        laws: of the phases.
        cells: geometry and material.
        walls: wetted walls, load and held unknowns.
        kinetics: charge transfer.
        shapes: of the points, shape (cells, 3, 4, 5).
        near: cells whose extreme occupancies are watched.
        edges: radii of the vertices, shape (cells + 1,).
        course: the step.
        increment: the first [s].
        known: states of the track that are accepted, since the last restart.
        track: filled from there on.
        unknowns: follow, as all below; shape (unknowns,).
        electrode: its potential, shape (1,).
        points: state at the points.
        noise: of the last matrix, shape (2,).

    Returns:
        States in the track; the last is the attempt at which it stopped.
    """
    account = track.account
    for new in range(known, account.shape[1]):
        last, count = new - 1, min(new, DEPTH)
        time = account[TIME, last] + increment
        account[TIME, new], account[INCREMENT, new], account[SETTLED, new] = time, increment, 1.0
        if count == 1:
            a0, a1, a2 = weights(increment, None)
            before = last
        else:
            before = last - 1
            a0, a1, a2 = weights(increment, account[TIME, last] - account[TIME, before])
        predict(track, new, count, time, unknowns, electrode)
        weigh(track, last, before, a1, a2, points.past)
        if not math.isnan(course.held):
            electrode[0] = course.held
        factor = increment if course.timed else 1.0
        task = Task(
            increment,
            a0,
            course.driven,
            course.own,
            course.gain * factor,
            course.target * factor,
            course.scale * factor,
            course.least_force,
            max(course.content, abs(account[CHARGE, last]) + increment * abs(account[CURRENT, last]), 1e-300),
            course.iterations,
        )
        ended, iterations, unsettled, norms, current = solve(
            laws, cells, walls, kinetics, shapes, task, unknowns, electrode, points, noise
        )
        account[ENDED, new], account[ITERATIONS, new], account[UNSETTLED, new] = ended, iterations, unsettled
        for i in range(norms.shape[0]):
            account[NORMS + i, new] = norms[i]
        if ended != CONVERGED:
            return new + 1
        charge = (increment * current - a1 * account[CHARGE, last] - a2 * account[CHARGE, before]) / a0
        account[CHARGE, new], account[CURRENT, new], account[ELECTRODE, new] = charge, current, electrode[0]
        track.unknowns[new], track.occupancy[new] = unknowns, points.occupancy
        account[OCCUPANCY, new] = lithium_in(cells, points.occupancy) / max(course.sites, 1e-300)
        account[LOWEST, new], account[HIGHEST, new] = 0.0, 0.0
        if course.watched:
            found = extremes(laws, cells, near, edges, unknowns, points)
            account[LOWEST, new], account[HIGHEST, new] = found[0], found[1]
        error = local_error(cells, course, track, new, count)
        account[ERROR, new] = error
        share = error / course.tolerance
        if share > 1.0 and increment > course.first * 1.000001:
            return new + 1
        remaining = course.end - time
        if remaining <= 1e-12 * max(time, 1.0) or at_limit(course, account, new):
            return new + 1
        wanted = max(increment * ladder_factor(share, min(count, 2)), min(increment, LEAST * course.first))
        increment = clip_to_end(min(wanted, course.largest), remaining)
    return int(account.shape[1])


@allocating
def predict(track: Track, new: int, count: int, time: float, unknowns: Array, electrode: Array) -> None:
    """Set the unknowns on the straight line through the last two states, or to the last one."""
    last = new - 1
    electrode[0] = track.account[ELECTRODE, last]
    if count == 1:
        unknowns[:] = track.unknowns[last]
        return
    parts = shares(track.account[TIME, new - 2 : new], time)
    one, other = parts[0], parts[1]
    for i in range(unknowns.shape[0]):
        unknowns[i] = one * track.unknowns[last - 1, i] + other * track.unknowns[last, i]
    if track.account[SETTLED, last - 1] == 1.0:
        before = track.account[ELECTRODE, last - 1]
        electrode[0] = one * before + other * electrode[0]


@compiled
def weigh(track: Track, last: int, before: int, a1: float, a2: float, past: Array) -> None:
    """Add up the weighted past occupancies."""
    for k in range(past.shape[0]):
        for q in range(past.shape[1]):
            past[k, q] = a1 * track.occupancy[last, k, q] + a2 * track.occupancy[before, k, q]


@compiled
def lithium_in(cells: Cells, values: Array) -> float:
    """Lithium of occupancies at the points, reduced."""
    total = 0.0
    for k in range(values.shape[0]):
        for q in range(values.shape[1]):
            total += cells.capacity[k] * cells.volume[k, q] * values[k, q]
    return total


@allocating
def local_error(cells: Cells, course: Course, track: Track, new: int, count: int) -> float:
    """Local error of the newest state, as `solver.stepping.attempt` has it: occupancy [1] or volts."""
    if count == 1:
        return 0.0
    account, occupancy = track.account, track.occupancy
    time, begin = account[TIME, new], new - count
    times = account[TIME, begin:new]
    parts = shares(times, time)
    total = 0.0
    for k in range(occupancy.shape[1]):
        for q in range(occupancy.shape[2]):
            expected = 0.0
            for j in range(count):
                expected += parts[j] * occupancy[begin + j, k, q]
            total += cells.capacity[k] * cells.volume[k, q] * (occupancy[new, k, q] - expected) ** 2
    error = error_share(times, time) * math.sqrt(total / max(course.sites, 1e-300))
    if account[SETTLED, begin] == 0.0:
        begin += 1
    if course.judged and new - begin > 1:
        times = account[TIME, begin:new]
        parts = shares(times, time)
        guess = 0.0
        for j in range(new - begin):
            guess += parts[j] * account[ELECTRODE, begin + j]
        miss = abs(account[ELECTRODE, new] - guess) * course.unit
        error = max(error, error_share(times, time) * miss)
    return float(error)


@inlined
def at_limit(course: Course, account: Array, new: int) -> bool:
    """Whether a state is where the step may end."""
    current = account[CURRENT, new]
    level = course.unit * account[ELECTRODE, new] + course.resistance * current
    seen = (level, abs(current), account[OCCUPANCY, new], account[HIGHEST, new])
    inside = True
    for i, value in enumerate(seen):
        inside = inside and course.lowest[i] < value < course.highest[i]
    return not inside


@compiled
def ladder_factor(error: float, order: int) -> float:
    """What `solver.stepping.control.StepControl.factor` gives."""
    wanted, chosen = SAFETY * max(error, 1e-12) ** (-1.0 / (order + 1)), LADDER[0]
    for factor in LADDER:
        if factor <= wanted:
            chosen = factor
    return chosen
