"""Tetrahedra between two copies of a surface."""

from __future__ import annotations

import numpy as np

from meshes.tagged_mesh import Ints

PRISM = ((0, 1, 2, 5), (0, 1, 4, 5), (0, 3, 4, 5))
"""Three tetrahedra of a prism with the corners 0, 1, 2 and, above them, 3, 4, 5."""


def prism_cells(triangles: Ints, low: Ints, high: Ints) -> Ints:
    """Three tetrahedra for each prism between two copies of a surface.

    Args:
        triangles: (f, 3) entries of `low` and `high`.
        low: (v,) vertex numbers of one copy.
        high: (v,) vertex numbers of the other.

    Returns:
        (3 f, 4) vertex numbers, the first, second and third cells of all prisms in turn, in no orientation.
    """
    # Each side of a prism is cut from the lower of its two entries below: its neighbour does the same.
    a, b, c = np.sort(triangles, axis=1).T
    corners = (low[a], low[b], low[c], high[a], high[b], high[c])
    return np.concatenate([np.stack([corners[i] for i in four], axis=1) for four in PRISM])
