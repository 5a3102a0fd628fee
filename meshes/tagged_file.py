"""Simplices and the names of their groups, out of any mesh file that meshio reads."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from meshes.mesh_error import MeshError
from meshes.tagged_mesh import FACET_TAGS, PHASE_NAMES, Floats, Ints
from meshes.unread_file import refuse_unread

SIMPLICES = ("vertex", "line", "triangle", "tetra")
"""Linear simplices by number of coordinates."""

Names = npt.NDArray[np.object_]


@dataclass(frozen=True)
class TaggedFile:
    """What a file holds.

    Attributes:
        points: (n, 3) [units of the file].
        cells: (m, d+1) by d; only the kinds that exist.
        names: (m,) group name of each cell by d; empty where it has none.
    """

    points: Floats
    cells: dict[int, Ints]
    names: dict[int, Names]


def read_tagged(path: Path) -> TaggedFile:
    """Read a mesh file.

    Understood are physical groups (Gmsh .msh), cell sets (Abaqus, ...), families (MED), and the integer
    arrays `region` (1 layered, 2 rock salt), `grain` and `facet` (1 outer, 2 inner, 3 to 5 symmetry planes)
    that `write_mesh` writes to .vtu.

    Args:
        path: The file.

    Returns:
        Its simplices and their names.

    Raises:
        MeshError: It cannot be read, or holds other cells than linear simplices.
    """
    mesh = _read(path)
    try:
        return _tagged(mesh, path)
    except (IndexError, KeyError, OverflowError, TypeError, ValueError) as reason:
        raise MeshError(f"{path}: its groups cannot be read: {reason}") from reason


def _tagged(mesh: Any, path: Path) -> TaggedFile:
    if mesh.points.ndim != 2 or len(mesh.points) == 0 or len(mesh.cells) == 0:
        raise MeshError(f"{path}: the file has no cells")
    points = np.zeros((len(mesh.points), 3))
    points[:, : mesh.points.shape[1]] = mesh.points
    cells: dict[int, list[Ints]] = {}
    names: dict[int, list[Names]] = {}
    for number, block in enumerate(mesh.cells):
        if block.type not in SIMPLICES:
            raise MeshError(
                f"{path}: cells of type {block.type!r}; allowed: {', '.join(SIMPLICES[1:])} (linear)"
            )
        d = SIMPLICES.index(block.type)
        numbers = np.asarray(block.data, dtype=np.int64).reshape(-1, d + 1)
        if numbers.min(initial=0) < 0 or numbers.max(initial=0) >= len(points):
            raise MeshError(f"{path}: a cell names a point that there is not")
        cells.setdefault(d, []).append(numbers)
        names.setdefault(d, []).append(_block_names(mesh, number, d, path))
    return TaggedFile(
        points,
        {d: np.concatenate(found) for d, found in cells.items()},
        {d: np.concatenate(found) for d, found in names.items()},
    )


def _read(path: Path) -> Any:
    import meshio

    if not path.is_file():
        raise MeshError(f"{path}: no such file")
    try:
        refuse_unread(path)
        # meshio prints its complaints and may leave through sys.exit.
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return meshio.read(path)
    except MeshError:
        raise
    except (Exception, SystemExit) as reason:
        raise MeshError(f"{path}: cannot be read as a mesh: {reason or type(reason).__name__}") from reason


def _block_names(mesh: Any, number: int, d: int, path: Path) -> Names:
    count = len(mesh.cells[number].data)
    names = np.full(count, "", dtype=object)
    if "gmsh:physical" in mesh.cell_data:
        known = _group_names(mesh, d)
        values = mesh.cell_data["gmsh:physical"][number]
        for tag in np.unique(values):
            names[values == tag] = known.get(int(tag), "" if tag == 0 else f"(group {tag} without a name)")
    elif "cell_tags" in mesh.cell_data:
        values = mesh.cell_data["cell_tags"][number]
        for tag, groups in mesh.cell_tags.items():
            names[values == tag] = groups[0] if groups else ""
    elif "region" in mesh.cell_data:
        names = _array_names(mesh, number, count)
    else:
        for name, blocks in mesh.cell_sets.items():
            chosen = blocks[number]
            if chosen is not None and len(chosen):
                if (names[chosen] != "").any():
                    raise MeshError(f"{path}: cells of set {name!r} belong to another set too")
                names[chosen] = name
    return names


def _group_names(mesh: Any, d: int) -> dict[int, str]:
    """Names of physical groups by number; what else stands among them, as MED leaves it, names none."""
    found = {}
    for name, entry in mesh.field_data.items():
        if (
            np.shape(entry) == (2,)
            and np.issubdtype(np.asarray(entry).dtype, np.number)
            and int(entry[1]) == d
        ):
            found[int(entry[0])] = name
    return found


def _array_names(mesh: Any, number: int, count: int) -> Names:
    zeros = np.zeros(count, dtype=np.int64)
    region = np.asarray(mesh.cell_data["region"][number])
    grain = np.asarray(mesh.cell_data["grain"][number]) if "grain" in mesh.cell_data else zeros
    facet = np.asarray(mesh.cell_data["facet"][number]) if "facet" in mesh.cell_data else zeros
    grains = "grain" in mesh.cell_data and max(int(block.max()) for block in mesh.cell_data["grain"]) > 0
    facet_names = {tag: name for name, tag in FACET_TAGS.items()}
    names = np.full(count, "", dtype=object)
    for k in range(count):
        if region[k] in PHASE_NAMES:
            names[k] = PHASE_NAMES[int(region[k])] + (f".{int(grain[k])}" if grains else "")
        else:
            names[k] = facet_names.get(int(facet[k]), "")
    return names
