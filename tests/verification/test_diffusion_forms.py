"""Closed forms of diffusion against differences: each obeys its balance and its walls."""

from collections.abc import Callable

import numpy as np
import pytest

from benchmarks.bulk_bounds import conduction_bound
from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import cylinder_stress as cylinder
from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.exact.conduction_bounds import lower, upper
from benchmarks.verification.exact.series_resistance import TwoPhases

SOLID = exact.Solid(210e9, 0.21)
PLACES = (0.2, 0.5, 0.8)


@pytest.mark.parametrize("power", [1, 2])
def test_means_within_a_radius_are_integrals(power: int) -> None:
    x = np.linspace(0.0, 0.6, 4001)
    time = 0.05
    pairs: list[tuple[Callable[..., np.ndarray], float]] = (
        [
            (series.crank_flux, float(series.crank_flux_mean(0.6, time))),
            (series.crank_held, float(series.crank_held_mean(time, 0.6))),
        ]
        if power == 2
        else [
            (series.crank_flux_cylinder, float(series.crank_flux_cylinder_mean(0.6, time))),
            (series.crank_held_cylinder, float(series.crank_held_cylinder_mean(time, 0.6))),
        ]
    )
    for profile, mean in pairs:
        integral = np.trapezoid(profile(x, time) * x**power, x) * (power + 1) / 0.6 ** (power + 1)
        assert mean == pytest.approx(integral, rel=1e-6)


def test_means_in_the_centre_are_the_values_there() -> None:
    assert series.crank_flux_mean(0.0, 0.1) == pytest.approx(series.crank_flux(0.0, 0.1), rel=1e-12)
    assert series.crank_held_mean(0.1, 0.0) == pytest.approx(series.crank_held(0.0, 0.1), rel=1e-12)
    for profile, mean in (
        (series.crank_flux_cylinder(0.0, 0.1), series.crank_flux_cylinder_mean(0.0, 0.1)),
        (series.crank_held_cylinder(0.0, 0.1), series.crank_held_cylinder_mean(0.1, 0.0)),
    ):
        assert mean == pytest.approx(profile, rel=1e-12)


def test_held_cylinder_obeys_diffusion_and_its_boundary() -> None:
    time, h = 0.07, 1e-3
    for x in PLACES:
        c = [series.crank_held_cylinder(x + k * h, time) for k in (-1, 0, 1)]
        laplacian = (c[2] - 2 * c[1] + c[0]) / h**2 + (c[2] - c[0]) / (2 * x * h)
        ends = [series.crank_held_cylinder(x, time + k * h**2) for k in (-1, 1)]
        assert (ends[1] - ends[0]) / (2 * h**2) == pytest.approx(laplacian, rel=1e-5)
    assert series.crank_held_cylinder(1.0, time) == pytest.approx(1.0, rel=1e-12)
    assert series.crank_held_cylinder(0.5, 1e-3) == pytest.approx(0.0, abs=1e-10)
    slope = (series.crank_held_cylinder(1.0, time) - series.crank_held_cylinder(1.0 - 1e-6, time)) / 1e-6
    ends = [series.crank_held_cylinder_mean(time + k * 1e-6) for k in (-1, 1)]
    assert (ends[1] - ends[0]) / 2e-6 == pytest.approx(2.0 * slope, rel=1e-4)


@pytest.mark.parametrize("power", [1, 2])
def test_hollow_bodies_fill_evenly_and_are_sealed_inside(power: int) -> None:
    radii = (1.1, 3.0)
    profile = series.tube_quasi_steady if power == 1 else series.hollow_quasi_steady
    rates = []
    for r in (1.2, 2.0, 2.9):
        h = 1e-4
        ends = [
            s**power * (profile(radii, s + h)[0] - profile(radii, s - h)[0]) / (2 * h) for s in (r - h, r + h)
        ]
        rates.append((ends[1] - ends[0]) / (2 * h) / r**power)
        slope = (profile(radii, r + h)[1] - profile(radii, r - h)[1]) / (2 * h)
        assert slope == pytest.approx(r**power * profile(radii, r)[0], rel=1e-7)
    assert rates == pytest.approx([rates[0]] * 3, rel=1e-5)
    for wall, flux in ((radii[0], 0.0), (radii[1], 1.0)):
        ends = [profile(radii, wall + k * 1e-6)[0] for k in (-1, 1)]
        assert (ends[1] - ends[0]) / 2e-6 == pytest.approx(flux, abs=1e-6)
    assert profile(radii, radii[0])[1] == 0.0


def test_tube_is_in_equilibrium_compatible_and_free_on_both_walls() -> None:
    a, b = 1.1e-6, 3e-6

    def stress(r: float) -> tuple[float, float]:
        concentration, here = series.tube_quasi_steady((a, b), r)
        whole = float(series.tube_quasi_steady((a, b), b)[1])
        radial, hoop = cylinder.free_tube_stress(SOLID, 3e-6, (a, b), r, (here, whole, concentration))
        return float(radial), float(hoop)

    def strains(r: float) -> tuple[float, float]:
        """Radial and hoop strain at no axial strain."""
        radial, hoop = stress(r)
        swelling = 3e-6 / 3.0 * float(series.tube_quasi_steady((a, b), r)[0])
        axial = float(cylinder.held_axial_stress(SOLID, 3e-6, radial + hoop, 3.0 * swelling / 3e-6))
        return (
            (radial - SOLID.poisson * (hoop + axial)) / SOLID.young + swelling,
            (hoop - SOLID.poisson * (radial + axial)) / SOLID.young + swelling,
        )

    scale, h = abs(stress(b)[1]), 1e-10
    assert abs(stress(a)[0]) < 1e-12 * scale
    assert abs(stress(b)[0]) < 1e-12 * scale
    for r in (1.3e-6, 2e-6, 2.8e-6):
        radial, hoop = stress(r)
        slope = (stress(r + h)[0] - stress(r - h)[0]) / (2 * h)
        assert slope + (radial - hoop) / r == pytest.approx(0.0, abs=1e-6 * scale / r)
        stretch = ((r + h) * strains(r + h)[1] - (r - h) * strains(r - h)[1]) / (2 * h)
        assert stretch == pytest.approx(strains(r)[0], rel=1e-7)


