"""What a Krylov iteration should take on many nodes, from measured counts and an assumed network."""

import math
from dataclasses import dataclass

DOUBLE, INDEX = 8.0, 4.0
"""Bytes of a number and of a column index."""


@dataclass(frozen=True)
class Network:
    """An assumed machine: nothing here was measured.

    Attributes:
        latency: of a message [s].
        bandwidth: of a rank's share of the link [byte/s].
    """

    latency: float = 1.5e-6
    bandwidth: float = 1.5e9


@dataclass(frozen=True)
class Measured:
    """What was measured of one multigrid solve and its mesh.

    Attributes:
        entries_a_row: of the finest matrix.
        complexity: entries of all grids over those of the finest.
        grids: their number at `unknowns`.
        unknowns: that this was measured at.
        bandwidth: of memory, of one rank with all cores busy [byte/s].
        halo: nodes that a part needs of others, over owned nodes to the power of two thirds.
        neighbours: of a part.
    """

    entries_a_row: float
    complexity: float
    grids: float
    unknowns: float
    bandwidth: float
    halo: float
    neighbours: float


@dataclass(frozen=True)
class Iteration:
    """Seconds of one preconditioned iteration on one rank.

    Attributes:
        memory: matrices and vectors streamed through memory.
        volume: halos sent.
        messages: latency of halos on every grid.
        reductions: latency of dot products over all ranks.
        coarse: latency of the grids that have fewer unknowns than there are ranks.
    """

    memory: float
    volume: float
    messages: float
    reductions: float
    coarse: float

    @property
    def total(self) -> float:
        """All of them, none hidden behind another."""
        return self.memory + self.volume + self.messages + self.reductions + self.coarse

    @property
    def efficiency(self) -> float:
        """Share of the time that one rank alone would need, which has memory to wait for and nothing else."""
        return self.memory / self.total


PASSES, DOTS, SMOOTHING = 5.0, 3.0, 4.0
"""Passes over the finest matrix an iteration (two smoothings of two steps, one product), dot products of
conjugate gradients, exchanges of halos on every grid."""
COARSENING = 20.0
"""Unknowns of a grid over those of the next, where it is not known better."""


def iteration(found: Measured, ranks: int, unknowns_a_rank: float, network: Network) -> Iteration:
    """What an iteration takes.

    Args:
        found: counts.
        ranks: of the machine.
        unknowns_a_rank: displacements of a rank.
        network: assumed.
    """
    stream = found.entries_a_row * (DOUBLE + INDEX) + 6.0 * DOUBLE
    memory = PASSES * found.complexity * unknowns_a_rank * stream / found.bandwidth
    if ranks == 1:
        return Iteration(memory, 0.0, 0.0, 0.0, 0.0)
    more = math.log(max(ranks * unknowns_a_rank / found.unknowns, 1.0)) / math.log(COARSENING)
    grids = found.grids + more
    # Three displacements a node; coarser grids send less but as often.
    sent = found.halo * (unknowns_a_rank / 3.0) ** (2.0 / 3.0) * 3.0 * DOUBLE
    deep = math.log2(ranks)
    # Below a thousand unknowns a rank a grid lives on fewer ranks: gathering it costs a tree of messages.
    thin = max(math.log(ranks) / math.log(COARSENING), 0.0)
    return Iteration(
        memory=memory,
        volume=SMOOTHING * found.complexity * sent / network.bandwidth,
        messages=SMOOTHING * grids * found.neighbours * network.latency,
        reductions=DOTS * deep * network.latency,
        coarse=thin * SMOOTHING * deep * network.latency,
    )
