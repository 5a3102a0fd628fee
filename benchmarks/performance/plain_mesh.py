"""The mesh of a case as a file of plain arrays, for programs that know nothing of lithostat."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

OUTER, PLANES = 1, (3, 4, 5)
"""Tags of facets: the outer surface, and the planes x, y, z = 0."""
LAYERED, ROCK_SALT = 1, 2
"""Tags of cells."""


@dataclass(frozen=True)
class PlainMesh:
    """Tetrahedra of an octant.

    Attributes:
        points: vertices [outer radii], shape (vertices, 3).
        cells: their vertices, positively oriented, shape (cells, 4).
        phase: of each cell.
        facets: vertices of tagged facets, shape (facets, 3).
        facet_tags: their tags.
        length: the outer radius [m].
    """

    points: Array
    cells: Ints
    phase: Ints
    facets: Ints
    facet_tags: Ints
    length: float


def mesh_path(given: Mapping[str, Any], folder: Path) -> Path:
    """Where the mesh of a job stands, by its `case` and `unknowns`."""
    return folder / f"{given['case']}-{given['unknowns']:.0f}.npz"


def prepare_mesh(given: Mapping[str, Any], folder: Path) -> None:
    """Make the mesh of a job's shipped `case` with about its `unknowns`, unless it is there."""
    if mesh_path(given, folder).exists():
        return
    from benchmarks.performance.charging import sized
    from solver.case import load_case

    words = list(sized(given["case"], given["unknowns"]))
    keep_mesh(load_case(given["case"], words), mesh_path(given, folder))


def keep_mesh(case: Any, path: Path) -> None:
    """Write the mesh of a loaded case."""
    import meshes
    from solver.cache import mesh_cache

    tagged = meshes.build(case.mesh_geometry(), mesh_cache())
    np.savez(
        path,
        points=tagged.points,
        cells=tagged.cells,
        phase=tagged.cell_phase.astype(np.int64),
        facets=tagged.facets,
        facet_tags=tagged.facet_tags.astype(np.int64),
        length=tagged.length,
    )


def read_mesh(given: Mapping[str, Any], folder: Path) -> PlainMesh:
    """The mesh that was prepared for a job."""
    with np.load(mesh_path(given, folder)) as stored:
        parts = {name: stored[name] for name in ("points", "cells", "phase", "facets", "facet_tags")}
        return PlainMesh(**parts, length=float(stored["length"]))
