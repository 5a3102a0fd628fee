"""From a line and a body to the plain arrays that compiled code works on."""

from dataclasses import dataclass
from typing import Final

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
    Media,
    build_media,
)
from solver.materials.hosts import DiluteHost, MsmrHost
from solver.physics.axis import AXIS_TOLERANCE
from solver.radial.chain import NO_LINE, Chain, build_chain, order_of
from solver.radial.tables import DIFFUSIVITY_KINDS, DILUTE, INERT, MSMR, Cells, Kinetics, Laws, Walls

Array = npt.NDArray[np.float64]

DIMENSION: Final = "spherical"

PAIR = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
"""What the pair (du/dr, u/r) does to the strains (11, 22, 33): both hoop strains are u/r."""

SYMMETRIC = np.zeros((6, 6), dtype=np.int64)
SYMMETRIC[UPPER] = SYMMETRIC.T[UPPER] = np.arange(len(UPPER[0]))
"""Where the entries of a symmetric matrix stand in its upper triangle."""


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
    if tagged.dimension != DIMENSION:
        return "only spherical particles are compiled"
    return NO_LINE if order_of(tagged) is None else ""


def build_line(tagged: TaggedMesh, body: Body) -> Line:
    """Discretise a body on a tagged line.

    Raises:
        ValueError: the mesh is no such line, or an expansion is tabulated.
    """
    return line_of(build_chain(tagged), body)


def line_of(chain: Chain, body: Body) -> Line:
    """Discretise a body on a line that is in order.

    Raises:
        ValueError: an expansion is tabulated, or a host's law is not compiled.
    """
    media = build_media(
        chain.tags, body.phases, body.scales, body.couplings, body.coherency, body.frame, body.transverse
    )
    if media.modes is not None:
        msg = "a tabulated expansion is not compiled"
        raise ValueError(msg)
    cells = _cells(chain, media)
    last = len(chain.length)
    unbounded = [r.phase.host.holds_lithium and not r.phase.host.bounded for r in media.regions]
    names = [region.name for region in media.regions]
    outer = chain.area[last] if chain.ends.get(last) == OUTER else 0.0
    return Line(
        edges=chain.edges,
        media=media,
        laws=_laws(media),
        cells=cells,
        walls=_walls(chain, cells, body),
        kinetics=_kinetics(body),
        shapes=chain.shapes,
        near=chain.near[np.array(unbounded)[cells.phase[chain.near]]],
        outer_area=float(outer),
        surface_heights=tuple((names[cells.phase[k]], float(cells.length[k])) for k in chain.at_wall),
    )


def _laws(media: Media) -> Laws:
    """Laws of the phases, in the order of the regions."""
    count = len(media.regions)
    hosts = [region.phase.host for region in media.regions]
    width = max([1, *(len(host.levels) for host in hosts if isinstance(host, MsmrHost))])
    kinds, sites = np.full(count, INERT), np.zeros(count, dtype=np.int64)
    levels, fractions, steepness = (np.zeros((count, width)) for _ in range(3))
    finest = np.ones(count)
    for k, host in enumerate(hosts):
        if isinstance(host, MsmrHost):
            kinds[k], sites[k] = MSMR, len(host.levels)
            levels[k, : sites[k]], fractions[k, : sites[k]] = host.levels, host.fractions
            steepness[k, : sites[k]] = 1.0 / np.array(host.widths)
            finest[k] = min(host.widths)
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
        steepness=steepness,
        finest=finest,
        kappa=np.array([region.kappa for region in media.regions]),
        mobility=np.array([DIFFUSIVITY_KINDS[region.phase.diffusivity_kind] for region in media.regions]),
    )


def _cells(chain: Chain, media: Media) -> Cells:
    """Geometry and material of the cells, with strains and stresses as pairs."""
    numbers = media.numbers
    rows = PAIR @ numbers[:, STIFFNESS][:, SYMMETRIC[:3]]  # stress pairs of the six strains
    pairs = rows[:, :, :3] @ PAIR.T
    phase = np.zeros(len(chain.length), dtype=np.int64)
    for k, region in enumerate(media.regions):
        phase[region.cells] = k
    fixed, pull = numbers[:, FIXED_EIGENSTRAIN], numbers[:, POTENTIAL_STRESS]

    def held_back(strain: Array) -> Array:
        return np.ascontiguousarray((rows @ strain[:, :, None])[:, :, 0])

    return Cells(
        phase=phase,
        length=chain.length,
        radius=chain.radius,
        volume=chain.volume,
        stiffness=np.ascontiguousarray(np.stack([pairs[:, 0, 0], pairs[:, 0, 1], pairs[:, 1, 1]], axis=1)),
        fixed=held_back(fixed),
        swelling=held_back(numbers[:, SWELLING]),
        pull=np.ascontiguousarray(pull[:, :3] @ PAIR.T),
        offset=np.sum(pull * fixed, axis=1),
        capacity=numbers[:, CAPACITY].copy(),
        diffusivity=numbers[:, DIFFUSIVITY].copy(),
        activation=numbers[:, ACTIVATION].copy(),
    )


def _walls(chain: Chain, cells: Cells, body: Body) -> Walls:
    """Wetted walls, the load on the outermost vertex, and what is held.

    A displacement is held in the centre and on a symmetry plane; mu where no cell beside it holds lithium.
    """
    edges, area, ends, last = chain.edges, chain.area, chain.ends, len(chain.length)
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
