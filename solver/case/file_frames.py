"""Which crystal frames of a mesh file its dimension and its symmetry lines can hold."""

import math
from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

import meshes
from solver.case.findings import Findings, Sections
from solver.case.frame_checks import is_anisotropic, is_cubic
from solver.case.phases import Phase, TrigonalElasticity

type Floats = npt.NDArray[np.float64]

SQUARE: Final = 1e-3
"""Largest cosine that passes for a right angle, as in the file of the frames."""

THREEFOLD: Final = 60.0
FOURFOLD: Final = 45.0
"""Angle between mirrors through a threefold and a fourfold axis [degrees]."""

MIRRORS: Final = {
    "spherical": [],
    "axisymmetric": [meshes.SYM_Z],
    "generalised_plane_strain": [meshes.SYM_X, meshes.SYM_Y],
    "plane_strain": [meshes.SYM_X, meshes.SYM_Y],
}

CUT: Final = (
    "a symmetry line cuts it and does not map it to itself",
    "grains away from the symmetry lines, or a mesh of the whole particle",
)


def check_file_frames(mesh: meshes.TaggedMesh, sections: Sections, found: Findings) -> None:
    """Refuse frames that the dimension of a mesh file would silently break, one line for each phase.

    Args:
        mesh: the mesh, with or without frames.
        sections: the case; phases without any anisotropy may have any frame.
        found: takes the problems, at `geometry.path`.
    """
    if mesh.frames is None:
        return
    for name, code in (("layered", meshes.LAYERED), ("rock_salt", meshes.ROCK_SALT)):
        phase: Phase | None = getattr(sections, name)
        if phase is None or not is_anisotropic(phase):
            continue
        grains = np.unique(mesh.cell_grain[mesh.cell_phase == code])
        at_mirror = _grains_at_mirrors(mesh, code)
        for grain in grains.tolist():
            reasons = _reasons(mesh, phase, name, mesh.frames[grain], grain in at_mirror)
            reason = next(reasons, None)
            if reason is not None:
                what, allowed = reason
                found.refuse(("geometry", "path"), f"crystal frame of a {name} grain: {what}", allowed)
                break


def _reasons(
    mesh: meshes.TaggedMesh, phase: Phase, name: str, frame: Floats, at_mirror: bool
) -> Iterator[tuple[str, str]]:
    c = frame[:, 2]
    along = int(np.argmax(np.abs(c)))
    oblique = bool(np.delete(np.abs(c), along).max() > SQUARE)
    around = _between_mirrors(phase, name)
    if mesh.dimension == "spherical":
        if oblique or along != 0 or around:
            yield "a line holds only c along r, and the same stiffness all around c", "c = (1, 0, 0)"
        elif not (mesh.facet_tags == meshes.INNER).any():
            yield "c along r is singular at a solid centre", "a cavity, or no frames"
    elif mesh.dimension == "axisymmetric":
        if oblique or along != 2 or around:
            yield (
                "only c along the axis, with the same stiffness all around it, is axisymmetric",
                "c = (0, 0, 1)",
            )
    elif not oblique and along == 2:
        if around and around != FOURFOLD:
            yield "with c along z it couples strain in the plane to shear out of it", "c in the plane"
        elif at_mirror and _turned(frame[:, 0], frame[:, 1], np.array([1.0, 0.0, 0.0]), around):
            yield CUT
    elif abs(c[2]) > SQUARE:
        yield "a c axis that leans out of the plane needs 3D", "c in the plane, or (0, 0, 1)"
    elif _turned(frame[:, 0], frame[:, 1], np.array([0.0, 0.0, 1.0]), around):
        yield "it is turned about c, so that the plane is no mirror of it", "a = (0, 0, 1)"
    elif at_mirror and (oblique or around not in (0.0, FOURFOLD)):
        yield CUT


def _between_mirrors(phase: Phase, name: str) -> float:
    """Angle between the mirrors that hold c [degrees]; 0 where every plane through c is one."""
    if isinstance(phase.elasticity, TrigonalElasticity) and phase.elasticity.C14:
        return THREEFOLD
    if is_cubic(phase):
        return THREEFOLD if name == "rock_salt" else FOURFOLD  # rock salt stands on (111), others on (001)
    return 0.0


def _turned(a: Floats, b: Floats, normal: Floats, between: float) -> bool:
    """Whether a direction at right angles to c is no normal of a mirror, as a is."""
    if not between:
        return False
    angle = math.degrees(math.atan2(float(b @ normal), float(a @ normal))) % between
    return min(angle, between - angle) > math.degrees(SQUARE)


def _grains_at_mirrors(mesh: meshes.TaggedMesh, code: int) -> set[int]:
    """Grains of a phase with a side on a symmetry line."""
    mirrors = mesh.facets[np.isin(mesh.facet_tags, MIRRORS[mesh.dimension])]
    sides = {tuple(row) for row in np.sort(mirrors, axis=1).tolist()}
    mine = mesh.cell_phase == code
    found = set()
    for corners, grain in zip(np.sort(mesh.cells[mine], axis=1).tolist(), mesh.cell_grain[mine], strict=True):
        if any((*corners[:k], *corners[k + 1 :]) in sides for k in range(len(corners))):
            found.add(int(grain))
    return found
