"""Numbers of the shipped phases that follow from others: a slip of a unit in a file would show here."""

from typing import Any

import numpy as np

from benchmarks.verification.exact.closed_forms import FARADAY
from benchmarks.verification.page import Findings, Headline, Kind, Page, Workbench
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run

LAW = "numbers of shipped phases"
KIND: Kind = "measured"
AVOGADRO = 6.02214076e23
RADIUS, DURATION, CURRENT, PRESSURE = 2.5e-6, 40.0, 0.2, 1e9
"""Of the sphere [m], of the charge [s], its current density [A/m^2], pressure of the pressed sphere [Pa]."""
ROUNDED = 2e-4
"""Relative error of a number of sites that is given with four digits."""
START, CELL = 0.9, 250e-9
"""Occupancy of the sphere [1] and size of its cells [m]."""
LATTICES = {"nmc721": (2.878e-10, 14.19e-10, 97.30e-3), "nmc811": (2.8746e-10, 14.203e-10, 97.28e-3)}
"""Lattice parameters a and c [m] and formula mass [kg/mol]."""
SHRINKAGE, WINDOW = 0.051, (1.0, 0.2157)
"""Relative loss of volume on charge to 4.3 V, over these occupancies."""
GRAIN_MODULUS, GRAIN_POISSON, SPREAD = 139e9, 0.25, 0.2
"""Young's modulus by indentation [Pa], Poisson's ratio, relative spread of the measurements."""


def sphere(phase: str, pressure: float, steps: list[Any]) -> Any:
    """A sphere of one shipped phase, its radius in micrometres as people write it."""
    geometry = cases.core_shell("spherical", 0.0, (CELL, CELL), RADIUS)
    return {
        "name": "sphere",
        "architecture": "liquid",
        "temperature": "298.15 K",
        "geometry": {**geometry, "radius": f"{RADIUS * 1e6!r} um"},
        "phases": {"layered": phase},
        "mechanics": {"stack_pressure": f"{pressure!r} Pa"},
        "surface": {"exchange_current_density": "1 A/m^2"},
        "protocol": {"start": {"occupancy": START}, "steps": steps},
        "numerics": {"tolerance": 1e-2},
    }


def charged(bench: Workbench, phase: str) -> Run:
    """A short charge of a free sphere."""
    return bench.run(sphere(phase, 0.0, [cases.drive("current_density", CURRENT, DURATION)]))


def compute(bench: Workbench) -> Findings:
    """What a charge and a pressure say of a phase, beside its lattice and beside measurements."""
    found = Findings()
    volume = 4.0 / 3.0 * np.pi * RADIUS**3
    passed = CURRENT * 4.0 * np.pi * RADIUS**2 * DURATION
    for phase, (a, c, mass) in LATTICES.items():
        formula = np.sqrt(3.0) / 2.0 * a**2 * c / 3.0 * AVOGADRO  # [m^3/mol]
        run = charged(bench, phase)
        change = START - run.final["regions"]["layered"]["mean_occupancy"]
        words = f"{phase}: lithium sites, from charge and change of occupancy [mol/m^3]"
        found.compare(
            LAW, "spherical", words, passed / FARADAY / change / volume, 1.0 / formula, ROUNDED, kind=KIND
        )
        density = passed / 3600.0 / run.summary["steps"][0]["capacity_mAh_g"] / volume
        words = f"{phase}: density, from charge and capacity [kg/m^3]"
        found.compare(LAW, "spherical", words, density, mass / formula, 2e-3, kind=KIND)

        pressed = bench.run(sphere(phase, PRESSURE, []))
        shift = pressed.equilibrium["voltage_V"] - run.equilibrium["voltage_V"]
        wanted = SHRINKAGE * formula / (WINDOW[0] - WINDOW[1])
        words = f"{phase}: partial molar volume, from the voltage under pressure [m^3/mol]"
        found.compare(LAW, "spherical", words, -FARADAY * shift / PRESSURE, wanted, 5e-2, kind=KIND)
        bulk = 0.5 * PRESSURE**2 * volume / pressed.history["elastic_energy [J]"][0]
        wanted = GRAIN_MODULUS / (3.0 * (1.0 - 2.0 * GRAIN_POISSON))
        words = f"{phase}: bulk modulus, from the energy under pressure [Pa]"
        found.compare(LAW, "spherical", words, bulk, wanted, SPREAD, kind=KIND)
    return found


def headline(bench: Workbench) -> float:
    """Capacity of the charge of NMC721 [mAh/g]."""
    return float(charged(bench, "nmc721").summary["steps"][0]["capacity_mAh_g"])


PAGE = Page(
    title="Shipped numbers agree with their lattices and with measurements",
    claim="What a run makes of a shipped phase's numbers is what its lattice and measurements say.",
    equation=r"""
$$c_\mathrm{max} = \frac{1}{V_f}, \quad \rho = \frac{m_f}{V_f}, \quad
V_f = N_A \frac{\sqrt 3}{2} a^2 \frac{c}{3}, \qquad
\Omega = \frac{\Delta V}{V} \frac{V_f}{\Delta\theta}, \qquad K = \frac{E}{3 (1 - 2 \nu)}$$
""",
    source=(
        "lattices: Wang et al., Nano Energy 105 (2023) 108016, X-ray diffraction of NMC721, and Trevisanello "
        "et al., Adv. Energy Mater. 11 (2021) 2003400, Rietveld refinement of NMC811; volume: Kondrakov et "
        "al., J. Phys. Chem. C 121 (2017) 3286, NMC811 from 3.0 to 4.3 V; modulus, by indentation: Sharma et "
        "al., Extreme Mech. Lett. 58 (2023) 101920, grains of NMC622, and Sedlatschek et al., J. Power "
        "Sources 681 (2026) 240276, particles of NMC811"
    ),
    setup=f"""
A sphere of {RADIUS * 1e6:g} um from occupancy {START:g}: charged with {CURRENT:g} A/m² for {DURATION:g} s,
and pressed with {PRESSURE / 1e9:g} GPa. The sites follow from the charge and the change of occupancy, the
density from the charge and the capacity, the partial molar volume from the shift of the voltage, -F ΔV/p, the
bulk modulus from the elastic energy, p² V/(2 U). Lattices agree to rounding; the last two may deviate by the
spread of the measurements.
""",
    compute=compute,
    headline=Headline("capacity of the charge of NMC721 [mAh/g]", "spherical", headline),
)
