"""Cell sizes and how fast they may change."""

from __future__ import annotations

import math
from dataclasses import dataclass

GROWTH = 1.2
"""Length ratio of neighbouring cells [-] that the builders aim at; the promise to users is 1.3."""

SLOPE = math.log(GROWTH)
"""Growth of the cell size per unit distance [-]: h' = ln(growth) makes each cell `growth` times the last."""

MIN_LAYER = 20e-9
"""Thinnest layer that is meshed outside `spherical` [m]."""

MAX_CELLS = 2_000_000
"""Meshes estimated above this number of cells are refused."""

EQUILATERAL = math.sqrt(3.0) / 4.0
"""Area of an equilateral triangle of unit side [-]."""


@dataclass(frozen=True)
class MeshSize:
    """Cell sizes [m].

    Attributes:
        bulk: Size far from interfaces, None for a default of the geometry.
        interface: Upper bound at phase boundaries, the outer surface and cavity walls, None for a default.
    """

    bulk: float | None = None
    interface: float | None = None

    def resolved(self, bulk: float, interface: float) -> tuple[float, float]:
        """Fill in defaults so that the interface is never coarser than the bulk.

        Args:
            bulk: Default bulk size [m].
            interface: Default interface size [m].

        Returns:
            (bulk, interface) [m].
        """
        if self.bulk is not None and self.interface is not None:
            return max(self.bulk, self.interface), self.interface
        if self.bulk is not None:
            return self.bulk, min(interface, self.bulk)
        if self.interface is not None:
            return max(bulk, self.interface), self.interface
        return bulk, interface

    def refusals(self, radius: float) -> list[tuple[str, str]]:
        """Name sizes that make no mesh.

        Args:
            radius: Outer radius [m].

        Returns:
            Pairs of field key and reason.
        """
        found = []
        for name, value in (("bulk", self.bulk), ("interface", self.interface)):
            if value is None:
                continue
            if not (math.isfinite(value) and value > 0):
                found.append((f"mesh_size.{name}", "a cell size must be positive"))
            elif value > radius:
                found.append((f"mesh_size.{name}", "a cell size must not exceed the radius"))
        if not found and self.bulk is not None and self.interface is not None and self.interface > self.bulk:
            found.append(("mesh_size.interface", "the size at interfaces must not exceed mesh_size.bulk"))
        return found
