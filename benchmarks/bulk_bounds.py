"""Bounds of effective bulk moduli and diffusivities of two phases, for a large body and for a given one.

Under uniform pressure, eigenstresses that are hydrostatic and uniform in each phase are trial fields of
Hashin and Shtrikman's principle. In an infinite body their energy depends on the fractions alone, whatever
the pattern (Crum), which gives the bounds. In a body with a free boundary it depends on the pattern, but it
can be measured: it is the difference of the phase means of hydrostatic stress under misfit with equal moduli.
Put in place of Crum's, it gives bounds that hold for that very body, and for its finite elements too.

Source: Hashin and Shtrikman (1963), J. Mech. Phys. Solids 11, 127; (1962), J. Appl. Phys. 33, 3125.
"""

from benchmarks.verification.exact.closed_forms import Solid


def bulk_between(rock_salt_fraction: float, layered: Solid, rock_salt: Solid, span: float) -> float:
    """Bulk modulus K with 1/(K + y) the mean of 1/(K_i + y) [Pa].

    It rises with y from the mean of the compliances (y = 0) to that of the stiffnesses.

    Args:
        rock_salt_fraction: share of the rock salt in the volume [1].
        layered: the one phase.
        rock_salt: the other one.
        span: y [Pa].
    """
    f = rock_salt_fraction
    return 1.0 / (f / (rock_salt.bulk + span) + (1.0 - f) / (layered.bulk + span)) - span


def hashin_shtrikman(rock_salt_fraction: float, layered: Solid, rock_salt: Solid) -> tuple[float, float]:
    """Lower and upper bound of the bulk modulus [Pa]; one phase must be stiffer in both moduli."""
    low, high = (4.0 / 3.0 * pick(layered.shear, rock_salt.shear) for pick in (min, max))
    return (
        bulk_between(rock_salt_fraction, layered, rock_salt, low),
        bulk_between(rock_salt_fraction, layered, rock_salt, high),
    )


def span(solid: Solid, difference: float, strain: float) -> float:
    """The y of a given body [Pa], 4 G/3 for an infinite one.

    A misfit e of phases with equal moduli makes the phase means of hydrostatic stress differ by
    3 K e y/(K + y). With the moduli of the softer phase it is the y of the lower bound, with those of the
    stiffer phase that of the upper bound, whatever the moduli in between. A free boundary only relaxes the
    misfit, so that y never exceeds 4 G/3: the upper bound of the infinite body holds for every body.

    Args:
        solid: the moduli of both phases.
        difference: mean hydrostatic stress of the layered phase less that of the rock salt [Pa].
        strain: misfit of the rock salt [1].
    """
    kept = difference / (3.0 * solid.bulk * strain)
    return solid.bulk * kept / (1.0 - kept)


def conduction_bound(fraction: float) -> float:
    """Upper bound of D_eff/D of a phase in a large isotropic body while the other one insulates [1]."""
    return 2.0 * fraction / (3.0 - fraction)
