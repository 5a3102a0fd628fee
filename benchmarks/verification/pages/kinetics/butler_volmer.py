"""Charge transfer alone: the overpotential over six decades of current, with all that a surface can have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact.charge_transfer import Electrode
from benchmarks.verification.page import (
    DIMENSIONS,
    Dimension,
    Findings,
    Headline,
    Line,
    Page,
    Panel,
    Workbench,
)
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run

LAW = "Butler-Volmer kinetics"
SOLID = exact.Solid(139e9, 0.26)
STANDARD, CAPACITY, VOLUME, REFERENCE, START = 3.8, 47e3, 1.3e-6, 0.5, 0.6
CONDUCTIVE = 2e-9
"""Diffusivity so large that the surface never differs from the inside [m^2/s]."""
EXCHANGE, UNEQUAL, RESISTANCE, CONTACT = 0.0083, (0.37, 0.71), 0.0123, 0.35
DECADES = (1e-3, 0.013, 0.17, 1.9, 23.0, 170.0, 1e3)
"""Currents over the exchange current."""
SECONDS = 0.03
"""Duration of each step [s]."""
SAME, ALONE = 1e-7, 2e-10
"""Largest relative deviation: what is left is the time that diffusion takes after all. An overpotential that
does not ask for the concentration at the surface does without."""
ROOMY: dict[Dimension, tuple[float, float]] = {
    "spherical": (900e-9, 700e-9),
    "axisymmetric": (1.5e-6, 1.0e-6),
    "generalised_plane_strain": (1.5e-6, 1.0e-6),
    "plane_strain": (1.5e-6, 1.0e-6),
    "3d": (2.0e-6, 1.5e-6),
}
"""Cell sizes, bulk and at the surface [m]."""


@dataclass(frozen=True)
class Surface:
    """What a surface has beside its exchange current.

    Attributes:
        transfer: transfer coefficients, anodic and cathodic.
        resistance: [ohm m^2].
        contact: fraction of the area.
        follows: whether the exchange current follows the concentration.
        exchange: exchange current density [A/m^2].
    """

    transfer: tuple[float, float] = (0.5, 0.5)
    resistance: float = 0.0
    contact: float = 1.0
    follows: bool = False
    exchange: float = EXCHANGE

    def section(self) -> dict[str, Any]:
        """The `surface` of a case."""
        return {
            "exchange_current_density": f"{self.exchange!r} A/m^2",
            "anodic_transfer": self.transfer[0],
            "cathodic_transfer": self.transfer[1],
            "area_specific_resistance": f"{self.resistance!r} ohm*m^2",
            "contact_fraction": self.contact,
            "exchange_current": "concentration" if self.follows else "constant",
        }

    def overpotential(self, density: float, occupancy: float) -> float:
        """Of a current over the contacted area [A/m^2], with the surface at an occupancy [V]."""
        electrode = Electrode(self.exchange, self.transfer)
        if self.follows:
            electrode = electrode.at_concentration(occupancy)
        return electrode.overpotential(density, cases.TEMPERATURE)


EVERYTHING = Surface(UNEQUAL, RESISTANCE, CONTACT, follows=True)
SURFACES = {
    "equal coefficients": Surface(),
    "unequal coefficients": Surface(UNEQUAL),
    "i0 of the concentration": Surface(follows=True),
    "partial contact and resistance": Surface(contact=CONTACT, resistance=RESISTANCE),
    "all together": EVERYTHING,
}


def driven(surface: Surface, dimension: Dimension, currents: Sequence[float]) -> Any:
    """A well conducting particle under one current density after another."""
    layered = cases.lithium(
        SOLID, cases.ideal(STANDARD), CAPACITY, VOLUME, ("chemical", CONDUCTIVE), REFERENCE
    )
    return cases.case(
        "kinetics",
        cases.core_shell(dimension, 0.0, ROOMY[dimension]),
        {"layered": layered},
        {"occupancy": START},
        [cases.drive("current_density", current, SECONDS) for current in currents],
        surface=surface.section(),
        numerics={"tolerance": 3e-2, "max_increment": f"{SECONDS / 2!r} s"},
    )


def at_rest(occupancy: float, dimension: Dimension) -> float:
    """Voltage of the uniform particle without current [V]; a held length puts it under stress."""
    potential = exact.lattice_gas_potential(occupancy, STANDARD, cases.TEMPERATURE)
    if dimension != "plane_strain":
        return potential
    axial = -SOLID.young * VOLUME / 3.0 * CAPACITY * (occupancy - REFERENCE)
    return potential + VOLUME * axial / 3.0 / exact.FARADAY


def ends(found: Run, number: int) -> list[int]:
    """Rows of the history at which the steps end."""
    return [int(np.flatnonzero(found.history["step"] == step)[-1]) for step in range(1, number + 1)]


def _compare(bench: Workbench, found: Findings, name: str, dimension: Dimension) -> Panel:
    """Overpotential and whole voltage of every current."""
    surface = SURFACES[name]
    # Charge and discharge in turn, so that the particle stays half full.
    currents = tuple(sign * EXCHANGE * size for size in DECADES for sign in (1.0, -1.0))
    run = bench.run(driven(surface, dimension, currents))
    history, rows = run.history, ends(run, len(currents))
    occupancy = history["mean_occupancy_layered"][rows]
    wanted = [surface.overpotential(i, theta) for i, theta in zip(currents, occupancy, strict=True)]
    voltage = [
        at_rest(theta, dimension) + eta + surface.resistance * surface.contact * i
        for i, theta, eta in zip(currents, occupancy, wanted, strict=True)
    ]
    eta, cell = history["overpotential [V]"][rows], history["voltage [V]"][rows]
    worst = int(np.argmax(np.abs(eta / np.array(wanted) - 1.0)))
    size = abs(currents[worst]) / EXCHANGE
    which = f"{name}, worst at {'charge' if currents[worst] > 0.0 else 'discharge'} of {size:g} i0"
    limit = SAME if surface.follows else ALONE
    found.compare(LAW, dimension, f"overpotential [V], {which}", eta[worst], wanted[worst], limit)
    worst = int(np.argmax(np.abs(cell - voltage)))
    found.compare(LAW, dimension, f"voltage [V], {name}", cell[worst], voltage[worst], SAME)
    reduced = [abs(i) / EXCHANGE for i in currents]
    order = np.argsort(reduced)
    lines = []
    for sign, words, style in ((1.0, "charge", "r"), (-1.0, "discharge", "b")):
        mine = [k for k in order if sign * currents[k] > 0.0]
        x = [reduced[k] for k in mine]
        lines.append(Line(f"{words}: exact", x, [1e3 * abs(wanted[k]) for k in mine], f"{style}-"))
        lines.append(Line(words, x, [1e3 * abs(eta[k]) for k in mine], f"{style}o"))
    return Panel(
        f"{name}, {dimension.replace('_', ' ')}",
        "|i|/i0",
        "size of the overpotential [mV]",
        tuple(lines),
        ("log", "log"),
    )


def compute(bench: Workbench) -> Findings:
    """Every surface in `spherical`, the one with everything in every dimension."""
    found = Findings()
    for name in bench.pick(list(SURFACES), ["all together"]):
        panel = _compare(bench, found, name, "spherical")
        if name == "unequal coefficients":
            found.panels.append(panel)
    others: tuple[Dimension, ...] = tuple(d for d in DIMENSIONS if d != "spherical")
    for dimension in bench.pick(others, others[1:2]):
        panel = _compare(bench, found, "all together", dimension)
        if dimension == "3d":
            found.panels.append(panel)
    return found


def headline(bench: Workbench) -> float:
    """Voltage of a disc with everything under a large current."""
    return float(
        bench.run(driven(EVERYTHING, "generalised_plane_strain", (40.0 * EXCHANGE,))).final["voltage_V"]
    )


PAGE = Page(
    title="Butler-Volmer alone",
    claim="Where diffusion costs nothing, voltage is the open-circuit potential, the overpotential of charge "
    "transfer and the ohmic drop, over six decades of current in both directions.",
    equation=r"""
