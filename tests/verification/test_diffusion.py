"""Diffusion in a sphere and the stresses that it makes: Crank's series, Cheng and Verbrugge's stresses."""

from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.exact import diffusion_series as series
from benchmarks.verification.setups import cases, diffusing
from benchmarks.verification.setups.diffusing import (
    CAPACITY,
    DIFFUSIVITY,
    FLUX,
    SOLID,
    STANDARD,
    START,
    UNIT_TIME,
    VOLUME,
    charged,
    particle,
)
from benchmarks.verification.setups.running import Run, relative

CLOSE = 1e-3

Runner = Callable[[Any], Run]


def solid_sphere() -> Any:
    """A plain sphere, finest where the flux enters."""
    return diffusing.plain("spherical", 0.01)


@pytest.mark.parametrize(
    ("dimension", "time", "share"),
    [("spherical", 0.04, CLOSE), ("spherical", 0.5, CLOSE), ("3d", 0.25, 10 * CLOSE)],
)
def test_constant_flux_and_its_stress(run: Runner, dimension: str, time: float, share: float) -> None:
    sphere = solid_sphere() if dimension == "spherical" else cases.core_shell("3d", 0.0, (400e-9, 250e-9))
    found = run(charged(sphere, time, 2e-4 if dimension == "spherical" else 1e-3))
    unit = FLUX * cases.RADIUS / DIFFUSIVITY

    def concentration(x: float) -> float:
        return START * CAPACITY + unit * series.crank_flux(x, time)

    for place, x in (("centre", 0.0), ("surface", 1.0)):
        rise = found.point(place, "concentration_mol_m3") - START * CAPACITY
        assert rise == pytest.approx(concentration(x) - START * CAPACITY, abs=share * unit)
    mean = CAPACITY * found.final["regions"]["layered"]["mean_occupancy"]
    # Flat facets have more area beside the volume that they enclose than the sphere.
    assert relative(mean - START * CAPACITY, 3.0 * unit * time) < (1e-9 if dimension == "spherical" else 2e-3)
    whole, centre, surface = START * CAPACITY + 3.0 * unit * time, concentration(0.0), concentration(1.0)
    radial, hoop = exact.free_sphere_stress(SOLID, VOLUME, whole, centre, centre)
    assert relative(found.point("centre", "radial_stress_Pa"), radial) < 3 * share
    assert relative(found.point("centre", "hoop_stress_Pa"), hoop) < 3 * share
    radial, hoop = exact.free_sphere_stress(SOLID, VOLUME, whole, whole, surface)
    assert relative(found.point("surface", "hoop_stress_Pa"), hoop) < 3 * share
    assert abs(found.point("surface", "radial_stress_Pa")) < share * abs(hoop)


def test_steady_stress_of_a_hollow_sphere(run: Runner) -> None:
    cavity = 1.2e-6
    geometry = diffusing.hollow("spherical", cavity / cases.RADIUS, 0.008)
    found = run(charged(geometry, 0.4))
    radii = (cavity, cases.RADIUS)
    unit = FLUX / DIFFUSIVITY
    profiles = {r: [unit * part for part in series.hollow_quasi_steady(radii, r)] for r in radii}
    gap = profiles[radii[1]][0] - profiles[radii[0]][0]
    outside, inside = (found.point(p, "concentration_mol_m3") for p in ("surface", "inner"))
    assert relative(outside - inside, gap) < CLOSE
    for place, r in (("inner", cavity), ("surface", cases.RADIUS)):
        amounts = (profiles[r][1], profiles[radii[1]][1], profiles[r][0])
        _, hoop = exact.free_hollow_stress(SOLID, VOLUME, radii, r, amounts)
        assert relative(found.point(place, "hoop_stress_Pa"), hoop) < 2 * CLOSE
        assert abs(found.point(place, "radial_stress_Pa")) < CLOSE * abs(hoop)


@pytest.mark.parametrize("dimension", ["generalised_plane_strain", "plane_strain"])
def test_constant_flux_through_a_disc(run: Runner, dimension: str) -> None:
    time, share = 0.25, 1e-2
    geometry = cases.core_shell(dimension, 0.0, (250e-9, 250e-9))
    found = run(charged(geometry, time))
    unit = FLUX * cases.RADIUS / DIFFUSIVITY
    rises = {
        "centre": series.crank_flux_cylinder(0.0, time),
        "surface": series.crank_flux_cylinder(1.0, time),
    }
    for place, rise in rises.items():
        concentration = found.point(place, "concentration_mol_m3") - START * CAPACITY
        assert concentration == pytest.approx(rise * unit, abs=share * unit)
    mean = 2.0 * time * unit
    radial, _ = exact.free_cylinder_stress(
        SOLID, VOLUME, mean, rises["centre"] * unit, rises["centre"] * unit
    )
    _, hoop = exact.free_cylinder_stress(SOLID, VOLUME, mean, mean, rises["surface"] * unit)
    assert relative(found.point("centre", "radial_stress_Pa"), radial) < 3 * share
    assert relative(found.point("surface", "hoop_stress_Pa"), hoop) < 3 * share
    swelling = VOLUME / 3.0 * (START * CAPACITY + mean - 0.9 * CAPACITY)
    along = 0.0 if dimension == "generalised_plane_strain" else -SOLID.young * swelling / 3.0
    largest = abs(hoop) if along == 0.0 else abs(along)
    assert found.mean_stress("layered") == pytest.approx(along, abs=1e-3 * largest)


@pytest.mark.parametrize("occupancy", [0.15, 0.75])
def test_held_surface(run: Runner, occupancy: float) -> None:
    time = 0.06
    voltage = exact.lattice_gas_potential(occupancy, STANDARD, cases.TEMPERATURE)
    step = cases.drive("voltage", voltage, time * UNIT_TIME)
    found = run(particle(solid_sphere(), step, exchange=1e5, tolerance=2e-4))
    jump = (occupancy - START) * CAPACITY
    assert found.point("surface", "concentration_mol_m3") == pytest.approx(occupancy * CAPACITY, rel=1e-4)
    rise = found.point("centre", "concentration_mol_m3") - START * CAPACITY
    assert rise == pytest.approx(jump * series.crank_held(0.0, time), abs=CLOSE * abs(jump))
    mean = CAPACITY * found.final["regions"]["layered"]["mean_occupancy"] - START * CAPACITY
    assert mean == pytest.approx(jump * series.crank_held_mean(time), abs=CLOSE * abs(jump))
    whole = START * CAPACITY + jump * series.crank_held_mean(time)
    _, hoop = exact.free_sphere_stress(SOLID, VOLUME, whole, whole, occupancy * CAPACITY)
    assert relative(found.point("surface", "hoop_stress_Pa"), hoop) < 3 * CLOSE
