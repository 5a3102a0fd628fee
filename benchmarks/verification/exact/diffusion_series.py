"""Exact profiles of lithium, each written once. The flux J goes *into* the particle [mol/(m^2 s)]."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import jn_zeros, jv

Array = npt.NDArray[np.float64]

TERMS = 60
"""Terms of the series: enough for D t/R^2 above 1e-3."""


def diffusion_roots(count: int = TERMS) -> Array:
    """Positive roots of tan l = l: 4.4934, 7.7253, ..."""
    n = np.arange(1, count + 1)
    roots = [brentq(lambda x: np.sin(x) - x * np.cos(x), k * np.pi + 1e-9, (k + 0.5) * np.pi) for k in n]
    return np.array(roots)


def crank_flux(x: float, time: float) -> float:
    """(c - c0) D/(J R) at x = r/R and D t/R^2 = `time` for a sphere with a constant surface flux J.

    Source: Crank, The Mathematics of Diffusion (1975), eq. 6.45.
    """
    roots = diffusion_roots()
    shape = np.sin(roots * x) / x if x > 0.0 else roots
    series = np.sum(shape / (roots**2 * np.sin(roots)) * np.exp(-(roots**2) * time))
    return float(3.0 * time + 0.5 * x**2 - 0.3 - 2.0 * series)


def crank_flux_mean(x: float, time: float) -> float:
    """Mean of `crank_flux` over the ball of radius x > 0: its integral times 3/x^3."""
    roots = diffusion_roots()
    shape = np.sin(roots * x) - roots * x * np.cos(roots * x)
    series = np.sum(shape / (roots**4 * np.sin(roots)) * np.exp(-(roots**2) * time))
    return float(3.0 * time + 0.3 * x**2 - 0.3 - 6.0 / x**3 * series)


def crank_held(x: float, time: float) -> float:
    """(c - c0)/(c_R - c0) at x and D t/R^2 = `time` for a sphere whose surface is held at c_R.

    Source: Crank (1975), eqs. 6.18 and 6.19.
    """
    n = np.arange(1, TERMS + 1)
    shape = np.sin(n * np.pi * x) / (n * np.pi * x) if x > 0.0 else np.ones(TERMS)
    return float(1.0 + 2.0 * np.sum((-1.0) ** n * shape * np.exp(-((n * np.pi) ** 2) * time)))


def crank_held_mean(time: float) -> float:
    """Mean of `crank_held` over the whole sphere. Source: Crank (1975), eq. 6.20."""
    n = np.arange(1, 40 * TERMS + 1)
    return float(1.0 - 6.0 / np.pi**2 * np.sum(np.exp(-((n * np.pi) ** 2) * time) / n**2))


def crank_flux_cylinder(x: float, time: float) -> float:
    """(c - c0) D/(J R) at x = r/R and D t/R^2 = `time` for a long cylinder with a constant surface flux J.

    Source: Crank (1975), eq. 5.48.
    """
    roots = jn_zeros(1, TERMS)
    series = np.sum(jv(0, roots * x) / (roots**2 * jv(0, roots)) * np.exp(-(roots**2) * time))
    return float(2.0 * time + 0.5 * x**2 - 0.25 - 2.0 * series)


def hollow_quasi_steady(radii: tuple[float, float], r: float) -> tuple[float, float]:
    """Quasi-steady profile of a hollow sphere, sealed inside, with a constant flux J through the outside.

    The content rises evenly at k = 3 J b^2/(b^3 - a^3), so D dc/dr = k (r - a^3/r^2)/3.

    Returns:
        c D/J against an arbitrary level, and Q(r) = integral from a to r of c r^2 dr, times D/J, of the same
        level.
    """
    a, b = radii
    rate = b**2 / (b**3 - a**3)

    def content(s: float) -> float:
        return s**5 / 10.0 + 0.5 * a**3 * s**2

    return rate * (0.5 * r**2 + a**3 / r), rate * (content(r) - content(a))
