"""Lithium that a charge leaves behind, by region.

Trapped lithium is what a region still holds at the end of the first charge beyond the content that its host,
free of stress, has in equilibrium at the cut-off: the voltage that the charge ended at. Part of it is there
because stress shifts the equilibrium, estimated with the region's mean hydrostatic stress; the rest had no
time to leave. Both are counted in mAh per gram of all meshed active material; negative numbers say that
stress pressed lithium out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from solver.case import Case
from solver.report.branches import STEP, VOLTAGE, end_of_first_charge
from solver.report.substances import MAH_PER_GRAM, Substance
from solver.results.reader import Run


@dataclass(frozen=True)
class Trapped:
    """Lithium in one region at the end of the first charge.

    Attributes:
        sites: capacity of all sites of the region [mAh/g of all active material].
        occupancy: mean theta [1].
        free_occupancy: theta of the unstressed host at the cut-off [1].
        shifted_occupancy: theta in equilibrium at the cut-off under the region's mean sigma_h [1].
    """

    sites: float
    occupancy: float
    free_occupancy: float
    shifted_occupancy: float

    @property
    def total(self) -> float:
        """Trapped lithium [mAh/g]."""
        return self.sites * (self.occupancy - self.free_occupancy)

    @property
    def by_stress(self) -> float:
        """The part that the region's mean stress explains in equilibrium [mAh/g]."""
        return self.sites * (self.shifted_occupancy - self.free_occupancy)

    @property
    def by_time(self) -> float:
        """The part that equilibrium does not explain: lithium that had no time to leave [mAh/g]."""
        return self.total - self.by_stress


def cut_off_voltage(run: Run, case: Case, last_step: int) -> float:
    """The voltage that the first charge ended at [V against the case's reference].

    Where the surface was depleted before, the highest limit or hold that the charge's steps name.
    """
    ended = run.summary.get("steps") or ()
    if len(ended) >= last_step and ended[last_step - 1].get("reason") == "surface_depleted":
        named = []
        for step in case.protocol.steps[:last_step]:
            if step.drive == "voltage":
                named.append(step.value)
            elif step.value > 0:
                named += [until.value for until in step.until if until.kind == "voltage"]
        if named:
            return float(max(named))
    steps = run.history[STEP].astype(int)
    return float(run.history[VOLTAGE][steps == last_step][-1])


def trapped_lithium(run: Run, case: Case, substances: Mapping[str, Substance]) -> dict[str, Trapped]:
    """Trapped lithium of each region that holds lithium; empty for a run without a charge."""
    last_step = end_of_first_charge(run)
    regions = (run.summary.get("equilibrium") or {}).get("regions", {})
    if last_step is None or not regions:
        return {}
    voltage = cut_off_voltage(run, case, last_step) + case.protocol.reference_potential
    row = int(np.flatnonzero(run.history[STEP].astype(int) == last_step)[-1])
    mass = sum(substances[region].density * regions[region]["volume_m3"] for region in regions)
    found = {}
    for region, values in regions.items():
        substance = substances[region]
        occupancy = run.history.get(f"mean_occupancy_{region}")
        if not substance.host.holds_lithium or occupancy is None:
            continue
        stress = run.history.get(f"mean_hydrostatic_stress_{region} [Pa]")
        felt = float(stress[row]) if stress is not None and case.couplings.stress_in_potential else 0.0
        found[region] = Trapped(
            substance.max_concentration * values["volume_m3"] / mass * MAH_PER_GRAM,
            float(occupancy[row]),
            substance.occupancy(voltage),
            substance.occupancy(voltage, felt),
        )
    return found
