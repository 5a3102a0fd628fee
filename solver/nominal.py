"""Volumes, surfaces and lengths of a geometry as described, before there is a mesh."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from solver.case.geometry import PLANE, CoreShell, Dispersed, FileMesh, HollowSecondary


@dataclass(frozen=True)
class Nominal:
    """Nominal sizes of a whole particle, None where only the mesh can tell.

    Attributes:
        volume: of the solid [m^3], per metre in the plane [m^2].
        outer_area: of the outer surface [m^2], per metre in the plane [m].
        rock_salt_fraction: of the volume [1].
        lengths: what lithium has to cross in each phase [m].
    """

    volume: float | None
    outer_area: float | None
    rock_salt_fraction: float | None
    lengths: Mapping[str, float] = field(default_factory=dict)


def nominal_sizes(geometry: CoreShell | Dispersed | HollowSecondary | FileMesh) -> Nominal:
    """Return the nominal sizes of a geometry."""
    if isinstance(geometry, FileMesh):
        return Nominal(None, None, None)
    power = 2 if geometry.dimension in PLANE else 3
    radius = geometry.radius
    cavity = geometry.cavity_radius if isinstance(geometry, HollowSecondary) else 0.0
    ball = math.pi if power == 2 else 4 / 3 * math.pi
    volume = ball * (radius**power - cavity**power)
    area = power * ball * radius ** (power - 1)
    lengths = {"layered": radius - cavity}
    fraction: float | None = 0.0
    if isinstance(geometry, Dispersed):
        fraction = geometry.rock_salt_fraction
    elif isinstance(geometry, CoreShell) and geometry.holds_rock_salt:
        fraction = _shell(geometry.shell_thickness, radius, cavity, power)
        lengths = {"layered": radius - geometry.shell_thickness, "rock_salt": geometry.shell_thickness}
    elif isinstance(geometry, HollowSecondary) and geometry.holds_rock_salt:
        thickness = geometry.rock_salt.thickness
        fraction = None
        if geometry.rock_salt.place == "surface_shell":
            fraction = _shell(thickness, radius, cavity, power)
            lengths = {"layered": radius - cavity - thickness, "rock_salt": thickness}
    return Nominal(volume, area, fraction, lengths)


def _shell(thickness: float, radius: float, cavity: float, power: int) -> float:
    """Volume fraction of the outermost layer of a particle."""
    return (radius**power - (radius - thickness) ** power) / (radius**power - cavity**power)
