"""What ends a step: conditions on the state, each with its machine-readable reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from solver.protocol.drive import CurrentUnits, Drive

VOLTAGE_TOLERANCE: Final = 1e-5
"""How closely a voltage limit is located [V]."""

RELATIVE_TOLERANCE: Final = 1e-8
"""How closely a current limit is located, relative to the limit; an occupancy limit, absolutely [1]."""


@dataclass(frozen=True)
class Observation:
    """The numbers that conditions look at.

    Attributes:
        voltage: cell voltage against the protocol's reference [V].
        current: total anodic current [A] or [A/m].
        occupancy: mean occupancy of the particle [1].
        surface_occupancy: smallest and largest over the contacted surface of dilute hosts [1], or None.
    """

    voltage: float
    current: float
    occupancy: float
    surface_occupancy: tuple[float, float] | None = None


@dataclass(frozen=True)
class Ending:
    """One condition: it is met where `sign * (quantity - limit) >= 0`.

    Attributes:
        quantity: `voltage`, `current` (its magnitude), `occupancy` or `surface`.
        limit: in the quantity's unit.
        sign: +1 if the quantity rises to the limit, -1 if it falls.
        reason: what the step reports.
    """

    quantity: str
    limit: float
    sign: float
    reason: str

    def excess(self, seen: Observation) -> float:
        """Distance past the limit, in the quantity's unit; negative before it."""
        if self.quantity == "voltage":
            value = seen.voltage
        elif self.quantity == "current":
            value = abs(seen.current)
        elif self.quantity == "occupancy":
            value = seen.occupancy
        else:
            value = 0.0 if seen.surface_occupancy is None else seen.surface_occupancy[1]
        return self.sign * (value - self.limit)

    @property
    def tolerance(self) -> float:
        """How closely the limit is located, in the quantity's unit."""
        if self.quantity == "voltage":
            return VOLTAGE_TOLERANCE
        return RELATIVE_TOLERANCE * (abs(self.limit) if self.quantity == "current" else 1.0)


def endings_of(step: Any, drive: Drive, units: CurrentUnits, start: Observation) -> list[Ending]:
    """The conditions of a protocol step, in the order given.

    Voltage limits face the way the step moves: up on charge, down on discharge; at rest, and for occupancies,
    from wherever the step starts.

    Args:
        step: the step of the case.
        drive: its control.
        units: turns currents into amperes.
        start: the state before the step.
    """
    endings = []
    for until in step.until:
        if until.kind == "voltage":
            rising = until.value >= start.voltage if not drive.current else drive.current > 0.0
            endings.append(Ending("voltage", until.value, 1.0 if rising else -1.0, "voltage"))
        elif until.kind == "occupancy":
            rising = until.value >= start.occupancy if not drive.current else drive.current < 0.0
            endings.append(Ending("occupancy", until.value, 1.0 if rising else -1.0, "occupancy"))
        else:
            endings.append(Ending("current", units.current(until.kind, until.value), -1.0, "current"))
    return endings


def first_met(endings: Sequence[Ending], seen: Observation) -> Ending | None:
    """The condition that is past its limit by most of its tolerance, or None where none is met."""
    met = [e for e in endings if e.excess(seen) > e.tolerance]
    return max(met, key=lambda e: e.excess(seen) / e.tolerance) if met else None
