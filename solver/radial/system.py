"""A compiled particle as the march sees it; see `solver.stepping.system.System`."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from solver.discretisation.body import Body
from solver.discretisation.resolution import UNLIMITED, resolved_increments
from solver.discretisation.state import Demand, Memory, NewtonResult, Refusal, State
from solver.discretisation.stopwatch import Stopwatch
from solver.materials.hosts import Host
from solver.radial import newton
from solver.radial.element import update
from solver.radial.line import Line
from solver.radial.outcome import local_words, outcome_of
from solver.radial.start import settle
from solver.radial.surface import VALUE, currents, extremes
from solver.radial.tables import Points, Task

Array = npt.NDArray[np.float64]

NAMES: Final = ("u", "mu", "sum of mu", "electrode")
START_NAMES: Final = ("u", "mu", "sum of mu", "level")
DESCRIPTION: Final = "compiled (banded LU of a line)"

ITERATIONS, START_ITERATIONS = 40, 80
"""Newton's method gives up after so many."""


class RadialSystem:
    """A spherical particle whose every solve is one call of compiled code.

    Attributes:
        line: the particle's arrays.
        body: what it is made of.
        hosts: occupancy laws of the phases that hold lithium.
        sites: lithium sites, reduced.
        outer_area: of the outer surface, reduced.
        contact_area: of the surface that current passes, reduced.
        lithium_at_start: total lithium before the march, reduced.
        linearisations: Newton iterations of all solves but the start's.
        solves: linear systems solved, the start's too, one a right side.
        factorisations: matrices factorised, the start's too.
        description: the linear solver in words.
    """

    def __init__(self, line: Line, body: Body, watch: Stopwatch | None = None) -> None:
        """Allocate the state; everything is zero before `settle`.

        Args:
            line: the particle's arrays.
            body: what it is made of.
            watch: counts the time of solves.
        """
        self._watch = watch or Stopwatch()
        self.line, self.body, self.description = line, body, DESCRIPTION
        cells = line.cells
        self._size = 3 * len(cells.length) + 2
        self._u = np.flatnonzero(np.arange(self._size) % 3 != 1)
        self._unknowns, self._electrode = np.zeros(self._size), np.zeros(1)
        shape = cells.volume.shape
        self._points = Points(*(np.zeros(shape) for _ in Points._fields))
        self._noise = {driven: np.zeros(2) for driven in (True, False)}
        self._clock = (0.0, 1.0)
        laws = [region.phase.host for region in line.media.regions]
        self.hosts: Sequence[Host] = [law for law in laws if law.holds_lithium]
        self._watched = not all(host.bounded for host in self.hosts)
        self._weights = cells.capacity[:, None] * cells.volume
        self.sites = float(self._weights.sum())
        self.outer_area = line.outer_area
        self.contact_area = float(line.walls.area.sum())
        least = max(body.pressure / body.scales.modulus, 1e-6, 1e-2 * line.media.largest_offset)
        self._least_force = least * self.outer_area / 10.0
        self.lithium_at_start, self.linearisations = 0.0, 0
        self._current: float | None = None  # of the present state, where a solve left it
        self.solves, self.factorisations = 0, 0

    @property
    def exchange(self) -> float:
        """Exchange current density, contact fraction included, reduced [1/s]."""
        return self.line.kinetics.exchange

    @property
    def first_increment(self) -> float:
        """First increment of a step [s]: the shortest that the cells at the surface can follow."""
        unit = resolved_increments(self.line.media.regions, self.body.scales)
        allowed = min((unit[name] * height**2 for name, height in self.line.surface_heights), default=np.inf)
        return float(allowed) if np.isfinite(allowed) else UNLIMITED

    def settle(self, potential: float | None, occupancy: float | None) -> NewtonResult:
        """Load the particle at one chemical potential; the state holds it afterwards.

        Args:
            potential: reduced chemical potential that is held, or None for a closed start.
            occupancy: total lithium over total sites of a closed start [1].
        """
        line = self.line
        self._current = None
        self._unknowns[1::3] = 0.0 if potential is None else potential
        closed = potential is None and occupancy is not None and self.sites > 0.0
        share = occupancy if closed and occupancy is not None else 0.0
        task = Task(
            increment=0.0,
            lead=1.0,
            driven=closed,
            own=0.0,
            gain=1.0,
            target=share * self.sites,
            scale=1e-2 * min(share, 1.0) * self.sites,
            least_force=self._least_force,
            content=1.0,
            iterations=START_ITERATIONS,
        )
        self._points.past[:] = 0.0
        with self._watch.measure("solve"):
            found = settle(line.laws, line.cells, line.walls, line.shapes, task, self._unknowns, self._points)
        self.lithium_at_start = self.lithium()
        self.factorisations += found[1]
        self.solves += found[1] * (2 if closed else 1)
        return outcome_of(found, START_NAMES, START_ITERATIONS)

    def mean_potential(self) -> float:
        """Mean of mu over the volume that holds lithium, reduced; 0 where none does."""
        if self.sites == 0.0:
            return 0.0
        at_points = np.einsum("kqj,kj->kq", self.line.shapes[:, :, 2], self._by_cell())
        return float(np.sum(self._weights * at_points)) / self.sites

    def mean_surface_potential(self) -> float:
        """Mean of mu over the contacted surface, reduced; over the volume where there is none."""
        walls = self.line.walls
        if self.contact_area == 0.0:
            return self.mean_potential()
        values = self._unknowns[3 * (walls.cell + walls.side) + 1]
        return float(values @ walls.area) / self.contact_area

    def _by_cell(self) -> Array:
        """The five unknowns of each cell, a view of shape (cells, 5)."""
        return np.lib.stride_tricks.sliding_window_view(self._unknowns, 5)[::3]

    def region_volumes(self) -> dict[str, float]:
        """Volume of each phase, reduced, by region name."""
        return {
            region.name: float(self.line.cells.volume[region.cells].sum())
            for region in self.line.media.regions
        }

    def region_occupancies(self) -> dict[str, float]:
        """Mean occupancy of each phase, by region name [1]."""
        volume, occupancy = self.line.cells.volume, self._points.occupancy
        return {
            region.name: float(np.sum((volume * occupancy)[region.cells]) / np.sum(volume[region.cells]))
            for region in self.line.media.regions
        }

    def region_pressures(self) -> dict[str, float]:
        """Mean hydrostatic stress of each phase, reduced, by region name; tension positive."""
        volume, points = self.line.cells.volume, self._points
        stress = volume * (points.radial + points.hoop) / 3.0
        return {
            region.name: float(np.sum(stress[region.cells]) / np.sum(volume[region.cells]))
            for region in self.line.media.regions
        }

    def read(self) -> State:
        """Copy the present state: displacements from the inside out, vertices and middles in turn."""
        return State(
            occupancy=self._points.occupancy.ravel().copy(),
            displacement=self._unknowns[self._u],
            potential=self._unknowns[1::3].copy(),
            electrode=float(self._electrode[0]),
            axial=0.0,
        )

    def roots(self) -> tuple[Array, Array, Array]:
        """Host potential, occupancy and its response at the points, each of shape (cells, 3)."""
        points = self._points
        return points.y, points.occupancy, points.response

    def write(self, state: State) -> None:
        """Set the unknowns; the occupancies follow with `update` or `solve`."""
        self._unknowns[self._u], self._unknowns[1::3] = state.displacement, state.potential
        self._electrode[0], self._current = state.electrode, None

    def set_electrode(self, potential: float) -> None:
        """Set the reduced electrode potential alone."""
        self._electrode[0], self._current = potential, None

    def set_clock(self, increment: float, lead: float, past: Array) -> None:
        """State the increment [s], the weight a0 of the new content and what past contents add to it."""
        self._clock = (increment, lead)
        self._points.past[:] = past.reshape(self._points.past.shape)

    def solve(self, demand: Demand | None, charge: float) -> NewtonResult:
        """Solve from the present unknowns; None keeps the electrode's potential."""
        line, (increment, lead) = self.line, self._clock
        own, gain, target, scale = 0.0, 0.0, 0.0, 1.0
        if demand is not None:
            own, gain, target, scale = demand.own, demand.gain, demand.target, demand.scale
        task = Task(
            increment=increment,
            lead=lead,
            driven=demand is not None,
            own=own,
            gain=gain,
            target=target,
            scale=scale,
            least_force=self._least_force,
            content=max(self.lithium_at_start, charge, 1e-300),
            iterations=ITERATIONS,
        )
        with self._watch.measure("solve"):
            found = newton.solve(
                line.laws,
                line.cells,
                line.walls,
                line.kinetics,
                line.shapes,
                task,
                self._unknowns,
                self._electrode,
                self._points,
                self._noise[demand is not None],
            )
        self.linearisations += found[1]
        self.factorisations += found[1]
        self.solves += found[1] * (1 if demand is None else 2)
        self._current = found[4] if found[0] == newton.CONVERGED else None
        return outcome_of(found[:4], NAMES if demand is not None else NAMES[:3], ITERATIONS)

    def update(self) -> None:
        """Recompute the occupancies from the unknowns.

        Raises:
            ArithmeticError: the local problem of a point has no root that is found.
        """
        line = self.line
        outcome, unsettled = update(line.laws, line.cells, line.shapes, self._unknowns, self._points)
        if outcome:
            raise ArithmeticError(local_words(newton.judge_local(outcome), unsettled))

    def refusal(self) -> Refusal | None:
        """Nothing to refuse: with constant partial molar volumes every state is the only one."""
        return None

    def current(self) -> float:
        """Total anodic current of the present state, reduced."""
        if self._current is not None:
            return self._current
        line = self.line
        potential = float(self._electrode[0])
        found = currents(
            line.laws, line.cells, line.walls, line.kinetics, self._unknowns, self._points, potential
        )
        return float(found[:, VALUE].sum())

    def lithium(self) -> float:
        """Total lithium, reduced."""
        return float(np.vdot(self._weights, self._points.occupancy))

    def memory(self) -> Memory:
        """The points as the last solve left them, from which the next local solves start."""
        noise = np.array([self._noise[driven] for driven in (True, False)])
        return {"points": np.array(self._points), "noise": noise}

    def recall(self, memory: Memory) -> None:
        """Take up the memory of the same line, if there is any."""
        for mine, kept in zip(self._points, memory.get("points", ()), strict=False):
            mine[:] = kept
        for driven, kept in zip((True, False), memory.get("noise", ()), strict=False):
            self._noise[driven][:] = kept

    def surface_occupancies(self) -> tuple[float, float] | None:
        """Extreme surface occupancies of hosts without saturation of their own, or None without any."""
        if not self._watched:
            return None
        line = self.line
        low, high = extremes(line.laws, line.cells, line.near, line.edges, self._unknowns, self._points)
        return float(low), float(high)

    def site_mean(self, gap: Array) -> float:
        """Root mean square over the lithium sites of values at the quadrature points."""
        total = float(np.vdot(self._weights, gap * gap))
        return math.sqrt(max(total, 0.0) / max(self.sites, 1e-300))
