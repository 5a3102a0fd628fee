"""What drives a step: a current or a voltage, in SI, from the protocol's own units."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class CurrentUnits:
    """How a particle turns the protocol's currents into amperes.

    Attributes:
        mass: mass of all meshed active phases [kg], per metre in 2D [kg/m].
        specific_current_1c: specific current of 1C [A/kg].
        contacted_area: contact fraction times outer area [m^2], per metre in 2D [m].
    """

    mass: float
    specific_current_1c: float
    contacted_area: float

    def current(self, kind: str, value: float) -> float:
        """Current [A] (or [A/m]) of a signed drive value.

        Raises:
            ValueError: for an unknown kind.
        """
        if kind == "c_rate":
            return value * self.specific_current_1c * self.mass
        if kind == "specific_current":
            return value * self.mass
        if kind == "current_density":
            return value * self.contacted_area
        msg = f"unknown drive {kind!r}"
        raise ValueError(msg)


@dataclass(frozen=True)
class Drive:
    """Control of one step: exactly one of current and voltage.

    Attributes:
        current: total anodic current [A], or [A/m] in 2D; 0 at rest.
        voltage: cell voltage against the protocol's reference [V].
    """

    current: float | None = None
    voltage: float | None = None


def drive_of(step: Any, units: CurrentUnits) -> Drive:
    """The control of a protocol step."""
    if step.drive == "rest":
        return Drive(current=0.0)
    if step.drive == "voltage":
        return Drive(voltage=step.value)
    return Drive(current=units.current(step.drive, step.value))
