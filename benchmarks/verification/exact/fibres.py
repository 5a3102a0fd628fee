"""Two isotropic phases that do not change along z: plane moduli, their bounds and Hill's relations, in SI.

A cross-section of any shape and size under uniform pressure p on its rim has, at held length, one apparent
modulus k = p/(relative loss of area). Hill found a strain that is uniform in both phases; superposed on that
state it gives the response at any axial strain from k alone, and nothing in it asks for a large section.

Source: R. Hill, J. Mech. Phys. Solids 12 (1964) 199; Z. Hashin, J. Mech. Phys. Solids 13 (1965) 119.
"""

from dataclasses import dataclass

from benchmarks.bulk_bounds import bulk_between
from benchmarks.verification.exact.closed_forms import Solid


@dataclass(frozen=True)
class Section:
    """A solid at held length: what takes the place of its moduli in the plane.

    Attributes:
        bulk: mean stress in the plane over the relative gain of area, lambda + G [Pa].
        shear: G [Pa].
    """

    bulk: float
    shear: float


def section(solid: Solid) -> Section:
    """Plane moduli of a solid."""
    return Section(solid.lame + solid.shear, solid.shear)


def plane_bounds(fraction: float, layered: Solid, rock_salt: Solid) -> tuple[float, float]:
    """Lower and upper bound of k [Pa] for a large section; one phase must be stiffer in both moduli.

    Args:
        fraction: share of the rock salt [1].
        layered: the one phase.
        rock_salt: the other one.
    """
    pair = section(layered), section(rock_salt)
    low, high = (bulk_between(fraction, *pair, pick(s.shear for s in pair)) for pick in (min, max))
    return low, high


def plane_stress(solid: Solid, hydrostatic: float, strain: float) -> float:
    """Mean stress in the plane [Pa] at held length, from the hydrostatic one.

    Args:
        solid: the solid.
        hydrostatic: tr(sigma)/3 [Pa].
        strain: linear eigenstrain, the same along every axis [1].
    """
    # sigma_zz = 2 nu s - E e, so that 3 sigma_h = 2 (1 + nu) s - E e
    return (3.0 * hydrostatic + solid.young * strain) / (2.0 * (1.0 + solid.poisson))


def bulk_at_free_length(fraction: float, layered: Solid, rock_salt: Solid, held: float) -> float:
    """Bulk modulus p/(relative loss of volume) [Pa] with pressure on the ends too and a free length.

    Args:
        fraction: share of the rock salt [1].
        layered: the one phase.
        rock_salt: the other one.
        held: k of the same section at held length [Pa].
    """
    one, two = section(layered), section(rock_salt)
    # Per unit of axial strain: with this relative gain of area both phases have the same stress in the plane.
    area = -(layered.lame - rock_salt.lame) / (one.bulk - two.bulk)
    inside = one.bulk * area + layered.lame
    along = sum(
        share * (solid.lame * area + solid.lame + 2.0 * solid.shear)
        for share, solid in ((1.0 - fraction, layered), (fraction, rock_salt))
    )
    # A stress t in the plane at held length makes the mean sigma_zz t (inside/held - area), by reciprocity.
    pull = inside / held - area
    axial = -(1.0 - pull) / (along - inside * pull)
    return -1.0 / (axial + area * axial - (1.0 + inside * axial) / held)
