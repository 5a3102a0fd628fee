"""Which crystals a reduced dimension or a symmetry sector can hold."""

from collections.abc import Iterator, Mapping
from typing import Any

from solver.case.explaining import Path
from solver.case.findings import Findings, Sections
from solver.case.geometry import PLANE, CoreShell, Crystal, Dispersed, FileMesh, HollowSecondary
from solver.case.mirrors import ROUND, CrystalTensors, crystal_tensors, fitting_sectors, sector_axes
from solver.case.phases import (
    AnisotropicExpansion,
    CubicElasticity,
    IsotropicElasticity,
    LatticeMisfit,
    Phase,
    TableExpansion,
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


def smallest_sector(
    geometry: CoreShell | Dispersed | HollowSecondary, default: str, layered: Phase, rock_salt: Phase | None
) -> str:
    """The smallest sector, from the default on, whose planes map the crystal to itself."""
    crystal = getattr(geometry, "crystal", None)
    if crystal is None or geometry.dimension == "spherical":
        return default
    used = {"layered": layered, "rock_salt": rock_salt if geometry.holds_rock_salt else None}
    held = [tensors for _, tensors in _crystals(used)]
    fitting = fitting_sectors(geometry.dimension, held, crystal.frame)
    least = len(sector_axes(geometry.dimension, default))
    return next(name for name in fitting if len(sector_axes(geometry.dimension, name)) <= least)


def _crystals(phases: Mapping[str, Phase | None]) -> Iterator[tuple[str, CrystalTensors]]:
    layered = phases["layered"]
    for name, phase in phases.items():
        lattice = None if layered is None else layered.lattice
        tensors = None if phase is None else crystal_tensors(phase, lattice, name == "rock_salt")
        if tensors is not None:
            yield name, tensors


def _check_mirrors(geometry: Any, crystal: Crystal, sections: Sections, found: Findings) -> None:
    dimension = geometry.dimension
    if dimension in ROUND:
        return  # whatever crystal they hold has all their mirrors
    sector = None if isinstance(geometry, FileMesh) else geometry.sector
    axes = found.mirrors if isinstance(geometry, FileMesh) else sector_axes(dimension, sector or "full")
    used = {"layered": sections.layered, "rock_salt": sections.rock_salt if found.holds_rock_salt else None}
    held = dict(_crystals(used))
    for name, tensors in held.items():
        lost = ", ".join(f"{'xyz'[k]} = 0" for k in axes if not tensors.mirrored(crystal.frame, k))
        if not lost:
            continue
        where = f"the symmetry {'planes' if dimension == '3d' else 'lines'} ({lost} of them)"
        broken = f"do not map the crystal of the {name} phase to itself"
        if isinstance(geometry, FileMesh):
            allowed = "a mesh of the whole particle, or no geometry.crystal"
            found.refuse(("geometry", "path"), f"{where} of the mesh {broken}", allowed)
        else:
            allowed = " | ".join(reversed(fitting_sectors(dimension, held.values(), crystal.frame)))
            found.refuse(("geometry", "sector"), f"'{sector}': {where} {broken}", allowed)
        return


def _check_axis(dimension: str, crystal: Any, found: Findings) -> None:
    path: Path = ("geometry", "crystal", "c_axis")
    x, y, z = crystal.c_axis
    if dimension == "spherical":
        found.refuse(path[:2], "a sphere in one dimension has no crystal axes", "leave it out")
    elif dimension == "axisymmetric" and (x or y):
        found.refuse(path, "only a c axis along the axis of revolution is axisymmetric", "[0, 0, 1]")
    elif dimension in PLANE and z and (x or y):
        allowed = "a c axis in the plane, or [0, 0, 1]"
        found.refuse(path, "a c axis that leans out of the plane needs dimension 3d", allowed)


def _check_stiffness(dimension: str, crystal: Any, sections: Sections, found: Findings) -> None:
    for name in ("layered", "rock_salt"):
        phase: Phase | None = getattr(sections, name)
        if phase is None or dimension in ("spherical", "3d"):
            continue
        if name == "rock_salt" and not found.holds_rock_salt:
            continue
        law, path = phase.elasticity, ("phases", name, "elasticity")
        if isinstance(law, TrigonalElasticity) and law.C14:
            what = "C14 couples strain in the plane to shear out of it"
            found.refuse((*path, "C14"), what, "0 GPa, a hexagonal tensor, or dimension 3d")
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
    expands = expands or isinstance(expansion, TableExpansion)
    return stiff or expands or isinstance(phase.misfit, LatticeMisfit)
