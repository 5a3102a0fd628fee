"""Homogeneous states of crystals by tensor arithmetic: four indices, turned one by one, SI."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

COMPONENTS = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))
FREE = float("nan")
"""In a given strain or stress: this component is not given."""


class State(NamedTuple):
    """A homogeneous state.

    Attributes:
        strain: tensor [1], shape (3, 3).
        stress: tensor [Pa], shape (3, 3); tension positive.
    """

    strain: Array
    stress: Array


def _spread(values: dict[tuple[int, int, int, int], float]) -> Array:
    """All entries of a stiffness from those that its symmetries leave, shape (3, 3, 3, 3)."""
    full = np.zeros((3, 3, 3, 3))
    for (i, j, k, m), value in values.items():
        for a, b in ((i, j), (j, i)):
            for c, d in ((k, m), (m, k)):
                full[a, b, c, d] = full[c, d, a, b] = value
    return full


def trigonal(c11: float, c12: float, c13: float, c33: float, c44: float, c14: float = 0.0) -> Array:
    """Stiffness [Pa] in crystal axes, c the third of them, shape (3, 3, 3, 3); hexagonal without c14.

    Source: Nye, Physical Properties of Crystals (1957), table 9, class -3m.
    """
    return _spread(
        {
            (0, 0, 0, 0): c11,
            (1, 1, 1, 1): c11,
            (2, 2, 2, 2): c33,
            (0, 0, 1, 1): c12,
            (0, 0, 2, 2): c13,
            (1, 1, 2, 2): c13,
            (1, 2, 1, 2): c44,
            (0, 2, 0, 2): c44,
            (0, 1, 0, 1): 0.5 * (c11 - c12),
            (0, 0, 1, 2): c14,
            (1, 1, 1, 2): -c14,
            (0, 2, 0, 1): c14,
        }
    )


def cubic(c11: float, c12: float, c44: float) -> Array:
    """Stiffness [Pa] in the cube's axes, shape (3, 3, 3, 3)."""
    normal = {(k, k, k, k): c11 for k in range(3)}
    cross = {(i, i, j, j): c12 for i, j in ((0, 1), (0, 2), (1, 2))}
    return _spread({**normal, **cross, **{(i, j, i, j): c44 for i, j in ((0, 1), (0, 2), (1, 2))}})


def turned(tensor: Array, rotation: Array) -> Array:
    """A tensor of two or four indices in the axes of the particle.

    Args:
        tensor: in crystal axes.
        rotation: shape (3, 3); its columns are the crystal axes in those of the particle.
    """
    if tensor.ndim == 2:
        return np.asarray(np.einsum("ia,jb,ab->ij", rotation, rotation, tensor))
    return np.asarray(np.einsum("ia,jb,kc,ld,abcd->ijkl", *[rotation] * 4, tensor, optimize=True))


def homogeneous(stiffness: Array, eigenstrain: Array, strain: Array, stress: Array) -> State:
    """The homogeneous state of which every component is given as strain or as stress.

    Args:
        stiffness: shape (3, 3, 3, 3) [Pa].
        eigenstrain: stress-free strain, shape (3, 3).
        strain: given components, `FREE` elsewhere, shape (3, 3).
        stress: given components [Pa]; not read where the strain is given.
    """
    size = np.abs(stiffness).max()
    rows, right = np.zeros((6, 6)), np.zeros(6)
    for row, (i, j) in enumerate(COMPONENTS):
        if not np.isnan(strain[i, j]):
            rows[row, row], right[row] = 1.0, strain[i, j]
            continue
        for column, (k, m) in enumerate(COMPONENTS):
            rows[row, column] = stiffness[i, j, k, m] * (1.0 if k == m else 2.0) / size
        right[row] = (stress[i, j] + np.sum(stiffness[i, j] * eigenstrain)) / size
    found = np.zeros((3, 3))
    for value, (i, j) in zip(np.linalg.solve(rows, right), COMPONENTS, strict=True):
        found[i, j] = found[j, i] = value
    return State(found, np.asarray(np.einsum("ijkl,kl->ij", stiffness, found - eigenstrain)))


def loaded(stiffness: Array, eigenstrain: Array, stress: Array, axial: float = FREE) -> State:
    """The state under a given stress [Pa], shape (3, 3), with the strain along z held at `axial` if given."""
    held = np.full((3, 3), FREE)
    held[2, 2] = axial
    return homogeneous(stiffness, eigenstrain, held, stress)
