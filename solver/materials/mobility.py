"""Mobility laws: what a stated diffusivity means for the flux J = -M grad mu.

M = D c_max/(R T) * content(theta) * exp(V_act sigma_h/(R T)). The content factor [1] says which kind of
diffusivity D is:

- `chemical`: content = d theta/dy, so that J = -D grad c without stress, whatever the host;
- `tracer`: content = theta (Darken's law for dilute hosts);
- `lattice_gas`: content = theta (1 - theta) (vacancy mechanism).
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from solver.materials.hosts import Host

Array = npt.NDArray[np.float64]

FLOOR: Final = 1e-8
"""Smallest content factor [1]: keeps M positive where lithium, or room for it, runs out."""


def content_factor(kind: str, host: Host, y: Array) -> tuple[Array, Array]:
    """Content factor of the mobility and its derivative with occupancy, each of the shape of y [1].

    Args:
        kind: `chemical`, `tracer` or `lattice_gas`.
        host: the phase's occupancy law.
        y: reduced host potential [1].

    Returns:
        The floored factor, and d factor/d theta (zero where the floor acts).

    Raises:
        ValueError: for an unknown kind.
    """
    theta = host.occupancy(y)
    if kind == "tracer":
        factor, slope = theta, np.ones_like(theta)
    elif kind == "lattice_gas":
        factor, slope = theta * (1.0 - theta), 1.0 - 2.0 * theta
    elif kind == "chemical":
        factor = host.slope(y)
        slope = host.curvature(y) / np.maximum(factor, 1e-300)
    else:
        msg = f"unknown kind of diffusivity {kind!r}"
        raise ValueError(msg)
    floored = factor < FLOOR
    return np.where(floored, FLOOR, factor), np.where(floored, 0.0, slope)


def chemical_diffusivity(kind: str, diffusivity: float, host: Host, theta: Array) -> Array:
    """Stress-free chemical diffusivity D_chem = M dmu/dc [m^2/s] at occupancies theta, of theta's shape."""
    y = host.potential(theta)
    factor, _ = content_factor(kind, host, y)
    return np.asarray(diffusivity * factor / host.slope(y))
