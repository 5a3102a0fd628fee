"""What the case of a run says about its phases, as far as comparisons need it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from solver.case import Case, CaseError, load_case
from solver.constants import FARADAY, GAS_CONSTANT
from solver.materials.curved_elimination import CurvedElimination
from solver.materials.elasticity import bulk_and_shear
from solver.materials.hosts import Host
from solver.materials.lattice_table import LatticeTable
from solver.materials.phase import build_phase
from solver.report.errors import ReportError
from solver.report.fields import REGIONS
from solver.results.reader import Run

MAH_PER_GRAM = FARADAY / 3.6 / 1000.0
"""Capacity of one mole of lithium per kilogram [mAh kg/(g mol)]."""


@dataclass(frozen=True)
class Substance:
    """One phase, averaged over orientations.

    Attributes:
        host: occupancy law.
        temperature: [K].
        density: [kg/m^3].
        max_concentration: c_max [mol/m^3], 0 where inert.
        molar_volume: Omega, trace of V [m^3/mol].
        reference_occupancy: theta without chemical strain [1].
        misfit: mean of the coherent misfit's three components, coherency and switch included [1].
        bulk: Hill average of the bulk modulus [Pa].
        shear: Hill average of the shear modulus [Pa].
        table: strains over occupancy where the expansion is tabulated, else None.
    """

    host: Host
    temperature: float
    density: float
    max_concentration: float
    molar_volume: float
    reference_occupancy: float
    misfit: float
    bulk: float
    shear: float
    table: LatticeTable | None = None

    def occupancy(self, voltage: float, hydrostatic: float = 0.0) -> float:
        """Equilibrium occupancy theta [1] at a voltage against Li/Li+ [V] under a hydrostatic stress [Pa].

        From mu = mu_host(theta) - Omega sigma_h = -F voltage.
        """
        if not self.host.holds_lithium:
            return 0.0
        if self.table is not None:
            return self._occupancy_by_table(voltage, hydrostatic)
        host_potential = -FARADAY * voltage + self.molar_volume * hydrostatic
        reduced = np.asarray(host_potential / (GAS_CONSTANT * self.temperature))
        return float(self.host.occupancy(reduced))

    def _occupancy_by_table(self, voltage: float, hydrostatic: float) -> float:
        """The same with the V of the occupancy sought; of several the nearest to the unstressed one."""
        if self.table is None:
            return 0.0
        thermal = GAS_CONSTANT * self.temperature
        traces = np.trace(self.table.modes, axis1=1, axis2=2)
        load = traces * hydrostatic / (thermal * self.max_concentration)
        local = CurvedElimination(self.host, self.table, np.zeros((2, 2)), np.zeros((1, 2, 2)))
        return float(local.solve(np.array(-FARADAY * voltage / thermal), load).occupancy)

    def eigenstrain(self, occupancy: float, chemical: bool) -> float:
        """Mean linear eigenstrain [1] at an occupancy, against the layered phase's reference."""
        if self.table is not None:
            swollen = np.trace(self.table.tensor(np.array(occupancy))) / 3.0 if chemical else 0.0
            return self.misfit + float(swollen)
        gained = self.max_concentration * (occupancy - self.reference_occupancy) if chemical else 0.0
        return self.misfit + self.molar_volume / 3.0 * gained


def case_of(run: Run) -> Case:
    """The resolved case of a run.

    Raises:
        ReportError: it is not accepted as a case.
    """
    try:
        # Its mesh may lie elsewhere: it was allowed when the case was run.
        return load_case(run.path / "resolved.yaml", allow_outside=True)
    except CaseError as error:
        raise ReportError(str(error).splitlines()[0]) from error


def substances_of(case: Case) -> Mapping[str, Substance]:
    """Each region's phase of a case, by region."""
    lattice = case.phases.layered.lattice
    found = {}
    for region in REGIONS:
        spec = getattr(case.phases, region)
        if spec is None:
            continue
        phase = build_phase(spec, case.temperature, lattice)
        bulk, shear = bulk_and_shear(phase.stiffness)
        share = case.mechanics.coherency if case.couplings.misfit and region == "rock_salt" else 0.0
        found[region] = Substance(
            phase.host, case.temperature, phase.density, phase.max_concentration,
            float(np.trace(phase.molar_volume)), phase.reference_occupancy,
            share * float(np.trace(phase.misfit)) / 3.0, bulk, shear, phase.table,
        )  # fmt: skip
    return found
