"""Exact stresses that lithium along the radius makes in a long cylinder or tube, SI; tension positive."""

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact.closed_forms import Solid

Place = float | npt.NDArray[np.float64]


def free_tube_stress(
    solid: Solid, volume: float, radii: tuple[float, float], r: Place, amounts: tuple[Place, float, Place]
) -> tuple[Place, Place]:
    """Radial and hoop stress at r of a long tube, traction-free inside and outside; the ends do not matter.

    Args:
        solid: elastic constants.
        volume: Omega [m^3/mol].
        radii: a and b.
        r: place.
        amounts: Q(r), Q(b) and c(r) with Q(r) the integral of c r from a to r, from any level of c.

    Source: Timoshenko and Goodier (1970), section 151, with alpha T replaced by Omega c/3.
    """
    a, b = radii
    here, whole, concentration = amounts
    factor = volume * solid.young / (3.0 * (1.0 - solid.poisson) * r**2)
    wall = b**2 - a**2
    radial = factor * ((r**2 - a**2) / wall * whole - here)
    hoop = factor * ((r**2 + a**2) / wall * whole + here - r**2 * concentration)
    return radial, hoop


def free_axial_stress(solid: Solid, volume: float, mean: float, here: Place) -> Place:
    """Axial stress of a long cylinder or tube whose side and whose ends are free of force.

    Args:
        solid: elastic constants.
        volume: Omega [m^3/mol].
        mean: mean concentration of the section [mol/m^3].
        here: concentration at the place.

    Source: Timoshenko and Goodier (1970), section 151, with alpha T replaced by Omega c/3.
    """
    return volume * solid.young / (3.0 * (1.0 - solid.poisson)) * (mean - here)


def held_axial_stress(solid: Solid, volume: float, across: Place, swelling: Place) -> Place:
    """Axial stress of a long cylinder or tube that is held at its length.

    Args:
        solid: elastic constants.
        volume: Omega [m^3/mol].
        across: radial plus hoop stress at the place [Pa].
        swelling: concentration at the place above that of the unstrained solid [mol/m^3].

    Source: Hooke's law with no axial strain.
    """
    return solid.poisson * across - solid.young * volume / 3.0 * swelling
