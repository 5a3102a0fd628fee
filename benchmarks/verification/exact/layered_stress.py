"""Hydrostatic stress of concentric layers whose stress-free strain varies along the radius, in SI.

With e(r) the stress-free strain of a layer, the same along every axis, displacement and stress are

    u = (1 + nu)/(1 - nu) I(r)/r^(n-1) + A r + B/r^(n-1),
    sigma_h = K (n A + (3 - n) e0) - 2 E/(3 (1 - nu)) e(r)

with n = 3 in a ball and 2 in a cylinder, whose axial strain is e0, and I(r) the integral of e r^(n-1) from
the layer's inner wall: apart from its own strain a point feels two constants, and these follow from the
layers' mean strains alone.

Source: S. P. Timoshenko and J. N. Goodier, Theory of Elasticity (1970), sections 151 and 152; alpha T is e.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact.closed_forms import Solid

Array = npt.NDArray[np.float64]

POWERS = {"ball": 3, "free cylinder": 2, "held cylinder": 2}
"""Power of r in the volume; a free cylinder chooses its length, a held one keeps it."""


class LayeredStress:
    """Levels of hydrostatic stress, K (n A + (3 - n) e0), of bonded layers from the centre outwards."""

    def __init__(self, solids: Sequence[Solid], radii: Sequence[float], shape: str, pressure: float) -> None:
        """Solve for the constants once, by strain and for the pressure.

        Args:
            solids: of the layers.
            radii: their outer ones [m].
            shape: a key of `POWERS`.
            pressure: on the outer surface [Pa], compressive positive; on the ends of a free cylinder, too.
        """
        n, number = POWERS[shape], len(solids)
        rows = np.zeros((2 * number + 1, 2 * number + 1))  # on A and B of each layer, then e0
        loads = np.zeros((2 * number + 1, number + 1))  # by mean strain of each layer, then what is fixed
        sizes = np.diff(np.array([0.0, *radii]) ** n) / n
        rows[0, 1] = 1.0  # nothing singular in the middle
        for k, (solid, r) in enumerate(zip(solids, radii, strict=True)):
            integral, stiff = sizes[k] / r**n, solid.young / (1.0 - solid.poisson)
            rows[2 * k + 1] += _traction(solid, n, k, r, number)
            loads[2 * k + 1, k] += (n - 1) * stiff * integral
            if k + 1 < number:
                rows[2 * k + 1] -= _traction(solids[k + 1], n, k + 1, r, number)
                rows[2 * k + 2, 2 * k : 2 * k + 4] = 1.0, r**-n, -1.0, -(r**-n)
                loads[2 * k + 2, k] -= (1.0 + solid.poisson) / (1.0 - solid.poisson) * integral
            else:
                loads[2 * k + 1, number] -= pressure
            if shape == "free cylinder":
                share = sizes[k] / sizes.sum()
                rows[-1, 2 * k] = 2.0 * solid.lame * share
                rows[-1, -1] += (solid.lame + 2.0 * solid.shear) * share
                loads[-1, k] += stiff * share
                loads[-1, number] -= pressure * share
        if shape != "free cylinder":
            rows[-1, -1] = 1.0
        size = np.abs(rows).max(axis=0)
        constants = np.linalg.solve(rows / size, loads) / size[:, None]
        bulk = np.array([solid.bulk for solid in solids])[:, None]
        levels = bulk * (n * constants[:-1:2] + (3 - n) * constants[-1])
        self.by_strain, self.fixed = levels[:, :number], levels[:, number]

    def levels(self, strains: Array) -> Array:
        """Levels of the layers [Pa] from the means of their stress-free strains [1]."""
        return np.asarray(self.fixed + self.by_strain @ strains)


def _traction(solid: Solid, n: int, layer: int, r: float, number: int) -> Array:
    """Row of sigma_r at r within a layer on all constants, without the share of the layer's own strain."""
    row = np.zeros(2 * number + 1)
    row[2 * layer] = n * solid.bulk + (3 - n) * 2.0 * solid.shear / 3.0
    row[2 * layer + 1] = -2.0 * (n - 1) * solid.shear / r**n
    row[-1] = (3 - n) * solid.lame
    return row
