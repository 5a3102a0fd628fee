"""A mesh from a file, with the tags that this program needs."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from meshes.assembly import assemble
from meshes.frames_file import frames_path, read_frames
from meshes.mesh_error import MeshError
from meshes.simplices import components, facet_table, oriented, signed_measure
from meshes.tagged_file import Names, TaggedFile, read_tagged
from meshes.tagged_mesh import (
    DIMENSIONS,
    FACET_TAGS,
    OUTER,
    PHASE_NAMES,
    SYM_X,
    SYM_Y,
    SYM_Z,
    Floats,
    Ints,
    TaggedMesh,
)

CELL_NAME = re.compile(r"(layered|rock_salt)(?:\.(\d{1,6}))?")
ON_PLANE = 1e-6
"""Distance [largest coordinates] within which a vertex lies on a symmetry plane or the axis."""

PLANES: Mapping[str, Mapping[int, int]] = {
    "spherical": {},
    "axisymmetric": {SYM_X: 0, SYM_Z: 1},
    "generalised_plane_strain": {SYM_X: 0, SYM_Y: 1},
    "plane_strain": {SYM_X: 0, SYM_Y: 1},
    "3d": {SYM_X: 0, SYM_Y: 1, SYM_Z: 2},
}
"""Symmetry tags that a dimension knows, and the coordinate that vanishes there."""


@dataclass(frozen=True)
class FileMesh:
    """A mesh file.

    Cells belong to the groups `layered`, `rock_salt`, or `layered.N`, `rock_salt.N` for grain N; boundary
    facets (points in `spherical`) to `outer`, `inner`, `sym_x`, `sym_y`, `sym_z`. x is r and y is z in
    `axisymmetric`. Crystal frames stand in STEM.frames.csv, see `frames_file`.

    Attributes:
        path: The file, in any format of meshio that keeps groups.
        dimension: See `TaggedMesh`.
        scale: Length of one unit of the file [m].
    """

    path: Path
    dimension: str
    scale: float = 1.0

    def refusals(self) -> list[tuple[str, str]]:
        """Name what cannot be read: pairs of field key and reason."""
        found = []
        if not (math.isfinite(self.scale) and self.scale > 0):
            found.append(("scale", "the length of one unit of the file must be positive"))
        if not self.path.is_file():
            found.append(("path", f"{self.path}: no such file"))
        return found

    def estimate_cells(self) -> int:
        """Number of cells in the file."""
        return len(read_tagged(self.path).cells.get(DIMENSIONS[self.dimension], ()))

    def fingerprint(self) -> str:
        """Hash of the file and of its crystal frames."""
        digest = hashlib.sha256(self.path.read_bytes())
        if frames_path(self.path).is_file():
            digest.update(frames_path(self.path).read_bytes())
        return digest.hexdigest()

    def build(self) -> TaggedMesh:
        """Read and check the file.

        Raises:
            MeshError: Anything is missing or wrong.
        """
        try:
            return self._read()
        except MeshError as reason:
            text = str(reason)
            raise MeshError(text if text.startswith(str(self.path)) else f"{self.path}: {text}") from reason

    def _read(self) -> TaggedMesh:
        source = read_tagged(self.path)
        d = DIMENSIONS[self.dimension]
        points, unit = _coordinates(source, d, self.dimension)
        cells = oriented(points, source.cells[d])
        if (signed_measure(points, cells) <= 0).any():
            raise MeshError("a cell has no volume")
        phase, number = _phases(source.names[d])
        facets, tags = _facets(source, points, cells, self.dimension)
        grains, grain = np.unique(number, return_inverse=True)
        notes: list[str] = []
        frames = _frames(self.path, grains, notes)
        return assemble(
            dimension=self.dimension,
            points=points,
            cells=cells,
            cell_phase=phase,
            cell_grain=grain,
            frames=frames,
            facets=facets,
            facet_tags=tags,
            length=unit * self.scale,
            multiplicity=_multiplicity(self.dimension, tags),
            notes=notes,
        )


def _coordinates(source: TaggedFile, d: int, dimension: str) -> tuple[Floats, float]:
    """Points in units of their largest distance from the origin, and that distance."""
    if d not in source.cells:
        have = ", ".join(
            f"{len(cells)} {('points', 'lines', 'triangles', 'tetrahedra')[k]}"
            for k, cells in sorted(source.cells.items())
        )
        need = ("", "lines", "triangles", "tetrahedra")[d]
        raise MeshError(f"dimension {dimension!r} needs {need}; the file has {have or 'no cells'}")
    if max(source.cells) > d:
        raise MeshError(f"the file has cells of more dimensions than {dimension!r}")
    points = source.points
    if not np.isfinite(points).all():
        raise MeshError("a coordinate is not finite")
    unit = float(np.linalg.norm(points, axis=1).max())
    if unit == 0:
        raise MeshError("all points lie at the origin")
    points = points / unit
    if d < 3 and np.abs(points[:, d:]).max() > ON_PLANE:
        plain = {1: "on the x axis (x is r)", 2: "in the x, y plane"}[d]
        more = "; x is r and y is z" if dimension == "axisymmetric" else ""
        raise MeshError(f"the points must lie {plain}{more}")
    points = np.array(points[:, :d])
    unused = len(points) - len(np.unique(source.cells[d]))
    if unused:
        raise MeshError(f"{unused} points belong to no cell; remove them (in Gmsh: leave Mesh.SaveAll off)")
    if dimension in ("spherical", "axisymmetric"):
        if points[:, 0].min() < -ON_PLANE:
            raise MeshError("a point has a negative radius (x)")
        points[:, 0] = np.where(np.abs(points[:, 0]) < 1e-12, 0.0, points[:, 0])
    return points, unit


def _phases(names: Names) -> tuple[npt.NDArray[np.int8], Ints]:
    phase, grain = np.zeros(len(names), dtype=np.int8), np.zeros(len(names), dtype=np.int64)
    codes = {name: code for code, name in PHASE_NAMES.items()}
    numbered = set()
    for name in sorted(set(names)):
        found = CELL_NAME.fullmatch(name)
        mine = names == name
        if found is None:
            what = f"in group {name!r}" if name else "without a group"
            raise MeshError(f"{mine.sum()} cells {what}; allowed: layered, rock_salt, layered.N, rock_salt.N")
        phase[mine] = codes[found[1]]
        grain[mine] = int(found[2] or 0)
        numbered.add(found[2] is not None)
    if len(numbered) > 1:
        raise MeshError("either all cell groups carry a grain number or none does")
    return phase, grain


def _facets(
    source: TaggedFile, points: Floats, cells: Ints, dimension: str
) -> tuple[Ints, npt.NDArray[np.int32]]:
    d = cells.shape[1] - 1
    table, sides, counts = facet_table(cells)
    if counts.max() > 2:
        raise MeshError("a facet is shared by more than two cells: cells overlap or are repeated")
    inside = sides[counts == 2]
    parts = int(components(inside[:, 0], inside[:, 1], len(cells)).max()) + 1
    if parts > 1:
        raise MeshError(f"the mesh falls into {parts} separate parts (points at interfaces must be shared)")
    index = {tuple(row): k for k, row in enumerate(table.tolist())}
    tags = np.zeros(len(table), dtype=np.int32)
    named = np.sort(source.cells.get(d - 1, np.zeros((0, d), dtype=np.int64)), axis=1)
    for row, name in zip(named.tolist(), source.names.get(d - 1, ()), strict=True):
        if name not in FACET_TAGS:
            continue
        k = index.get(tuple(row))
        if k is None:
            raise MeshError(f"a facet of group {name!r} is the side of no cell")
        if counts[k] != 1:
            raise MeshError(f"a facet of group {name!r} lies inside the body, between two cells")
        if tags[k] not in (0, FACET_TAGS[name]):
            raise MeshError(f"a facet of group {name!r} belongs to another group too")
        tags[k] = FACET_TAGS[name]
    boundary = counts == 1
    if dimension in ("spherical", "axisymmetric"):
        # The centre and the axis are no walls; whoever leaves them untagged means just that.
        on_axis = (np.abs(points[table, 0]) < ON_PLANE).all(axis=1)
        tags[boundary & on_axis & (tags == 0)] = SYM_X
    _check_facets(points, table, tags, boundary, dimension)
    return table[boundary], tags[boundary]


def _check_facets(
    points: Floats, table: Ints, tags: npt.NDArray[np.int32], boundary: npt.NDArray[np.bool_], dimension: str
) -> None:
    if not (tags == OUTER).any():
        raise MeshError("no boundary facet is in the group 'outer'")
    bare = boundary & (tags == 0)
    if bare.any():
        where = ", ".join(f"{x:.4g}" for x in points[table[bare][0]].mean(axis=0))
        raise MeshError(
            f"{bare.sum()} boundary facets have no tag, one near ({where}) x the largest distance; "
            f"allowed: {', '.join(FACET_TAGS)}"
        )
    names = {tag: name for name, tag in FACET_TAGS.items()}
    for tag in (SYM_X, SYM_Y, SYM_Z):
        mine = table[tags == tag]
        if len(mine) == 0:
            continue
        axis = PLANES[dimension].get(tag)
        if dimension == "spherical" and tag == SYM_X:
            axis = 0
        if axis is None:
            raise MeshError(f"{names[tag]!r} does not exist in dimension {dimension!r}")
        if np.abs(points[mine, axis]).max() > ON_PLANE:
            raise MeshError(f"a facet of group {names[tag]!r} does not lie where that coordinate is zero")


def _multiplicity(dimension: str, tags: npt.NDArray[np.int32]) -> float:
    # The axis is a boundary of the half plane, not a mirror that halves the body.
    mirrors = [tag for tag in PLANES[dimension] if not (dimension == "axisymmetric" and tag == SYM_X)]
    return float(2 ** sum(bool((tags == tag).any()) for tag in mirrors))


def _frames(path: Path, grains: Ints, notes: list[str]) -> Floats | None:
    side = frames_path(path)
    if not side.is_file():
        if len(grains) > 1:
            notes.append(f"{len(grains)} grains without crystal frames ({side.name} does not exist)")
        return None
    known = read_frames(side)
    missing = [int(g) for g in grains if int(g) not in known]
    if missing:
        raise MeshError(f"{side}: no frame for grain {missing[0]}")
    return np.stack([known[int(g)] for g in grains])
