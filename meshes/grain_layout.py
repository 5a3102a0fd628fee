"""What every layout of grains tells the builder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from meshes.tagged_mesh import Floats, Ints

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Curves:
    """Lines that the mesh must follow, in units of the outer radius.

    Attributes:
        segments: (k, 2, 2) straight lines; they may stick out of the annulus and may touch each other
            only at their ends.
        circles: Radii of full circles about the origin, on which segments may end.
        arcs: (l, 3) radius, first and last angle [rad] of arcs about the origin, met at their ends only.
    """

    segments: Floats
    circles: tuple[float, ...] = ()
    arcs: Floats | None = None


class GrainLayout(Protocol):
    """Grains of an annulus with outer radius 1."""

    def curves(self) -> Curves:
        """Grain boundaries and the edges of the layers beside them."""

    def boundary_curves(self) -> Curves:
        """Grain boundaries alone."""

    def grain_at(self, points: Floats) -> Ints:
        """Number of the grain at (n, 2) points."""

    def in_layer(self, points: Floats) -> Bools:
        """Whether (n, 2) points lie in a grain-boundary layer."""

    def frames(self) -> Floats:
        """(g, 3, 3) crystal frames."""
