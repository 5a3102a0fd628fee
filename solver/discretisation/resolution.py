"""What the mesh can resolve in time: the first increment of a step."""

from collections.abc import Sequence

import numpy as np

from solver.discretisation.media import Region
from solver.discretisation.scales import Scales
from solver.materials.mobility import chemical_diffusivity

SHARE = 1.0 / 6.0
"""Below h^2/(6 D) a linear potential oscillates next to a surface that suddenly carries current."""

TYPICAL_OCCUPANCY = 0.5

UNLIMITED = 1.0
"""First increment where no lithium moves at the surface [s]."""


def resolved_increments(regions: Sequence[Region], scales: Scales) -> dict[str, float]:
    """Shortest increment that a cell of unit height (reduced) follows, by region [s]; infinite if inert."""
    found = {}
    for region in regions:
        law, diffusivity = region.phase, 0.0
        if law.host.holds_lithium:
            middle = np.array(TYPICAL_OCCUPANCY)
            diffusivity = float(chemical_diffusivity(law.diffusivity_kind, law.diffusivity, law.host, middle))
        found[region.name] = SHARE * scales.length**2 / diffusivity if diffusivity > 0.0 else np.inf
    return found
