"""A core with traceless eigenstrain in a concentric shell of finite size: ball or long cylinder."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact.closed_forms import Solid

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ShearedCore:
    """Stresses over the eigenstrain e of the core [Pa], the surface being free.

    At x = r n the traction on a sphere (circle) around the centre is T e n + Q (n e n) n.

    Attributes:
        centre: stress at the centre over e.
        mean: mean stress of the core over e.
        reach: b/R, the radius of the core over the outer one.
        core: amplitudes of the core's modes.
        shell: amplitudes of the shell's modes.
        solids: of core and shell.
        axes: 3 for a ball, 2 for a cylinder.
    """

    centre: float
    mean: float
    reach: float
    core: Array
    shell: Array
    solids: tuple[Solid, Solid]
    axes: int

    def radial(self, r: Array, in_core: Array) -> Array:
        """sigma_rr over n e n [Pa] at r in outer radii; `in_core` says which side of the interface it is."""
        inside = np.array([tractions(self.solids[0], self.axes, x) @ self.core for x in r])
        outside = np.array([tractions(self.solids[1], self.axes, x) @ self.shell for x in r])
        inside[:, 0] -= 2.0 * self.solids[0].shear
        return np.where(in_core, inside.sum(axis=1), outside.sum(axis=1))


def sheared_core(core: Solid, shell: Solid, reach: float, axes: int) -> ShearedCore:
    """Solve for a core with traceless eigenstrain e.

    For a harmonic p of degree n, grad p and r^2 grad p + a p x solve Navier's equations with

        a = -((l + G) 2 n + G (2 d + 4 (n - 1)))/((l + G) (n + d) + 2 G)

    in d axes. With p = x e x and its image p/r^(d + 2), of degrees 2 and -d, these are all displacements of
    the symmetry of e: two that are finite at the centre, four in the shell. Displacement and traction are
    continuous at b, and the surface is free.

    Args:
        core: core.
        shell: shell.
        reach: b/R.
        axes: 3 for a ball; 2 for a cylinder, e then lies in its section and the axial strain does not matter.

    Source: the modes are those of Love, Mathematical Theory of Elasticity (1927), chapter XI.
    """
    inside, around = _displacements(core, axes, reach)[:, :2], _displacements(shell, axes, reach)
    pull, push = tractions(core, axes, reach)[:, :2], tractions(shell, axes, reach)
    free = tractions(shell, axes, 1.0)
    size = core.shear + shell.shear
    rows = np.vstack(
        [
            np.hstack([inside, -around]),
            np.hstack([pull, -push]) / size,
            np.hstack([np.zeros((2, 2)), free]) / shell.shear,
        ]
    )
    right = np.array([0.0, 0.0, 2.0 * core.shear / size, 0.0, 0.0, 0.0])
    # The modes grow and fall with different powers of r: columns of one size keep the equations solvable.
    scale = np.abs(rows).max(axis=0)
    amplitudes = np.linalg.solve(rows / scale, right) / scale
    core_part, shell_part = np.append(amplitudes[:2], [0.0, 0.0]), amplitudes[2:]
    direct, normal = tractions(core, axes, reach) @ core_part
    direct -= 2.0 * core.shear
    return ShearedCore(
        centre=float(2.0 * core.shear * (amplitudes[0] - 1.0)),
        # The mean stress is that of t x over the wall, with <n n> = 1/d and <n n n n> : e = 2 e/(d (d + 2)).
        mean=float(direct + 2.0 * normal / (axes + 2)),
        reach=reach,
        core=core_part,
        shell=shell_part,
        solids=(core, shell),
        axes=axes,
    )


def modes(solid: Solid, d: int, r: float) -> tuple[Array, Array, Array, Array]:
    """F, r F', r^2 H and r^3 H' of the four modes u = F e x + H (x e x) x."""
    lame, shear = solid.lame, solid.shear

    def bent(n: int) -> float:
        above = 2.0 * n * (lame + shear) + shear * (2.0 * d + 4.0 * (n - 1.0))
        return -above / ((lame + shear) * (n + d) + 2.0 * shear)

    image = r ** -(d + 2.0)
    f = np.array([1.0, 2.0 * r**2, 2.0 * image, 2.0 * image * r**2])
    slope = np.array([0.0, 2.0, -(d + 2.0), -float(d)]) * f
    h = np.array([0.0, bent(2) * r**2, -(d + 2.0) * image, (bent(-d) - (d + 2.0)) * image * r**2])
    bend = np.array([0.0, 0.0, -(d + 4.0), -(d + 2.0)]) * h
    return f, slope, h, bend


def _displacements(solid: Solid, d: int, r: float) -> Array:
    """Rows: displacement over r along e n and along (n e n) n."""
    f, _, h, _ = modes(solid, d, r)
    return np.array([f, h])


def tractions(solid: Solid, d: int, r: float) -> Array:
    """Rows: traction along e n and along (n e n) n, without eigenstrain."""
    f, slope, h, bend = modes(solid, d, r)
    lame, shear = solid.lame, solid.shear
    direct = shear * (2.0 * f + slope + 2.0 * h)
    normal = lame * (slope + (d + 2.0) * h + bend) + shear * (slope + 4.0 * h + 2.0 * bend)
    return np.array([direct, normal])
