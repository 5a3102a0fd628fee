"""Charge transfer at the particle's surface: Butler-Volmer kinetics.

i_n > 0 is anodic: lithium leaves the solid. Reduced: potentials by R T/F, currents by F c_ref L per second.
"""

from typing import Any

import ufl


def overpotential(electrode_potential: Any, mu: Any) -> Any:
    """Reduced eta = F (phi_s - phi_e - U_surf)/(R T) with U_surf = -mu/F; the stress is inside mu."""
    return electrode_potential + mu


def butler_volmer(exchange: Any, anodic: Any, cathodic: Any, eta: Any) -> Any:
    """Current density i0 (exp(alpha_a eta) - exp(-alpha_c eta)), in the units of the exchange current.

    Args:
        exchange: i0.
        anodic: transfer coefficient alpha_a [1].
        cathodic: transfer coefficient alpha_c [1].
        eta: reduced overpotential [1].
    """
    return exchange * (ufl.exp(anodic * eta) - ufl.exp(-cathodic * eta))


def concentration_factor(occupancy: Any, floor: float) -> Any:
    """sqrt(theta (1 - theta))/0.5, which is 1 at half filling; floored near empty and full."""
    product = occupancy * (1.0 - occupancy)
    return 2.0 * ufl.sqrt(ufl.conditional(ufl.gt(product, floor), product, floor))


def intercalation_residual(increment: Any, current: Any, q: Any, weight: Any, ds: Any) -> Any:
    """Lithium that leaves through the surface over an increment: integral of dt i_n/F q."""
    return increment * current * q * weight * ds
