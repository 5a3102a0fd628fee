"""What a particle is made of and how it is loaded, before anything is discretised."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solver.discretisation.media import Couplings
from solver.discretisation.scales import Scales
from solver.materials.phase import Phase

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class SurfaceLaw:
    """Charge transfer at the surface, SI.

    Attributes:
        exchange_current_density: i0 [A/m^2].
        exchange: `constant` or `concentration`.
        anodic: alpha_a [1].
        cathodic: alpha_c [1].
        contact_fraction: share of the surface that carries current [1].
        area_specific_resistance: R_a per outer area [ohm m^2].
        cavity_wetted: whether current passes the cavity wall too.
    """

    exchange_current_density: float
    exchange: str = "constant"
    anodic: float = 0.5
    cathodic: float = 0.5
    contact_fraction: float = 1.0
    area_specific_resistance: float = 0.0
    cavity_wetted: bool = False


@dataclass(frozen=True)
class Body:
    """What the particle is made of and how it is loaded; input of every discretisation.

    Attributes:
        phases: by region name, in crystal axes.
        scales: reference values.
        couplings: switches.
        coherency: factor on the misfit [1].
        pressure: stack pressure [Pa], > 0 compressive, along z.
        lateral: pressure across z over the pressure along z [1]; 1 is hydrostatic.
        die: whether the outer surface, if it is a box, is held by the walls of a rigid die.
        surface: charge transfer.
        level: reduced chemical potential that counts as zero [1], keeps round-off small.
        frame: crystal frame without grains, shape (3, 3), or None.
        transverse: smear radial grains to transverse isotropy about the first axis.
    """

    phases: Mapping[str, Phase]
    scales: Scales
    couplings: Couplings
    coherency: float
    pressure: float
    surface: SurfaceLaw
    level: float = 0.0
    frame: Array | None = None
    transverse: bool = False
    lateral: float = 1.0
    die: bool = False
