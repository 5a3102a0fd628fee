"""Where the axis or the centre is."""

from typing import Final

AXIS_TOLERANCE: Final = 1e-12
"""A point counts as lying on the axis or in the centre below this radius, in units of the particle size."""
