"""Which crystals a reduced dimension or a symmetry sector can hold."""

from typing import Any

from solver.case.explaining import Path
from solver.case.findings import Findings, Sections
from solver.case.geometry import PLANE, Crystal, FileMesh, HollowSecondary
from solver.case.phases import (
    AnisotropicExpansion,
    CubicElasticity,
    IsotropicElasticity,
    LatticeMisfit,
    Phase,
    TrigonalElasticity,
)


def check_frames(sections: Sections, found: Findings) -> None:
    """Refuse crystal frames that the dimension would silently break."""
    geometry = sections.geometry
    if geometry is None:
        return
    crystal = getattr(geometry, "crystal", None)
    if crystal is not None:
        _check_axis(geometry.dimension, crystal, found)
        _check_stiffness(geometry.dimension, crystal, sections, found)
        _check_mirrors(geometry, crystal, sections, found)
        if found.has_frames:
            path: Path = ("geometry", "crystal")
            found.refuse(path, "the mesh file brings crystal frames of its own", "one of the two")
    if not isinstance(geometry, HollowSecondary) or geometry.dimension != "spherical":
        return
    if geometry.grains is not None and geometry.grains.kind == "radial" and geometry.cavity_radius == 0:
        used = [sections.layered, sections.rock_salt if geometry.holds_rock_salt else None]
        if any(is_anisotropic(phase) for phase in used if phase is not None):
            what = "anisotropic radial grains, smeared about r, are singular at a solid centre"
            allowed = "a cavity above 0 nm, grains of kind voronoi, or isotropic phases"
            found.refuse(("geometry", "cavity_radius"), what, allowed)


def breaks_mirrors(crystal: Crystal, rock_salt: Phase | None) -> bool:
    """Whether no symmetry line of a disc maps the crystal to itself.

    Args:
        crystal: the frame of the whole particle, c in the plane or along z.
        rock_salt: the rock salt that the geometry contains, or None. A cube that stands on its (111) planes
            has no mirror across [111], nor across the direction in the plane at right angles to it.
    """
    return crystal.is_oblique or (rock_salt is not None and is_cubic(rock_salt))


def _check_mirrors(geometry: Any, crystal: Crystal, sections: Sections, found: Findings) -> None:
    if geometry.dimension not in PLANE:
        return
    rock_salt = sections.rock_salt if found.holds_rock_salt else None
    if not breaks_mirrors(crystal, rock_salt):
        return
    why = "an oblique c axis" if crystal.is_oblique else "a cubic crystal on its (111) planes"
    if isinstance(geometry, FileMesh):
        if found.has_mirrors:
            what = f"{why} breaks the symmetry lines of the mesh"
            found.refuse(("geometry", "path"), what, "a mesh of the whole particle, or no geometry.crystal")
    elif geometry.sector in ("half", "quarter"):
        what = f"'{geometry.sector}': {why} breaks the symmetry of the sector"
        found.refuse(("geometry", "sector"), what, "full")


def _check_axis(dimension: str, crystal: Any, found: Findings) -> None:
    path: Path = ("geometry", "crystal", "c_axis")
    x, y, z = crystal.c_axis
    if dimension == "spherical":
        found.refuse(path[:2], "a sphere in one dimension has no crystal axes", "leave it out")
    elif dimension == "axisymmetric" and (x or y):
        found.refuse(path, "only a c axis along the axis of revolution is axisymmetric", "[0, 0, 1]")
    elif dimension in PLANE and z and (x or y):
        allowed = "a c axis in the plane, or [0, 0, 1]"
        found.refuse(path, "a c axis that leans out of the plane needs 3D", allowed)


def _check_stiffness(dimension: str, crystal: Any, sections: Sections, found: Findings) -> None:
    for name in ("layered", "rock_salt"):
        phase: Phase | None = getattr(sections, name)
        if phase is None or dimension == "spherical" or (name == "rock_salt" and not found.holds_rock_salt):
            continue
        law, path = phase.elasticity, ("phases", name, "elasticity")
        if isinstance(law, TrigonalElasticity) and law.C14:
            what = "C14 couples strain in the plane to shear out of it"
            found.refuse((*path, "C14"), what, "0 GPa, or a hexagonal tensor; 3D will hold it")
        elif dimension == "axisymmetric" and isinstance(law, CubicElasticity) and is_anisotropic(phase):
            what = "an anisotropic cubic crystal is not axisymmetric"
            found.refuse(path, what, "2 C44 = C11 - C12, another kind, or no geometry.crystal")
        elif dimension in PLANE and name == "rock_salt" and crystal.c_axis[2] and is_cubic(phase):
            what = "[111] along z couples strain in the plane to shear out of it"
            found.refuse(path, what, "2 C44 = C11 - C12, a c axis in the plane, or no geometry.crystal")


def is_cubic(phase: Phase) -> bool:
    """Whether the stiffness of a phase is cubic and not isotropic."""
    law = phase.elasticity
    return isinstance(law, CubicElasticity) and abs(2 * law.C44 - law.C11 + law.C12) > 1e-9 * law.C11


def is_anisotropic(phase: Phase) -> bool:
    """Whether anything that deforms a phase depends on the direction in its crystal."""
    law, expansion = phase.elasticity, phase.expansion
    stiff = law is not None and not isinstance(law, IsotropicElasticity | CubicElasticity)
    stiff = stiff or is_cubic(phase)
    expands = isinstance(expansion, AnisotropicExpansion) and (
        expansion.partial_molar_volume_ab != expansion.partial_molar_volume_c
    )
    return stiff or expands or isinstance(phase.misfit, LatticeMisfit)
