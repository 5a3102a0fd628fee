"""The volume mean of hydrostatic stress, which balance of forces fixes exactly.

Hydrostatic loading: -p V_enclosed/V_solid with free cavities. In `plane_strain` only half the in-plane trace
is fixed so: -p A_enclosed/A_solid.
"""

from solver.case import Case

POWERS = {"spherical": 3, "axisymmetric": 3, "3d": 3, "generalised_plane_strain": 2, "plane_strain": 2}


def exact_volume_mean(case: Case) -> float | None:
    """Exact mean of sigma_h over the particle [Pa].

    Args:
        case: a resolved case.

    Returns:
        None in `plane_strain`, which fixes another mean, and for a mesh from a file, whose cavities the case
        does not know.
    """
    geometry, mechanics = case.geometry, case.mechanics
    if geometry.dimension == "plane_strain" or geometry.kind == "file":
        return None
    power = POWERS[geometry.dimension]
    cavity = getattr(geometry, "cavity_radius", 0.0) / geometry.radius
    return float(-mechanics.stack_pressure / (1.0 - cavity**power))
