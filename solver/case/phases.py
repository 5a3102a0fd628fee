"""A phase: its numbers with their sources, and the laws that they feed."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, PrivateAttr, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler

from solver.case.model_parts import Choice, Spec
from solver.case.number_fields import wrong
from solver.case.sourced_numbers import (
    Concentration,
    Density,
    Diffusivity,
    LatticeParameter,
    MolarVolume,
    Occupancy,
    PhaseModulus,
    PhaseStiffness,
    PoissonRatio,
    Potential,
    SiteFraction,
    SiteWidth,
    Strain,
    collect_sources,
)

LEAST_STEP: Final = 1e-3
"""Smallest distance of the rows of a table of lattice parameters [1]."""

LARGEST_RATIO: Final = 1.2
"""Lattice parameters that change more from row to row are a slip of the pen or of the unit."""


class IsotropicElasticity(Spec):
    """Two constants: Young's modulus [Pa] and Poisson's ratio."""

    kind: Literal["isotropic"]
    young_modulus: PhaseModulus
    poisson_ratio: PoissonRatio


class CubicElasticity(Spec):
    """Three constants along the cube axes [Pa]."""

    kind: Literal["cubic"]
    C11: PhaseStiffness
    C12: PhaseStiffness
    C44: PhaseStiffness

    @model_validator(mode="after")
    def _stable(self) -> Self:
        _require_stable(self.C44 > 0, "C44 > 0")
        _require_stable(abs(self.C12) < self.C11, "C11 > |C12|")
        _require_stable(self.C11 + 2 * self.C12 > 0, "C11 + 2 C12 > 0")
        return self


class HexagonalElasticity(Spec):
    """Five constants, third axis along c [Pa]; C66 is (C11 - C12)/2."""

    kind: Literal["hexagonal"]
    C11: PhaseStiffness
    C12: PhaseStiffness
    C13: PhaseStiffness
    C33: PhaseStiffness
    C44: PhaseStiffness

    @model_validator(mode="after")
    def _stable(self) -> Self:
        _require_uniaxial(self.C11, self.C12, self.C13, self.C33, self.C44)
        return self


class TrigonalElasticity(Spec):
    """Six constants, third axis along c [Pa]."""

    kind: Literal["trigonal"]
    C11: PhaseStiffness
    C12: PhaseStiffness
    C13: PhaseStiffness
    C14: PhaseStiffness
    C33: PhaseStiffness
    C44: PhaseStiffness

    @model_validator(mode="after")
    def _stable(self) -> Self:
        _require_uniaxial(self.C11, self.C12, self.C13, self.C33, self.C44)
        _require_stable((self.C11 - self.C12) * self.C44 > 2 * self.C14**2, "(C11 - C12) C44 > 2 C14^2")
        return self


class VegardExpansion(Spec):
    """Isotropic expansion linear in concentration: one third of Omega (c - c_ref) along each axis."""

    kind: Literal["vegard"]
    partial_molar_volume: MolarVolume
    reference_occupancy: Occupancy


class AnisotropicExpansion(Spec):
    """Expansion linear in concentration, its own along c.

    The two volumes are V11 = V22 and V33 of deps/dc = V [m^3/mol]; their trace 2 ab + c is Omega.
    """

    kind: Literal["anisotropic"]
    partial_molar_volume_ab: MolarVolume
    partial_molar_volume_c: MolarVolume
    reference_occupancy: Occupancy


class LatticeRow(Spec):
    """Lattice parameters of a hexagonal crystal at one occupancy."""

    occupancy: Occupancy
    a: LatticeParameter
    c: LatticeParameter


class TableExpansion(Spec):
    """Expansion along a and c by tabulated lattice parameters; only their ratios to the reference count."""

    kind: Literal["table"]
    rows: Annotated[tuple[LatticeRow, ...], Field(min_length=2, max_length=200)]
    reference_occupancy: Occupancy

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for n, (row, following) in enumerate(pairwise(self.rows), start=1):
            if following.occupancy - row.occupancy < LEAST_STEP:
                what = f"occupancy {following.occupancy:g} follows {row.occupancy:g}"
                allowed = f"ascending occupancies, at least {LEAST_STEP:g} apart"
                raise wrong(what, allowed, "rows", n, "occupancy")
            for key in ("a", "c"):
                ratio = getattr(following, key) / getattr(row, key)
                if not 1 / LARGEST_RATIO < ratio < LARGEST_RATIO:
                    what = f"{key} is {ratio:.4g} times that of the row before"
                    allowed = f"less than {100 * (LARGEST_RATIO - 1):g} % of change from row to row"
                    raise wrong(what, allowed, "rows", n, key)
        low, high = self.rows[0].occupancy, self.rows[-1].occupancy
        if not low <= self.reference_occupancy <= high:
            what = f"{self.reference_occupancy:g} lies outside the rows, which go from {low:g} to {high:g}"
            raise wrong(what, "an occupancy within the rows", "reference_occupancy")
        return self


class IsotropicMisfit(Spec):
    """The same stress-free strain along every axis, rock salt relative to the layered phase."""

    kind: Literal["isotropic"]
    strain: Strain


class LatticeMisfit(Spec):
    """Misfit from the rock salt's cubic lattice parameter against the layered lattice."""

    kind: Literal["lattice"]
    a: LatticeParameter


