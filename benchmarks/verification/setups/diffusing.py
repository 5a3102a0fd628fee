"""A particle of one phase that takes up lithium; its stress does not act back on the diffusion."""

from typing import Any

import numpy as np

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.setups import cases, profiles
from benchmarks.verification.setups.running import Run

SOLID = exact.Solid(139e9, 0.26)
CAPACITY, VOLUME, STANDARD, REFERENCE = 47e3, 1.3e-6, 3.8, 0.9
"""c_max [mol/m^3], Omega [m^3/mol], standard potential [V], occupancy without strain [1]."""
DIFFUSIVITY = 2.1e-15
UNIT_TIME = cases.RADIUS**2 / DIFFUSIVITY
START = 0.3
UNIT = 8000.0
"""J R/D [mol/m^3]."""
FLUX = UNIT * DIFFUSIVITY / cases.RADIUS
"""Lithium into the particle [mol/(m^2 s)]."""
FREE, FAST = 1.7, 1e5
"""Exchange current densities [A/m^2]: under a given current it does not matter, a hold needs a fast one."""
WORDS = (
    f"Radius {cases.RADIUS * 1e6:g} µm, D = {DIFFUSIVITY:g} m²/s (chemical, of an ideal host), c_max = "
    f"{CAPACITY:g} mol/m³, Ω = {VOLUME:g} m³/mol, E = {SOLID.young / 1e9:g} GPa, ν = {SOLID.poisson:g}, "
    f"occupancy {START:g} at the start; stress does not act on the potential."
)
"""The set-up, for a page."""


def particle(geometry: Any, step: Any, exchange: float, tolerance: float) -> Any:
    """The case with one step."""
    layered = cases.lithium(
        SOLID, cases.ideal(STANDARD), CAPACITY, VOLUME, ("chemical", DIFFUSIVITY), reference=REFERENCE
    )
    return cases.case(
        "diffusion",
        geometry,
        {"layered": layered},
        {"occupancy": START},
        [step],
        surface={"exchange_current_density": f"{exchange!r} A/m^2"},
        couplings={"stress_in_potential": False},
        numerics={"tolerance": tolerance},
        output=dict(profiles.WANTED),
    )


def charged(geometry: Any, time: float, tolerance: float = 2e-4) -> Any:
    """Constant flux for `time` in units of R^2/D."""
    step = cases.drive("current_density", -FLUX * exact.FARADAY, time * UNIT_TIME)
    return particle(geometry, step, FREE, tolerance)


def held(geometry: Any, occupancy: float, time: float, tolerance: float = 2e-4) -> Any:
    """Surface held at an occupancy for `time` in units of R^2/D."""
    voltage = exact.lattice_gas_potential(occupancy, STANDARD, cases.TEMPERATURE)
    return particle(geometry, cases.drive("voltage", voltage, time * UNIT_TIME), FAST, tolerance)


def plain(dimension: str, size: float) -> Any:
    """A ball or disc with cells of one size [radii]."""
    return cases.core_shell(dimension, 0.0, (size * cases.RADIUS, size * cases.RADIUS))


def hollow(dimension: str, cavity: float, size: float) -> Any:
    """A hollow ball or tube with a sealed cavity [radii] and cells of one size [radii]."""
    return {
        "kind": "hollow_secondary",
        "dimension": dimension,
        "radius": f"{cases.RADIUS!r} m",
        "cavity_radius": f"{cavity * cases.RADIUS!r} m",
        "rock_salt": {"place": "none"},
        "mesh_size": {
            "bulk": f"{size * cases.RADIUS!r} m",
            "interface": f"{size * cases.RADIUS!r} m",
        },
    }


def mean_size(run: Run, cavity: float = 0.0) -> float:
    """Mean cell size [R], from the number of cells in the smallest sector of a body.

    Args:
        run: of a case in such a sector.
        cavity: radius of its cavity [R].
    """
    dimension = run.summary["dimension"]
    whole, power = {"spherical": (1.0, 1), "3d": (np.pi / 6.0, 3)}.get(dimension, (np.pi / 4.0, 2))
    return float((whole * (1.0 - cavity**power) / run.summary["counts"]["cells"]) ** (1.0 / power))
