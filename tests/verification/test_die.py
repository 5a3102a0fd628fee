"""A box in a rigid die: its exact homogeneous state, also with a crystal turned about the pressing axis."""

import numpy as np
import pytest

from benchmarks.verification.setups import hand_made
from solver.discretisation.die import box_walls
from solver.discretisation.equilibrium import equilibrate
from solver.discretisation.mechanics import Mechanics
from solver.discretisation.mesh_import import import_mesh
from solver.discretisation.particle import Particle
from solver.discretisation.stopwatch import Stopwatch
from solver.fenics import MPI
from solver.materials import elasticity
from solver.observation.interior import Interior

PRESSURE = 4.1e8
CUBIC = elasticity.cubic(231e9, 119e9, 47e9)


def turned(angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])


def pressed(stiffness: np.ndarray, frame: np.ndarray | None, symmetric: bool) -> Particle:
    phase = hand_made.material(stiffness, hand_made.LAYERED_HOST)
    mesh = hand_made.box("3d", 2, split=None, symmetric=symmetric)
    return hand_made.particle(mesh, {"layered": phase}, pressure=PRESSURE, die=True, lateral=0.6, frame=frame)


@pytest.mark.parametrize("symmetric", [True, False], ids=["through the origin", "walls all around"])
@pytest.mark.parametrize("angle", [None, 0.0, np.pi / 4], ids=["isotropic", "cubic", "cubic turned"])
def test_the_homogeneous_state(angle: float | None, symmetric: bool) -> None:
    nu = 0.31
    stiffness = elasticity.isotropic(139e9, nu) if angle is None else CUBIC
    body = pressed(stiffness, None if angle is None else turned(angle), symmetric)
    mechanics = Mechanics(body)
    assert equilibrate(body, mechanics, potential=0.3, occupancy=None, watch=Stopwatch()).converged
    # Only the strain along z is free: sigma_zz = C33 e, sigma_xx = C13 e, sigma_yy = C23 e.
    c = body.media.numbers[0, :21]
    c13, c23, c33 = c[2], c[7], c[11]
    state = Interior(body)
    stress = state.probe.look().stress * body.body.scales.modulus
    wanted = -PRESSURE * np.array([c13 / c33, c23 / c33, 1.0, 0.0, 0.0, 0.0])
    assert np.abs(stress - wanted).max() < 1e-9 * PRESSURE
    if angle is None:
        assert wanted[0] == pytest.approx(-PRESSURE * nu / (1.0 - nu), rel=1e-12)
    elif angle:
        # Turned by 45 degrees this crystal is softer in the plane, not along z.
        assert c[0] < 0.97 * c33
    strain = -PRESSURE / (c33 * body.body.scales.modulus)
    assert mechanics.axial == pytest.approx(strain, rel=1e-10)
    moved = state.probe.look()
    assert np.abs(moved.displacement[..., 2] - strain * moved.position[..., 2]).max() < 1e-12
    means = state.means(moved)
    assert means.mean_deviation < 1e-10


def test_only_a_box_has_walls() -> None:
    whole = import_mesh(MPI.COMM_SELF, hand_made.box("3d", 2, symmetric=False))
    walls = box_walls(whole)
    assert walls is not None
    assert [len(walls[axis]) for axis in range(3)] == [16, 16, 16]
    tagged = hand_made.box("3d", 2)
    points = tagged.points.copy()
    points[:, 2] *= 1.0 + 0.1 * points[:, 0]  # a slanting top
    slanting = type(tagged)(**{**vars(tagged), "points": points})
    assert box_walls(import_mesh(MPI.COMM_SELF, slanting)) is None
    assert box_walls(import_mesh(MPI.COMM_SELF, hand_made.box("generalised_plane_strain", 2))) is None
