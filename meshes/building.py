"""From a geometry to a mesh: the three questions that the rest of the program asks."""

from __future__ import annotations

from pathlib import Path

from meshes.cache import load_cached, store
from meshes.core_shell import CoreShell
from meshes.dispersed import Dispersed
from meshes.file_mesh import FileMesh
from meshes.hollow_secondary import HollowSecondary
from meshes.mesh_error import MeshError
from meshes.mesh_size import MAX_CELLS
from meshes.tagged_mesh import DIMENSIONS, TaggedMesh

Geometry = CoreShell | Dispersed | HollowSecondary | FileMesh

AVAILABLE = {
    "CoreShell": tuple(DIMENSIONS),
    "HollowSecondary": tuple(DIMENSIONS),
    "FileMesh": tuple(DIMENSIONS),
    "Dispersed": ("generalised_plane_strain", "plane_strain", "3d"),
}
"""Dimensions that each kind of geometry has."""


def refusals(geometry: Geometry) -> list[tuple[str, str]]:
    """Say why a geometry cannot be meshed, without building anything.

    Args:
        geometry: The geometry.

    Returns:
        Pairs of field key (as in a case, below `geometry`) and reason with what is allowed; empty when
        the mesh can be built.
    """
    allowed = AVAILABLE[type(geometry).__name__]
    if geometry.dimension not in DIMENSIONS:
        return [("dimension", f"unknown dimension {geometry.dimension!r}; allowed: {', '.join(allowed)}")]
    if geometry.dimension not in allowed:
        why = "is not possible for this kind of geometry"
        return [("dimension", f"{geometry.dimension!r} {why}; allowed: {', '.join(allowed)}")]
    if not isinstance(geometry, FileMesh) and not 0 < geometry.radius < 1:
        return [("radius", "must be positive and below 1 m")]
    found = geometry.refusals()
    if not found:
        try:
            cells = geometry.estimate_cells()
        except MeshError as reason:
            return [("path", str(reason))]
        if cells > MAX_CELLS:
            found = [
                ("mesh_size", f"about {cells:.2g} cells would be needed; at most {MAX_CELLS:.1g} are allowed")
            ]
    return found


def estimate_cells(geometry: Geometry) -> int:
    """Estimate the number of cells without Gmsh.

    Args:
        geometry: A geometry that `refusals` lets pass.

    Returns:
        Number of cells of the sector.
    """
    return geometry.estimate_cells()


def build(geometry: Geometry, cache: Path | None = None) -> TaggedMesh:
    """Build the mesh of a geometry, or take it from the cache.

    Args:
        geometry: The geometry.
        cache: Folder of finished meshes, None for no cache. A folder that cannot be written is ignored.

    Returns:
        The mesh; the same geometry always gives the same arrays.

    Raises:
        MeshError: The geometry is refused or the mesh is bad.
    """
    reasons = refusals(geometry)
    if reasons:
        raise MeshError("; ".join(f"{key}: {why}" for key, why in reasons))
    found = load_cached(geometry, cache)
    if found is None:
        found = geometry.build()
        store(geometry, found, cache)
    return found
