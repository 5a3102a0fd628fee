"""Crank's series for a sphere under a constant flux, by NumPy alone: it is needed in other environments."""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

TERMS = 60
"""Enough for D t/R^2 above 1e-3."""


def rise_under_flux(x: Array, time: float) -> Array:
    """(c - c0) D/(J R) at x = r/R and D t/R^2 = `time`, the flux J going in.

    Source: J. Crank, The Mathematics of Diffusion (1975), eq. 6.45.
    """
    count = np.arange(1, TERMS + 1)
    roots = (count + 0.5) * np.pi
    for _ in range(20):  # tan l = l as l = n pi + arctan l, which contracts
        roots = count * np.pi + np.arctan(roots)
    # sin(l x)/x of the centre is l.
    series = roots * np.sinc(np.asarray(x)[..., None] * roots / np.pi)
    decay = np.exp(-(roots**2) * time) / (roots**2 * np.sin(roots))
    return np.asarray(3.0 * time + 0.5 * np.square(x) - 0.3 - 2.0 * (series @ decay))
