"""From a segmented image to a mesh file: voxels of 0 (outside), 1 (layered), 2 (rock salt) become tetrahedra.

    python docs/examples/voxel_mesh.py [FOLDER]

makes a small image of its own, a round particle with rock-salt lumps and a pore, and writes `voxels.vtu` and
`voxels.frames.csv`, which a case reads with

    geometry: {kind: file, dimension: 3d, path: ./voxels.vtu, scale: 100 nm}

For an image of your own, call `mesh_of` with its array and `write` with what comes back. One unit of the
file is the side of a voxel, so that `scale` is that side. Each voxel makes six cells: reduce a large image to
some 20 voxels across first. Needs NumPy, SciPy and meshio.
"""

import csv
import sys
from pathlib import Path

import meshio
import numpy as np
from scipy import ndimage
from scipy.sparse import coo_array

OUTER, INNER = 1, 2
SWEEPS = 4
REACH = 0.6
"""Farthest that a corner of a voxel may move [voxels], so that smoothing does not shrink what is small."""

FLOOR = 0.2
"""A move that leaves a cell less well shaped than this is given back."""

PATHS = np.array([[0, 1, 3, 7], [0, 1, 5, 7], [0, 2, 3, 7], [0, 2, 6, 7], [0, 4, 5, 7], [0, 4, 6, 7]])
"""Six tetrahedra of a cube, by corner (1, 2, 4: steps along x, y, z); those of neighbouring cubes fit."""


