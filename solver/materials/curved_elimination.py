"""The local problem where the partial molar volume V(theta) changes with lithium: it may have several roots.

At a point mu and strain are given and mu_host(theta) - sigma(eps - eps_star(theta)) : V(theta) = mu is solved
for theta. With the strains e(theta) along a and c this reads, reduced by R T [1],

    y + E(theta) = mu,  theta = f(y),  E = -e' . (g - Q e),

where g, two numbers per point, is what the stress of the lithium-free point does per unit strain along a and
c, and Q what the strains themselves do. E need not increase with theta: the bracket is scanned, and every
root found. Several roots, or one from which lamellae of more and of less lithium would lower the energy, mean
stress-driven phase separation.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from solver.materials.elimination import MAX_ITERATIONS, ROUND_OFF, LocalRoot, LocalSolveError
from solver.materials.hosts import Host
from solver.materials.lattice_table import LatticeTable

Array = npt.NDArray[np.float64]

CELLS = 128
"""The scan looks at about so many occupancies; roots closer together are found where slopes tell of them."""

END = 1e-6
"""The scan reaches so near to an empty and a full host: nearer, the host alone decides the slope."""

CHUNK = 2048
"""Points scanned at once: the table of values then stays in the processor's cache."""


@dataclass(frozen=True)
class CurvedRoot(LocalRoot):
    """Solution at every point, with what tells of phase separation and with the strains.

    Attributes:
        strain: along a and c, shape (2, *y.shape) [1].
        slope: their derivative with occupancy, shape (2, *y.shape) [1].
        count: number of roots.
        convexity: d2 psi/d y2 against lamellae of more and of less lithium; unstable where negative [1].
    """

    strain: Array
    slope: Array
    count: npt.NDArray[np.int64]
    convexity: Array


