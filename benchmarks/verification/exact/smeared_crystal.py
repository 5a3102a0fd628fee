"""A crystal averaged over all directions of c in the tangent plane, by turning tensors of fourth rank."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

PAIRS = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
"""Voigt's order."""
TURNS = 64
"""Directions of c; the mean is exact from five on."""


def hexagonal(constants: Mapping[str, float]) -> Array:
    """Stiffness as a tensor of fourth rank, c along the third axis.

    Args:
        constants: C11, C12, C13, C33 and C44 [Pa].
    """
    voigt, k = np.zeros((6, 6)), constants
    voigt[:3, :3] = [
        [k["C11"], k["C12"], k["C13"]],
        [k["C12"], k["C11"], k["C13"]],
        [k["C13"], k["C13"], k["C33"]],
    ]
    voigt[3, 3] = voigt[4, 4] = k["C44"]
    voigt[5, 5] = 0.5 * (k["C11"] - k["C12"])
    full = np.zeros((3, 3, 3, 3))
    for m, (i, j) in enumerate(PAIRS):
        for n, (p, q) in enumerate(PAIRS):
            for one in {(i, j), (j, i)}:
                for other in {(p, q), (q, p)}:
                    full[one + other] = voigt[m, n]
    return full


def smeared(crystal: Array) -> Array:
    """Hill's average over all directions of c in the tangent plane, axes (r, t, t), shape (6, 6) [Pa].

    Source: R. Hill (1952), Proc. Phys. Soc. A 65, 349.
    """
    weights = np.sqrt(np.array([1.0, 1.0, 1.0, 2.0, 2.0, 2.0]))
    stiff, soft = np.zeros((6, 6)), np.zeros((6, 6))
    for angle in np.pi * np.arange(TURNS) / TURNS:
        c = np.array([0.0, np.cos(angle), np.sin(angle)])
        a = np.array([1.0, 0.0, 0.0])
        frame = np.column_stack([a, np.cross(c, a), c])
        turned = np.einsum("ia,jb,kc,ld,abcd->ijkl", frame, frame, frame, frame, crystal, optimize=True)
        mandel = np.array([[turned[i, j, p, q] for p, q in PAIRS] for i, j in PAIRS])
        mandel = mandel * np.outer(weights, weights)
        stiff += mandel / TURNS
        soft += np.linalg.inv(mandel) / TURNS
    return np.asarray(0.5 * (stiff + np.linalg.inv(soft)) / np.outer(weights, weights))