class Lattice(Spec):
    """Hexagonal lattice parameters of the layered phase and the occupancy where they were measured."""

    a: LatticeParameter
    c: LatticeParameter
    occupancy: Occupancy = 1.0


class ConstantDiffusivity(Spec):
    """A diffusivity and what it stands for: chemical, tracer or lattice gas."""

    kind: Literal["chemical", "tracer", "lattice_gas"]
    value: Diffusivity


class Site(Spec):
    """One site of an MSMR host: potential against Li/Li+, share of the lithium, width."""

    potential: Potential
    fraction: SiteFraction
    omega: SiteWidth


class MsmrHost(Spec):
    """Occupancy as a sum over sites, theta(U) = sum X / (1 + exp(F (U - U0)/(omega R T)))."""

    kind: Literal["msmr"]
    sites: Annotated[tuple[Site, ...], Field(min_length=1, max_length=40)]

    @model_validator(mode="after")
    def _complete(self) -> Self:
        total = sum(site.fraction for site in self.sites)
        if abs(total - 1) > 1e-6:
            raise wrong(f"the fractions of the sites add up to {total:.8g}", "a sum of 1", "sites")
        return self


class IdealHost(Spec):
    """The lattice gas of one site with width 1."""

    kind: Literal["ideal"]
    standard_potential: Potential


class DiluteHost(Spec):
    """mu = -F U0 + R T ln theta."""

    kind: Literal["dilute"]
    standard_potential: Potential


class InertHost(Spec):
    """No lithium and no flux."""

    kind: Literal["inert"]


Elasticity = Annotated[
    IsotropicElasticity | CubicElasticity | HexagonalElasticity | TrigonalElasticity,
    Choice((IsotropicElasticity, CubicElasticity, HexagonalElasticity, TrigonalElasticity)),
]
Expansion = Annotated[
    VegardExpansion | AnisotropicExpansion | TableExpansion,
    Choice((VegardExpansion, AnisotropicExpansion, TableExpansion)),
]
Misfit = Annotated[IsotropicMisfit | LatticeMisfit, Choice((IsotropicMisfit, LatticeMisfit))]
Host = Annotated[
    MsmrHost | IdealHost | DiluteHost | InertHost, Choice((MsmrHost, IdealHost, DiluteHost, InertHost))
]


class Phase(Spec):
    """A phase of the particle.

    `max_concentration`, `expansion` and `diffusivity` are needed unless the host is inert, `misfit`
    and `lattice` only where they are used. Where the numbers came from is in `provenance`.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,80}$")] | None = None
    density: Density
    max_concentration: Concentration | None = None
    elasticity: Elasticity
    expansion: Expansion | None = None
    misfit: Misfit | None = None
    lattice: Lattice | None = None
    diffusivity: ConstantDiffusivity | None = None
    activation_volume: MolarVolume = 0.0
    host: Host

    _provenance: dict[str, dict[str, str]] = PrivateAttr(default_factory=dict)

    @model_validator(mode="wrap")
    @classmethod
    def _keep_sources(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        phase = handler(data)
        if isinstance(data, dict):
            phase._provenance.update(collect_sources(data, ""))
        return phase

    @property
    def provenance(self) -> Mapping[str, Mapping[str, str]]:
        """Source, confidence and validity by field, such as `host.sites[0].potential`."""
        return self._provenance

    @property
    def sources(self) -> tuple[str, ...]:
        """One line for each number that states its source."""
        return tuple(
            f"{field}: {notes['source']}" + (f" ({notes['confidence']})" if "confidence" in notes else "")
            for field, notes in self._provenance.items()
            if "source" in notes
        )

    @property
    def active(self) -> bool:
        """Whether the phase holds lithium."""
        return not isinstance(self.host, InertHost)


def _require_uniaxial(c11: float, c12: float, c13: float, c33: float, c44: float) -> None:
    _require_stable(c44 > 0, "C44 > 0")
    _require_stable(c11 > abs(c12), "C11 > |C12|")
    _require_stable(2 * c13**2 < c33 * (c11 + c12), "C33 (C11 + C12) > 2 C13^2")


def _require_stable(holds: bool, condition: str) -> None:
    if not holds:
        raise wrong("the stiffness is not positive definite", condition)
