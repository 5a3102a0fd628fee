"""What the march reads from a discretised particle and tells it: states, demands, outcomes, refusals."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

Memory = Mapping[str, Array]
"""What a system keeps between solves besides its state, by name, this rank's part. Without it a march goes on
just as well, but the last digits of its results are others."""


@dataclass(frozen=True)
class State:
    """The unknowns of a particle and its occupancies, this rank's part; everything reduced.

    Attributes:
        occupancy: theta at the quadrature points of the owned cells.
        displacement: degrees of freedom of u, ghosts included.
        potential: degrees of freedom of mu, ghosts included.
        electrode: electrode potential.
        axial: axial strain, 0 where the dimension has none.
    """

    occupancy: Array
    displacement: Array
    potential: Array
    electrode: float
    axial: float


@dataclass(frozen=True)
class Demand:
    """The equation of the electrode's potential: own * potential + gain * current = target, reduced.

    Attributes:
        own: factor on the potential.
        gain: factor on the total anodic current.
        target: what both together must reach.
        scale: size of a residual that counts as one.
    """

    own: float
    gain: float
    target: float
    scale: float


@dataclass(frozen=True)
class NewtonResult:
    """Outcome of a solve: a value, never an exception.

    Attributes:
        converged: whether every norm is below its tolerance.
        iterations: linearisations used.
        norms: last scaled norm per field and scalar.
        reason: empty, or why it failed.
    """

    converged: bool
    iterations: int
    norms: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class Refusal:
    """Why a state that solves the equations is not accepted.

    Attributes:
        reason: how a step ends that gets no further, `phase_separation` or `numerics`.
        words: what was found, with numbers.
    """

    reason: str
    words: str
