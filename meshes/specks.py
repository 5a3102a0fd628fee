"""Specks: islands of a phase too small to mean anything."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from meshes.percolation import phase_components
from meshes.simplices import facet_table
from meshes.tagged_mesh import LAYERED, ROCK_SALT, Floats, Ints

FEWEST_CELLS = 12


def flip_specks(
    cells: Ints, phase: npt.NDArray[np.int8], area: Floats, smallest: float
) -> tuple[npt.NDArray[np.int8], int]:
    """Give islands below a size to the phase around them.

    Args:
        cells: (m, 3) triangles.
        phase: (m,) phases.
        area: (m,) areas.
        smallest: Area below which a component is a speck; so is one of fewer than twelve cells.

    Returns:
        (m,) phases and the number of specks.
    """
    _, sides, _ = facet_table(cells)
    labels = phase_components(sides, phase)
    small = (np.bincount(labels, weights=area) < smallest) | (np.bincount(labels) < FEWEST_CELLS)
    # A phase keeps its largest island, however small.
    for kind in (LAYERED, ROCK_SALT):
        mine = labels[phase == kind]
        if len(mine):
            small[np.bincount(mine, weights=area[phase == kind], minlength=len(small)).argmax()] = False
    flipped = np.where(small[labels], LAYERED + ROCK_SALT - phase, phase).astype(np.int8)
    return flipped, int(small.sum())
