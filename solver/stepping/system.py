"""The discretised particle as the march sees it, whatever solves its equations."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from solver.discretisation.body import Body
from solver.discretisation.state import Demand, Memory, NewtonResult, Refusal, State
from solver.materials.hosts import Host

Array = npt.NDArray[np.float64]


class System(Protocol):
    """A discretised particle with its unknowns, clock and solver; reduced, times in seconds.

    On several ranks every call is collective and every number the same on all; arrays are a rank's own.

    Attributes:
        body: what the particle is made of, in which scales.
        sites: lithium sites.
        outer_area: of the outer surface.
        contact_area: of the surface that current passes.
        lithium_at_start: total lithium before the march.
    """

    body: Body
    sites: float
    outer_area: float
    contact_area: float
    lithium_at_start: float

    @property
    def hosts(self) -> Sequence[Host]:
        """Occupancy laws of the phases that hold lithium."""

    @property
    def exchange(self) -> float:
        """Exchange current density, contact fraction included [1/s]."""

    def read(self) -> State:
        """Copy the present state."""

    def write(self, state: State) -> None:
        """Set the unknowns; the occupancies follow with `update` or `solve`."""

    def set_electrode(self, potential: float) -> None:
        """Set the electrode potential alone."""

    def set_clock(self, increment: float, lead: float, past: Array) -> None:
        """State the increment to be solved.

        Args:
            increment: its length [s].
            lead: weight of the new content in the time scheme.
            past: weighted past occupancies at the quadrature points, of the shape of `State.occupancy`.
        """

    def solve(self, demand: Demand | None, charge: float) -> NewtonResult:
        """Solve the increment from the present unknowns; on failure they hold the last iterate.

        Args:
            demand: equation of the electrode's potential, or None where that is given.
            charge: charge passed so far, a size by which an error of the lithium balance is judged.
        """

    def update(self) -> None:
        """Recompute the occupancies from the unknowns."""

    def refusal(self) -> Refusal | None:
        """Why the state of the last solve may not be accepted, or None."""

    def current(self) -> float:
        """Total anodic current of the present state."""

    def lithium(self) -> float:
        """Total lithium of the present state."""

    def memory(self) -> Memory:
        """What is kept between solves besides the state: first guesses, sizes of round-off, old factors."""

    def recall(self, memory: Memory) -> None:
        """Take up the memory of an equal system in the present state; whatever is missing is found anew."""

    def surface_occupancies(self) -> tuple[float, float] | None:
        """Extreme surface occupancies of hosts without saturation of their own, or None without any."""

    def site_mean(self, gap: Array) -> float:
        """Root mean square over the lithium sites of values at the quadrature points."""