@dataclass(frozen=True)
class Roots:
    """Every root of the local problem at a row of points, by point and then ascending.

    Attributes:
        point: to which point a root belongs.
        y: reduced host potential there [1].
        stable: whether the potential increases with lithium there, at given strain.
    """

    point: npt.NDArray[np.int64]
    y: Array
    stable: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class CurvedElimination:
    """Local problem of one phase.

    Attributes:
        host: occupancy law.
        table: strains along a and c; only they matter here, not their tensors.
        stiffness: Q, shape (2, 2) [1].
        lamellar: stiffness against lamellae normal to many directions, shape (directions, 2, 2) [1].
    """

    host: Host
    table: LatticeTable
    stiffness: Array
    lamellar: Array

    def excess(self, y: Array, mu: Array, load: Array) -> tuple[Array, Array, Array]:
        """y + E - mu, its derivative with y, and the size of its terms, each of y's shape [1].

        Args:
            y: reduced host potential.
            mu: reduced chemical potential, of y's shape.
            load: g, shape (2, *y.shape).
        """
        strain, slope, curvature = self.table.evaluate(self.host.occupancy(y))
        felt = load - np.tensordot(self.stiffness, strain, 1)
        pull = np.sum(slope * felt, axis=0)
        own = np.sum(slope * np.tensordot(self.stiffness, slope, 1), axis=0)
        bent = np.sum(curvature * felt, axis=0)
        size = 1.0 + np.abs(y) + np.abs(mu) + np.sum(np.abs(slope * load), axis=0)
        return y - pull - mu, 1.0 + self.host.slope(y) * (own - bent), size

    def solve(self, mu: Array, load: Array, guess: Array | None = None) -> CurvedRoot:
        """Solve at every point; of several stable roots the one nearest to the guess is taken.

        Args:
            mu: reduced chemical potential, any shape.
            load: g, shape (2, *mu.shape).
            guess: host potentials of a state nearby, of mu's shape; else those without stress.

        Raises:
            LocalSolveError: if the input is not finite, or a point does not settle.
        """
        shape = np.shape(mu)
        mu, load = np.ravel(mu), np.reshape(load, (2, -1))
        near = mu if guess is None else np.ravel(guess)
        roots = self.every_root(mu, load)
        count = np.bincount(roots.point, minlength=mu.size)
        distance = np.where(roots.stable, np.abs(roots.y - near[roots.point]), np.inf)
        order = np.lexsort((distance, roots.point))
        # Every point has at least one root that is stable: the excess is negative before all, positive after.
        first = order[np.concatenate([[0], np.cumsum(count)[:-1]])] if mu.size else order
        return self._root(roots.y[first], load, count, shape)

    def _root(
        self, y: Array, load: Array, count: npt.NDArray[np.int64], shape: tuple[int, ...]
    ) -> CurvedRoot:
        occupancy, host_slope = self.host.occupancy(y), self.host.slope(y)
        strain, slope, curvature = self.table.evaluate(occupancy)
        bent = np.sum(curvature * (load - np.tensordot(self.stiffness, strain, 1)), axis=0)
        own = np.sum(slope * np.tensordot(self.stiffness, slope, 1), axis=0)
        pairs = np.stack([slope[0] ** 2, 2.0 * slope[0] * slope[1], slope[1] ** 2])
        softest = np.min(self.lamellar[:, (0, 0, 1), (0, 1, 1)] @ pairs, axis=0, initial=np.inf)
        with np.errstate(divide="ignore"):  # on the fold itself the response has no bound
            response = host_slope / (1.0 + host_slope * (own - bent))
        return CurvedRoot(
            y=y.reshape(shape),
            occupancy=occupancy.reshape(shape),
            response=response.reshape(shape),
            strain=strain.reshape(2, *shape),
            slope=slope.reshape(2, *shape),
            count=count.reshape(shape),
            convexity=(1.0 + host_slope * (np.minimum(softest, own) - bent)).reshape(shape),
        )

    def every_root(self, mu: Array, load: Array) -> Roots:
        """All roots at every point.

        Args:
            mu: shape (points,).
            load: shape (2, points).

        Raises:
            LocalSolveError: if the input is not finite, or a root does not settle.
        """
        if not (np.all(np.isfinite(mu)) and np.all(np.isfinite(load))):
            msg = "chemical potential or strain is not finite"
            raise LocalSolveError(msg)
        starts = range(0, mu.size, CHUNK)
        found = [self._brackets(mu[k : k + CHUNK], load[:, k : k + CHUNK], k) for k in starts]
        if not found:
            return Roots(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0, dtype=bool))
        point, low, high, rising = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.lexsort((low, point))
        point, low, high, rising = point[order], low[order], high[order], rising[order]
        y = self._settle(mu[point], load[:, point], low, high, np.where(rising, 1.0, -1.0))
        return Roots(point, y, rising)

    @cached_property
    def _nodes(self) -> Array:
        """Occupancies of the scan: the rows of the table and an even grid, ascending."""
        last = 1.0 - END if self.host.bounded else 1.0
        grid = np.concatenate([[END, last], np.linspace(0.0, 1.0, CELLS + 1)[1:-1], self.table.occupancy])
        return np.unique(np.clip(grid, END, last))

    @cached_property
    def _potentials(self) -> Array:
        """Host potential at the nodes [1]."""
        return self.host.potential(self._nodes)

    @cached_property
    def _scan(self) -> tuple[Array, Array, Array]:
        """What turns (1, mu, g) into the excess at the nodes and into its slope just inside either cell end.

        Each has the shape (4, nodes) or (4, cells); mu has no slope.
        """
        strain, slope, _ = self.table.evaluate(self._nodes)
        own = np.sum(slope * np.tensordot(self.stiffness, strain, 1), axis=0)
        values = np.stack([self._potentials + own, -np.ones_like(own), *(-slope)])
        inside = 1e-6 * np.diff(self._nodes)
        ends = []
        for theta in (self._nodes[:-1] + inside, self._nodes[1:] - inside):
            strain, slope, curvature = self.table.evaluate(theta)
            host = 1.0 / self.host.slope(self.host.potential(theta))
            constant = np.sum(slope * np.tensordot(self.stiffness, slope, 1), axis=0)
            constant += np.sum(curvature * np.tensordot(self.stiffness, strain, 1), axis=0)
            ends.append(np.stack([host + constant, np.zeros_like(host), *(-curvature)]))
        return values, ends[0], ends[1]

    def _brackets(
        self, mu: Array, load: Array, offset: int
    ) -> tuple[npt.NDArray[np.int64], Array, Array, npt.NDArray[np.bool_]]:
        """Where the excess changes sign: point, both ends in y, and whether it rises there."""
        values, left, right = self._scan
        given = np.stack([np.ones_like(mu), mu, *load]).T
        excess = given @ values
        positive = np.pad(excess > 0.0, ((0, 0), (1, 1)), constant_values=((False, False), (False, True)))
        point, cell = np.nonzero(positive[:, 1:] != positive[:, :-1])
        y = self._potentials
        # Beyond the nodes E is all but straight, and its slope is not negative: it bounds y.
        margin = 1.0 + 1e-3 * np.abs(excess[:, [0, -1]])
        below = np.minimum(y[0], y[0] - excess[:, 0]) - margin[:, 0]
        above = np.maximum(y[-1], y[-1] - excess[:, -1]) + margin[:, 1]
        low = np.where(cell == 0, below[point], y[np.maximum(cell - 1, 0)])
        high = np.where(cell == y.size, above[point], y[np.minimum(cell, y.size - 1)])
        rising = ~positive[point, cell]
        at_left, at_right = given @ left, given @ right
        falls, rises = at_left < 0.0, at_right > 0.0
        before, after = positive[:, 1:-2], positive[:, 2:-1]
        dips, humps = before & after & falls & rises, ~(before | after | falls | rises)
        # No deeper than the steeper end would take it across the cell.
        depth = np.maximum(np.abs(at_left), np.abs(at_right)) * np.diff(self._nodes)
        near = np.minimum(np.abs(excess[:, :-1]), np.abs(excess[:, 1:])) < depth
        where, which = np.nonzero((dips | humps) & near)
        if where.size:
            dip = dips[where, which]
            ends = y[which], y[which + 1]
            turn = self._turn(mu[where], load[:, where], *ends, np.where(dip, 1.0, -1.0))
            crossed = (self.excess(turn, mu[where], load[:, where])[0] > 0.0) != dip
            where, turn, dip = where[crossed], turn[crossed], dip[crossed]
            point = np.concatenate([point, where, where])
            low = np.concatenate([low, ends[0][crossed], turn])
            high = np.concatenate([high, turn, ends[1][crossed]])
            rising = np.concatenate([rising, ~dip, dip])
        return point + offset, low, high, rising

    def _turn(self, mu: Array, load: Array, low: Array, high: Array, sign: Array) -> Array:
        """Where the excess turns inside a bracket, by bisection of its slope; sign 1 for a minimum."""
        for _ in range(60):
            middle = 0.5 * (low + high)
            falling = sign * self.excess(middle, mu, load)[1] < 0.0
            low, high = np.where(falling, middle, low), np.where(falling, high, middle)
        return np.asarray(0.5 * (low + high))

    def _settle(self, mu: Array, load: Array, low: Array, high: Array, sign: Array) -> Array:
        """Safeguarded Newton in each bracket, to round-off; sign -1 where the excess falls through zero."""
        y = np.clip(mu, low, high)
        y = np.where((y == low) | (y == high), 0.5 * (low + high), y)
        moved = np.full(y.shape, np.inf)
        for _ in range(MAX_ITERATIONS):
            excess, slope, size = self.excess(y, mu, load)
            excess = sign * excess
            high, low = np.where(excess > 0.0, y, high), np.where(excess < 0.0, y, low)
            with np.errstate(divide="ignore", invalid="ignore"):
                newton = y - excess / (sign * slope)
            noise = ROUND_OFF * size
            settled = (np.abs(newton - y) <= noise) | (high - low <= noise) | (excess == 0.0)
            good = (newton >= low) & (newton <= high) & (np.abs(newton - y) <= 0.5 * moved)
            step = np.where(good, newton, np.where(settled, y, 0.5 * (low + high)))
            moved = np.abs(step - y)
            y = step
            if np.all(settled):
                return np.asarray(y)
        msg = f"{int(np.sum(~settled))} points did not settle in {MAX_ITERATIONS} iterations"
        raise LocalSolveError(msg)
