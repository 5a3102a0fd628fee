"""What only a finished mesh shows is refused before a run folder is made."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import meshes
from meshes import CoreShell, MeshError, MeshSize
from solver.case import load_case
from solver.case.phases import InertHost
from solver.meshing import _refuse_frames, _refuse_unfit


def _turned(angle: float) -> np.ndarray:
    """A crystal whose c axis leans by an angle from z towards x."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])


@pytest.mark.parametrize("dimension", ["axisymmetric", "generalised_plane_strain", "plane_strain"])
def test_a_leaning_crystal_is_refused(dimension: str) -> None:
    upright, leaning = _turned(0.0), _turned(0.3)
    _refuse_frames(dimension, np.array([upright]))
    if dimension == "axisymmetric":
        with pytest.raises(MeshError, match="axis of revolution"):
            _refuse_frames(dimension, np.array([upright, leaning]))
    else:
        # In the plane the c axis may lie, as long as another axis points along z.
        lying = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
        _refuse_frames(dimension, np.array([lying]))
        leaning = _turned(0.3) @ np.array([[1.0, 0.0, 0.0], [0.0, 0.8, -0.6], [0.0, 0.6, 0.8]])
        with pytest.raises(MeshError, match="leans out of the plane"):
            _refuse_frames(dimension, np.array([upright, leaning]))


def test_a_current_through_an_inert_surface_is_refused() -> None:
    case = load_case(Path("quick/core_shell_liquid"))
    tagged = meshes.build(CoreShell(2.5e-6, 80e-9, mesh_size=MeshSize(100e-9, 20e-9)))
    _refuse_unfit(case, tagged)
    swapped = dataclasses.replace(tagged, cell_phase=np.full_like(tagged.cell_phase, 2))
    sealed = case.model_copy(
        update={"phases": case.phases.model_copy(update={"rock_salt": _inert(case.phases.rock_salt)})}
    )
    _refuse_unfit(case, swapped)
    with pytest.raises(MeshError, match="wholly inert"):
        _refuse_unfit(sealed, swapped)


def _inert(phase: object) -> object:
    """The same phase without lithium."""
    return phase.model_copy(update={"host": InertHost(kind="inert")})  # type: ignore[attr-defined]
