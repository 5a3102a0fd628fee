"""Concentric spheres with thin layers beside them: regular tetrahedra, opened along spheres to let layers in.

Gmsh meshes the gaps between the stacks of layers, with each stack shrunk to one sphere. That sphere's
triangles are then repeated on every level of the stack and joined by prisms, each cut into tetrahedra.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from meshes.concentric_spheres import estimate_shells, mesh_shells
from meshes.mesh_size import EQUILATERAL
from meshes.prisms import prism_cells
from meshes.sector import ON_WALL, Sector, distance_from_centre
from meshes.simplices import compressed, oriented
from meshes.stretched_layers import Stack, stack_layers
from meshes.tagged_mesh import Floats, Ints
from meshes.walls import sphere_facets


def estimate_layered(radii: Sequence[float], interface: float, bulk: float, sector: Sector) -> int:
    """Number of tetrahedra to expect from `mesh_layered`."""
    stacks = stack_layers(radii, interface, bulk)
    facets = [4 * math.pi / sector.multiplicity / (EQUILATERAL * s.angle**2) for s in stacks]
    cells = sum(3 * s.layers * number for s, number in zip(stacks, facets, strict=True))
    if stacks[0].below >= 0 or len(stacks) > 1:
        spheres, sizes = _gmsh_spheres(stacks, bulk)
        cells += estimate_shells(spheres, sizes, bulk, sector)
    return int(cells)


def mesh_layered(
    radii: Sequence[float], interface: float, bulk: float, sector: Sector
) -> tuple[Floats, Ints, Ints]:
    """Mesh the shells between concentric spheres, with stretched cells where that saves many.

    Args:
        radii: Spheres, ascending, the last 1; a leading zero means that the ball is filled.
        interface: Upper bound of the cell size across spheres [outer radii]; for the size along them see
            `stretched_layers`.
        bulk: Cell size far from spheres, and the most along them [outer radii].
        sector: The sector to mesh.

    Returns:
        (n, 3) points, (m, 4) tetrahedra, positively oriented, (m,) shell number counted from the innermost.

    Raises:
        MeshError: Gmsh failed.
    """
    stacks = stack_layers(radii, interface, bulk)
    spheres, sizes = _gmsh_spheres(stacks, bulk)
    points, cells, shell = mesh_shells(spheres, sizes, bulk, sector)
    r = distance_from_centre(points)
    centres = [radius for radius in spheres if radius > 0]
    skins = [np.flatnonzero(np.abs(r - radius) < ON_WALL) for radius in centres]

    all_points, all_cells, rings = [points], [], []
    base = len(points)
    bottoms, tops = [], []
    for stack, skin, radius in zip(stacks, skins, centres, strict=True):
        triangles = np.searchsorted(skin, sphere_facets(points, cells, radius))
        all_points += [points[skin] / radius * level for level in stack.levels]
        copies = base + np.arange(len(skin) * len(stack.levels)).reshape(-1, len(skin))
        base += copies.size
        bottoms.append(copies[0])
        tops.append(copies[-1])
        for ring, (low, high) in zip(stack.rings, pairwise(copies), strict=True):
            all_cells.append(prism_cells(triangles, low, high))
            rings.append(np.full(3 * len(triangles), ring))

    # Regular cells take the lowest copy of the skin above them and the highest of the one below them.
    inner, hollow = (0.0, 0.0), stacks[0].below < 0
    moved = points.copy()
    for i, (stack, radius) in enumerate(zip(stacks, centres, strict=True)):
        if stack.below >= 0:
            number = np.arange(len(points))
            number[skins[i]] = bottoms[i]
            if i > 0:
                number[skins[i - 1]] = tops[i - 1]
            mine = cells[shell == (i - 1 if hollow else i)]
            used = np.unique(mine)
            target = np.interp(r[used], [inner[0], radius], [inner[1], stack.levels[0]])
            moved[used] = points[used] * (target / np.maximum(r[used], np.finfo(float).tiny))[:, None]
            all_cells.append(number[mine])
            rings.append(np.full(len(mine), stack.below))
        inner = (radius, stack.levels[-1])
    all_points[0] = moved
    final, simplices, _ = compressed(np.concatenate(all_points), np.concatenate(all_cells))
    return final, oriented(final, simplices), np.concatenate(rings)


def _gmsh_spheres(stacks: Sequence[Stack], bulk: float) -> tuple[list[float], list[float]]:
    # One sphere for each stack, at the end that faces regular cells, or in the middle where both ends do.
    spheres = [0.5 * (stack.levels[0] + stack.levels[-1]) for stack in stacks]
    spheres[-1] = stacks[-1].levels[0]
    if stacks[0].below < 0 and len(stacks) > 1:
        spheres[0] = stacks[0].levels[-1]
    sizes = [radius * stack.angle for radius, stack in zip(spheres, stacks, strict=True)]
    if stacks[0].below >= 0 or len(stacks) == 1:
        # With one stack around a cavity Gmsh's ball is wanted for its surface only.
        return [0.0, *spheres], [bulk, *sizes]
    return spheres, sizes
