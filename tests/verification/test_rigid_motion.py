"""Motions and turns that must not make stress, and neighbours of theirs that must."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.verification.setups import hand_made
from benchmarks.verification.setups.hand_made import LAYERED_HOST, material
from solver.discretisation.assembly import assemble_rows
from solver.discretisation.compiled import compile_expression, compile_form
from solver.discretisation.equilibrium import equilibrate
from solver.discretisation.mechanics import Mechanics
from solver.discretisation.stopwatch import Stopwatch
from solver.materials import elasticity, expansion

SHIFT, TURN = np.random.default_rng(21).uniform(-0.7, 0.7, (2, 3))


def largest_stress(body: Any) -> float:
    """Largest stress component at the quadrature points over the reference modulus."""
    body.update()
    points = body.volume_points.points
    cells = np.arange(body.imported.owned_cells, dtype=np.int32)
    values = compile_expression(body.forms.sigma, points, body.comm).eval(body.imported.mesh, cells)
    return float(np.max(np.abs(values)))


def move(body: Any, motion: Callable[[np.ndarray], np.ndarray]) -> None:
    """Set the displacement from positions, shape (dim, points)."""
    body.unknowns.u.interpolate(lambda x: motion(x)[: body.imported.mesh.topology.dim])


def plane(x: np.ndarray) -> np.ndarray:
    return np.array([SHIFT[0] - TURN[2] * x[1], SHIFT[1] + TURN[2] * x[0]])


def along_the_axis(x: np.ndarray) -> np.ndarray:
    return np.array([0.0 * x[0], SHIFT[2] + 0.0 * x[1]])


def in_space(x: np.ndarray) -> np.ndarray:
    turn = np.cross(TURN, x.T).T
    return SHIFT[:, None] + turn


MOTIONS = {
    "axisymmetric": along_the_axis,
    "plane_strain": plane,
    "generalised_plane_strain": plane,
    "3d": in_space,
}


@pytest.mark.parametrize("dimension", MOTIONS)
def test_a_rigid_motion_makes_no_stress(dimension: str) -> None:
    phases = hand_made.coupled_phases()
    for phase in phases.values():
        phase.molar_volume[:] = 0.0
        phase.misfit[:] = 0.0
    body = hand_made.particle(hand_made.box(dimension, 2, symmetric=False), phases)
    move(body, MOTIONS[dimension])
    assert largest_stress(body) < 1e-13
    assert np.max(np.abs(assemble_rows(compile_form(body.forms.momentum), body.blocks[0]))) < 1e-13
    move(body, lambda x: MOTIONS[dimension](x) + 0.01 * x[: body.imported.mesh.topology.dim])
    assert largest_stress(body) > 1e-3


def crystal(stiffness: np.ndarray) -> dict[str, hand_made.Phase]:
    """A crystal that swells and misfits along its own axes."""
    return {
        "layered": material(
            stiffness,
            LAYERED_HOST,
            volume=expansion.partial_molar_volume(-0.4e-6, 1.9e-6),
            reference=0.9,
            misfit=np.diag([0.011, 0.011, 0.017]),
        )
    }


def settle(dimension: str, angle: float, *, split: bool = False) -> tuple[float, float]:
    """Largest stress of a free crystal at one potential, and the largest strain that it took on."""
    tilt = np.column_stack(
        [[0.0, 0.0, 1.0], [np.sin(angle), -np.cos(angle), 0.0], [np.cos(angle), np.sin(angle), 0.0]]
    )
    phases = crystal(elasticity.trigonal(210e9, 66.5e9, 45.5e9, 147e9, 42e9, 0.0))
    mesh = hand_made.box(dimension, 4, symmetric=False, split=0.5 if split else None)
    if split:
        phases["rock_salt"] = hand_made.coupled_phases(crystal=True)["rock_salt"]
    body = hand_made.particle(mesh, phases, frame=tilt)
    result = equilibrate(body, Mechanics(body), potential=-0.6, occupancy=None, watch=Stopwatch())
    assert result.converged, result
    points = body.volume_points.points
    cells = np.arange(body.imported.owned_cells, dtype=np.int32)
    strain = compile_expression(body.unknowns.strain, points, body.comm).eval(body.imported.mesh, cells)
    return largest_stress(body), float(np.max(np.abs(strain)))


ANGLES = np.random.default_rng(8).uniform(0.0, np.pi, 3)


@pytest.mark.parametrize("angle", ANGLES)
def test_a_single_crystal_of_one_composition_is_free_of_stress(angle: float) -> None:
    stress, strain = settle("generalised_plane_strain", float(angle))
    assert strain > 5e-3
    assert stress < 1e-11


def test_plane_strain_and_a_second_phase_are_not() -> None:
    assert settle("plane_strain", float(ANGLES[0]))[0] > 1e-3
    assert settle("generalised_plane_strain", float(ANGLES[0]), split=True)[0] > 1e-3
