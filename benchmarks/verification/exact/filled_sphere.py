"""A dilute sphere that a constant flux fills: Crank's series, and finite volumes where stress acts back.

In a free sphere of a dilute host -Omega sigma_h is linear in c - <c>, so that the coupled flux is
J = -D (1 + s c) dc/dr with s = `stress_stiffening`: one nonlinear diffusion equation, integrated here by
finite volumes that share nothing with the finite elements.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.exact.closed_forms import Solid, free_sphere_stress, stress_stiffening

Array = npt.NDArray[np.float64]

SHELLS = (100, 200)
"""Shells of the two solutions that are extrapolated."""


@dataclass(frozen=True)
class Sphere:
    """A sphere and what flows into it.

    Attributes:
        solid: elastic constants.
        radius: R [m].
        volume: Omega [m^3/mol].
        diffusivity: of a tracer in the empty host [m^2/s].
        temperature: [K].
        flux: J, into the sphere [mol/(m^2 s)].
        start: concentration at first [mol/m^3].
    """

    solid: Solid
    radius: float
    volume: float
    diffusivity: float
    temperature: float
    flux: float
    start: float


@dataclass(frozen=True)
class Moment:
    """State at a time.

    Attributes:
        centre: concentration there [mol/m^3].
        surface: concentration there [mol/m^3].
        radial: radial stress in the centre [Pa].
        hoop: hoop stress at the surface [Pa].
    """

    centre: float
    surface: float
    radial: float
    hoop: float


def moments(sphere: Sphere, coupled: bool, times: Sequence[float]) -> list[Moment]:
    """States at times [s], with or without stress in the potential."""
    found = []
    for time in times:
        centre, surface = ends(sphere, coupled, time)
        whole = sphere.start + 3.0 * sphere.flux / sphere.radius * time
        radial, _ = free_sphere_stress(sphere.solid, sphere.volume, whole, centre, centre)
        _, hoop = free_sphere_stress(sphere.solid, sphere.volume, whole, whole, surface)
        found.append(Moment(centre, surface, radial, hoop))
    return found


def saturation(sphere: Sphere, coupled: bool, capacity: float) -> float:
    """Time at which the surface reaches a concentration [s]; before it the mean has not."""
    last = (capacity - sphere.start) * sphere.radius / (3.0 * sphere.flux)
    first = 1e-2 * sphere.radius**2 / sphere.diffusivity
    return float(brentq(lambda time: ends(sphere, coupled, time)[1] - capacity, first, last, xtol=1e-9))


def ends(sphere: Sphere, coupled: bool, time: float) -> tuple[float, float]:
    """Concentration in the centre and at the surface at a time [s]."""
    if coupled:
        coarse, fine = (_marched(sphere, shells)(time) for shells in SHELLS)
        centre, surface = (4.0 * fine - coarse) / 3.0
        return float(centre), float(surface)
    unit = sphere.flux * sphere.radius / sphere.diffusivity
    reduced = sphere.diffusivity * time / sphere.radius**2
    centre, surface = (sphere.start + unit * series.crank_flux(x, reduced) for x in (0.0, 1.0))
    return centre, surface


@cache
def _marched(sphere: Sphere, shells: int) -> Callable[[float], Array]:
    """Centre and surface concentration over time, on shells of equal thickness, until the mean is filled."""
    stiffening = stress_stiffening(sphere.solid, sphere.volume, sphere.temperature)
    walls = np.linspace(0.0, sphere.radius, shells + 1)
    volumes, areas, h = np.diff(walls**3) / 3.0, walls**2, sphere.radius / shells

    def rate(_: float, c: Array) -> Array:
        between = 0.5 * (c[1:] + c[:-1])
        inward = sphere.diffusivity * (1.0 + stiffening * between) * np.diff(c) / h
        return np.diff(np.concatenate([[0.0], areas[1:-1] * inward, [areas[-1] * sphere.flux]])) / volumes

    band = np.abs(np.subtract.outer(np.arange(shells), np.arange(shells))) < 2
    solution = solve_ivp(
        rate,
        (0.0, 0.6 * sphere.radius**2 / sphere.diffusivity),
        np.full(shells, sphere.start),
        method="BDF",
        rtol=1e-8,
        atol=1e-4,
        jac_sparsity=band.astype(float),
        dense_output=True,
    )
    # c(r) = c0 + k r^2 in the centre; cell means of a parabola sit at <r^2> = 3/5 (b^5 - a^5)/(b^3 - a^3)
    squares = 0.6 * np.diff(walls**5) / np.diff(walls**3)
    places = np.sqrt(squares[-3:]) - sphere.radius

    def at(time: float) -> Array:
        c = solution.sol(time)
        centre = c[0] - (c[1] - c[0]) * squares[0] / (squares[1] - squares[0])
        return np.array([centre, np.polyval(np.polyfit(places, c[-3:], 2), 0.0)])

    return at
