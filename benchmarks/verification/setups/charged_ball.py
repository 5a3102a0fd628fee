"""A ball of one phase under constant current, as a case and as other programs are told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact.closed_forms import FARADAY, GAS_CONSTANT, Solid
from benchmarks.verification.page import Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run
from solver.results.reader import read_run
from solver.results.vtkhdf import read_snapshot

Array = npt.NDArray[np.float64]

Host = Literal["dilute", "ideal", "msmr"]


@dataclass(frozen=True)
class Charge:
    """A sphere that is charged with constant current.

    Attributes:
        radius: [m].
        capacity: concentration of all sites [mol/m^3].
        diffusivity: [m^2/s].
        solid: elastic constants.
        volume: partial molar volume [m^3/mol].
        temperature: [K].
        start: occupancy at the start [1].
        current: current density at the surface, lithium leaves [A/m^2].
        duration: [s].
        exchange: exchange current density at half filling [A/m^2].
        potentials: standard potential of each site [V]; a host of one site has the first.
        widths: width of each site of the host [1].
        shares: share of each site of the host [1].
    """

    radius: float
    capacity: float
    diffusivity: float
    solid: Solid
    volume: float
    temperature: float
    start: float
    current: float
    duration: float
    exchange: float
    potentials: tuple[float, ...]
    widths: tuple[float, ...]
    shares: tuple[float, ...]

    @property
    def thermal(self) -> float:
        """R T/F [V]."""
        return GAS_CONSTANT * self.temperature / FARADAY


def case_of(
    charge: Charge, host: Host, mobility: str, stress: bool, cells: int, tolerance: float
) -> dict[str, Any]:
    """The charge as a case.

    Args:
        charge: what is solved, at the temperature of all cases here.
        host: open-circuit law.
        mobility: kind of diffusivity.
        stress: whether stress acts on the potential.
        cells: equal cells along the radius.
        tolerance: of the time steps.
    """
    hosts: Mapping[Host, Any] = {
        "dilute": cases.dilute(charge.potentials[0]),
        "ideal": cases.ideal(charge.potentials[0]),
        "msmr": {
            "kind": "msmr",
            "sites": [
                {"potential": f"{at!r} V", "fraction": share, "omega": width}
                for at, width, share in zip(charge.potentials, charge.widths, charge.shares, strict=True)
            ],
        },
    }
    size = charge.radius / cells
    diffusivity = (mobility, charge.diffusivity)
    phase = cases.lithium(charge.solid, hosts[host], charge.capacity, charge.volume, diffusivity)
    case = cases.case(
        "charge",
        cases.core_shell("spherical", 0.0, (size, size), charge.radius),
        {"layered": phase},
        start={"occupancy": charge.start},
        steps=[cases.drive("current_density", charge.current, charge.duration)],
        surface={
            "exchange_current_density": f"{charge.exchange!r} A/m^2",
            "exchange_current": "concentration",
        },
        couplings={"stress_in_potential": stress},
        numerics={"tolerance": tolerance},
    )
    return dict(case)


def run(
    bench: Workbench, charge: Charge, host: Host, mobility: str, stress: bool, cells: int, tolerance: float
) -> Run:
    """The charge in lithostat, with pictures of some moments; arguments of `case_of`, and where it runs."""
    case = case_of(charge, host, mobility, stress, cells, tolerance)
    return bench.run({**case, "output": {"every": 10}})


def surfaces(found: Run) -> tuple[Array, Array]:
    """Times [s] and concentrations at the surface [mol/m^3] of all moments that were written."""
    times, values = [], []
    for record in read_run(found.folder).snapshots:
        stored = read_snapshot(record.file, record.number)
        place = int(np.argmax(np.asarray(stored.points)[:, 0]))
        times.append(record.time)
        values.append(float(np.asarray(stored.point_data["concentration"])[place]))
    return np.array(times), np.array(values)
