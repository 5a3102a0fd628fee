"""What a surface feels of a constant flux before diffusion has reached the middle."""

import numpy as np
from scipy.special import erfc

CYLINDER = (2.0, 0.5 * np.sqrt(np.pi), 0.5, 3.0 / 16.0 * np.sqrt(np.pi), 21.0 / 80.0)
"""Coefficients of the powers 1/2, 1, 3/2, 2, 5/2 of time, times sqrt(pi)."""


def early_flux(time: float) -> float:
    """(c - c0) D/(J R) at the surface of a sphere, constant flux J into it, at D t/R^2 = `time` below 0.03.

    With w = r c the sphere is a half space with a radiating surface; what the middle adds is below
    exp(-1/time). Source: Carslaw and Jaeger, Conduction of Heat in Solids (1959), section 9.7.
    """
    return float(np.exp(time) * erfc(-np.sqrt(time)) - 1.0)


def early_flux_cylinder(time: float) -> float:
    """The same of a long cylinder, to order 5/2: the expansion of I0(q)/(q I1(q)) for large q, q^2 = s R^2/D.

    Source: Carslaw and Jaeger (1959), section 13.3.
    """
    powers = time ** (0.5 * np.arange(1, 6))
    return float(powers @ np.array(CYLINDER) / np.sqrt(np.pi))
