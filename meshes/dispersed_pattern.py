"""The implicit function of a morphology on one particle, with the threshold that meets a fraction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from meshes.morphologies import Morphology
from meshes.sector import Sector
from meshes.seeds import scattered
from meshes.size_table import grid_axis, tabulated_size
from meshes.tagged_mesh import Floats

SAMPLES = 30_000


@dataclass(frozen=True)
class Pattern:
    """An implicit function and its distribution over the particle.

    Attributes:
        field: Function of (n, d) points [outer radii].
        sorted_values: Its values at random points of the particle, ascending.
        coordinates: 2 or 3.
    """

    field: Callable[[Floats], Floats]
    sorted_values: Floats
    coordinates: int = 2

    @classmethod
    def of(
        cls, morphology: Morphology, radius: float, core: float, fraction: float, sector: Sector, seed: int
    ) -> Pattern:
        """Draw the pattern.

        Args:
            morphology: What to draw.
            radius: Outer radius [m].
            core: Radius of the part that carries the pattern [outer radii].
            fraction: Rock-salt fraction of that part [-].
            sector: The sector meshed.
            seed: Of the pattern.

        Returns:
            The pattern; equal arguments give equal patterns.

        Raises:
            MeshError: The morphology finds no room.
        """
        rng = np.random.default_rng(seed)
        d = len(sector.planes)
        field = morphology.implicit(radius, fraction, rng, d)
        return cls(field, np.sort(field(_samples(core, sector, rng))), d)

    def implicit(self, share: float) -> Callable[[Floats], Floats]:
        """Function that is negative in a share [-] of the particle."""
        threshold = float(np.quantile(self.sorted_values, share))
        return lambda points: self.field(points) - threshold

    def size_function(self, interface: float, bulk: float, share: float) -> Callable[..., float] | None:
        """Wanted cell size at a position [outer radii]: `interface` at the interface, growing up to `bulk`.

        Args:
            interface: Size at the interface [outer radii].
            bulk: Size far from it [outer radii].
            share: Rock-salt fraction [-].

        Returns:
            The function, or None where both sizes are equal.
        """
        if bulk <= interface * (1 + 1e-9):
            return None
        from scipy.ndimage import distance_transform_edt

        axis = grid_axis(interface, self.coordinates)
        implicit = self.implicit(share)
        grid = np.meshgrid(*[axis] * (self.coordinates - 1), indexing="ij")
        layer = np.stack([np.zeros(grid[0].size), *(x.ravel() for x in grid)], axis=1)
        inside = np.zeros((len(axis), *grid[0].shape), dtype=bool)
        for row, x in zip(inside, axis, strict=True):
            layer[:, 0] = x
            row[...] = implicit(layer).reshape(row.shape) < 0
        # Distance to the nearest point of the other phase; the interface itself lies half a step nearer.
        steps = distance_transform_edt(inside) + distance_transform_edt(~inside) - 0.5
        return tabulated_size(axis, steps * (axis[1] - axis[0]), interface, bulk)


def _samples(core: float, sector: Sector, rng: np.random.Generator) -> Floats:
    if len(sector.planes) == 2:
        r = core * np.sqrt(rng.uniform(size=SAMPLES))
        angle = rng.uniform(sector.start, sector.stop, SAMPLES)
        return np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1)
    points = scattered(SAMPLES, 0.0, core, rng, 3)
    mirrored = np.array([tag != 0 for tag in sector.planes])
    return np.where(mirrored, np.abs(points), points)
