"""What only a finished mesh shows is refused before a run folder is made."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import meshes
from meshes import CoreShell, MeshError, MeshSize
from solver.case import load_case
from solver.case.phases import InertHost
from solver.meshing import _refuse_unfit


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


def test_contact_with_inert_cells_alone_is_refused() -> None:
    contact = {"kind": "caps", "share": 0.25, "count": 1}
    case = load_case(Path("core_shell_liquid_disc"), [f"surface.contact={contact}"])
    case = case.model_copy(
        update={"phases": case.phases.model_copy(update={"rock_salt": _inert(case.phases.rock_salt)})}
    )
    size = MeshSize(500e-9, 250e-9)
    tagged = meshes.build(CoreShell(2.5e-6, 0.0, "generalised_plane_strain", "full", size))
    _refuse_unfit(case, tagged)
    # The single cap covers a quarter of the circle around this direction.
    centre = np.random.default_rng(1).normal(size=2)
    beside = tagged.points[tagged.cells].mean(axis=1) @ centre > 0
    _refuse_unfit(case, dataclasses.replace(tagged, cell_phase=np.where(beside, 1, 2).astype(np.int8)))
    with pytest.raises(MeshError, match="wholly inert"):
        _refuse_unfit(case, dataclasses.replace(tagged, cell_phase=np.where(beside, 2, 1).astype(np.int8)))


def _inert(phase: object) -> object:
    """The same phase without lithium."""
    return phase.model_copy(update={"host": InertHost(kind="inert")})  # type: ignore[attr-defined]
