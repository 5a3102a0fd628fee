"""A phase as the solver sees it: laws and tensors in crystal axes, built once from its specification."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from solver.constants import FARADAY, GAS_CONSTANT
from solver.materials import elasticity, expansion
from solver.materials.hosts import DiluteHost, Host, InertHost, MsmrHost
from solver.materials.lattice_table import AXES, LatticeTable

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Phase:
    """One phase's laws at one temperature, tensors in crystal axes.

    Attributes:
        density: [kg/m^3].
        max_concentration: c_max [mol/m^3], 0 where inert.
        host: occupancy law.
        stiffness: C, shape (6, 6) [Pa].
        molar_volume: V = d eps_star/dc, shape (3, 3) [m^3/mol]; of a table the mean over its rows, for
            estimates: the equations take V from the table itself.
        reference_occupancy: theta at which the chemical strain vanishes [1].
        misfit: coherent misfit m0 against the layered lattice, shape (3, 3) [1]; zero for the layered phase.
        diffusivity_kind: `chemical`, `tracer` or `lattice_gas`.
        diffusivity: D [m^2/s], 0 where inert.
        activation_volume: V_act [m^3/mol]; > 0: tension speeds up.
        table: strain and V over occupancy where the expansion is tabulated, else None.
    """

    density: float
    max_concentration: float
    host: Host
    stiffness: Array
    molar_volume: Array
    reference_occupancy: float
    misfit: Array
    diffusivity_kind: str
    diffusivity: float
    activation_volume: float
    table: LatticeTable | None = None

    def averaged(self, about_first_axis: bool = False) -> "Phase":
        """The orientation average: isotropic, or transversely isotropic about the first axis."""
        if about_first_axis:
            stiffness = elasticity.average_about_first_axis(self.stiffness)
            tensor = expansion.average_about_first_axis
        else:
            stiffness = elasticity.isotropic_average(self.stiffness)
            tensor = expansion.isotropic_part
        table = None if self.table is None else self.table.averaged(about_first_axis)
        return self._with(stiffness, tensor(self.molar_volume), tensor(self.misfit), table)

    def turned(self, rotation: Array) -> "Phase":
        """This phase in particle axes; the rotation's columns are the crystal axes, shape (3, 3)."""
        return self._with(
            elasticity.rotate(self.stiffness, rotation),
            expansion.rotate(self.molar_volume, rotation),
            expansion.rotate(self.misfit, rotation),
            None if self.table is None else self.table.turned(rotation),
        )

    def with_host(self, host: Host) -> "Phase":
        """This phase with another occupancy law."""
        return replace(self, host=host)

    def _with(
        self, stiffness: Array, molar_volume: Array, misfit: Array, table: LatticeTable | None
    ) -> "Phase":
        return replace(self, stiffness=stiffness, molar_volume=molar_volume, misfit=misfit, table=table)

    def chemical_strain(self, occupancy: Array) -> Array:
        """Chemical eigenstrain [1] at occupancies, shape (*occupancy.shape, 3, 3)."""
        theta = np.asarray(occupancy, dtype=float)
        if self.table is not None:
            return self.table.tensor(theta)
        gained = self.max_concentration * (theta - self.reference_occupancy)
        return np.asarray(gained[..., None, None] * self.molar_volume)


def build_stiffness(spec: Any) -> Array:
    """Stiffness, shape (6, 6) [Pa], of an `elasticity` specification (dispatch on its kind)."""
    if spec.kind == "isotropic":
        return elasticity.isotropic(spec.young_modulus, spec.poisson_ratio)
    if spec.kind == "cubic":
        return elasticity.cubic(spec.C11, spec.C12, spec.C44)
    c14 = spec.C14 if spec.kind == "trigonal" else 0.0
    return elasticity.trigonal(spec.C11, spec.C12, spec.C13, spec.C33, spec.C44, c14)


def build_host(spec: Any, temperature: float) -> Host:
    """Occupancy law of a `host` specification at a temperature [K] (dispatch on its kind)."""
    thermal = GAS_CONSTANT * temperature / FARADAY
    if spec.kind == "inert":
        return InertHost()
    if spec.kind == "dilute":
        return DiluteHost(-spec.standard_potential / thermal)
    if spec.kind == "ideal":
        return MsmrHost((-spec.standard_potential / thermal,), (1.0,), (1.0,))
    return MsmrHost(
        tuple(-site.potential / thermal for site in spec.sites),
        tuple(site.fraction for site in spec.sites),
        tuple(site.omega for site in spec.sites),
    )


def build_misfit(spec: Any, lattice: Any) -> Array:
    """Misfit m0, shape (3, 3) [1], of a rock salt's `misfit` against the layered phase's `lattice`."""
    if spec is None:
        return np.zeros((3, 3))
    if spec.kind == "isotropic":
        return np.asarray(np.eye(3) * spec.strain)
    return expansion.lattice_misfit(spec.a, lattice.a, lattice.c)


def build_table(spec: Any) -> LatticeTable:
    """The table of an `expansion` specification of that kind, in crystal axes."""
    return LatticeTable(
        occupancy=np.array([row.occupancy for row in spec.rows]),
        lattice=np.array([[row.a, row.c] for row in spec.rows]),
        reference_occupancy=spec.reference_occupancy,
        modes=AXES,
    )


def build_phase(spec: Any, temperature: float, lattice: Any = None, on_slabs: bool = False) -> Phase:
    """A phase from its specification in the case.

    Args:
        spec: the phase's model in the case, SI numbers.
        temperature: [K].
        lattice: the layered phase's lattice where the misfit is given by lattice parameters.
        on_slabs: whether the phase grew on the layered lattice, its (111) planes on the (003) slabs.
    """
    host = build_host(spec.host, temperature)
    volume, reference, table = np.zeros((3, 3)), 1.0, None
    if spec.expansion is not None:
        reference = spec.expansion.reference_occupancy
        if spec.expansion.kind == "vegard":
            volume = expansion.vegard(spec.expansion.partial_molar_volume)
        elif spec.expansion.kind == "table" and host.holds_lithium:
            table = build_table(spec.expansion)
            volume = table.mean_slope / spec.max_concentration
        elif spec.expansion.kind == "anisotropic":
            volume = expansion.partial_molar_volume(
                spec.expansion.partial_molar_volume_ab, spec.expansion.partial_molar_volume_c
            )
    active = host.holds_lithium
    stiffness = build_stiffness(spec.elasticity)
    if on_slabs and spec.elasticity.kind == "cubic":
        stiffness = elasticity.rotate(stiffness, elasticity.CUBE_ON_SLABS)
    return Phase(
        density=spec.density,
        max_concentration=spec.max_concentration if active else 0.0,
        host=host,
        stiffness=stiffness,
        molar_volume=volume if active else np.zeros((3, 3)),
        reference_occupancy=reference,
        misfit=build_misfit(getattr(spec, "misfit", None), lattice),
        diffusivity_kind=spec.diffusivity.kind if active else "tracer",
        diffusivity=spec.diffusivity.value if active else 0.0,
        activation_volume=spec.activation_volume or 0.0,
        table=table,
    )