$$\frac{i}{s} = i_0\left[\exp\frac{\alpha_a F\eta}{RT} - \exp\frac{-\alpha_c F\eta}{RT}\right], \qquad
V = U(\bar\theta) + \frac{\Omega\sigma_h}{F} + \eta + R_a i$$

with the contact fraction $s$ and, where it follows the concentration,
$i_0 = 2 i_{0}^{\mathrm{half}}\sqrt{\theta(1-\theta)}$. The free particle carries no stress; one of held
length carries $\sigma_h = -E\,\Omega c_\mathrm{max}(\bar\theta - \theta_\mathrm{ref})/9$.
""",
    source="J. Newman and K. E. Thomas-Alyea, Electrochemical Systems (2004), section 8.2",
    setup=f"""
Lattice gas with {STANDARD:g} V at {cases.TEMPERATURE:g} K, D = {CONDUCTIVE:g} m^2/s, radius
{cases.RADIUS * 1e6:g} um, i0 = {EXCHANGE:g} A/m^2; currents of {", ".join(f"{d:g}" for d in DECADES)} i0 over
the contacted area, each for {SECONDS:g} s of charge and of discharge. Unequal transfer coefficients are
{UNEQUAL[0]:g} (anodic) and {UNEQUAL[1]:g} (cathodic), the contact fraction {CONTACT:g}, the resistance
{RESISTANCE:g} ohm m^2. Every surface is computed in spherical, the one with everything in all dimensions. The
wanted overpotential is the root of the law found in a bracket, the wanted voltage follows from the mean
occupancy alone.
""",
    compute=compute,
    headline=Headline("voltage at 40 i0 [V]", "generalised_plane_strain", headline),
)
