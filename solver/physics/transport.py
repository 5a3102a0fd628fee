"""Lithium balance: dc/dt + div J = 0 with J = -M grad mu.

Reduced: mu by R T, c by a reference concentration, length by the particle size; multiplied by the time
increment, so that each row of the residual is an amount of lithium.
"""

from typing import Any

import ufl


def mobility(diffusivity: Any, content: Any, activation: Any, hydrostatic_stress: Any) -> Any:
    """Reduced mobility D c_max content(theta) exp(V_act sigma_h/(R T)).

    Args:
        diffusivity: D c_max, reduced.
        content: content factor of the mobility law, see materials.mobility.
        activation: V_act E0/(R T), zero where stress does not act on the mobility.
        hydrostatic_stress: tr(sigma)/3 over the reference modulus E0.
    """
    return diffusivity * content * ufl.exp(activation * hydrostatic_stress)


def storage_residual(
    capacity: Any, occupancy: Any, lead: Any, history: Any, q: Any, weight: Any, dx: Any
) -> Any:
    """Change of lithium over an increment: integral of c_max (a0 theta + a1 theta_n + a2 theta_n-1) q.

    Args:
        capacity: c_max, reduced.
        occupancy: theta at the new time.
        lead: weight a0 of the time scheme.
        history: a1 theta_n + a2 theta_n-1.
        q: test function.
        weight: volume weight.
        dx: measure.
    """
    return capacity * (lead * occupancy + history) * q * weight * dx


def flux_residual(increment: Any, conductance: Any, mu: Any, q: Any, weight: Any, dx: Any) -> Any:
    """Transport over an increment: integral of dt M grad mu . grad q."""
    return increment * conductance * ufl.inner(ufl.grad(mu), ufl.grad(q)) * weight * dx