def test_axial_stress_of_a_free_cylinder_is_that_of_a_held_one_without_its_force() -> None:
    r = np.linspace(1e-3, 1.0, 20001)
    rise = 5e3 * r**2
    inside, mean = 2.5e3 * r**2, 2.5e3
    across = sum(exact.free_cylinder_stress(SOLID, 3e-6, mean, inside, rise))
    held = cylinder.held_axial_stress(SOLID, 3e-6, across, rise)
    force = 2.0 * np.trapezoid(held * r, r)
    free = cylinder.free_axial_stress(SOLID, 3e-6, mean, rise)
    assert held - force == pytest.approx(free, rel=1e-5, abs=1e-6 * abs(force))


@pytest.mark.parametrize("power", [2, 3])
@pytest.mark.parametrize("diffusivities", [(2e-11, 2e-15), (2e-15, 2e-11), (1e-14, 1e-14)])
def test_two_phases_rise_evenly_and_pass_on_their_flux(
    power: int, diffusivities: tuple[float, float]
) -> None:
    b, outer, flux, ratio = 2.1e-6, 3e-6, 3e-6, 0.3
    body = TwoPhases((b, outer), power, diffusivities, ratio)

    def through(r: float, conductivity: float) -> float:
        """Flux times area over that of the surface."""
        h = 1e-4 * b
        ends = body.settled(flux, 1e4, np.array([r - h, r + h]))
        return float((r / outer) ** (power - 1) * conductivity * (ends[1] - ends[0]) / (2.0 * h))

    rate = body.rise(flux)
    # The core stores what reaches its boundary; beyond, what the shell stores adds to it.
    core = rate * 1.5e-6**power / (power * outer ** (power - 1))
    assert through(1.5e-6, diffusivities[0]) == pytest.approx(core, rel=1e-6)
    for r in (2.2e-6, 2.6e-6, 2.99e-6):
        stored = rate * (b**power + ratio * (r**power - b**power)) / (power * outer ** (power - 1))
        assert through(r, ratio * diffusivities[1]) == pytest.approx(stored, rel=1e-6)
    assert through(outer, ratio * diffusivities[1]) == pytest.approx(flux, rel=1e-6)
    beside = body.settled(flux, 1e4, np.array([b * (1 - 1e-9), b * (1 + 1e-9)]))
    assert beside[0] == pytest.approx(beside[1], rel=1e-7)
    means = []
    for ends in ((1e-12, b * (1 - 1e-12)), (b * (1 + 1e-12), outer)):
        r = np.linspace(*ends, 20001)
        means.append(np.trapezoid(body.settled(flux, 1e4, r) * r ** (power - 1), r))
    total = power * (means[0] + ratio * means[1]) / outer**power
    assert total / body.room == pytest.approx(1e4, rel=1e-7)
    assert rate * b**power / (power * outer ** (power - 1)) == pytest.approx(
        flux * body.core_share, rel=1e-12
    )


@pytest.mark.parametrize("axes", [2, 3])
@pytest.mark.parametrize("fast_core", [True, False])
def test_a_coated_body_attains_a_bound_of_the_diffusivity(axes: int, fast_core: bool) -> None:
    """Potential A x in the core, (B + C/r^d) x in the shell: continuous, one flux, and x at the surface."""
    b, core, shell = 0.6, *((700.0, 2.0) if fast_core else (2.0, 700.0))
    rows = [
        [1.0, -1.0, -(b**-axes)],
        [core, -shell, shell * (axes - 1) * b**-axes],
        [0.0, 1.0, 1.0],
    ]
    _, slope, dipole = np.linalg.solve(rows, [0.0, 0.0, 1.0])
    apparent = shell * (slope - (axes - 1) * dipole)
    f = b**axes if fast_core else 1.0 - b**axes
    bound = lower if fast_core else upper
    assert bound(f, 2.0, 700.0, 1.0 / axes) == pytest.approx(apparent, rel=1e-12)


def test_bounds_of_the_diffusivity_at_their_ends() -> None:
    """Layers across the flux are bound by themselves; a phase alone is bound as its closed form says."""
    harmonic = 1.0 / (0.3 / 5.0 + 0.7 / 2.0)
    assert lower(0.3, 2.0, 5.0, 1.0) == pytest.approx(harmonic, rel=1e-12)
    assert upper(0.3, 2.0, 5.0, 1.0) == pytest.approx(harmonic, rel=1e-12)
    assert upper(0.3, 0.0, 1.0, 1.0 / 3.0) == pytest.approx(conduction_bound(0.3), rel=1e-12)
    assert lower(0.3, 2.0, 5.0, 0.2) > lower(0.3, 2.0, 5.0, 1.0 / 3.0)
    assert upper(0.3, 2.0, 5.0, 0.2) > upper(0.3, 2.0, 5.0, 1.0 / 3.0)
