"""Crystal frames beside a mesh file: STEM.frames.csv, one line per grain.

The columns are `grain, a_x, a_y, a_z, c_x, c_y, c_z`: the number N of the groups `layered.N` and
`rock_salt.N`, and the directions of the a and c axes of the crystal in the axes of the dimension (plane:
x, y, z; axisymmetric: r, hoop, z). Lengths do not matter; a and c must be perpendicular.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from meshes.mesh_error import MeshError
from meshes.tagged_mesh import Floats

COLUMNS = ("grain", "a_x", "a_y", "a_z", "c_x", "c_y", "c_z")
LARGEST = 64 * 1024**2
"""Bytes of the largest file that is read, some hundred thousand grains."""
SQUARE = 1e-3
"""Largest cosine between a and c that passes for a right angle."""


def frames_path(mesh_file: Path) -> Path:
    """Where the frames of a mesh file are looked for."""
    return mesh_file.with_name(f"{mesh_file.stem}.frames.csv")


def read_frames(path: Path) -> dict[int, Floats]:
    """Read crystal frames.

    Args:
        path: A file as described above.

    Returns:
        Rotation (3, 3) with the crystal axes a, b, c as columns, by grain number.

    Raises:
        MeshError: The file cannot be read or an entry is no frame.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise MeshError(f"{path}: larger than {LARGEST // 1024**2} MiB")
        with path.open(encoding="utf-8", newline="") as source:
            rows = list(csv.reader(source, skipinitialspace=True))
    except (OSError, UnicodeDecodeError, csv.Error) as reason:
        raise MeshError(f"{path}: cannot be read: {reason}") from reason
    header = [name.strip() for name in rows[0]] if rows else []
    if tuple(header) != COLUMNS:
        raise MeshError(f"{path}:1: the columns must be {', '.join(COLUMNS)}")
    frames: dict[int, Floats] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        where = f"{path}:{number}"
        if len(row) != len(COLUMNS):
            raise MeshError(f"{where}: {len(row)} values instead of {len(COLUMNS)}")
        try:
            grain, axes = int(row[0]), np.array([float(value) for value in row[1:]])
        except ValueError as reason:
            raise MeshError(f"{where}: {reason}") from reason
        if grain in frames:
            raise MeshError(f"{where}: grain {grain} appears twice")
        frames[grain] = _frame(axes[:3], axes[3:], where)
    return frames


def write_frames(path: Path, frames: Floats) -> None:
    """Write (g, 3, 3) frames; the grain number is the index."""
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(COLUMNS)
        for grain, frame in enumerate(frames):
            table.writerow([grain, *(repr(float(x)) for x in (*frame[:, 0], *frame[:, 2]))])


def _frame(a: Floats, c: Floats, where: str) -> Floats:
    lengths = np.linalg.norm(a), np.linalg.norm(c)
    if not np.isfinite(lengths).all() or min(lengths) == 0:
        raise MeshError(f"{where}: an axis has no direction")
    a, c = a / lengths[0], c / lengths[1]
    if abs(a @ c) > SQUARE:
        raise MeshError(f"{where}: the a and c axes are not perpendicular (cosine {a @ c:.3g})")
    a = a - (a @ c) * c
    a /= np.linalg.norm(a)
    return np.stack([a, np.cross(c, a), c], axis=1)
