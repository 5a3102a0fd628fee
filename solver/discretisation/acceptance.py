"""Whether a converged state may be accepted where the partial molar volume changes with lithium."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from solver.discretisation.media import Media
from solver.discretisation.state import Refusal
from solver.fenics import MPI
from solver.materials.curved_elimination import CurvedRoot
from solver.materials.elimination import LocalRoot

SEPARATION: Final = "phase_separation"
OUTSIDE: Final = "numerics"


def find_refusal(media: Media, roots: Mapping[str, LocalRoot], comm: MPI.Comm) -> Refusal | None:
    """Judge the local roots of a state; collective, the same answer on all ranks.

    A point with several roots, or with one that lamellae of more and of less lithium would leave, is on its
    way to separate into phases. A table says nothing beyond its rows; what lies above occupancy 1 is left to
    the surface, which saturates.
    """
    for region in media.regions:
        if region.curved is None:
            continue
        root, table = roots[region.name], region.curved.table
        if not isinstance(root, CurvedRoot):
            continue
        several, unstable = int(np.sum(root.count > 1)), int(np.sum(root.convexity < 0.0))
        several, unstable, points = comm.allreduce(np.array([several, unstable, root.count.size])).tolist()
        low = comm.allreduce(float(np.min(root.occupancy, initial=np.inf)), op=MPI.MIN)
        high = comm.allreduce(float(np.max(root.occupancy, initial=-np.inf)), op=MPI.MAX)
        name = region.name.replace("_", " ")
        if several or unstable:
            words = f"{several} of {points} points of the {name} phase have several occupancies at their "
            words += f"potential and strain, and {unstable} are unstable against lamellae"
            return Refusal(SEPARATION, words)
        if low < table.lowest or (high > table.highest and table.highest < 1.0):
            past = low if low < table.lowest else high
            words = f"occupancy {past:.4g} of the {name} phase lies outside its expansion table, which goes "
            return Refusal(OUTSIDE, words + f"from {table.lowest:g} to {table.highest:g}")
    return None
