"""Momentum balance: div sigma = 0 with sigma = C : (eps - eps_star), loaded by the stack.

Written in reduced units: lengths by the particle size, stress by a modulus.
"""

from collections.abc import Sequence
from typing import Any

import ufl


def stress(stiffness: Any, strain: Any, fixed_eigenstrain: Any, swelling: Any) -> Any:
    """Stress vector C (eps - eps_star), length 6; tension positive.

    Args:
        stiffness: C, UFL matrix (6, 6).
        strain: engineering strain, UFL vector of length 6.
        fixed_eigenstrain: the part of eps_star that does not depend on lithium, length 6.
        swelling: the part that does, length 6.
    """
    return stiffness * (strain - fixed_eigenstrain - swelling)


def momentum_residual(sigma: Any, test_strain: Any, weight: Any, dx: Any) -> Any:
    """Internal virtual work: integral of sigma : eps(v)."""
    return ufl.inner(sigma, test_strain) * weight * dx


def pressure_residual(pressures: Sequence[Any], v: Any, normal: Any, weight: Any, ds: Any) -> Any:
    """Virtual work against the traction -diag(p) n on a boundary: integral of sum_k p_k v_k n_k.

    Args:
        pressures: p_k along each component of the displacement, > 0 compressive.
        v: test function.
        normal: outward normal.
        weight: volume weight at the boundary.
        ds: measure of the boundary.
    """
    return sum(p * v[k] * normal[k] for k, p in enumerate(pressures)) * weight * ds


def axial_force(sigma: Any, weight: Any, dx: Any) -> Any:
    """Work-conjugate of a uniform axial strain: integral of sigma_zz (over a section the axial force)."""
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
