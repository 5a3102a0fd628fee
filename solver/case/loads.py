"""Mechanics, couplings, surface, numerics and output of a case."""

from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from solver.case.model_parts import Spec, refuse_later
from solver.case.number_fields import (
    AreaResistance,
    Bounds,
    CurrentDensityMagnitude,
    Duration,
    Fraction,
    Number,
    PositiveFraction,
    Pressure,
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


class Mechanics(Spec):
    """Coherency of the misfit [1] and the load from outside [Pa, compressive positive]."""

    coherency: Fraction = 1.0
    stack_pressure: Pressure = 0.0
    loading: Annotated[Literal["hydrostatic"], refuse_later("die", allowed="hydrostatic")] = "hydrostatic"
    medium_poisson_ratio: Annotated[float, Number("", Bounds(above=-1, below=0.5))] = 0.36


class Couplings(Spec):
    """Switches of the coupling terms, each on its own."""

    misfit: bool = True
    chemical_strain: bool = True
    stress_in_potential: bool = True
    stress_in_mobility: bool = True


class Surface(Spec):
    """Kinetics of the outer surface [A/m^2, ohm m^2]."""

    exchange_current_density: CurrentDensityMagnitude
    exchange_current: Literal["constant", "concentration"] = "constant"
    anodic_transfer: Annotated[float, Number("", Bounds(above=0, below=2))] = 0.5
    cathodic_transfer: Annotated[float, Number("", Bounds(above=0, below=2))] = 0.5
    contact_fraction: PositiveFraction = 1.0
    area_specific_resistance: AreaResistance = 0.0


class Numerics(Spec):
    """Accuracy of the time steps; the defaults hold the tolerances of the verification."""

    tolerance: Annotated[float, Number("", Bounds(above=0, below=1))] = 1e-4
    max_increment: Duration | None = None
    linear_solver: Literal["auto", "direct", "block"] = "auto"


class Output(Spec):
    """Which fields are written, and every how many increments (0: equilibrium and ends of steps only)."""

    fields: tuple[FieldName, ...] = tuple(name for name in FIELDS if name != "stress")
    every: Annotated[int, Field(ge=0, le=10**9)] = 0
