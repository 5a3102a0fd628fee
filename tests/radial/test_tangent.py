"""The compiled tangent beside differences of the compiled residual, in a rough state of two phases."""

import numpy as np
import pytest

from solver.bodies import build_body, build_phases
from solver.case import load_case
from solver.discretisation.stopwatch import Stopwatch
from solver.fenics import MPI
from solver.meshing import build_mesh
from solver.radial.banded import REACH
from solver.radial.element import residual, tangent, update
from solver.radial.line import build_line
from solver.radial.surface import add_tangent, currents, vertex
from solver.radial.system import RadialSystem

INCREMENT, LEAD, ELECTRODE = 37.0, 1.4, -0.3
OVERRIDES = [
    "geometry.mesh_size={bulk: 400 nm, interface: 40 nm}",
    "surface.exchange_current=concentration",
    "surface.anodic_transfer=0.4",
    "surface.cathodic_transfer=0.7",
    "mechanics.coherency=1",
]


@pytest.mark.parametrize("kind", ["chemical", "lattice_gas", "tracer"])
def test_the_tangent_is_the_derivative(kind: str) -> None:
    extra = f"phases.layered.diffusivity={{kind: {kind}, value: 2e-15 m^2/s}}"
    case = load_case("quick/core_shell_liquid", [*OVERRIDES, extra])
    tagged = build_mesh(case, MPI.COMM_SELF, Stopwatch())
    body = build_body(case, build_phases(case), tagged.dimension, tagged.length)
    system = RadialSystem(build_line(tagged, body), body)
    line, points, size = system.line, system._points, system._size
    rng = np.random.default_rng(7)
    state = 2e-4 * rng.uniform(-1.0, 1.0, size)
    state[1::3] = 0.8 * rng.uniform(-1.0, 1.0, len(state[1::3]))
    points.past[:] = -rng.uniform(0.2, 0.8, points.past.shape)

    def rows(unknowns: np.ndarray) -> np.ndarray:
        assert update(line.laws, line.cells, line.shapes, unknowns, points)[0] == 0
        found, scales = np.zeros(size), np.zeros(size)
        residual(line.cells, line.shapes, unknowns, points, INCREMENT, LEAD, found, scales)
        through = currents(line.laws, line.cells, line.walls, line.kinetics, unknowns, points, ELECTRODE)
        for w in range(len(through)):
            found[vertex(line.walls, w)] += INCREMENT * through[w, 0]
        return found

    largest = np.max(np.abs(rows(state)))
    band = np.zeros((size, 2 * REACH + 1))
    tangent(line.cells, line.shapes, state, points, INCREMENT, LEAD, band)
    through = currents(line.laws, line.cells, line.walls, line.kinetics, state, points, ELECTRODE)
    add_tangent(line.walls, through, INCREMENT, band)
    for j in range(size):
        step = 1e-6 if j % 3 == 1 else 1e-8
        moved = np.eye(size)[j] * step
        wanted = (rows(state + moved) - rows(state - moved)) / (2.0 * step)
        found = np.array([band[i, j - i + REACH] if abs(i - j) <= REACH else 0.0 for i in range(size)])
        for part in (slice(1, None, 3), slice(0, None, 3), slice(2, None, 3)):
            least = 3e-6 * np.max(np.abs(wanted[part])) + 1e-15 * largest / step
            assert found[part] == pytest.approx(wanted[part], rel=3e-6, abs=least)
