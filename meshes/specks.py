"""Specks: islands of a phase too small to mean anything."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from meshes.percolation import phase_components
from meshes.simplices import facet_table
from meshes.tagged_mesh import LAYERED, ROCK_SALT, Floats, Ints

FEWEST_CELLS = {2: 12, 3: 40}
"""An island of fewer cells is a speck, by number of coordinates."""


def flip_specks(
    cells: Ints, phase: npt.NDArray[np.int8], measure: Floats, smallest: float
) -> tuple[npt.NDArray[np.int8], int]:
    """Give islands below a size to the phase around them.

    Args:
        cells: (m, d+1).
        phase: (m,) phases.
        measure: (m,) areas or volumes.
        smallest: Area or volume below which a component is a speck; so is one of very few cells.

    Returns:
        (m,) phases and the number of specks.
    """
    _, sides, _ = facet_table(cells)
    labels = phase_components(sides, phase)
    small = (np.bincount(labels, weights=measure) < smallest) | (
        np.bincount(labels) < FEWEST_CELLS[cells.shape[1] - 1]
    )
    # A phase keeps its largest island, however small.
    for kind in (LAYERED, ROCK_SALT):
        mine = labels[phase == kind]
        if len(mine):
            small[np.bincount(mine, weights=measure[phase == kind], minlength=len(small)).argmax()] = False
    flipped = np.where(small[labels], LAYERED + ROCK_SALT - phase, phase).astype(np.int8)
    return flipped, int(small.sum())
