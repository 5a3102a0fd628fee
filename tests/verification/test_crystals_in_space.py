"""Crystals in any direction: one that is free, one under pressure, and two that are bonded in a die."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.spatial.transform import Rotation

from benchmarks.verification.pages.mechanics.bicrystal import halves
from benchmarks.verification.setups import hand_made
from solver.constants import GAS_CONSTANT
from solver.discretisation.equilibrium import equilibrate
from solver.discretisation.mechanics import Mechanics
from solver.discretisation.stopwatch import Stopwatch
from solver.materials import elasticity, expansion
from solver.materials.hosts import InertHost
from solver.materials.phase import Phase
from solver.observation.interior import Interior

Array = npt.NDArray[np.float64]

HEXAGONAL = elasticity.trigonal(210e9, 66.5e9, 45.5e9, 147e9, 42e9, 0.0)
STIFFNESS = {
    "cubic": elasticity.cubic(231e9, 119e9, 47e9),
    "hexagonal": HEXAGONAL,
    "trigonal": elasticity.trigonal(210e9, 66.5e9, 45.5e9, 147e9, 42e9, -23e9),
}
VOLUME = expansion.partial_molar_volume(-0.4e-6, 1.9e-6)
MISFIT = np.diag([0.011, 0.011, 0.017])
DIRECTIONS = Rotation.random(10, random_state=6).as_matrix()
PRESSURE, OCCUPANCY = 7.1e8, 0.45


class Crystal:
    """A free block of one crystal whose direction and load change without a new mesh."""

    def __init__(self, stiffness: Array) -> None:
        self.phase = hand_made.material(
            stiffness, hand_made.LAYERED_HOST, volume=VOLUME, reference=0.9, misfit=MISFIT
        )
        self.mesh = hand_made.box("3d", 2, split=None, symmetric=False)

    def settle(self, frame: Array, pressure: float) -> tuple[float, Array, float]:
        """Potential (reduced), stress over the modulus at all points, and the largest strain."""
        body = hand_made.particle(self.mesh, {"layered": self.phase}, frame=frame, pressure=pressure)
        result = equilibrate(body, Mechanics(body), None, OCCUPANCY, Stopwatch())
        assert result.converged, result
        state = Interior(body).probe.look()
        strain = state.elastic_strain + state.eigenstrain
        return body.mean_potential(), np.asarray(state.stress), float(np.abs(strain).max())


@pytest.fixture(scope="module", params=STIFFNESS)
def crystal(request: Any) -> Crystal:
    return Crystal(STIFFNESS[request.param])


def test_a_free_crystal_has_no_stress_in_any_direction(crystal: Crystal) -> None:
    for frame in DIRECTIONS:
        _, stress, strain = crystal.settle(frame, 0.0)
        assert strain > 5e-3
        assert np.abs(stress).max() < 1e-12


def test_pressure_is_the_same_everywhere_and_shifts_the_potential(crystal: Crystal) -> None:
    shift = np.trace(VOLUME) * PRESSURE / (GAS_CONSTANT * hand_made.TEMPERATURE)
    for frame in DIRECTIONS[:2]:
        free, loaded = (crystal.settle(frame, pressure) for pressure in (0.0, PRESSURE))
        modulus = elasticity.bulk_and_shear(crystal.phase.stiffness)[0]
        wanted = -PRESSURE / modulus * np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
        assert np.abs(loaded[1] - wanted).max() < 1e-9 * PRESSURE / modulus
        assert loaded[0] - free[0] == pytest.approx(shift, rel=1e-9)


def turned_layer(phase: Phase, frame: Array) -> tuple[float, Array]:
    """Strain along z and stress (11, 22, 33) of one layer of the die, whose mirrors are the die's planes.

    Only the strain e along z is free. With misfit m: sigma_zz = C33 (e - m3) - C13 m1 - C23 m2 = -p.
    """
    turned = phase.turned(frame)
    c, m = turned.stiffness[:3, :3], np.diag(turned.misfit)
    along = m[2] + (-PRESSURE + c[0, 2] * m[0] + c[1, 2] * m[1]) / c[2, 2]
    return float(along), np.asarray(c @ (np.array([0.0, 0.0, along]) - m))


@pytest.mark.parametrize("misfit", [False, True], ids=["pressed", "misfitting"])
@pytest.mark.parametrize("name", ["cubic", "hexagonal"])
def test_two_crystals_bonded_in_a_die(name: str, misfit: bool) -> None:
    """Layers stacked along z between frictionless rigid sides: the same sigma_zz, each its own sigma_xx.

    The lower one has its axes along those of the die. The upper one has z along [110] of a cube, or the
    c axis along x: the planes of the die are mirrors of both, so that no layer shears, no side takes a shear
    traction, and a displacement u_z(z) with one slope a layer meets every condition.
    """
    diagonal = np.sqrt(0.5)
    upper = {
        "cubic": np.array([[0.0, 0.0, 1.0], [diagonal, -diagonal, 0.0], [diagonal, diagonal, 0.0]]),
        "hexagonal": np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
    }[name]
    frames = np.array([np.eye(3), upper])
    phase = hand_made.material(STIFFNESS[name], InertHost(), misfit=MISFIT if misfit else None)
    mesh = halves("3d", 2, frames, along=2)
    body = hand_made.particle(mesh, {"layered": phase}, pressure=PRESSURE, die=True, lateral=0.6)
    mechanics = Mechanics(body)
    assert equilibrate(body, mechanics, potential=0.0, occupancy=None, watch=Stopwatch()).converged
    state = Interior(body)
    stress = state.probe.look().stress * body.body.scales.modulus
    layers = [turned_layer(phase, frame) for frame in frames]
    scale = max(np.abs(layer[1]).max() for layer in layers)
    for grain, (_, wanted) in enumerate(layers):
        found = stress[body.imported.grain[: body.imported.owned_cells] == grain]
        assert np.abs(found[..., :3] - wanted).max() < 1e-9 * scale
        assert np.abs(found[..., 3:]).max() < 1e-9 * scale
    assert layers[0][1][2] == pytest.approx(layers[1][1][2], rel=1e-12)
    assert abs(layers[0][1][0] - layers[1][1][0]) > 0.02 * scale
    assert mechanics.axial == pytest.approx(np.mean([layer[0] for layer in layers]), rel=1e-9)
