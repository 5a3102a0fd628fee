"""Weighted statistics of pointwise values over all ranks. Pure but for the communicator."""

from typing import Any

import numpy as np
import numpy.typing as npt

from solver.materials.elasticity import stress_tensor

Array = npt.NDArray[np.float64]


def weighted_percentile(values: Array, weights: Array, share: float) -> float:
    """Value below which a share of the weight lies.

    Args:
        values: shape (n,).
        weights: shape (n,), positive.
        share: between 0 and 1.
    """
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weights[order])
    place = int(np.searchsorted(cumulative, share * cumulative[-1]))
    return float(values[order[min(place, len(order) - 1)]])


def gather(comm: Any, values: Array) -> Array | None:
    """Concatenate every rank's values on rank 0, in the order of the ranks; None elsewhere."""
    parts = comm.gather(values, root=0)
    return None if parts is None else np.concatenate(parts)


def principal_maximum(stress: Array) -> Array:
    """Largest principal stress of stress vectors, shape (..., 6) to (...)."""
    return np.asarray(np.linalg.eigvalsh(stress_tensor(stress))[..., -1])


def von_mises(stress: Array) -> Array:
    """Von Mises stress of stress vectors, shape (..., 6) to (...)."""
    a, b, c = stress[..., 0], stress[..., 1], stress[..., 2]
    shear = (stress[..., 3:] ** 2).sum(axis=-1)
    return np.asarray(np.sqrt(0.5 * ((a - b) ** 2 + (b - c) ** 2 + (c - a) ** 2) + 3.0 * shear))
