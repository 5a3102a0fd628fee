"""Which crystal frames of a mesh file its dimension and its symmetry planes can hold."""

from typing import Final

import numpy as np
import numpy.typing as npt

import meshes
from solver.case.findings import Findings, Sections
from solver.case.geometry import PLANE
from solver.case.mirrors import TAGS, CrystalTensors, crystal_tensors, mirror_axes
from solver.case.phases import Phase

type Floats = npt.NDArray[np.float64]

SQUARE: Final = 1e-3
"""Largest cosine that passes for a right angle, as in the file of the frames."""

WRITTEN: Final = 2e-3
"""Relative change of a tensor that passes for none: frames are written with few digits."""


def check_file_frames(mesh: meshes.TaggedMesh, sections: Sections, found: Findings) -> None:
    """Refuse frames that the dimension of a mesh file would silently break, one line for each phase.

    Args:
        mesh: the mesh, with or without frames.
        sections: the case; phases without any anisotropy may have any frame.
        found: takes the problems, at `geometry.path`.
    """
    if mesh.frames is None:
        return
    lattice = None if sections.layered is None else sections.layered.lattice
    for name, code in (("layered", meshes.LAYERED), ("rock_salt", meshes.ROCK_SALT)):
        phase: Phase | None = getattr(sections, name)
        tensors = None if phase is None else crystal_tensors(phase, lattice, name == "rock_salt")
        if tensors is None:
            continue
        cut = _axes_that_cut(mesh, code)
        for grain in np.unique(mesh.cell_grain[mesh.cell_phase == code]).tolist():
            reason = _reason(mesh, tensors, mesh.frames[grain], cut.get(grain, set()))
            if reason is not None:
                what, allowed = reason
                found.refuse(("geometry", "path"), f"crystal frame of a {name} grain: {what}", allowed)
                break


def _reason(
    mesh: meshes.TaggedMesh, tensors: CrystalTensors, frame: Floats, cut: set[int]
) -> tuple[str, str] | None:
    """What is wrong with a frame and what would be right, or None."""
    if mesh.dimension == "spherical":
        if not tensors.alike(frame, _turn(0) @ frame, WRITTEN):
            return "a line holds only c along r, and the same stiffness all around c", "c = (1, 0, 0)"
        if not (mesh.facet_tags == meshes.INNER).any() and not tensors.alike(
            frame, _turn(2) @ frame, WRITTEN
        ):
            return "c along r is singular at a solid centre", "a cavity, or no frames"
        return None
    if mesh.dimension == "axisymmetric":
        if not tensors.alike(frame, _turn(2) @ frame, WRITTEN):
            what = "only c along the axis, with the same stiffness all around it, is axisymmetric"
            return what, "c = (0, 0, 1)"
        return None
    if mesh.dimension in PLANE:
        flip = np.diag([1.0, 1.0, -1.0])
        if not tensors.alike(frame, flip @ frame, WRITTEN):
            return _out_of_plane(frame)
    kind = "line" if mesh.dimension in PLANE else "plane"
    for axis in sorted(cut):
        if not tensors.mirrored(frame, axis, WRITTEN):
            what = f"the symmetry {kind} cuts it at {'xyz'[axis]} = 0 and does not map it to itself"
            return what, f"grains away from the symmetry {kind}s, or a mesh of the whole particle"
    return None


def _out_of_plane(frame: Floats) -> tuple[str, str]:
    """Why the plane of a disc is no mirror of a crystal, and what would be right."""
    leaning = abs(float(frame[2, 2]))
    if leaning > 1.0 - SQUARE:
        return "with c along z it couples strain in the plane to shear out of it", "c in the plane"
    if leaning > SQUARE:
        return "a c axis that leans out of the plane needs dimension 3d", "c in the plane, or (0, 0, 1)"
    return "it is turned about c, so that the plane is no mirror of it", "a = (0, 0, 1)"


def _turn(axis: int) -> Floats:
    """A turn by one radian about a coordinate axis: it maps only what is alike all around to itself."""
    turn = np.eye(3)
    one, two = (axis + 1) % 3, (axis + 2) % 3
    turn[one, one] = turn[two, two] = np.cos(1.0)
    turn[one, two], turn[two, one] = -np.sin(1.0), np.sin(1.0)
    return turn


def _axes_that_cut(mesh: meshes.TaggedMesh, code: int) -> dict[int, set[int]]:
    """Axes across the symmetry planes that hold a side of a cell, by grain of a phase."""
    mine = mesh.cell_phase == code
    cells, grains = mesh.cells[mine], mesh.cell_grain[mine]
    found: dict[int, set[int]] = {}
    for axis in mirror_axes(mesh.dimension, np.unique(mesh.facet_tags).tolist()):
        tag = next(tag for tag, across in TAGS.items() if across == axis)
        facets = mesh.facets[mesh.facet_tags == tag]
        sides = {tuple(row) for row in np.sort(facets, axis=1).tolist()}
        near = np.isin(cells, facets).sum(axis=1) >= facets.shape[1]
        for corners, grain in zip(np.sort(cells[near], axis=1).tolist(), grains[near].tolist(), strict=True):
            if any((*corners[:k], *corners[k + 1 :]) in sides for k in range(len(corners))):
                found.setdefault(grain, set()).add(axis)
    return found