def mesh_of(image: np.ndarray, grains: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Tetrahedra of a segmented image, with smoothed surfaces and the volume of its voxels.

    Args:
        image: (nx, ny, nz) 0 outside, 1 layered, 2 rock salt.
        grains: (nx, ny, nz) number of the crystal grain of each voxel, or None.

    Returns:
        points (n, 3) [voxels], centred; cells (m, 4) with region and grain (m,); facets (f, 3) of the surface
        with facet (f,).
    """
    # A mesh file holds one body: loose crumbs are dropped, and there is air all around.
    pieces, _ = ndimage.label(image > 0)
    body = pieces == np.bincount(pieces[pieces > 0]).argmax()
    image = np.pad(np.where(body, image, 0), 1).astype(np.int64)
    number = np.zeros_like(image) if grains is None else np.pad(grains, 1)

    voxels = np.argwhere(image > 0)
    steps = np.array([[k & 1, k >> 1 & 1, k >> 2] for k in range(8)])
    corners = np.ravel_multi_index(
        np.moveaxis(voxels[:, None] + steps, 2, 0), tuple(np.array(image.shape) + 1)
    )
    used, corners = np.unique(corners, return_inverse=True)
    points = np.stack(np.unravel_index(used, tuple(np.array(image.shape) + 1)), axis=1).astype(float)
    cells = corners.reshape(-1, 8)[:, PATHS].reshape(-1, 4)
    place = np.repeat(voxels, len(PATHS), axis=0)
    region, grain = image[tuple(place.T)], number[tuple(place.T)]

    facets, cell, second = _facets(cells)
    boundary = second < 0
    # Holes that no path of outside voxels links to the border of the image are pores.
    holes, _ = ndimage.label(image == 0)
    behind = holes[tuple(_voxel_behind(points[facets[boundary]], place[cell[boundary]]).T)]
    tag = np.where(behind == holes[0, 0, 0], OUTER, INNER)

    group = region * (grain.max() + 1) + grain
    walls = facets[boundary | (group[cell] != group[second])]
    points = _smoothed(points, cells, group, walls, facets[boundary])
    # Smoothing takes the corners off: the whole is scaled back to the volume of its voxels.
    points = (points - points.mean(axis=0)) * np.cbrt(len(voxels) / _volumes(points, cells).sum())
    return {
        "points": points,
        "cells": cells,
        "region": region,
        "grain": grain,
        "facets": facets[boundary],
        "facet": tag,
    }


def write(path: Path, mesh: dict[str, np.ndarray], frames: dict[int, np.ndarray] | None = None) -> None:
    """Write a mesh of `mesh_of`, with the integer arrays that `kind: file` looks for.

    Args:
        path: A .vtu file.
        mesh: See `mesh_of`.
        frames: (3, 3) rotation by grain number, its columns the crystal axes a, b and c.
    """
    no_cells, no_facets = np.zeros(len(mesh["cells"]), np.int32), np.zeros(len(mesh["facets"]), np.int32)
    meshio.Mesh(
        mesh["points"],
        [("tetra", mesh["cells"]), ("triangle", mesh["facets"])],
        cell_data={
            "region": [mesh["region"].astype(np.int32), no_facets],
            "grain": [mesh["grain"].astype(np.int32), no_facets],
            "facet": [no_cells, mesh["facet"].astype(np.int32)],
        },
    ).write(path)
    if frames is None:
        return
    with path.with_name(f"{path.stem}.frames.csv").open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["grain", "a_x", "a_y", "a_z", "c_x", "c_y", "c_z"])
        for grain, frame in sorted(frames.items()):
            table.writerow([grain, *map(float, frame[:, 0]), *map(float, frame[:, 2])])


def example(across: int = 15) -> tuple[np.ndarray, np.ndarray]:
    """Image and grain numbers of a ball with lumps of rock salt, a pore, and a grain in each octant."""
    axis = np.arange(across) - 0.5 * (across - 1)
    x, y, z = np.meshgrid(axis, axis, axis, indexing="ij")
    r = np.sqrt(x**2 + y**2 + z**2) / (0.5 * across)
    image = np.where(r < 1, 1, 0)
    lumps = np.random.default_rng(1).normal(size=(6, 3))
    for at in 0.65 * lumps / np.linalg.norm(lumps, axis=1)[:, None] * 0.5 * across:
        near = (x - at[0]) ** 2 + (y - at[1]) ** 2 + (z - at[2]) ** 2 < (0.18 * across) ** 2
        image[near & (r < 1)] = 2
    image[r < 0.2] = 0
    return image, (x > 0) + 2 * (y > 0) + 4 * (z > 0)


def _facets(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    # Sorted facets, one cell of each, and the other one (-1 on the boundary).
    every = np.sort(np.concatenate([np.delete(cells, k, axis=1) for k in range(4)]), axis=1)
    facets, place = np.unique(every, axis=0, return_inverse=True)
    owner = np.tile(np.arange(len(cells)), 4)
    first, second = np.full(len(facets), len(cells)), np.full(len(facets), -1)
    np.minimum.at(first, place.ravel(), owner)
    np.maximum.at(second, place.ravel(), owner)
    return facets, first, np.where(second == first, -1, second)


def _voxel_behind(corners: np.ndarray, voxel: np.ndarray) -> np.ndarray:
    # A boundary facet lies in a side of its voxel: the coordinate that its corners share tells which one.
    axis = np.ptp(corners, axis=1).argmin(axis=1)
    rows = np.arange(len(voxel))
    behind = voxel.copy()
    behind[rows, axis] += np.where(corners[rows, 0, axis] > voxel[rows, axis], 1, -1)
    return behind


def _smoothed(
    points: np.ndarray, cells: np.ndarray, group: np.ndarray, walls: np.ndarray, outside: np.ndarray
) -> np.ndarray:
    # Corners of a wall are drawn to their neighbours on it; where three groups meet, to those on that line.
    count = len(points)
    corner = np.concatenate([cells.ravel(), outside.ravel()])
    owner = np.concatenate([np.repeat(group, 4), np.full(outside.size, group.max() + 1)])
    kinds = np.bincount(np.unique(np.stack([corner, owner], axis=1), axis=0)[:, 0], minlength=count)
    on_wall = np.zeros(count, dtype=bool)
    on_wall[walls] = True
    pairs = np.concatenate([walls[:, [0, 1]], walls[:, [1, 2]], walls[:, [0, 2]]])
    inner = np.concatenate([cells[:, [i, j]] for i in range(4) for j in range(i)])
    inner = inner[~on_wall[inner].all(axis=1)]
    pairs = np.concatenate([pairs, pairs[:, ::-1], inner, inner[:, ::-1]])
    pairs = np.unique(pairs[on_wall[pairs[:, 1]] | ~on_wall[pairs[:, 0]]], axis=0)
    pairs = pairs[kinds[pairs[:, 1]] >= kinds[pairs[:, 0]]]
    link = coo_array((np.ones(len(pairs)), tuple(pairs.T)), shape=(count, count)).tocsr()
    degree = np.asarray(link.sum(axis=1)).ravel()
    start = points
    for _ in range(SWEEPS):
        mean = np.where(degree[:, None] > 0, link @ points / np.maximum(degree, 1)[:, None], points)
        travel = 0.5 * (points + mean) - start
        far = np.maximum(np.linalg.norm(travel, axis=1) / REACH, 1.0)
        moved = start + travel / far[:, None]
        while (bad := _quality(moved, cells) < FLOOR).any():
            back = np.unique(cells[bad])
            if np.array_equal(moved[back], points[back]):
                break
            moved[back] = points[back]
        points = moved
    return points


def _volumes(points: np.ndarray, cells: np.ndarray) -> np.ndarray:
    at = points[cells]
    return np.abs(np.linalg.det(at[:, 1:] - at[:, :1])) / 6


def _quality(points: np.ndarray, cells: np.ndarray) -> np.ndarray:
    # 1 for a regular tetrahedron, 0 for a flat one.
    at = points[cells]
    squares = sum(((at[:, i] - at[:, j]) ** 2).sum(axis=1) for i in range(4) for j in range(i))
    return 12 * np.cbrt(3 * _volumes(points, cells)) ** 2 / squares


def main() -> None:
    """Mesh the example and write it."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    folder.mkdir(parents=True, exist_ok=True)
    mesh = mesh_of(*example())
    turned = {}
    for grain in np.unique(mesh["grain"]):
        q, _ = np.linalg.qr(np.random.default_rng(int(grain)).normal(size=(3, 3)))
        turned[int(grain)] = q * np.linalg.det(q)
    write(folder / "voxels.vtu", mesh, turned)
    print(f"{len(mesh['cells'])} cells, worst quality {_quality(mesh['points'], mesh['cells']).min():.2f}")


if __name__ == "__main__":
    main()
