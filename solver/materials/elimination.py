"""The local problem: occupancy at a point from chemical potential and strain.

With constant stiffness C and partial molar volume V the reduced host potential y solves
y + kappa f(y) = b, where f is the host's occupancy law, kappa = c_max V:C:V/(R T) >= 0 and b collects the
chemical potential and the stress that the strain would make at zero occupancy. The left side increases, so
the root is unique. Everything is reduced by R T [1].
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solver.materials.hosts import Host

Array = npt.NDArray[np.float64]

MAX_ITERATIONS = 200

ROUND_OFF = 8.0 * float(np.finfo(float).eps)
"""Newton steps below this times the terms that cancel are noise."""


@dataclass(frozen=True)
class LocalRoot:
    """Solution at every point, each of the shape of b [1].

    Attributes:
        y: reduced host potential.
        occupancy: theta = f(y).
        response: d theta/db = f'/(1 + kappa f'), the consistent tangent.
    """

    y: Array
    occupancy: Array
    response: Array


class LocalSolveError(ArithmeticError):
    """The local problem did not reach round-off: b is not finite or the host law is broken."""


def eliminate(host: Host, kappa: float, b: Array, guess: Array | None = None) -> LocalRoot:
    """Solve y + kappa f(y) = b at every point by safeguarded Newton in a bracket.

    Args:
        host: occupancy law.
        kappa: stiffness of the chemical strain, kappa >= 0 [1].
        b: right side, any shape [1].
        guess: a start for y, e.g. from the last state, of b's shape.

    Raises:
        LocalSolveError: if b is not finite, or a point does not settle.
    """
    b = np.asarray(b, dtype=float)
    if not np.all(np.isfinite(b)):
        msg = "chemical potential or strain is not finite"
        raise LocalSolveError(msg)
    if kappa == 0.0 or not host.holds_lithium:
        return LocalRoot(b.copy(), host.occupancy(b), host.slope(b))
    # f increases, so f(b) bounds f at the root from above: b - kappa f(b) lies left of the root.
    low, high = b - kappa * host.occupancy(b), b.copy()
    y = np.clip(b if guess is None else guess, low, high)
    moved = np.full(b.shape, np.inf)
    for _ in range(MAX_ITERATIONS):
        occupancy, slope = host.occupancy(y), host.slope(y)
        excess = y + kappa * occupancy - b
        high = np.where(excess > 0.0, y, high)
        low = np.where(excess < 0.0, y, low)
        newton = y - excess / (1.0 + kappa * slope)
        noise = ROUND_OFF * (1.0 + np.abs(y) + np.abs(b))
        settled = (np.abs(newton - y) <= noise) | (high - low <= noise)
        # Newton alone may swing between the flat ends of f for ever: it must also halve its own steps.
        good = (newton >= low) & (newton <= high) & (np.abs(newton - y) <= 0.5 * moved)
        step = np.where(good | settled, newton, 0.5 * (low + high))
        moved = np.abs(step - y)
        y = step
        if np.all(settled):
            slope = host.slope(y)
            return LocalRoot(y, host.occupancy(y), slope / (1.0 + kappa * slope))
    msg = f"{int(np.sum(~settled))} points did not settle in {MAX_ITERATIONS} iterations"
    raise LocalSolveError(msg)
