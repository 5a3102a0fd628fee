"""The local problem y + kappa f(y) = b at one point, compiled; see `solver.materials.elimination`."""

import math

from solver.materials.elimination import MAX_ITERATIONS, ROUND_OFF
from solver.radial.compiling import compiled, inlined
from solver.radial.laws import occupy
from solver.radial.tables import INERT, Laws

QUICK = 8
"""Steps without a bracket: from the last state's root they nearly always lead to the next."""

SHORT = 1e-5
"""A step below this share of the narrowest site leaves errors below round-off where four derivatives are
carried along: occupancy (1e-5)^4/24, slope (1e-5)^3/6."""


@inlined
def eliminate(laws: Laws, phase: int, b: float, guess: float) -> tuple[bool, float, float, float, float]:
    """Solve at one point.

    Args:
        laws: occupancy laws.
        phase: number of the phase.
        b: right side, finite [1].
        guess: a start for y [1].

    Returns:
        Whether it settled; y; occupancy f(y) and its first and second derivative.
    """
    kappa = laws.kappa[phase]
    if kappa == 0.0 or laws.host[phase] == INERT:
        occupancy, slope, curvature, _ = occupy(laws, phase, b)
        return True, b, occupancy, slope, curvature
    # The left side increases with a slope of 1 or more: one root, and no step is longer than its error.
    y, moved, short = guess, math.inf, SHORT * laws.finest[phase]
    for _ in range(QUICK):
        occupancy, slope, curvature, third = occupy(laws, phase, y)
        gain = 1.0 / (1.0 + kappa * slope)
        step = (b - y - kappa * occupancy) * gain
        # Halley's method: Newton's, with the bend of f taken into account where that changes little.
        bend = 0.5 * step * kappa * curvature * gain
        if abs(bend) < 0.5:
            step /= 1.0 + bend
        if abs(step) <= short:
            occupancy += step * (slope + 0.5 * step * (curvature + step * third / 3.0))
            slope += step * (curvature + 0.5 * step * third)
            return True, y + step, occupancy, slope, curvature + step * third
        if not abs(step) <= 0.5 * moved:
            break
        moved = abs(step)
        y += step
    return _in_bracket(laws, phase, b, guess)


@compiled
def _in_bracket(laws: Laws, phase: int, b: float, guess: float) -> tuple[bool, float, float, float, float]:
    """Newton's method in a shrinking bracket: f increases, so that b - kappa f(b) lies left of the root."""
    kappa = laws.kappa[phase]
    low, high = b - kappa * occupy(laws, phase, b)[0], b
    y, moved = min(max(guess, low), high), math.inf
    for _ in range(MAX_ITERATIONS):
        occupancy, slope, curvature, _ = occupy(laws, phase, y)
        excess = y + kappa * occupancy - b
        if excess > 0.0:
            high = y
        if excess < 0.0:
            low = y
        newton = y - excess / (1.0 + kappa * slope)
        noise = ROUND_OFF * (1.0 + abs(y) + abs(b))
        if abs(newton - y) <= noise or high - low <= noise:
            return True, y, occupancy, slope, curvature
        # Newton alone may swing between the flat ends of f for ever: it must also halve its own steps.
        good = low <= newton <= high and abs(newton - y) <= 0.5 * moved
        step = newton if good else 0.5 * (low + high)
        moved = abs(step - y)
        y = step
    return False, y, 0.0, 0.0, 0.0
