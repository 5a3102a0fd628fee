"""Butler and Volmer's law the other way round: the overpotential that a current needs."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from benchmarks.verification.exact.closed_forms import FARADAY, GAS_CONSTANT


@dataclass(frozen=True)
class Electrode:
    """A surface that reacts, behind a series resistance.

    Attributes:
        exchange: exchange current density [A/m^2].
        transfer: transfer coefficients, anodic and cathodic.
        resistance: [ohm m^2].
    """

    exchange: float
    transfer: tuple[float, float] = (0.5, 0.5)
    resistance: float = 0.0

    def overpotential(self, current: float, temperature: float) -> float:
        """Overpotential [V] of a current density [A/m^2], anodic positive: the root in a bracket."""
        (anodic, cathodic), wanted = self.transfer, current / self.exchange

        def excess(eta: float) -> float:
            return float(np.exp(anodic * eta) - np.exp(-cathodic * eta) - wanted)

        reach = np.log1p(abs(wanted)) / min(anodic, cathodic) + 1.0
        eta = brentq(excess, -reach, reach, xtol=1e-15, rtol=1e-14)
        return float(eta) * GAS_CONSTANT * temperature / FARADAY

    def at_concentration(self, occupancy: float) -> "Electrode":
        """The same with i0 times sqrt(theta (1 - theta))/0.5 at an occupancy of the surface."""
        factor = float(np.sqrt(occupancy * (1.0 - occupancy))) / 0.5
        return Electrode(self.exchange * factor, self.transfer, self.resistance)
