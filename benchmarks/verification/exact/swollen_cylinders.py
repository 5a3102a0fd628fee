"""A long core in a long shell, each with an eigenstrain of its own, in SI; tension is positive."""

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact.closed_forms import Concentric, Solid

Array = npt.NDArray[np.float64]
Eigenstrain = tuple[float, float]
"""In the section, the same along both of its axes, and along the cylinder [1]."""


def swollen_cylinders(
    solids: tuple[Solid, Solid],
    reach: float,
    eigenstrains: tuple[Eigenstrain, Eigenstrain],
    pressure: float,
    axially_free: bool,
) -> Concentric:
    """Long cylinder with a concentric shell, eigenstrains in both, under pressure.

    In each part sigma_r = S - T (b/r)^2 and sigma_t = S + T (b/r)^2 with T = 0 in the core. Unknown are the
    core's S, which is what its wall passes on, and the axial strain; the shell's S and T follow from the
    tractions at b and R. Hooke's law turns them into hoop strain at b, which both parts share. Unlike
    `coated_cylinder` it matters where the ends are held which part swells, hence both eigenstrains.

    Args:
        solids: core and shell.
        reach: b/R.
        eigenstrains: of core and shell.
        pressure: on the lateral surface, and on the ends where `axially_free`.
        axially_free: generalised plane strain instead of plane strain.

    Source: Timoshenko and Goodier, Theory of Elasticity (1970), sections 28 and 153.
    """
    f, (core, shell) = reach**2, solids
    # Rows on (sigma_r at b, e0, 1): sigma_r(b) = S - T and sigma_r(R) = S - f T = -p.
    one, outer = np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.0, -pressure])
    twist = (outer - one) / (1.0 - f)
    mean = one + twist

    def axial(solid: Solid, in_plane: Array, eigenstrain: float) -> Array:
        stretch = np.array([0.0, 1.0, -eigenstrain])
        return np.asarray(solid.young * stretch + 2.0 * solid.poisson * in_plane)

    def hoop_strain(solid: Solid, stress: tuple[Array, Array, Array], eigenstrain: float) -> Array:
        hoop, radial, along = stress
        strain = (hoop - solid.poisson * (radial + along)) / solid.young
        return np.asarray(strain + np.array([0.0, 0.0, eigenstrain]))

    along = axial(core, one, eigenstrains[0][1]), axial(shell, mean, eigenstrains[1][1])
    inside = hoop_strain(core, (one, one, along[0]), eigenstrains[0][0])
    around = hoop_strain(shell, (mean + twist, one, along[1]), eigenstrains[1][0])
    stretched = np.array([0.0, core.young, 0.0])
    closing = f * along[0] + (1.0 - f) * along[1] - outer if axially_free else stretched
    rows = np.array([(inside - around) * core.young, closing])
    solution = np.append(np.linalg.solve(rows[:, :2], -rows[:, 2]), 1.0)
    return Concentric(
        core=float((2.0 * one + along[0]) @ solution) / 3.0,
        shell=float((2.0 * mean + along[1]) @ solution) / 3.0,
        interface=float(solution[0]),
        hoop_core=float(solution[0]),
        hoop_shell=float((mean + twist) @ solution),
        hoop_surface=float((mean + f * twist) @ solution),
    )
