"""Whatever the number of ranks, the numbers are the same: in every dimension, with either linear solver."""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.small_bodies import DISPERSED_OCTANT

OnRanks = Callable[..., subprocess.CompletedProcess[str]]

TOLERANCE = 1e-8
# One start of the ranks for all cases: most of the time goes into imports. The larger body in 3D is solved
# behind multigrid, which comes by itself only at sizes that take minutes.
DRIVER = """
import sys
from solver.cli import main
from solver.discretisation import elastic_block
elastic_block.FACTORISE_LIMIT = {**elastic_block.FACTORISE_LIMIT, 3: 4000}
folder = sys.argv[1]
codes = [main(["run", name + ".yaml", "--out", folder + "/" + name]) for name in sys.argv[2:]]
sys.exit(max(codes))
"""
GEOMETRIES: Mapping[str, str] = {
    "spherical": """
  kind: core_shell
  dimension: spherical
  radius: 2.5 um
  shell_thickness: 200 nm
  mesh_size: {bulk: 250 nm, interface: 50 nm}""",
    "axisymmetric": """
  kind: core_shell
  dimension: axisymmetric
  radius: 2.5 um
  shell_thickness: 600 nm
  mesh_size: {bulk: 700 nm, interface: 200 nm}""",
    "plane_strain": """
  kind: dispersed
  dimension: plane_strain
  radius: 2.5 um
  rock_salt_fraction: 0.5
  morphology: {kind: lamellae, spacing: 2 um, orientation: radial}
  seed: 1
  mesh_size: {bulk: 500 nm, interface: 250 nm}""",
    "generalised_plane_strain": """
  kind: hollow_secondary
  dimension: generalised_plane_strain
  radius: 2.5 um
  cavity_radius: 1 um
  grain_size: 1.5 um
  grains: {kind: voronoi, seed: 3}
  rock_salt: {place: surface_shell, thickness: 700 nm}
  mesh_size: {bulk: 800 nm, interface: 350 nm}""",
    "dispersed_octant": DISPERSED_OCTANT,
    "whole_ball": """
  kind: dispersed
  dimension: 3d
  radius: 2.5 um
  rock_salt_fraction: 0.5
  morphology: {kind: random_field, correlation_length: 2.5 um}
  seed: 2
  sector: full
  mesh_size: {bulk: 1000 nm, interface: 900 nm}""",
}
DEAF = "octant_deaf_to_stress"
GEOMETRIES = {**GEOMETRIES, DEAF: GEOMETRIES["dispersed_octant"]}
COUPLINGS = {DEAF: "{stress_in_potential: false, stress_in_mobility: false}"}
BLOCK = ("axisymmetric", "dispersed_octant", "whole_ball", DEAF)
MORE = dict.fromkeys(("dispersed_octant", DEAF), "max_increment: 10 s, ")
DURATION = {"whole_ball": 4}
LINEAR = {name: "block" if name in BLOCK else "direct" for name in GEOMETRIES}
CASE = """
name: ranks
architecture: solid
temperature: 298.15 K
geometry:{geometry}
phases:
  layered: nmc721
  rock_salt: rock_salt_lithiated
couplings: {couplings}
mechanics: {{coherency: 0.5, stack_pressure: 300 MPa}}
surface: {{exchange_current_density: 1 A/m^2, exchange_current: concentration}}
protocol:
  specific_current_1C: 150 mA/g
  start: {{occupancy: 0.7}}
  steps:
    - Charge at 1C for {duration} seconds
    - {{drive: current_density, value: -0.4 A/m^2, for: {duration} s}}
numerics: {{{more}tolerance: 5e-2, linear_solver: {linear}}}
output: {{fields: [occupancy, hydrostatic_stress]}}
"""


def numbers(found: Any, path: str = "") -> dict[str, float]:
    """Every number of a summary by its path, maxima left out: they follow one point."""
    if isinstance(found, Mapping):
        return {k: v for name, part in found.items() for k, v in numbers(part, f"{path}/{name}").items()}
    if isinstance(found, list):
        return {k: v for index, part in enumerate(found) for k, v in numbers(part, f"{path}/{index}").items()}
    return {path: float(found)} if isinstance(found, float) else {}


