"""An eighth of a particle stands for the whole: the mirrored mesh to round-off, an independent one nearly."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.setups import balls, cases
from benchmarks.verification.setups.running import Run, relative
from meshes import LAYERED, ROCK_SALT
from solver.materials import elasticity

CORE, SHELL = exact.Solid(139e9, 0.25), exact.Solid(203e9, 0.31)
CRYSTALS = {
    "cubic": {"C11": 231.0, "C12": 119.0, "C44": 97.0},
    "hexagonal": {"C11": 210.0, "C12": 66.5, "C13": 45.5, "C33": 147.0, "C44": 42.0},
}
"""Stiffnesses [GPa]."""

C_AXIS, MEDIUM = [2, 1, -1], 0.29
THICKNESS, STRAIN, PRESSURE = 0.9e-6, 0.017, 420e6
RADII = (cases.RADIUS - THICKNESS, cases.RADIUS)
ROUND_OFF = 1e-8

Runner = Callable[[Any], Run]


def charged(geometry: Any, linear: str) -> Any:
    """A misfitting, coupled particle under current."""
    phases = {
        "layered": cases.lithium(
            CORE, cases.ideal(3.83), 49e3, 1.4e-6, ("lattice_gas", 4e-15), reference=1.0
        ),
        "rock_salt": cases.lithium(
            SHELL,
            cases.ideal(3.88),
            31e3,
            2.2e-6,
            ("lattice_gas", 2e-15),
            reference=0.3,
            misfit={"kind": "isotropic", "strain": STRAIN},
            activation_volume="1.9e-6 m^3/mol",
        ),
    }
    return cases.case(
        "octant",
        geometry,
        phases,
        {"voltage": "3.85 V"},
        [cases.drive("current_density", 0.5, 40.0)],
        mechanics={"coherency": 0.6, "stack_pressure": f"{PRESSURE!r} Pa"},
        surface={"exchange_current_density": "1.3 A/m^2", "area_specific_resistance": "0.01 ohm*m^2"},
        numerics={"tolerance": 0.1, "linear_solver": linear},
    )


def test_eight_octants_are_the_whole(run_once: Runner, tmp_path: Path) -> None:
    """Volumes, energy, lithium and current of the sector are those of eight of it; pins hold the whole."""
    eighth = balls.octant(cases.RADIUS, [0.0, 0.5, 1.0], [LAYERED, ROCK_SALT], (0.9, 0.6))
    whole = balls.mirrored(eighth)
    assert len(whole.cells) == 8 * len(eighth.cells)
    one = run_once(charged(balls.geometry(eighth, tmp_path / "eighth.msh"), "direct"))
    eight = run_once(charged(balls.geometry(whole, tmp_path / "whole.msh"), "block"))
    assert len(one.history["time [s]"]) > 3
    for name in ("elastic_energy [J]", "voltage [V]", "capacity [mAh/g]", "time [s]"):
        assert eight.history[name] == pytest.approx(one.history[name], rel=ROUND_OFF), name
    assert eight.history["current_density [A/m2]"][1:] == pytest.approx(0.5, rel=1e-10)
    assert relative(eight.summary["mass_kg"], one.summary["mass_kg"]) < ROUND_OFF
    for name, region in one.final["regions"].items():
        for key in ("volume_m3", "mean_occupancy", "mean_hydrostatic_stress_Pa", "p95_hydrostatic_stress_Pa"):
            assert relative(eight.final["regions"][name][key], region[key]) < ROUND_OFF, (name, key)
    for wall in ("centre", "surface"):
        for key in ("concentration_mol_m3", "hydrostatic_stress_Pa", "hoop_stress_Pa"):
            assert relative(eight.point(wall, key), one.point(wall, key)) < 10 * ROUND_OFF, (wall, key)


def misfitting(
    sector: str,
    sizes: tuple[float, float],
    constants: Any = None,
    c_axis: list[int] | None = None,
    **mechanics: Any,
) -> Any:
    """A core in a misfitting inert shell, at rest."""
    geometry = {**cases.core_shell("3d", THICKNESS, sizes), "sector": sector}
    core = cases.phase(CORE) if constants is None else cases.phase(CORE, elasticity=constants)
    if c_axis is not None:
        geometry["crystal"] = {"c_axis": c_axis}
    phases = {
        "layered": core,
        "rock_salt": cases.phase(SHELL, misfit={"kind": "isotropic", "strain": STRAIN}),
    }
    loads = {"stack_pressure": f"{PRESSURE!r} Pa", **mechanics}
    return cases.case("whole", geometry, phases, {"voltage": "3.9 V"}, [], mechanics=loads)


COARSE = (900e-9, 450e-9)


def test_a_whole_ball_meets_the_closed_form(run: Runner) -> None:
    found = run(misfitting("full", COARSE))
    wanted = exact.coated_sphere(CORE, SHELL, RADII, STRAIN, PRESSURE)
    assert relative(found.mean_stress("layered"), wanted.core) < 2e-3
    assert relative(found.mean_stress("rock_salt"), wanted.shell) < 2e-3
    assert relative(found.point("surface", "hoop_stress_Pa"), wanted.hoop_surface) < 1e-2


@pytest.mark.parametrize("kind", ["cubic", "hexagonal"])
def test_a_turned_crystal_under_a_uniform_traction(run: Runner, kind: str) -> None:
    """The stress of a homogeneous ball is Sigma, whatever its crystal; its energy is V/2 Sigma : S : Sigma.

    S is turned into the crystal's frame, so that the energy knows where the crystal points.
    """
    share = MEDIUM / (1.0 - MEDIUM)
    given = CRYSTALS[kind]
    constants = {"kind": kind, **{name: f"{value!r} GPa" for name, value in given.items()}}
    case = misfitting("full", (2e-6, 2e-6), constants, C_AXIS, loading="die", medium_poisson_ratio=MEDIUM)
    case["geometry"]["shell_thickness"] = "0 nm"
    del case["phases"]["rock_salt"]
    found = run(case)
    layered = found.final["regions"]["layered"]
    assert relative(layered["p05_hydrostatic_stress_Pa"], -(1.0 + 2.0 * share) / 3.0 * PRESSURE) < 1e-9
    assert relative(layered["p95_principal_stress_Pa"], -share * PRESSURE) < 1e-9
    c = np.array(C_AXIS) / np.linalg.norm(C_AXIS)
    a = np.array([0.0, 0.0, 1.0]) - c * c[2]  # in the plane of c and z
    a = a / np.linalg.norm(a)
    build = elasticity.cubic if kind == "cubic" else partial(elasticity.trigonal, c14=0.0)
    stiffness = build(**{name.lower(): value * 1e9 for name, value in given.items()})
    traction = np.array([share, share, 1.0, 0.0, 0.0, 0.0]) * -PRESSURE
    energies = []
    for frame in (np.column_stack([a, np.cross(c, a), c]), np.eye(3)):
        compliance = np.linalg.inv(elasticity.rotate(stiffness, frame))
        energies.append(0.5 * layered["volume_m3"] * float(traction @ compliance @ traction))
    assert relative(found.history["elastic_energy [J]"][-1], energies[0]) < 1e-8
    assert abs(energies[1] / energies[0] - 1.0) > 0.01


def test_a_particle_in_a_die_has_the_mean_of_its_traction(run: Runner) -> None:
    """Sigma = -diag(l p, l p, p), l = nu/(1 - nu) of the medium: <sigma_h> = tr(Sigma)/3 in any body."""
    share = MEDIUM / (1.0 - MEDIUM)
    mean = -(1.0 + 2.0 * share) / 3.0 * PRESSURE
    loads = {"loading": "die", "medium_poisson_ratio": MEDIUM}
    found = run(misfitting("octant", COARSE, **loads))
    volumes = {name: region["volume_m3"] for name, region in found.final["regions"].items()}
    total = sum(volume * found.mean_stress(name) for name, volume in volumes.items())
    assert relative(total / sum(volumes.values()), mean) < 1e-8
    assert abs(found.mean_stress("layered") - mean) > 0.1 * abs(mean)
    case = misfitting("octant", COARSE, **loads)
    case["geometry"]["shell_thickness"] = "0 nm"
    del case["phases"]["rock_salt"]
    alone = run({**case, "name": "alone"}).final["regions"]["layered"]
    for key in ("mean_hydrostatic_stress_Pa", "p05_hydrostatic_stress_Pa", "p95_hydrostatic_stress_Pa"):
        assert relative(alone[key], mean) < 1e-9
    assert relative(alone["max_principal_stress_Pa"], -share * PRESSURE) < 1e-9
