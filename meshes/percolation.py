"""Which share of each phase is linked to the outer surface through its own cells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from meshes.simplices import components, facet_table
from meshes.tagged_mesh import OUTER, PHASE_NAMES, Floats, Ints


def connected_share(
    cells: Ints,
    cell_phase: npt.NDArray[np.int8],
    volumes: Floats,
    facets: Ints,
    facet_tags: npt.NDArray[np.int32],
) -> dict[str, float]:
    """Volume share of each phase that reaches the outer surface.

    Two cells are linked when they share a facet and a phase; a component reaches the surface when one of
    its cells has a facet there.

    Args:
        cells: (m, d+1) vertex numbers.
        cell_phase: (m,) phase of each cell.
        volumes: (m,) volume of each cell [any unit].
        facets: (f, d) tagged facets.
        facet_tags: (f,) their tags.

    Returns:
        Share [-] by phase name, for the phases that exist.
    """
    _, reached = _pieces(cells, cell_phase, facets[facet_tags == OUTER])
    shares = {}
    for phase, name in PHASE_NAMES.items():
        mine = cell_phase == phase
        if mine.any():
            shares[name] = float(volumes[mine & reached].sum() / volumes[mine].sum())
    return shares


def islands(cells: Ints, cell_phase: npt.NDArray[np.int8], outer: Ints) -> dict[str, int]:
    """Number of pieces of each phase that are not linked to the outer surface.

    Args:
        cells: (m, d+1) vertex numbers.
        cell_phase: (m,) phase of each cell.
        outer: (f, d) facets of the outer surface, ascending in each row.

    Returns:
        Number [-] by phase name, for the phases that exist.
    """
    labels, reached = _pieces(cells, cell_phase, outer)
    return {
        name: len(np.unique(labels[(cell_phase == phase) & ~reached]))
        for phase, name in PHASE_NAMES.items()
        if (cell_phase == phase).any()
    }


def _pieces(
    cells: Ints, cell_phase: npt.NDArray[np.int8], outer: Ints
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    # The component of each cell, and whether that reaches the outer surface.
    table, sides, _ = facet_table(cells)
    labels = phase_components(sides, cell_phase)
    wanted = {tuple(row) for row in outer.tolist()}
    boundary = np.flatnonzero(sides[:, 1] < 0)
    at_surface = [int(sides[k, 0]) for k in boundary if tuple(table[k].tolist()) in wanted]
    return labels, np.isin(labels, labels[at_surface])


def phase_components(sides: Ints, cell_phase: npt.NDArray[np.int8]) -> npt.NDArray[np.int32]:
    """Label the connected components of equal phase.

    Args:
        sides: (f, 2) cells on both sides of each facet, -1 for none.
        cell_phase: (m,) phase of each cell.

    Returns:
        (m,) component of each cell.
    """
    inside = sides[sides[:, 1] >= 0]
    same = inside[cell_phase[inside[:, 0]] == cell_phase[inside[:, 1]]]
    return components(same[:, 0], same[:, 1], len(cell_phase))
