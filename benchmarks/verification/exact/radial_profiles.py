"""Stresses along the radius: a core in a shell, a tube under pressure; in SI, tension is positive."""

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact.closed_forms import Concentric

Array = npt.NDArray[np.float64]


def concentric(walls: Concentric, power: int, reach: Array, in_core: Array) -> tuple[Array, Array]:
    """Radial and hoop stress of a core and its shell at any radius.

    The core's are uniform. In the shell both fall towards their common mean M: sigma_r - M with (b/r)^power,
    sigma_t - M with the same over 1 - power, which is what equilibrium asks for.

    Args:
        walls: what the closed form says of the interface.
        power: 3 for a sphere, 2 for a cylinder.
        reach: b/r, any shape.
        in_core: whether the place belongs to the core, same shape.

    Source: Timoshenko and Goodier, Theory of Elasticity (1970), sections 28 and 136.
    """
    around = power - 1
    mean = (walls.interface + around * walls.hoop_shell) / power
    part = (walls.interface - mean) * reach**power
    radial = np.where(in_core, walls.interface, mean + part)
    return radial, np.where(in_core, walls.hoop_core, mean - part / around)


def thick_tube(
    radii: tuple[float, float], pressures: tuple[float, float], r: Array | float
) -> tuple[Array, Array]:
    """Radial and hoop stress of a long tube under inner and outer pressure, whatever its ends do.

    Args:
        radii: a and b.
        pressures: inner and outer, compressive positive.
        r: places, same unit as the radii.

    Source: Timoshenko and Goodier (1970), section 28, eq. 45.
    """
    a, b = radii
    inner, outer = pressures
    mean = (inner * a**2 - outer * b**2) / (b**2 - a**2)
    part = (inner - outer) * a**2 * b**2 / ((b**2 - a**2) * np.asarray(r) ** 2)
    return mean - part, mean + part
