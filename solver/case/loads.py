"""Mechanics, couplings, surface, numerics and output of a case."""

from typing import Annotated, Final, Literal, Self, get_args

from pydantic import Field, model_validator

from solver.case.geometry import Seed
from solver.case.model_parts import Spec
from solver.case.number_fields import (
    AreaResistance,
    Bounds,
    CurrentDensityMagnitude,
    Duration,
    Fraction,
    Number,
    PositiveFraction,
    Pressure,
    wrong,
)

FieldName = Literal[
    "displacement",
    "chemical_potential",
    "occupancy",
    "concentration",
    "hydrostatic_stress",
    "max_principal_stress",
    "von_mises_stress",
    "stress",
    "lithium_flux",
]
FIELDS: Final = get_args(FieldName)


MEDIUM_POISSON_RATIO: Final = 0.36
"""Of what surrounds a particle in a die, unless the case says otherwise [1]."""


class Mechanics(Spec):
    """Coherency of the misfit [1] and the load from outside [Pa, compressive positive].

    In a die the medium around the particle passes on only a part of the pressure across z; what part follows
    from its Poisson's ratio, which has no effect without a die.
    """

    coherency: Fraction = 1.0
    stack_pressure: Pressure = 0.0
    loading: Literal["hydrostatic", "die"] = "hydrostatic"
    medium_poisson_ratio: Annotated[float, Number("", Bounds(above=-1, below=0.5))] = MEDIUM_POISSON_RATIO

    @property
    def lateral(self) -> float:
        """Pressure across z over the pressure along z [1]: nu/(1 - nu) in a die, 1 without."""
        if self.loading != "die":
            return 1.0
        return self.medium_poisson_ratio / (1.0 - self.medium_poisson_ratio)


class Couplings(Spec):
    """Switches of the coupling terms, each on its own."""

    misfit: bool = True
    chemical_strain: bool = True
    stress_in_potential: bool = True
    stress_in_mobility: bool = True


class Contact(Spec):
    """Where the outer surface is touched; current passes nowhere else.

    Attributes:
        kind: `caps`, round and of one size around random directions, or `patches` of random outline.
        share: of the outer surface [1].
        seed: of the pattern.
        count: caps on the whole surface, or about how many patches.
    """

    kind: Literal["caps", "patches"]
    share: PositiveFraction
    seed: Seed = 1
    count: Annotated[int, Field(ge=1, le=10_000)] = 12


class Surface(Spec):
    """Kinetics of the outer surface [A/m^2, ohm m^2]."""

    exchange_current_density: CurrentDensityMagnitude
    exchange_current: Literal["constant", "concentration"] = "constant"
    anodic_transfer: Annotated[float, Number("", Bounds(above=0, below=2))] = 0.5
    cathodic_transfer: Annotated[float, Number("", Bounds(above=0, below=2))] = 0.5
    contact_fraction: PositiveFraction = 1.0
    contact: Contact | None = None
    area_specific_resistance: AreaResistance = 0.0

    @model_validator(mode="after")
    def _one_contact(self) -> Self:
        if self.contact is not None and self.contact_fraction != 1:
            what = "contact already says which share of the surface is touched"
            raise wrong(what, "1, or no contact", "contact_fraction")
        return self

    @property
    def touched(self) -> float:
        """Share of the outer surface that passes current [1]."""
        return self.contact_fraction if self.contact is None else self.contact.share


class Numerics(Spec):
    """Accuracy of the time steps, whose defaults hold the tolerances of the verification, and what solves."""

    tolerance: Annotated[float, Number("", Bounds(above=0, below=1))] = 1e-4
    max_increment: Duration | None = None
    linear_solver: Literal["auto", "direct", "block"] = "auto"
    engine: Literal["auto", "compiled", "forms"] = "auto"


class Output(Spec):
    """Which fields are written, and how often; checkpoints, too, of which ends of steps make one each.

    Every how many increments: 0 is at the equilibrium and at ends of steps only.
    """

    fields: tuple[FieldName, ...] = tuple(name for name in FIELDS if name != "stress")
    every: Annotated[int, Field(ge=0, le=10**9)] = 0
    checkpoint_every: Annotated[int, Field(ge=0, le=10**9)] = 50
    checkpoint_time: Duration = 600.0
