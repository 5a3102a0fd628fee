"""Exact profiles of lithium, each written once. The flux J goes *into* the particle [mol/(m^2 s)].

Places x = r/R may be numbers or arrays, and what is given back has their shape.
"""

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import jn_zeros, jv, spherical_jn

Array = npt.NDArray[np.float64]
Place = float | Array

TERMS = 60
"""Terms of the series: enough for D t/R^2 above 1e-3."""


@cache
def diffusion_roots(count: int = TERMS) -> Array:
    """Positive roots of tan l = l: 4.4934, 7.7253, ..."""
    n = np.arange(1, count + 1)
    roots = [brentq(lambda x: np.sin(x) - x * np.cos(x), k * np.pi + 1e-9, (k + 0.5) * np.pi) for k in n]
    return np.array(roots)


def _column(x: Place) -> Array:
    """Places along a new last axis, for the terms of a series."""
    return np.asarray(x, dtype=float)[..., None]


def _sphere(z: Array) -> Array:
    """sin z/z."""
    return np.asarray(np.sinc(z / np.pi))


def _ball(z: Array) -> Array:
    """Mean of sin z/z over the ball of radius z: 3 (sin z - z cos z)/z^3."""
    near = np.where(z == 0.0, 1.0, z)
    return np.asarray(np.where(z == 0.0, 1.0, 3.0 * spherical_jn(1, near) / near))


def _disc(z: Array) -> Array:
    """Mean of J0 over the disc of radius z: 2 J1(z)/z."""
    near = np.where(z == 0.0, 1.0, z)
    return np.asarray(np.where(z == 0.0, 1.0, 2.0 * jv(1, near) / near))


def crank_flux(x: Place, time: float) -> Array:
    """(c - c0) D/(J R) at x = r/R and D t/R^2 = `time` for a sphere with a constant surface flux J.

    Source: Crank, The Mathematics of Diffusion (1975), eq. 6.45.
    """
    roots = diffusion_roots()
    series = _sphere(_column(x) * roots) @ (np.exp(-(roots**2) * time) / (roots * np.sin(roots)))
    return np.asarray(3.0 * time + 0.5 * np.square(x) - 0.3 - 2.0 * series)


def crank_flux_mean(x: Place, time: float) -> Array:
    """Mean of `crank_flux` over the ball of radius x: its integral times 3/x^3."""
    roots = diffusion_roots()
    series = _ball(_column(x) * roots) @ (np.exp(-(roots**2) * time) / (roots * np.sin(roots)))
    return np.asarray(3.0 * time + 0.3 * np.square(x) - 0.3 - 2.0 * series)


def crank_held(x: Place, time: float) -> Array:
    """(c - c0)/(c_R - c0) at x and D t/R^2 = `time` for a sphere whose surface is held at c_R.

    Source: Crank (1975), eqs. 6.18 and 6.19.
    """
    n = np.arange(1, TERMS + 1)
    series = _sphere(_column(x) * n * np.pi) @ ((-1.0) ** n * np.exp(-((n * np.pi) ** 2) * time))
    return np.asarray(1.0 + 2.0 * series)


def crank_held_mean(time: float, x: Place = 1.0) -> Array:
    """Mean of `crank_held` over the ball of radius x. Source: Crank (1975), eq. 6.20, for the sphere."""
    n = np.arange(1, TERMS + 1)
    series = _ball(_column(x) * n * np.pi) @ ((-1.0) ** n * np.exp(-((n * np.pi) ** 2) * time))
    return np.asarray(1.0 + 2.0 * series)


def crank_flux_cylinder(x: Place, time: float) -> Array:
    """(c - c0) D/(J R) at x = r/R and D t/R^2 = `time` for a long cylinder with a constant surface flux J.

    Source: Crank (1975), eq. 5.48.
    """
    roots = jn_zeros(1, TERMS)
    series = jv(0, _column(x) * roots) @ (np.exp(-(roots**2) * time) / (roots**2 * jv(0, roots)))
    return np.asarray(2.0 * time + 0.5 * np.square(x) - 0.25 - 2.0 * series)


def crank_flux_cylinder_mean(x: Place, time: float) -> Array:
    """Mean of `crank_flux_cylinder` over the disc of radius x: its integral times 2/x^2."""
    roots = jn_zeros(1, TERMS)
    series = _disc(_column(x) * roots) @ (np.exp(-(roots**2) * time) / (roots**2 * jv(0, roots)))
    return np.asarray(2.0 * time + 0.25 * np.square(x) - 0.25 - 2.0 * series)


def crank_held_cylinder(x: Place, time: float) -> Array:
    """(c - c0)/(c_R - c0) at x and D t/R^2 = `time` for a long cylinder whose surface is held at c_R.

    Source: Crank (1975), eq. 5.22.
    """
    roots = jn_zeros(0, TERMS)
    series = jv(0, _column(x) * roots) @ (np.exp(-(roots**2) * time) / (roots * jv(1, roots)))
    return np.asarray(1.0 - 2.0 * series)


def crank_held_cylinder_mean(time: float, x: Place = 1.0) -> Array:
    """Mean of `crank_held_cylinder` over the disc of radius x. Source: Crank (1975), eq. 5.23, for all."""
    roots = jn_zeros(0, TERMS)
    series = _disc(_column(x) * roots) @ (np.exp(-(roots**2) * time) / (roots * jv(1, roots)))
    return np.asarray(1.0 - 2.0 * series)


def hollow_quasi_steady(radii: tuple[float, float], r: Place) -> tuple[Place, Place]:
    """Quasi-steady profile of a hollow sphere, sealed inside, with a constant flux J through the outside.

    The content rises evenly at k = 3 J b^2/(b^3 - a^3), so D dc/dr = k (r - a^3/r^2)/3.

    Returns:
        c D/J against an arbitrary level, and Q(r) = integral from a to r of c r^2 dr, times D/J, of the same
        level.
    """
    a, b = radii
    rate = b**2 / (b**3 - a**3)

    def content(s: Place) -> Place:
        return s**5 / 10.0 + 0.5 * a**3 * s**2

    return rate * (0.5 * r**2 + a**3 / r), rate * (content(r) - content(a))


def tube_quasi_steady(radii: tuple[float, float], r: Place) -> tuple[Place, Place]:
    """Quasi-steady profile of a long tube, sealed inside, with a constant flux J through the outside.

    The content rises evenly at k = 2 J b/(b^2 - a^2), so D dc/dr = k (r - a^2/r)/2.

    Returns:
        c D/J against an arbitrary level, and Q(r) = integral from a to r of c r dr, times D/J, of the same
        level.
    """
    a, b = radii
    rate = b / (b**2 - a**2)

    def content(s: Place) -> Place:
        return s**4 / 8.0 - 0.5 * (a * s) ** 2 * (np.log(s / b) - 0.5)

    return rate * (0.5 * r**2 - a**2 * np.log(r / b)), rate * (content(r) - content(a))
