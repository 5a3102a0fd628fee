"""Kinematics: the full strain and the volume weight of every dimension.

Each dimension gives a complete three-dimensional strain in its own axes, spherical (r, t, t), axisymmetric
(r, hoop, z), Cartesian (x, y, z), so that every law is written once. Strain vectors are in Voigt's order with
engineering shears: (11, 22, 33, 2*23, 2*13, 2*12).
"""

from typing import Any, Final

import numpy as np
import ufl

from solver.physics.axis import AXIS_TOLERANCE

VECTOR_AXES: Final = {
    "spherical": (0,),
    "axisymmetric": (0, 2),
    "generalised_plane_strain": (0, 1),
    "plane_strain": (0, 1),
    "3d": (0, 1, 2),
}
"""Axis of each component of a vector in the mesh's coordinates, per dimension."""


def volume_weight(dimension: str, x: Any) -> Any:
    """Volume per unit of the mesh's own measure: 4 pi r^2, 2 pi r or 1.

    Times the sector's multiplicity this measures the whole particle; per metre of length in 2D.
    """
    if dimension == "spherical":
        return 4.0 * np.pi * x[0] ** 2
    if dimension == "axisymmetric":
        return 2.0 * np.pi * x[0]
    return ufl.as_ufl(1.0)


def strain_vector(dimension: str, u: Any, x: Any, axial_strain: Any = None) -> Any:
    """Small strain of a displacement field, a UFL vector of length 6 [1].

    Args:
        dimension: name of the dimension.
        u: displacement, a vector of the mesh's dimension.
        x: spatial coordinate.
        axial_strain: uniform strain e0 along z on top of the displacement's own, in generalised plane strain
            and in a die; else None.
    """
    grad = ufl.grad(u)
    zero = ufl.as_ufl(0.0)
    if dimension == "spherical":
        hoop = _over_radius(u[0], grad[0, 0], x[0])
        return ufl.as_vector([grad[0, 0], hoop, hoop, zero, zero, zero])
    if dimension == "axisymmetric":
        hoop = _over_radius(u[0], grad[0, 0], x[0])
        return ufl.as_vector([grad[0, 0], hoop, grad[1, 1], zero, grad[0, 1] + grad[1, 0], zero])
    shear = grad[0, 1] + grad[1, 0]
    axial = zero if axial_strain is None else axial_strain
    if dimension == "3d":
        along = grad[2, 2] + axial
        return ufl.as_vector(
            [grad[0, 0], grad[1, 1], along, grad[1, 2] + grad[2, 1], grad[0, 2] + grad[2, 0], shear]
        )
    return ufl.as_vector([grad[0, 0], grad[1, 1], axial, zero, zero, shear])


def _over_radius(value: Any, slope: Any, radius: Any) -> Any:
    """value/radius, with its limit on the axis, where a finite strain needs value = 0."""
    # The indicator multiplies instead of branching: a test function may not stand inside a conditional.
    on_axis = ufl.conditional(ufl.lt(radius, AXIS_TOLERANCE), 1.0, 0.0)
    return on_axis * slope + (1.0 - on_axis) * value / (radius + on_axis)