def results(summary: Mapping[str, Any]) -> dict[str, float]:
    return numbers({key: summary[key] for key in ("steps", "equilibrium", "final")})


def compare(one: Mapping[str, Any], several: Mapping[str, Any]) -> None:
    """The same steps ended for the same reasons after the same work, with the same numbers."""
    assert several["status"] == one["status"]
    assert [s["reason"] for s in several["steps"]] == [s["reason"] for s in one["steps"]]
    for key in ("cells", "dofs", "increments", "rejected"):
        assert several["counts"][key] == one["counts"][key], key
    wanted, found = results(one), results(several)
    assert wanted.keys() == found.keys()
    assert {path.split("/")[-1] for path in wanted} > {
        "capacity_mAh_g",
        "voltage_V",
        "mean_occupancy",
        "mean_hydrostatic_stress_Pa",
    }
    for path, value in wanted.items():
        # A stress below 10 MPa is what remains of larger ones that cancel; so is the capacity of a rest.
        least = 1e7 if path.endswith("_Pa") else 1e-2 if "capacity" in path else 0.0
        assert abs(found[path] - value) <= TOLERANCE * max(abs(value), least), path


def run_all(on_ranks: OnRanks, ranks: int, folder: Path) -> dict[str, Any]:
    done = on_ranks(ranks, "-c", DRIVER, f"on{ranks}", *GEOMETRIES, cwd=folder, timeout=600)
    assert done.returncode == 0, done.stderr[-3000:]
    return {
        name: json.loads((folder / f"on{ranks}" / name / "summary.json").read_text()) for name in GEOMETRIES
    }


def test_serial_equals_two_and_three_ranks(on_ranks: OnRanks, tmp_path: Path) -> None:
    for name, geometry in GEOMETRIES.items():
        own = {"linear": LINEAR[name], "more": MORE.get(name, ""), "duration": DURATION.get(name, 30)}
        own["couplings"] = COUPLINGS.get(name, "{}")
        (tmp_path / f"{name}.yaml").write_text(CASE.format(geometry=geometry, **own))
    serial = run_all(on_ranks, 1, tmp_path)
    for name, words in {
        "dispersed_octant": "elastic block LU",
        "whole_ball": "elastic block multigrid",
        DEAF: ", then GMRES",
    }.items():
        assert words in serial[name]["linear_solver"]
    for name, summary in serial.items():
        assert summary["counts"]["increments"] >= 3, name
        assert summary["linear_solver"].startswith("GMRES" if LINEAR[name] == "block" else "direct")
        assert summary["lithium_balance_error"] < 1e-10
        assert summary["volume_mean_stress_error"] < 1e-8
    for ranks in (2, 3):
        for name, summary in run_all(on_ranks, ranks, tmp_path).items():
            assert summary["ranks"] == ranks
            compare(serial[name], summary)
            assert summary["lithium_balance_error"] < 1e-10
            assert summary["volume_mean_stress_error"] < 1e-8


def test_the_comparison_can_fail() -> None:
    state = {
        "regions": {"layered": {"mean_occupancy": 0.5, "mean_hydrostatic_stress_Pa": 1e9}},
        "voltage_V": 4.0,
    }
    step = {"name": "x", "reason": "time", "duration_s": 60.0, "capacity_mAh_g": 2.5}
    counts = {"cells": 9, "dofs": 9, "increments": 9, "rejected": 0}
    one = {"status": "done", "steps": [step], "equilibrium": state, "final": state, "counts": counts}
    compare(one, one)
    for changed in (
        {"steps": [{**step, "capacity_mAh_g": 2.5 * (1 + 2e-8)}]},
        {"steps": [{**step, "reason": "voltage"}]},
        {"final": {**state, "voltage_V": 4.0 + 1e-7}},
        {"counts": {**counts, "increments": 10}},
    ):
        with pytest.raises(AssertionError):
            compare(one, {**one, **changed})
