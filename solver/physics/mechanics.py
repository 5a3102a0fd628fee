"""Momentum balance: div sigma = 0 with sigma = C : (eps - eps_star), loaded by stack pressure.

Written in reduced units: lengths by the particle size, stress by a modulus.
"""

from typing import Any

import ufl


def stress(stiffness: Any, strain: Any, fixed_eigenstrain: Any, swelling: Any, occupancy: Any) -> Any:
    """Stress vector C (eps - eps_star), length 6; tension positive.

    Args:
        stiffness: C, UFL matrix (6, 6).
        strain: engineering strain, UFL vector of length 6.
        fixed_eigenstrain: the part of eps_star that does not depend on lithium, length 6.
        swelling: chemical strain at full occupancy V c_max, length 6.
        occupancy: theta.
    """
    return stiffness * (strain - fixed_eigenstrain - occupancy * swelling)


def momentum_residual(sigma: Any, test_strain: Any, weight: Any, dx: Any) -> Any:
    """Internal virtual work: integral of sigma : eps(v)."""
    return ufl.inner(sigma, test_strain) * weight * dx


def pressure_residual(pressure: Any, v: Any, normal: Any, weight: Any, ds: Any) -> Any:
    """Virtual work against a pressure (> 0 compressive) on a boundary: integral of p v . n."""
    return pressure * ufl.inner(v, normal) * weight * ds


def axial_force(sigma: Any, weight: Any, dx: Any) -> Any:
    """Axial force of generalised plane strain: integral of sigma_zz over the section."""
    return sigma[2] * weight * dx


def enclosed_volume(x: Any, normal: Any, weight: Any, spatial_dimension: int, ds: Any) -> Any:
    """Volume inside a boundary by the divergence theorem, cavities included.

    Args:
        x: position.
        normal: outward normal.
        weight: volume weight at the boundary.
        spatial_dimension: 3 where the weight makes a volume, 2 per metre of length.
        ds: measure of the boundary.
    """
    return ufl.inner(x, normal) / spatial_dimension * weight * ds
