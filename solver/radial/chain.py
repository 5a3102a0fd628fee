"""A tagged line in order from the centre outwards, and what follows from its lengths alone.

Particles on one mesh share it, whatever they are made of.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from meshes import INNER, OUTER, TaggedMesh
from solver.discretisation.media import CellTags
from solver.radial.element import PLACES, SHARES, shapes_of

Array = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


NO_LINE: Final = "the mesh is no single line of cells"


@dataclass(frozen=True)
class Chain:
    """Vertices and cells of a line, in units of the mesh; read-only.

    Attributes:
        unit: one unit of the mesh [m].
        edges: radii of the vertices, shape (cells + 1,).
        length: of the cells, shape (cells,).
        radius: of the quadrature points, shape (cells, 3).
        volume: that each point stands for in the whole particle, shape (cells, 3).
        area: of the spheres through the vertices, in the whole particle, shape (cells + 1,).
        shapes: of `element.shape_of` at the points, shape (cells, 3, 4, 5).
        tags: what the cells consist of.
        ends: tag of the vertices at the ends.
        at_wall: cells at the outer surface and at the wall of a cavity, shape (walls,).
        near: those, and the cells on either side of each phase boundary.
    """

    unit: float
    edges: Array
    length: Array
    radius: Array
    volume: Array
    area: Array
    shapes: Array
    tags: CellTags
    ends: Mapping[int, int]
    at_wall: Numbers
    near: Numbers


def build_chain(tagged: TaggedMesh) -> Chain:
    """Put a tagged line in order.

    Raises:
        ValueError: the mesh is no such line.
    """
    found = order_of(tagged)
    if found is None:
        raise ValueError(NO_LINE)
    vertices, order = found
    edges = np.ascontiguousarray(np.asarray(tagged.points, dtype=float)[vertices, 0])
    length, multiplicity = np.diff(edges), float(tagged.multiplicity)
    radius = edges[:-1, None] + length[:, None] * PLACES
    phase = np.asarray(tagged.cell_phase, dtype=np.int8)[order]
    grain = np.asarray(tagged.cell_grain, dtype=np.int32)[order]
    facets = np.asarray(tagged.facets, dtype=np.int64).reshape(-1)
    tagged_ends = zip(facets, np.asarray(tagged.facet_tags).tolist(), strict=True)
    ends = {int(np.flatnonzero(vertices == facet)[0]): int(tag) for facet, tag in tagged_ends}
    inner_cell = {0: 0, len(length): len(length) - 1}
    at_wall = sorted(inner_cell[end] for end, tag in ends.items() if tag in (OUTER, INNER))
    boundaries = np.flatnonzero(np.diff(phase))
    return Chain(
        unit=tagged.length,
        edges=edges,
        length=length,
        radius=radius,
        volume=length[:, None] * SHARES * 4.0 * np.pi * radius**2 * multiplicity,
        area=4.0 * np.pi * edges**2 * multiplicity,
        shapes=shapes_of(length, radius),
        tags=CellTags(phase, grain, tagged.frames, {int(tag) for tag in np.unique(phase)}),
        ends=ends,
        at_wall=np.array(at_wall, dtype=np.int64),
        near=np.unique(np.concatenate([at_wall, boundaries, boundaries + 1])).astype(np.int64),
    )


def order_of(tagged: TaggedMesh) -> tuple[Numbers, Numbers] | None:
    """Vertices and cells from the inside out, or None where they do not make one line."""
    radii, cells = np.asarray(tagged.points)[:, 0], np.asarray(tagged.cells)
    vertices = np.argsort(radii, kind="stable")
    place = np.empty(len(radii), dtype=np.int64)
    place[vertices] = np.arange(len(radii))
    first = np.sort(place[cells], axis=1)
    order = np.argsort(first[:, 0], kind="stable")
    numbers = np.arange(len(cells))
    if len(radii) != len(cells) + 1 or np.any(first[order] != np.column_stack([numbers, numbers + 1])):
        return None
    return vertices, order
