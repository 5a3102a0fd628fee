"""The banded factorisation beside a dense one."""

import numpy as np

from solver.radial.banded import REACH, factorise, substitute


def test_solves_as_a_dense_matrix_does() -> None:
    rng = np.random.default_rng(3)
    size = 41
    dense = np.zeros((size, size))
    for i in range(size):
        for j in range(max(0, i - REACH), min(size, i + REACH + 1)):
            dense[i, j] = rng.normal()
        dense[i, i] += 12.0
    scale = 10.0 ** rng.uniform(-6.0, 6.0, size)[:, None]  # rows of momentum and lithium differ as much
    band = np.zeros((size, 2 * REACH + 1))
    for i in range(size):
        for j in range(max(0, i - REACH), min(size, i + REACH + 1)):
            band[i, j - i + REACH] = scale[i, 0] * dense[i, j]
    right = rng.normal(size=(size, 2))
    found = scale * right
    assert factorise(band)
    substitute(band, found)
    assert np.max(np.abs(found / np.linalg.solve(dense, right) - 1.0)) < 1e-11


def test_a_zero_pivot_is_told() -> None:
    band = np.zeros((6, 2 * REACH + 1))
    band[:, REACH] = 1.0
    band[3, REACH] = 0.0
    assert not factorise(band)
