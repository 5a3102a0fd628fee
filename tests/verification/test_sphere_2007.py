"""Stress speeds diffusion up: the sphere of Zhang, Shyy and Sastry (2007), J. Electrochem. Soc. 154, A910.

A sphere of lithium manganese oxide takes up lithium at a constant current. Without the stress in the
potential the answer is Crank's series with Cheng and Verbrugge's stresses. With it, in a free sphere,
J = -D (1 + s c) dc/dr with s = 2 Omega^2 E/(9 (1 - nu) R T): one nonlinear diffusion equation, integrated
here by finite volumes that share nothing with the finite elements.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy.integrate import solve_ivp

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run, relative

SOLID = exact.Solid(10e9, 0.3)
RADIUS, CAPACITY, VOLUME, DIFFUSIVITY, TEMPERATURE = 5e-6, 2.29e4, 3.497e-6, 7.08e-15, 300.0
CURRENT, DURATION, EMPTY, PARTLY = 2.0, 1000.0, 1e-6, 0.02
FLUX = CURRENT / exact.FARADAY
SIZES = {"spherical": (50e-9, 50e-9), "axisymmetric": (300e-9, 300e-9), "3d": (700e-9, 500e-9)}
SHARE = {"spherical": 1e-3, "axisymmetric": 1e-2, "3d": 1e-2}

Array = npt.NDArray[np.float64]
Runner = Callable[[Any], Run]


@cache
def reference(coupled: bool, occupancy: float = EMPTY) -> tuple[float, float, float, float]:
    """Concentration in the centre and at the surface, radial stress there and hoop stress here.

    Args:
        coupled: with the stress in the potential.
        occupancy: at the start.
    """
    start, unit = occupancy * CAPACITY, FLUX * RADIUS / DIFFUSIVITY
    time = DIFFUSIVITY * DURATION / RADIUS**2
    whole = start + 3.0 * unit * time
    if coupled:
        coarse, fine = (_finite_volumes(n, start) for n in (100, 200))
        centre, surface = (4.0 * fine - coarse) / 3.0
    else:
        centre, surface = (start + unit * series.crank_flux(x, time) for x in (0.0, 1.0))
    radial, _ = exact.free_sphere_stress(SOLID, VOLUME, whole, centre, centre)
    _, hoop = exact.free_sphere_stress(SOLID, VOLUME, whole, whole, surface)
    return centre, surface, radial, hoop


def _finite_volumes(shells: int, start: float) -> Array:
    """Centre and surface concentration of the coupled sphere on `shells` shells of equal thickness.

    `start` is the concentration at first [mol/m^3].
    """
    stiffening = exact.stress_stiffening(SOLID, VOLUME, TEMPERATURE)
    walls = np.linspace(0.0, RADIUS, shells + 1)
    volumes, areas, h = np.diff(walls**3) / 3.0, walls**2, RADIUS / shells

    def rate(_: float, c: Array) -> Array:
        between = 0.5 * (c[1:] + c[:-1])
        inward = DIFFUSIVITY * (1.0 + stiffening * between) * np.diff(c) / h
        return np.diff(np.concatenate([[0.0], areas[1:-1] * inward, [areas[-1] * FLUX]])) / volumes

    band = np.abs(np.subtract.outer(np.arange(shells), np.arange(shells))) < 2
    solution = solve_ivp(
        rate,
        (0.0, DURATION),
        np.full(shells, start),
        method="BDF",
        rtol=1e-8,
        atol=1e-4,
        jac_sparsity=band.astype(float),
    )
    c = solution.y[:, -1]
    # c(r) = c0 + k r^2 in the centre; cell means of a parabola sit at <r^2> = 3/5 (b^5 - a^5)/(b^3 - a^3)
    squares = 0.6 * np.diff(walls**5) / np.diff(walls**3)
    centre = c[0] - (c[1] - c[0]) * squares[0] / (squares[1] - squares[0])
    places = np.sqrt(squares[-3:])
    surface = float(np.polyval(np.polyfit(places - RADIUS, c[-3:], 2), 0.0))
    return np.array([centre, surface])


def sphere(dimension: str, coupled: bool, occupancy: float = EMPTY) -> Any:
    phase = cases.lithium(
        SOLID, cases.dilute(4.0), CAPACITY, VOLUME, ("tracer", DIFFUSIVITY), reference=EMPTY
    )
    case = cases.case(
        "sphere-2007",
        cases.core_shell(dimension, 0.0, SIZES[dimension], RADIUS),
        {"layered": phase},
        {"occupancy": occupancy},
        [cases.drive("current_density", -CURRENT, DURATION)],
        surface={"exchange_current_density": "2 A/m^2"},
        couplings={"stress_in_potential": coupled},
    )
    if dimension != "spherical":
        case["numerics"] = {"tolerance": 1e-3 if dimension == "axisymmetric" else 2e-3}
    return {**case, "temperature": f"{TEMPERATURE!r} K"}


@pytest.mark.parametrize("coupled", [False, True])
@pytest.mark.parametrize("dimension", ["spherical", "axisymmetric"])
def test_against_the_radial_solution(run: Runner, dimension: str, coupled: bool) -> None:
    found = run(sphere(dimension, coupled))
    if dimension == "spherical":
        assert found.summary["counts"]["cells"] == 100
    check(found, reference(coupled), SHARE[dimension])


def test_an_octant_against_the_radial_solution(run: Runner) -> None:
    """In space the sphere starts with a little lithium: out of nothing takes four times as long."""
    check(run(sphere("3d", True, PARTLY)), reference(True, PARTLY), SHARE["3d"])


def check(found: Run, wanted: tuple[float, float, float, float], share: float) -> None:
    """Concentrations and stresses in the centre and at the surface agree to a share."""
    centre, surface, radial, hoop = wanted
    assert relative(found.point("centre", "concentration_mol_m3"), centre) < share
    assert relative(found.point("surface", "concentration_mol_m3"), surface) < share
    assert relative(found.point("centre", "radial_stress_Pa"), radial) < share
    assert relative(found.point("surface", "hoop_stress_Pa"), hoop) < share


def test_the_radial_solution_is_the_one_found_before() -> None:
    """Values of an earlier independent radial solution, so that the reference itself is checked twice."""
    uncoupled = (8067.42, 15360.1, 48.5107e6, -48.6748e6)
    coupled = (8563.65, 14901.5, 43.0017e6, -41.0385e6)
    assert reference(False) == pytest.approx(uncoupled, rel=5e-5)
    assert reference(True) == pytest.approx(coupled, rel=5e-5)
