"""Meshes of balls in space, written for cases of `kind: file`."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from meshes import SYM_X, SYM_Y, SYM_Z, TaggedMesh, write_mesh
from meshes.core_shell import build_rings

AXES = (SYM_X, SYM_Y, SYM_Z)


def octant(radius: float, radii: list[float], phases: list[int], sizes: tuple[float, float]) -> TaggedMesh:
    """Concentric shells of given phases, an eighth of a ball.

    Args:
        radius: Outer radius [m].
        radii: Spheres in outer radii, ascending to 1; a leading zero means no cavity.
        phases: Phase of each shell.
        sizes: Cell size far from spheres and at them [outer radii].
    """
    return build_rings("3d", radius, radii, phases, sizes, "octant")


def mirrored(tagged: TaggedMesh) -> TaggedMesh:
    """The whole body of a sector: copies of its cells that share the vertices of the mirrors.

    In the axisymmetric dimension the mirror is z = 0; the axis is none.
    """
    points, cells, facets = tagged.points, tagged.cells, tagged.facets
    tags, phase, grain = tagged.facet_tags, tagged.cell_phase, tagged.cell_grain
    dim = points.shape[1]
    mirrors = {1: SYM_Z} if tagged.dimension == "axisymmetric" else dict(enumerate(AXES[:dim]))
    turned = [1, 0, *range(2, dim + 1)]
    for axis, tag in mirrors.items():
        facets, tags = facets[tags != tag], tags[tags != tag]
        here = np.abs(points[:, axis]) < 1e-12
        image = np.arange(len(points))
        image[~here] = len(points) + np.arange(np.count_nonzero(~here))
        flip = np.ones(dim)
        flip[axis] = -1.0
        points = np.vstack([points, points[~here] * flip])
        # A mirror turns a cell inside out: two of its vertices change places.
        cells = np.vstack([cells, image[cells[:, turned]]])
        facets = np.sort(np.vstack([facets, image[facets]]), axis=1)
        tags, phase, grain = (np.tile(part, 2) for part in (tags, phase, grain))
    return replace(
        tagged,
        points=points,
        cells=cells,
        facets=facets,
        facet_tags=tags,
        cell_phase=phase,
        cell_grain=grain,
        multiplicity=1.0,
    )


def geometry(tagged: TaggedMesh, path: Path) -> dict[str, str]:
    """Write a mesh and give the geometry of a case that reads it."""
    write_mesh(tagged, path, unit=tagged.length)
    return {"kind": "file", "dimension": "3d", "path": str(path), "scale": f"{tagged.length!r} m"}
