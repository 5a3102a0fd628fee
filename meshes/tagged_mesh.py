"""The product of this package: a conforming simplex mesh with phases, grains and boundary tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LAYERED = 1
ROCK_SALT = 2
PHASE_NAMES: Mapping[int, str] = {LAYERED: "layered", ROCK_SALT: "rock_salt"}

OUTER, INNER, SYM_X, SYM_Y, SYM_Z = 1, 2, 3, 4, 5
FACET_TAGS: Mapping[str, int] = {
    "outer": OUTER,
    "inner": INNER,
    "sym_x": SYM_X,
    "sym_y": SYM_Y,
    "sym_z": SYM_Z,
}

DIMENSIONS: Mapping[str, int] = {
    "spherical": 1,
    "axisymmetric": 2,
    "generalised_plane_strain": 2,
    "plane_strain": 2,
    "3d": 3,
}
PLANE_DIMENSIONS = ("generalised_plane_strain", "plane_strain")


@dataclass(frozen=True)
class MeshReport:
    """What was measured on a finished mesh.

    Attributes:
        quality_min: Smallest cell quality [-]: mean ratio (1 for an equilateral simplex, 0 for a flat
            one); on a line the length ratio of neighbouring cells, smaller over larger.
        quality_p05: Fifth percentile of the same measure [-].
        region_volumes: Volume of each phase in the whole particle [m^3], or area [m^2] (volume per metre)
            in the plane dimensions.
        nominal_volumes: The same as the geometry states it; a phase without a closed form has no key.
        rock_salt_fraction_asked: Volume fraction asked for [-], None where the geometry names none.
        rock_salt_fraction: Volume fraction of rock salt in the mesh [-].
        connected_share: Share of each phase's volume [-] that is linked to the outer surface through
            cells of the same phase.
        islands: Number of pieces of each phase in the mesh that are not linked to it [-]; this and the next
            two are empty but for dispersed geometries.
        diffusivity_ratio: Effective diffusivity of each phase while the other one insulates, relative to its
            own [-].
        tortuosity: Volume share of each phase over its diffusivity ratio [-]; a phase that carries nothing
            has none.
        notes: Sentences that a user should read.
        hash: SHA-256 of every array of the mesh, so that two equal hashes mean equal meshes.
    """

    quality_min: float
    quality_p05: float
    region_volumes: Mapping[str, float]
    nominal_volumes: Mapping[str, float]
    rock_salt_fraction_asked: float | None
    rock_salt_fraction: float
    connected_share: Mapping[str, float]
    islands: Mapping[str, int] = field(default_factory=dict)
    diffusivity_ratio: Mapping[str, float] = field(default_factory=dict)
    tortuosity: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    hash: str = ""


@dataclass(frozen=True)
class TaggedMesh:
    """A simplex mesh in units of the outer radius.

    Attributes:
        dimension: "spherical", "axisymmetric", "generalised_plane_strain", "plane_strain" or "3d".
        points: (n, d) coordinates in units of `length`; spherical: r; axisymmetric: (r, z); plane: (x, y).
        cells: (m, d+1) vertex numbers, positively oriented.
        cell_phase: (m,) LAYERED or ROCK_SALT.
        cell_grain: (m,) index into `frames`; zero everywhere when there are no grains.
        facets: (f, d) vertex numbers of all tagged boundary facets, ascending in each row.
        facet_tags: (f,) OUTER, INNER, SYM_X, SYM_Y or SYM_Z. In `spherical` and `axisymmetric` the
            centre r = 0 and the axis carry SYM_X.
        frames: (g, 3, 3) rotations whose columns are the crystal axes (a, b, c) in the axes of the
            dimension (plane: x, y, z; axisymmetric: r, hoop, z), or None.
        length: One mesh unit [m], the outer radius.
        multiplicity: How many copies of this sector make the whole particle.
        report: What was measured on the mesh.
    """

    dimension: str
    points: Floats
    cells: Ints
    cell_phase: npt.NDArray[np.int8]
    cell_grain: npt.NDArray[np.int32]
    facets: Ints
    facet_tags: npt.NDArray[np.int32]
    frames: Floats | None
    length: float
    multiplicity: float
    report: MeshReport = field(compare=False)
