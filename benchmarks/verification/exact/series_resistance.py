"""Exact settled profile of a core in a shell that conducts and holds otherwise, under a constant flux, SI."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TwoPhases:
    """A ball or a long cylinder of a core and a shell in which concentrations keep one ratio at the boundary.

    Where the potential is that of dilute hosts, the concentration of the shell is K times what the core would
    hold at the same potential. C is that of the core, or in the shell what a core would hold there.

    Attributes:
        radii: b and R [m].
        power: 3 for a ball, 2 for a cylinder.
        diffusivities: of core and shell [m^2/s].
        ratio: K [1].
    """

    radii: tuple[float, float]
    power: int
    diffusivities: tuple[float, float]
    ratio: float

    @property
    def room(self) -> float:
        """Volume of the core and K times that of the shell, over the whole body's [1]."""
        f = (self.radii[0] / self.radii[1]) ** self.power
        return f + self.ratio * (1.0 - f)

    @property
    def core_share(self) -> float:
        """Share of the flux that goes on into the core [1]."""
        return (self.radii[0] / self.radii[1]) ** self.power / self.room

    def rise(self, flux: float) -> float:
        """dC/dt [mol/(m^3 s)] once settled, of a flux J into the surface [mol/(m^2 s)]."""
        return self.power * flux / (self.radii[1] * self.room)

    def settled(self, flux: float, mean: float, r: Array) -> Array:
        """C at r [mol/m^3] where its mean, weighted by the room of the phases, is `mean`.

        With n the power, C' = k r/(n D_1) in the core; what the core stores has to pass the shell, where
        C' = k (r + (1/K - 1) b^n/r^(n-1))/(n D_2), with k the rise.
        """
        (b, outer), n = self.radii, self.power
        rate = self.rise(flux) / n
        inward = (1.0 / self.ratio - 1.0) * b**n
        core = rate / self.diffusivities[0]
        shell = rate / self.diffusivities[1]

        def climb(s: Array | float) -> Array | float:
            """The integral of r + inward/r^(n-1)."""
            return 0.5 * s**2 + inward * (-1.0 / s if n == 3 else np.log(s / b))

        def heap(s: float) -> float:
            """The integral of r^(n-1) times that."""
            logarithm = np.log(s / b) / 2.0 - 0.25
            return s ** (n + 2) / (2.0 * (n + 2)) + inward * s**2 * (-0.5 if n == 3 else logarithm)

        # Both parts counted from C = 0 at the boundary, then shifted.
        in_core = core * (b ** (n + 2) / (n + 2) - b ** (n + 2) / n) / 2.0
        in_shell = shell * (heap(outer) - heap(b) - climb(b) * (outer**n - b**n) / n)
        level = mean - n * (in_core + self.ratio * in_shell) / (outer**n * self.room)
        beyond = np.maximum(r, b)
        return np.asarray(
            level + np.where(r < b, 0.5 * core * (r**2 - b**2), shell * (climb(beyond) - climb(b)))
        )
