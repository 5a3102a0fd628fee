"""Bounds of the effective diffusivity of two phases, for a large isotropic body and for a given one.

A polarisation along x that is uniform in each phase is a trial field of Hashin and Shtrikman's principle;
the same along y and z, and the mean over the axes is taken. What it needs is how much of the polarisation,
f (1-f), is a gradient. In a large body, whatever the pattern, that is one part in d, in the mean over d axes.
In a given body with a potential on its surface it is less, but it can be measured, and gives bounds for that
very body and for its finite elements.

Source: Z. Hashin and S. Shtrikman, J. Appl. Phys. 33 (1962) 3125.
"""


def lower(fraction: float, slow: float, fast: float, part: float) -> float:
    """Lower bound [m^2/s].

    The trial field lives in the fast phase, against a body that is slow everywhere. A large body has the
    smallest lower bound, so that it holds for any.

    Args:
        fraction: volume share of the fast phase [1].
        slow: diffusivity of the slow phase [m^2/s].
        fast: diffusivity of the fast phase [m^2/s].
        part: gradient part of the polarisation, over f (1-f); 1/d in a large body of d dimensions [1].
    """
    return slow + fraction / (1.0 / (fast - slow) + part * (1.0 - fraction) / slow)


def upper(fraction: float, slow: float, fast: float, part: float) -> float:
    """Upper bound [m^2/s]: the trial field lives in the slow phase; arguments as in `lower`.

    A large body has the smallest one: a given one with a potential on its surface may pass it.
    """
    return fast + (1.0 - fraction) / (1.0 / (slow - fast) + part * fraction / fast)
