"""Which loads and contacts a dimension can hold."""

from solver.case.findings import Findings, Sections
from solver.case.loads import MEDIUM_POISSON_RATIO

ROUND = {
    "spherical": "the surface of a sphere in one dimension is a single point",
    "axisymmetric": "a body of revolution would turn it into rings",
}
"""Why a dimension holds no pattern of contact."""


def check_loads(sections: Sections, found: Findings) -> None:
    """Refuse a die and a pattern of contact where the dimension cannot hold them."""
    geometry, mechanics, surface = sections.geometry, sections.mechanics, sections.surface
    if mechanics is not None:
        if mechanics.loading == "die":
            if geometry is not None and geometry.dimension == "spherical":
                what = "'die': it presses along z, and a sphere in one dimension has no axis but r"
                found.refuse(("mechanics", "loading"), what, "hydrostatic, or another dimension")
        elif mechanics.medium_poisson_ratio != MEDIUM_POISSON_RATIO:
            found.warned.append("mechanics.medium_poisson_ratio acts in a die only: it is not used")
        if mechanics.stack_pressure < 0:
            found.warned.append("mechanics.stack_pressure is negative: it pulls on the outer surface")
    if surface is not None and surface.contact is not None and geometry is not None:
        reason = ROUND.get(geometry.dimension)
        if reason is not None:
            allowed = "contact_fraction instead, or a plane dimension or 3d"
            found.refuse(("surface", "contact"), f"no place for a pattern: {reason}", allowed)
