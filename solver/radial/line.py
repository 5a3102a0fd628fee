"""From a tagged line and a body to the plain arrays that compiled code works on."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from meshes import INNER, OUTER, SYM_X, TaggedMesh
from solver.discretisation.body import Body
from solver.discretisation.media import (
    ACTIVATION,
    CAPACITY,
    DIFFUSIVITY,
    FIXED_EIGENSTRAIN,
    POTENTIAL_STRESS,
    STIFFNESS,
    SWELLING,
    UPPER,
    CellTags,
    Media,
    build_media,
)
from solver.materials.hosts import DiluteHost, MsmrHost
from solver.physics.axis import AXIS_TOLERANCE
from solver.radial.element import PLACES, SHARES, shape_of
from solver.radial.tables import DIFFUSIVITY_KINDS, DILUTE, INERT, LOCAL, MSMR, Cells, Kinetics, Laws, Walls

Array = npt.NDArray[np.float64]

PAIR = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
"""What the pair (du/dr, u/r) does to the strains (11, 22, 33): both hoop strains are u/r."""


@dataclass(frozen=True)
class Line:
    """A particle on a line of cells, from the centre outwards; everything reduced.

    Attributes:
        edges: radii of the vertices, shape (cells + 1,).
        media: phases and numbers per cell.
        laws: occupancy and mobility laws.
        cells: geometry and material.
        walls: wetted walls, load and held unknowns.
        kinetics: charge transfer.
        shapes: of `element.shape_of` at the points, shape (cells, 3, 4, 5).
        near: cells at the walls and phase boundaries whose host has no saturation of its own.
        outer_area: of the outer surface.
        surface_heights: name of the phase and length of each cell at a wall.
    """

    edges: Array
    media: Media
    laws: Laws
    cells: Cells
    walls: Walls
    kinetics: Kinetics
    shapes: Array
    near: npt.NDArray[np.int64]
    outer_area: float
    surface_heights: tuple[tuple[str, float], ...]


def refusal_of(tagged: TaggedMesh) -> str:
    """Why a mesh is no line of cells from the inside out, or nothing."""
    if tagged.dimension != "spherical":
        return "only spherical particles are compiled"
    chain = _chain(tagged)
    if chain is None:
        return "the mesh is no single line of cells"
    return ""


def _chain(tagged: TaggedMesh) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]] | None:
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


def build_line(tagged: TaggedMesh, body: Body) -> Line:
    """Discretise a body on a tagged line.

    Raises:
        ValueError: the mesh is no such line, or an expansion is tabulated.
    """
    chain = _chain(tagged)
    if chain is None:
        msg = refusal_of(tagged)
        raise ValueError(msg)
    vertices, order = chain
    edges = np.ascontiguousarray(np.asarray(tagged.points, dtype=float)[vertices, 0])
    phase = np.asarray(tagged.cell_phase, dtype=np.int8)[order]
    grain = np.asarray(tagged.cell_grain, dtype=np.int32)[order]
    tags = CellTags(phase, grain, tagged.frames, {int(tag) for tag in np.unique(phase)})
    media = build_media(
        tags, body.phases, body.scales, body.couplings, body.coherency, body.frame, body.transverse
    )
    if media.modes is not None:
        msg = "a tabulated expansion is not compiled"
        raise ValueError(msg)
    cells = _cells(edges, media, float(tagged.multiplicity))
    ends = {int(np.flatnonzero(vertices == facet[0])[0]): int(tag) for facet, tag in _facets(tagged)}
    last = len(edges) - 1
    area = 4.0 * np.pi * edges**2 * float(tagged.multiplicity)
    walls = _walls(edges, area, cells, ends, body)
    inner_cell = {0: 0, last: last - 1}
    at_wall = sorted(inner_cell[end] for end, tag in ends.items() if tag in (OUTER, INNER))
    boundaries = np.flatnonzero(np.diff(phase))
    wall_cells = np.unique(np.concatenate([at_wall, boundaries, boundaries + 1])).astype(np.int64)
    unbounded = [r.phase.host.holds_lithium and not r.phase.host.bounded for r in media.regions]
    names = [region.name for region in media.regions]
    outer = area[last] if ends.get(last) == OUTER else 0.0
    return Line(
        edges=edges,
        media=media,
        laws=_laws(media),
        cells=cells,
        walls=walls,
        kinetics=_kinetics(body),
        shapes=_shapes(cells),
        near=wall_cells[np.array(unbounded)[cells.phase[wall_cells]]],
        outer_area=float(outer),
        surface_heights=tuple((names[cells.phase[k]], float(cells.length[k])) for k in at_wall),
    )


def _facets(tagged: TaggedMesh) -> list[tuple[npt.NDArray[np.int64], int]]:
    facets = np.asarray(tagged.facets, dtype=np.int64).reshape(-1, 1)
    return list(zip(facets, np.asarray(tagged.facet_tags).tolist(), strict=True))


def _laws(media: Media) -> Laws:
    """Laws of the phases, in the order of the regions."""
    count = len(media.regions)
    hosts = [region.phase.host for region in media.regions]
    width = max([1, *(len(host.levels) for host in hosts if isinstance(host, MsmrHost))])
    kinds, sites = np.full(count, INERT), np.zeros(count, dtype=np.int64)
    levels, fractions, widths = np.zeros((count, width)), np.zeros((count, width)), np.ones((count, width))
    for k, host in enumerate(hosts):
        if isinstance(host, MsmrHost):
            kinds[k], sites[k] = MSMR, len(host.levels)
            levels[k, : sites[k]], fractions[k, : sites[k]] = host.levels, host.fractions
            widths[k, : sites[k]] = host.widths
        elif isinstance(host, DiluteHost):
            kinds[k], levels[k, 0] = DILUTE, host.level
        elif host.holds_lithium:
            msg = f"the host law {type(host).__name__} is not compiled"
            raise ValueError(msg)
    return Laws(
        host=kinds,
        sites=sites,
        levels=levels,
        fractions=fractions,
        widths=widths,
        kappa=np.array([region.kappa for region in media.regions]),
        mobility=np.array([DIFFUSIVITY_KINDS[region.phase.diffusivity_kind] for region in media.regions]),
    )


def _cells(edges: Array, media: Media, multiplicity: float) -> Cells:
    """Geometry and material of the cells, with strains and stresses as pairs."""
    length, numbers = np.diff(edges), media.numbers
    radius = edges[:-1, None] + length[:, None] * PLACES
    full = np.zeros((len(length), 6, 6))
    full[:, UPPER[0], UPPER[1]] = numbers[:, STIFFNESS]
    full += np.triu(full, 1).transpose(0, 2, 1)
    pairs = PAIR @ full[:, :3, :3] @ PAIR.T
    phase = np.zeros(len(length), dtype=np.int64)
    for k, region in enumerate(media.regions):
        phase[region.cells] = k
    fixed, pull = numbers[:, FIXED_EIGENSTRAIN], numbers[:, POTENTIAL_STRESS]

    def held_back(strain: Array) -> Array:
        return np.ascontiguousarray(np.einsum("ab,cbj,cj->ca", PAIR, full[:, :3], strain))

    return Cells(
        phase=phase,
        length=length,
        radius=radius,
        volume=length[:, None] * SHARES * 4.0 * np.pi * radius**2 * multiplicity,
        stiffness=np.ascontiguousarray(np.stack([pairs[:, 0, 0], pairs[:, 0, 1], pairs[:, 1, 1]], axis=1)),
        fixed=held_back(fixed),
        swelling=held_back(numbers[:, SWELLING]),
        pull=np.ascontiguousarray(pull[:, :3] @ PAIR.T),
        offset=np.einsum("ci,ci->c", pull, fixed),
        capacity=numbers[:, CAPACITY].copy(),
        diffusivity=numbers[:, DIFFUSIVITY].copy(),
        activation=numbers[:, ACTIVATION].copy(),
    )


def _shapes(cells: Cells) -> Array:
    """Shape functions of every point."""
    found = np.empty((len(cells.length), len(PLACES), 4, LOCAL))
    for k, length in enumerate(cells.length):
        for q, place in enumerate(PLACES):
            shape_of(place, length, cells.radius[k, q], found[k, q])
    return found


def _walls(edges: Array, area: Array, cells: Cells, ends: dict[int, int], body: Body) -> Walls:
    """Wetted walls, the load on the outermost vertex, and what is held.

    A displacement is held in the centre and on a symmetry plane; mu where no cell beside it holds lithium.
    """
    last = len(edges) - 1
    wetted = (OUTER, INNER) if body.surface.cavity_wetted else (OUTER,)
    found = [
        (0 if end == 0 else last - 1, int(end > 0), edges[end], area[end])
        for end, tag in sorted(ends.items())
        if tag in wetted and cells.capacity[0 if end == 0 else -1] > 0.0
    ]
    held = np.zeros(3 * last + 2, dtype=np.bool_)
    held[0] = abs(edges[0]) < AXIS_TOLERANCE or ends.get(0) == SYM_X
    held[3 * last] = ends.get(last) == SYM_X
    active = np.zeros(last + 1, dtype=np.bool_)
    active[:-1] |= cells.capacity > 0.0
    active[1:] |= cells.capacity > 0.0
    held[1::3] = ~active
    loaded = ends.get(last) == OUTER
    return Walls(
        cell=np.array([wall[0] for wall in found], dtype=np.int64),
        side=np.array([wall[1] for wall in found], dtype=np.int64),
        radius=np.array([wall[2] for wall in found], dtype=float),
        area=np.array([wall[3] for wall in found], dtype=float),
        load=float(body.pressure / body.scales.modulus * body.lateral * area[last]) if loaded else 0.0,
        held=held,
    )


def _kinetics(body: Body) -> Kinetics:
    """Charge transfer, reduced."""
    law = body.surface
    return Kinetics(
        exchange=law.exchange_current_density * law.contact_fraction / body.scales.current_density,
        anodic=law.anodic,
        cathodic=law.cathodic,
        concentration=law.exchange == "concentration",
    )
