"""Homogeneous bodies: what a uniform eigenstrain, a pressure and both together must do, exactly."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.pages.mechanics.uniform_body import (
    ACROSS,
    ALONG,
    EIGENSTRAIN,
    PRESSURE,
    SIZES,
    SOLID,
    VOLUME,
    crystal,
    uniform,
)
from benchmarks.verification.setups import balls, cases
from benchmarks.verification.setups.running import Run, relative
from meshes import LAYERED

FREE = ("spherical", "axisymmetric", "generalised_plane_strain", "3d")

Runner = Callable[[Any], Run]


@pytest.mark.parametrize("dimension", FREE)
def test_uniform_eigenstrain_of_a_free_body_makes_no_stress(run: Runner, dimension: str) -> None:
    found = run(uniform(dimension, 0.0))
    layered = found.final["regions"]["layered"]
    for key in ("mean_hydrostatic_stress_Pa", "p05_hydrostatic_stress_Pa", "max_principal_stress_Pa"):
        assert abs(layered[key]) < 1e-11 * SOLID.young * abs(EIGENSTRAIN)


def test_uniform_eigenstrain_in_plane_strain_is_held_along_the_axis(run: Runner) -> None:
    found = run(uniform("plane_strain", 0.0))
    axial = -SOLID.young * EIGENSTRAIN
    layered = found.final["regions"]["layered"]
    assert relative(layered["max_principal_stress_Pa"], axial) < 1e-9
    assert relative(layered["p05_hydrostatic_stress_Pa"], axial / 3.0) < 1e-9
    assert relative(layered["p95_hydrostatic_stress_Pa"], axial / 3.0) < 1e-9
    assert abs(found.point("surface", "hoop_stress_Pa")) < 1e-9 * abs(axial)


@pytest.mark.parametrize("dimension", SIZES)
def test_pressure_is_carried_as_it_must_be(run: Runner, dimension: str) -> None:
    found = run(uniform(dimension, PRESSURE))
    held = dimension == "plane_strain"
    wanted = -2.0 / 3.0 * (1.0 + SOLID.poisson) * PRESSURE if held else -PRESSURE
    if held:
        wanted -= SOLID.young * EIGENSTRAIN / 3.0
    layered = found.final["regions"]["layered"]
    assert relative(layered["mean_hydrostatic_stress_Pa"], wanted) < 1e-9
    assert relative(layered["p05_hydrostatic_stress_Pa"], wanted) < 1e-9
    assert relative(layered["p95_hydrostatic_stress_Pa"], wanted) < 1e-9
    for wall in ("surface", "centre"):
        assert relative(found.point(wall, "radial_stress_Pa"), -PRESSURE) < 1e-9
        assert relative(found.point(wall, "hoop_stress_Pa"), -PRESSURE) < 1e-9


@pytest.mark.parametrize("dimension", SIZES)
def test_pressure_shifts_the_voltage(run: Runner, dimension: str) -> None:
    loaded, free = (run(uniform(dimension, p)).equilibrium["voltage_V"] for p in (PRESSURE, 0.0))
    share = 2.0 / 3.0 * (1.0 + SOLID.poisson) if dimension == "plane_strain" else 1.0
    assert relative(loaded - free, -share * VOLUME * PRESSURE / exact.FARADAY) < 1e-8


@pytest.mark.parametrize("dimension", FREE)
def test_pressure_shifts_the_voltage_of_a_crystal_by_its_whole_swelling(run: Runner, dimension: str) -> None:
    loaded, free = (run(crystal(dimension, p)).equilibrium["voltage_V"] for p in (PRESSURE, 0.0))
    shift = -(2.0 * ACROSS + ALONG) * PRESSURE / exact.FARADAY
    assert relative(loaded - free, shift) < 1e-8


def test_an_octant_of_a_thick_shell_under_outer_pressure(run: Runner, tmp_path: Path) -> None:
    cavity, share = 1.3e-6, 1e-2
    shell = balls.octant(cases.RADIUS, [cavity / cases.RADIUS, 1.0], [LAYERED], (0.1, 0.05))
    found = run({**uniform("3d", PRESSURE), "geometry": balls.geometry(shell, tmp_path / "shell.msh")})
    for wall, r in (("inner", cavity), ("surface", cases.RADIUS)):
        radial, hoop = exact.thick_sphere((cavity, cases.RADIUS), (0.0, PRESSURE), r)
        assert relative(found.point(wall, "hoop_stress_Pa"), hoop) < share
        assert found.point(wall, "radial_stress_Pa") == pytest.approx(radial, abs=share * abs(hoop))
    mean = -PRESSURE / (1.0 - (cavity / cases.RADIUS) ** 3)
    assert relative(found.mean_stress("layered"), mean) < 1e-8


def test_thick_shell_under_outer_pressure(run: Runner) -> None:
    cavity = 1.3e-6
    geometry = {
        "kind": "hollow_secondary",
        "dimension": "spherical",
        "radius": f"{cases.RADIUS!r} m",
        "cavity_radius": f"{cavity!r} m",
        "grain_size": "300 nm",
        "grains": {"kind": "voronoi", "seed": 1},
        "rock_salt": {"place": "none"},
        "mesh_size": {"bulk": "40 nm", "interface": "20 nm"},
    }
    case = uniform("spherical", PRESSURE)
    found = run({**case, "geometry": geometry})
    radii, loads = (cavity, cases.RADIUS), (0.0, PRESSURE)
    for wall, r in (("inner", cavity), ("surface", cases.RADIUS)):
        radial, hoop = exact.thick_sphere(radii, loads, r)
        assert relative(found.point(wall, "hoop_stress_Pa"), hoop) < 2e-4
        assert found.point(wall, "radial_stress_Pa") == pytest.approx(radial, abs=2e-4 * abs(hoop))
    mean = -PRESSURE / (1.0 - (cavity / cases.RADIUS) ** 3)
    assert relative(found.mean_stress("layered"), mean) < 1e-6
    for wall in ("inner", "surface"):
        assert relative(found.point(wall, "hydrostatic_stress_Pa"), mean) < 2e-4
