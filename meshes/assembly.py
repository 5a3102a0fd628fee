"""Check a finished mesh, measure it, and wrap it as a `TaggedMesh`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from meshes.mesh_error import MeshError
from meshes.percolation import connected_share
from meshes.simplices import quality, weighted_measure
from meshes.tagged_mesh import PHASE_NAMES, ROCK_SALT, Floats, Ints, MeshReport, TaggedMesh

WORST_QUALITY = 0.02
"""Cells flatter than this spoil the conditioning of every system assembled on them: the mesh is refused.

The layers of `stretched_layers`, flat on purpose, need no exception: a third of a regular prism s times as
wide as thick has a mean ratio of about 1.4 s^(-2/3), which is 0.14 at the most that is allowed (30) and 0.02
at 500. What is worse than that in a layer is worse by its triangle, and to be refused as anywhere else.
"""


def assemble(
    *,
    dimension: str,
    points: Floats,
    cells: Ints,
    cell_phase: npt.ArrayLike,
    facets: Ints,
    facet_tags: npt.ArrayLike,
    length: float,
    multiplicity: float,
    cell_grain: npt.ArrayLike | None = None,
    frames: Floats | None = None,
    nominal_volumes: Mapping[str, float] | None = None,
    fraction_asked: float | None = None,
    notes: Sequence[str] = (),
) -> TaggedMesh:
    """Bring arrays into their final types and order, check and measure them.

    Args:
        dimension: See `TaggedMesh`, like all arguments up to `frames`.
        points: (n, d) [units of `length`].
        cells: (m, d+1).
        cell_phase: (m,).
        facets: (f, d).
        facet_tags: (f,).
        length: [m].
        multiplicity: [-].
        cell_grain: (m,) or None for zeros.
        frames: (g, 3, 3) or None.
        nominal_volumes: Of the whole particle by phase name [m^3 or m^2].
        fraction_asked: Rock-salt fraction asked for [-].
        notes: Sentences for the report.

    Returns:
        The mesh with its report.

    Raises:
        MeshError: A cell is flat, inverted or not finite.
    """
    points = np.ascontiguousarray(points, dtype=np.float64)
    cells = np.ascontiguousarray(cells, dtype=np.int64)
    phase = np.ascontiguousarray(cell_phase, dtype=np.int8)
    grain = np.ascontiguousarray(np.zeros(len(cells)) if cell_grain is None else cell_grain, dtype=np.int32)
    rows = np.sort(np.asarray(facets, dtype=np.int64), axis=1)
    tags = np.asarray(facet_tags, dtype=np.int32)
    order = np.lexsort(rows.T[::-1])
    rows, tags = np.ascontiguousarray(rows[order]), np.ascontiguousarray(tags[order])

    if not np.isfinite(points).all():
        raise MeshError("a vertex has a coordinate that is not finite")
    shape = quality(points, cells)
    volumes = weighted_measure(dimension, points, cells)
    if volumes.min() <= 0 or shape.min() < WORST_QUALITY:
        worst = int(np.argmin(shape))
        where = ", ".join(f"{x:.4g}" for x in points[cells[worst]].mean(axis=0))
        raise MeshError(
            f"the worst cell has quality {shape[worst]:.3g} (at least {WORST_QUALITY} is needed), "
            f"at ({where}) radii; a smaller mesh_size.interface usually mends it"
        )
    power = 2 if points.shape[1] == 2 and dimension != "axisymmetric" else 3
    unit = length**power * multiplicity
    regions = {
        name: float(volumes[phase == k].sum() * unit) for k, name in PHASE_NAMES.items() if (phase == k).any()
    }
    report = MeshReport(
        quality_min=float(shape.min()),
        quality_p05=float(np.quantile(shape, 0.05)),
        region_volumes=regions,
        nominal_volumes=dict(nominal_volumes or {}),
        rock_salt_fraction_asked=fraction_asked,
        rock_salt_fraction=regions.get(PHASE_NAMES[ROCK_SALT], 0.0) / sum(regions.values()),
        connected_share=connected_share(cells, phase, volumes, rows, tags),
        notes=tuple(notes),
        hash=_digest(points, cells, phase, grain, rows, tags, frames, np.array([length, multiplicity])),
    )
    return TaggedMesh(
        dimension, points, cells, phase, grain, rows, tags, frames, float(length), float(multiplicity), report
    )


def _digest(*arrays: npt.NDArray[np.generic] | None) -> str:
    digest = hashlib.sha256()
    for array in arrays:
        if array is None:
            digest.update(b"none")
            continue
        digest.update(f"{array.dtype.str}{array.shape}".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()
