"""One inclusion in an endless matrix, whose stress is uniform, in SI; tension is positive."""

from benchmarks.verification.exact.closed_forms import Solid


def swollen_sphere(inclusion: Solid, matrix: Solid, strain: float) -> float:
    """Hydrostatic stress of a sphere with isotropic eigenstrain; outside sigma_r falls from it as 1/r^3.

    Source: Eshelby (1957), Proc. R. Soc. A 241, 376; here for unequal moduli.
    """
    stiff, hold = 3.0 * inclusion.bulk, 4.0 * matrix.shear
    return -stiff * hold * strain / (stiff + hold)


def swollen_cylinder(inclusion: Solid, matrix: Solid, strain: float) -> tuple[float, float]:
    """Radial and axial stress of a long cylinder with isotropic eigenstrain whose length is held.

    Inside u = A r, outside u = A a^2/r; equal radial stress at a gives A.

    Source: Eshelby (1957), Proc. R. Soc. A 241, 376, elliptic cylinder; here round and for unequal moduli.
    """
    push = 3.0 * inclusion.bulk * strain
    in_plane = push / (2.0 * (inclusion.lame + inclusion.shear + matrix.shear))
    return -2.0 * matrix.shear * in_plane, 2.0 * inclusion.lame * in_plane - push


def sheared_sphere(inclusion: Solid, matrix: Solid) -> float:
    """Stress over eigenstrain of a sphere with traceless eigenstrain [Pa], the same for all components.

    beta is the share of such an eigenstrain that an endless matrix lets happen; -2 G (1 - beta) for equal
    moduli, else by the equivalent eigenstrain.

    Source: Eshelby (1957), Proc. R. Soc. A 241, 376.
    """
    nu = matrix.poisson
    return _held(inclusion, matrix, 2.0 * (4.0 - 5.0 * nu) / (15.0 * (1.0 - nu)))


def sheared_cylinder(inclusion: Solid, matrix: Solid) -> float:
    """As `sheared_sphere` of a long cylinder, for the traceless part of eigenstrain in its cross-section.

    Source: Mura, Micromechanics of Defects in Solids (1987), section 11: beta = 2 S_1212.
    """
    nu = matrix.poisson
    return _held(inclusion, matrix, (3.0 - 4.0 * nu) / (4.0 * (1.0 - nu)))


def _held(inclusion: Solid, matrix: Solid, beta: float) -> float:
    own, around = inclusion.shear, matrix.shear
    return -2.0 * around * own * (1.0 - beta) / (around + (own - around) * beta)
