"""A particle under constant current in PyBaMM: its single-particle model against lithium metal.

PyBaMM solves a cell. Of its half cell only the working electrode's particle is looked at: surface potential
against the electrolyte beside it, so that the separator and the lithium metal do not enter. The electrode's
measures only turn the current density at the particle into the current of a cell. PyBaMM is imported when
something is solved; it then sends no telemetry.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.setups.charged_ball import Charge, Host

Array = npt.NDArray[np.float64]

AREA, THICKNESS, ACTIVE = 1.3, 8e-5, 0.55
"""Area [m^2], thickness [m] and active share [1] of the electrode; none of them matters."""
TOLERANCE = 1e-10
ELECTRODE = "Positive electrode "
PARTICLE = "X-averaged positive particle "


@dataclass(frozen=True)
class Curve:
    """What PyBaMM tells at the times that were asked for.

    Attributes:
        time: [s].
        open_circuit: open-circuit potential of the surface [V].
        voltage: potential of the electrode against the electrolyte [V].
        surface: concentration at the surface [mol/m^3].
        hoop: tangential stress at the surface [Pa]; zero where no mechanics was asked for.
    """

    time: Array
    open_circuit: Array
    voltage: Array
    surface: Array
    hoop: Array


def solve(
    charge: Charge,
    host: Host,
    times: Array,
    points: int,
    *,
    feedback: bool = False,
    free_at: float = 0.0,
    diffusivity: Callable[[Any], Any] | None = None,
) -> Curve:
    """The charge as PyBaMM sees it.

    Args:
        charge: what is solved.
        host: open-circuit law; with `msmr` the flux follows the gradient of the potential.
        times: when to tell [s].
        points: finite volumes along the radius.
        feedback: whether stress acts on diffusion, as PyBaMM has it.
        free_at: concentration that PyBaMM calls free of deformation [mol/m^3].
        diffusivity: factor on the diffusivity as a function of occupancy; 1 unless given.
    """
    os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"
    import pybamm

    options: dict[str, Any] = {
        "working electrode": "positive",
        "particle mechanics": "none" if host == "msmr" else "swelling only",
        "stress-induced diffusion": "true" if feedback else "false",
    }
    if host == "msmr":
        options["open-circuit potential"] = (
            "single",
            "MSMR",
        )  # of lithium metal and of the working electrode
        options["particle"] = ("Fickian diffusion", "MSMR")
        options["number of MSMR reactions"] = ("none", str(len(charge.potentials)))
    model = pybamm.lithium_ion.SPM(options)
    values = pybamm.ParameterValues("Xu2019")
    values.update(_values(charge, host, diffusivity, free_at, pybamm), check_already_exists=False)
    simulation = pybamm.Simulation(
        model,
        parameter_values=values,
        solver=pybamm.IDAKLUSolver(rtol=TOLERANCE, atol=TOLERANCE),
        var_pts={"x_n": 2, "x_s": 2, "x_p": 2, "r_p": points},
    )
    solution = simulation.solve(t_eval=[0.0, charge.duration], t_interp=np.asarray(times))

    def told(name: str) -> Array:
        return np.asarray(np.interp(times, solution.t, solution[name].entries))

    rest = told(f"X-averaged {ELECTRODE.lower()}open-circuit potential [V]")
    return Curve(
        time=np.asarray(times),
        open_circuit=rest,
        voltage=rest + told(f"X-averaged {ELECTRODE.lower()}reaction overpotential [V]"),
        surface=told(f"{PARTICLE}surface concentration [mol.m-3]"),
        hoop=np.zeros(len(times)) if host == "msmr" else told(f"{PARTICLE}surface tangential stress [Pa]"),
    )


def _values(
    charge: Charge, host: Host, factor: Callable[[Any], Any] | None, free_at: float, pybamm: Any
) -> Mapping[str, Any]:
    """PyBaMM's parameters of the charge, in its own words; what is left of its example set has no effect."""
    surfaces = 3.0 * ACTIVE / charge.radius * THICKNESS * AREA

    def open_circuit(occupancy: Any) -> Any:
        filled = occupancy / (1.0 - occupancy) if host == "ideal" else occupancy
        return charge.potentials[0] - charge.thermal * pybamm.log(filled)

    def exchange(_electrolyte: Any, surface: Any, capacity: Any, _temperature: Any) -> Any:
        # Square roots would be rounded off near zero by PyBaMM; logarithms are not.
        filled = surface / capacity
        return 2.0 * charge.exchange * pybamm.exp(0.5 * (pybamm.log(filled) + pybamm.log(1.0 - filled)))

    def diffusivity(occupancy: Any, _temperature: Any) -> Any:
        return charge.diffusivity * (1.0 if factor is None else factor(occupancy))

    given = {
        "Positive electrode thickness [m]": THICKNESS,
        "Electrode height [m]": 1.0,
        "Electrode width [m]": AREA,
        "Positive electrode active material volume fraction": ACTIVE,
        "Positive particle radius [m]": charge.radius,
        "Maximum concentration in positive electrode [mol.m-3]": charge.capacity,
        "Initial concentration in positive electrode [mol.m-3]": charge.start * charge.capacity,
        "Positive particle diffusivity [m2.s-1]": diffusivity,
        "Positive electrode OCP [V]": open_circuit,
        "Positive electrode exchange-current density [A.m-2]": exchange,
        **dict.fromkeys(
            ("Ambient temperature [K]", "Reference temperature [K]", "Initial temperature [K]"),
            charge.temperature,
        ),
        "Current function [A]": -charge.current * surfaces,  # there a charge is negative
        "Nominal cell capacity [A.h]": charge.current * surfaces,
        "Lower voltage cut-off [V]": 0.0,
        "Upper voltage cut-off [V]": 10.0,
        "Positive electrode Young's modulus [Pa]": charge.solid.young,
        "Positive electrode Poisson's ratio": charge.solid.poisson,
        "Positive electrode partial molar volume [m3.mol-1]": charge.volume,
        "Positive electrode reference concentration for free of deformation [mol.m-3]": free_at,
        "Positive electrode volume change": 0.0,
        "Negative electrode volume change": 0.0,
        "Cell thermal expansion coefficient [m.K-1]": 0.0,
    }
    if host == "msmr":
        sites = zip(charge.potentials, charge.widths, charge.shares, strict=True)
        for index, (potential, width, share) in enumerate(sites):
            given |= {
                f"{ELECTRODE}host site standard potential ({index}) [V]": potential,
                f"{ELECTRODE}host site ideality factor ({index})": width,
                f"{ELECTRODE}host site occupancy fraction ({index})": share,
            }
        given["Initial voltage in positive electrode [V]"] = _resting(charge)
    return given


def _resting(charge: Charge) -> float:
    """Open-circuit potential of the start, where the sites' occupancies add up to it [V]."""
    from scipy.optimize import brentq

    def filled(potential: float) -> float:
        sites = zip(charge.potentials, charge.widths, charge.shares, strict=True)
        reduced = ((share, (potential - at) / (width * charge.thermal)) for at, width, share in sites)
        return float(sum(share / (1.0 + np.exp(x)) for share, x in reduced))

    return float(brentq(lambda potential: filled(potential) - charge.start, 2.0, 5.0, xtol=1e-14))
