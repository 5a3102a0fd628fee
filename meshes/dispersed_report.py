"""What is measured on a mesh of dispersed rock salt, and what its reader should know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from meshes.percolation import islands
from meshes.tagged_mesh import OUTER, MeshReport, TaggedMesh
from meshes.tortuosity import diffusivity_ratio, tortuosity

LINKED = 0.95
"""Linked share of a phase [-] below which the report says so aloud."""

RESOLVED = 2.0
"""Cells across the finest regions [-] below which a mesh of tetrahedra says that it is coarse."""

BETTER = 3.0
"""Cells across them that such a mesh is advised to have [-]."""


def dispersed_report(mesh: TaggedMesh, specks: int, skin: bool, feature: float, across: float) -> MeshReport:
    """Complete the report of a mesh: islands, effective diffusivities, notes.

    Args:
        mesh: The finished mesh.
        specks: Number of islands that were given to the phase around them.
        skin: Whether rock salt closes the surface.
        feature: Width of the finest regions [m].
        across: Cells across them [-].

    Returns:
        The report.

    Raises:
        MeshError: An effective diffusivity could not be computed.
    """
    ratios = diffusivity_ratio(mesh)
    return replace(
        mesh.report,
        islands=islands(mesh.cells, mesh.cell_phase, mesh.facets[mesh.facet_tags == OUTER]),
        diffusivity_ratio=ratios,
        tortuosity=tortuosity(mesh, ratios),
        notes=tuple(_notes(mesh, specks, skin, feature, across)),
    )


def _notes(mesh: TaggedMesh, specks: int, skin: bool, feature: float, across: float) -> Iterator[str]:
    share = mesh.report.connected_share
    plane = mesh.points.shape[1] == 2
    if specks:
        yield f"{specks} specks too small to resolve were given to the phase around them"
    if skin:
        yield "the skin closes the surface: none of the layered phase reaches it except through rock salt"
    elif min(share.values()) < LINKED:
        links = ", ".join(
            f"{100 * value:.0f} % of the {name.replace('_', ' ')}" for name, value in share.items()
        )
        if plane:
            yield (
                f"a 2D mesh cannot percolate both phases: {links} linked to the outer surface; in 3D nearly "
                "all of both phases would be. Radial lamellae are the 2D pattern that links both."
            )
        else:
            yield f"{links} linked to the outer surface; the rest are islands inside the other phase"
    if across < RESOLVED and not plane:
        yield (
            f"the finest regions are about {across:.1f} cells wide: paths through the scarcer phase come out "
            f"too wide and too short; mesh_size.interface: {feature / BETTER * 1e9:.0f} nm resolves them"
        )
