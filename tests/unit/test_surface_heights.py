"""Heights of simplices, all at once: dim times the volume over the largest facet."""

import numpy as np
import pytest

from solver.discretisation.surface_cells import _heights


def test_heights_of_known_simplices() -> None:
    assert _heights(np.array([[[1.5], [4.0]], [[3.0], [2.5]]])) == pytest.approx([2.5, 0.5])
    # 3-4-5: twice the area 6 over the longest side; and the same turned around and stretched by 1000.
    triangle = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 3.0]])
    assert _heights(np.array([triangle, 1e3 * triangle[::-1]])) == pytest.approx([2.4, 2400.0])
    # A corner of a box 2 x 3 x 6: its height over the slanted facet.
    corner = np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 6.0]])
    across = 1.0 / np.sqrt(1.0 / 4.0 + 1.0 / 9.0 + 1.0 / 36.0)
    assert _heights(np.array([corner, corner[[2, 0, 3, 1]]])) == pytest.approx([across, across])
    # A flat one, whose largest facet is its base.
    flat = np.array([[0.0, 0.0, 0.0], [7.0, 0.0, 0.0], [0.0, 5.0, 0.0], [1.0, 1.0, 1e-3]])
    assert _heights(flat[None]) == pytest.approx([1e-3], rel=1e-6)


def test_no_cells() -> None:
    assert _heights(np.zeros((0, 4, 3))).shape == (0,)
