"""Write a tagged mesh for other programs."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from meshes.frames_file import frames_path, write_frames
from meshes.mesh_error import MeshError
from meshes.tagged_file import SIMPLICES
from meshes.tagged_mesh import FACET_TAGS, PHASE_NAMES, TaggedMesh

FORMATS = (".msh", ".vtu")


def write_mesh(mesh: TaggedMesh, path: Path, unit: float = 1.0) -> list[Path]:
    """Write a mesh through meshio, with its tags, and its crystal frames beside it.

    A .msh (Gmsh 2.2) carries the physical groups that `FileMesh` reads back; a .vtu carries the integer
    arrays `region`, `grain` and `facet`.

    Args:
        mesh: The mesh.
        path: File to write; its ending sets the format.
        unit: Length of one unit of the file [m].

    Returns:
        The files written: the mesh and, where it has crystal frames, STEM.frames.csv.

    Raises:
        MeshError: The format is unknown or the file cannot be written.
    """
    import meshio

    if path.suffix not in FORMATS:
        raise MeshError(f"{path}: unknown format {path.suffix!r}; allowed: {', '.join(FORMATS)}")
    d = mesh.points.shape[1]
    points = np.zeros((len(mesh.points), 3))
    points[:, :d] = mesh.points * (mesh.length / unit)
    blocks = [(SIMPLICES[d], mesh.cells), (SIMPLICES[d - 1], mesh.facets)]
    no_cells, no_facets = np.zeros(len(mesh.cells), np.int32), np.zeros(len(mesh.facets), np.int32)
    written = [path]
    try:
        if path.suffix == ".vtu":
            data = {
                "region": [mesh.cell_phase.astype(np.int32), no_facets],
                "grain": [mesh.cell_grain.astype(np.int32), no_facets],
                "facet": [no_cells, mesh.facet_tags.astype(np.int32)],
            }
            meshio.Mesh(points, blocks, cell_data=data).write(path)
        else:
            tags, groups = _physical(mesh)
            values = [tags.astype(np.int32), mesh.facet_tags.astype(np.int32)]
            data = {"gmsh:physical": values, "gmsh:geometrical": values}
            plain = meshio.Mesh(points, blocks, cell_data=data, field_data=groups)
            meshio.write(path, plain, file_format="gmsh22", binary=False)
        if mesh.frames is not None:
            write_frames(frames_path(path), mesh.frames)
            written.append(frames_path(path))
    except OSError as reason:
        raise MeshError(f"{path}: cannot be written: {reason}") from reason
    return written


def _physical(mesh: TaggedMesh) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], dict[str, np.ndarray]]:
    # Facet tags take 1 to 5; cell groups follow, numbered in order.
    d = mesh.points.shape[1]
    grains = int(mesh.cell_grain.max()) + 1
    groups = {
        name: np.array([tag, d - 1]) for name, tag in FACET_TAGS.items() if (mesh.facet_tags == tag).any()
    }
    key = mesh.cell_phase.astype(np.int64) * grains + mesh.cell_grain
    tags = np.zeros(len(key), dtype=np.int64)
    for number, value in enumerate(np.unique(key), start=max(FACET_TAGS.values()) + 1):
        phase, grain = divmod(int(value), grains)
        name = PHASE_NAMES[phase] + (f".{grain}" if mesh.frames is not None or grains > 1 else "")
        groups[name] = np.array([number, d])
        tags[key == value] = number
    return tags, groups
