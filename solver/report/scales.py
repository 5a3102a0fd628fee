"""What is shown of each field: its name, unit and colours, and the limits of a colour scale."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from solver.report.fields import Array


@dataclass(frozen=True)
class Shown:
    """How a field is shown.

    Attributes:
        title: words, for above a picture.
        symbol: for a colour bar or an axis.
        unit: unit after scaling.
        factor: shown value = factor * SI value.
        colours: name of a colour map.
        signed: whether colours diverge from zero.
    """

    title: str
    symbol: str
    unit: str
    factor: float
    colours: str
    signed: bool = False

    @property
    def label(self) -> str:
        """Symbol with its unit, for an axis."""
        return f"{self.symbol} [{self.unit}]" if self.unit else self.symbol

    @property
    def extend(self) -> Literal["both", "max", "neither"]:
        """Which ends of a colour bar are open."""
        if self.signed:
            return "both"
        return "max" if self.unit else "neither"

    @property
    def bar(self) -> str:
        """Symbol with its unit, for a colour bar; where signs matter, what they mean."""
        return f"{self.label}   compression < 0 < tension" if self.signed else self.label


SHOWN = {
    "hydrostatic_stress": Shown("hydrostatic stress", "σ$_h$", "GPa", 1e-9, "RdBu_r", True),
    "max_principal_stress": Shown("largest principal stress", "σ$_1$", "GPa", 1e-9, "RdBu_r", True),
    "von_mises_stress": Shown("von Mises stress", "σ$_{vM}$", "GPa", 1e-9, "magma_r"),
    "occupancy": Shown("lithium occupancy", "θ", "", 1.0, "viridis"),
    "concentration": Shown("lithium concentration", "c", "mol/L", 1e-3, "viridis"),
    "lithium_flux": Shown("lithium flux", "|J|", "µmol m$^{-2}$ s$^{-1}$", 1e6, "magma_r"),
}


def shown_in(name: str, largest: float) -> Shown:
    """How a field is shown where its largest value is so large [SI]: small stresses in MPa."""
    shown = SHOWN[name]
    if shown.unit == "GPa" and largest < 0.2e9:
        return replace(shown, unit="MPa", factor=1e-6)
    return shown


STRESS_FALLBACK = 1e6
"""Half width of the stress scale where there is no stress at all [Pa]."""


def rounded_up(value: float) -> float:
    """The next 1, 1.5, 2, 2.5, 3, 4, 5, 6 or 8 times a power of ten at or above a positive number."""
    power = 10.0 ** np.floor(np.log10(value))
    for step in (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0):
        if value <= step * power * (1 + 1e-9):
            return float(step * power)
    return float(10.0 * power)


def symmetric_limits(*samples: Array, percent: float = 99.5) -> tuple[float, float]:
    """Limits of a diverging scale, the same to both sides of zero, shared by all samples [unit of samples].

    A percentile, not the maximum: at corners of phase boundaries the maximum grows with refinement. Where
    less than `STRESS_FALLBACK` is found, that is shown instead, so that round-off looks like zero.
    """
    largest = STRESS_FALLBACK
    for sample in samples:
        finite = np.abs(sample[np.isfinite(sample)])
        if finite.size:
            largest = max(largest, float(np.percentile(finite, percent)))
    half = rounded_up(largest)
    return -half, half


def decades(*samples: Array, most: int = 3) -> tuple[float, float]:
    """Limits of a logarithmic scale: the samples' upper end and some decades below it."""
    positive = [sample[np.isfinite(sample) & (sample > 0.0)] for sample in samples]
    positive = [values for values in positive if values.size]
    if not positive:
        return 1e-12, 1e-9
    high = rounded_up(max(float(np.percentile(values, 99.5)) for values in positive))
    low = max(min(float(np.percentile(values, 2.0)) for values in positive), high * 10.0 ** (-most))
    low = min(10.0 ** np.floor(np.log10(low)), high / 10.0)
    return max(float(low), high * 10.0 ** (-most)), high


def bar_length(width: float) -> tuple[float, str]:
    """A round length near a quarter of a width [m], and how it is written."""
    power = 10.0 ** np.floor(np.log10(0.3 * width))
    length = max(step * power for step in (1.0, 2.0, 5.0) if step * power <= 0.3 * width)
    if length >= 0.999e-6:
        return length, f"{length * 1e6:g} µm"
    return length, f"{length * 1e9:g} nm"
