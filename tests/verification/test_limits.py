"""Limits that steps meet: full and empty surfaces, limits passed before a step, or met too early to tell."""

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.pages.kinetics import cut_offs
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import run_case
from solver.cli import main

SOLID = exact.Solid(139e9, 0.26)


def test_rest_and_charge_follow_saturation(tmp_path: Path) -> None:
    phase = cases.lithium(SOLID, cases.dilute(3.7), 47e3, 1.3e-6, ("tracer", 3e-15))
    steps = [
        cases.drive("current_density", -1.3, 3e5),
        {"drive": "rest", "for": "100 s"},
        cases.drive("current_density", 0.7, 50.0),
    ]
    geometry = cases.core_shell("spherical", 0.0, (100e-9, 60e-9))
    case = cases.case("full", geometry, {"layered": phase}, {"occupancy": 0.5}, steps)
    case["surface"] = {"exchange_current_density": "2 A/m^2"}
    case["numerics"] = {"tolerance": 1e-2}
    with (tmp_path / "full.yaml").open("w") as stream:
        YAML(typ="safe").dump(dict(case), stream)
    assert main(["run", str(tmp_path / "full.yaml"), "--out", str(tmp_path / "full")]) == 3
    summary = json.loads((tmp_path / "full" / "summary.json").read_text())
    assert [step["reason"] for step in summary["steps"]] == ["surface_saturated", "time", "time"]
    assert [step["duration_s"] for step in summary["steps"][1:]] == pytest.approx([100.0, 50.0])
    assert summary["steps"][2]["capacity_mAh_g"] > 0.0


@pytest.mark.parametrize("dimension", ["spherical", "generalised_plane_strain"])
def test_the_solves_of_the_start_count(tmp_path: Path, dimension: str) -> None:
    phase = cases.lithium(SOLID, cases.ideal(3.7), 47e3, 1.3e-6, ("chemical", 3e-15))
    geometry = cases.core_shell(dimension, 0.0, (700e-9, 500e-9))
    case = cases.case("start", geometry, {"layered": phase}, {"occupancy": 0.5}, [])
    case["mechanics"] = {"stack_pressure": "300 MPa"}
    with (tmp_path / "start.yaml").open("w") as stream:
        YAML(typ="safe").dump(dict(case), stream)
    assert main(["run", str(tmp_path / "start.yaml"), "--out", str(tmp_path / "start")]) == 0
    counts = json.loads((tmp_path / "start" / "summary.json").read_text())["counts"]
    assert counts["newton_iterations"] > 0
    assert counts["linear_solves"] >= counts["newton_iterations"]


@pytest.mark.parametrize("kind", ["voronoi", "radial"])
def test_a_centre_without_a_vertex_is_reported(tmp_path: Path, kind: str) -> None:
    phase = cases.lithium(SOLID, cases.ideal(3.7), 47e3, 1.3e-6, ("chemical", 3e-15))
    geometry = {
        "kind": "hollow_secondary",
        "dimension": "generalised_plane_strain",
        "radius": "2 um",
        "cavity_radius": "0 nm",
        "grain_size": "1 um",
        "grains": {"kind": kind, "seed": 2},
    }
    case = cases.case("middle", geometry, {"layered": phase}, {"occupancy": 0.5}, [])
    case["mechanics"] = {"stack_pressure": "300 MPa"}
    with (tmp_path / "middle.yaml").open("w") as stream:
        YAML(typ="safe").dump(dict(case), stream)
    assert main(["run", str(tmp_path / "middle.yaml"), "--out", str(tmp_path / "middle")]) == 0
    centre = json.loads((tmp_path / "middle" / "summary.json").read_text())["final"]["points"]["centre"]
    assert centre["hydrostatic_stress_Pa"] == pytest.approx(-300e6, rel=1e-6)
    assert centre["concentration_mol_m3"] == pytest.approx(0.5 * 47e3, rel=1e-6)


def test_a_current_keeps_its_value_up_to_an_empty_surface(tmp_path: Path) -> None:
    """The increments are so long that the search meets states without a solution before its limit."""
    forever = cases.drive("current_density", cut_offs.CURRENT, 1e7)
    case = cut_offs.case("spherical", [forever])
    run = run_case(case, tmp_path, reasons=["surface_depleted"], status="ended_early")
    assert run.history["current_density [A/m2]"][1:] == pytest.approx(cut_offs.CURRENT, rel=1e-8)
    assert run.point("surface", "concentration_mol_m3") / cut_offs.CAPACITY == pytest.approx(1e-8, rel=1e-6)


def test_a_voltage_limit_is_met_and_not_passed(tmp_path: Path) -> None:
    """The increment before it is half of all that the step takes."""
    limit = 3.985
    steps = [{"drive": "current_density", "value": "3 A/m^2", "until": {"voltage": f"{limit!r} V"}}]
    found = limited(tmp_path, steps, 0, numerics={"tolerance": 0.9})
    assert found["steps"][0]["reason"] == "voltage"
    assert found["final"]["voltage_V"] == pytest.approx(limit, abs=1e-5)


def limited(tmp_path: Path, steps: list[Any], expected: int, **surface: Any) -> dict[str, Any]:
    """Run a small well conducting particle whose steps meet limits; gives the summary."""
    diffusivity = surface.pop("diffusivity", 1e-9)
    numerics = surface.pop("numerics", {})
    phase = cases.lithium(SOLID, cases.ideal(3.9), 47e3, 1.1e-6, ("chemical", diffusivity))
    geometry = cases.core_shell("spherical", 0.0, (200e-9, 100e-9), 1e-6)
    case = cases.case("limits", geometry, {"layered": phase}, {"occupancy": 0.5}, steps)
    case["surface"] = {"exchange_current_density": "1.1 A/m^2", **surface}
    case["numerics"] = numerics
    with (tmp_path / "limits.yaml").open("w") as stream:
        YAML(typ="safe").dump(dict(case), stream)
    assert main(["run", str(tmp_path / "limits.yaml"), "--out", str(tmp_path / "limits")]) == expected
    summary: dict[str, Any] = json.loads((tmp_path / "limits" / "summary.json").read_text())
    return summary


@pytest.mark.parametrize("rest", [100.0, 1e6])
def test_a_step_that_begins_beyond_its_limit_ends_at_once(tmp_path: Path, rest: float) -> None:
    steps = [{"drive": "rest", "for": f"{rest!r} s"}, "Charge at 1C until 3.5 V", "Discharge at 1C for 10 s"]
    found = limited(tmp_path, steps, 0)["steps"]
    assert [step["reason"] for step in found] == ["time", "voltage", "time"]
    assert found[1]["duration_s"] == 0.0


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_small_transfer_coefficients_do_not_count_as_depletion(tmp_path: Path, sign: float) -> None:
    steps = [cases.drive("current_density", sign * 20.0, 5.0)]
    summary = limited(tmp_path, steps, 0, anodic_transfer=0.1, cathodic_transfer=0.1)
    passed = sign * 20.0 * 5.0 * 3.0 / (96485.33212 * 47e3 * 1e-6)
    occupancy = summary["final"]["regions"]["layered"]["mean_occupancy"]
    assert occupancy == pytest.approx(0.5 - passed, rel=1e-3)


def test_depletion_knows_that_kinetics_slow_down_with_concentration(tmp_path: Path) -> None:
    summary = limited(
        tmp_path, [cases.drive("current_density", 3.0, 1e5)], 3, exchange_current="concentration"
    )
    assert summary["steps"][0]["reason"] == "surface_depleted"
    assert summary["final"]["regions"]["layered"]["mean_occupancy"] < 1e-6


def test_a_limit_that_the_mesh_did_not_resolve_is_warned_about(tmp_path: Path) -> None:
    steps = ["Charge at 1C until 4.3 V"]
    assert not limited(tmp_path, steps, 0)["warnings"]
    coarse = tmp_path / "coarse"
    coarse.mkdir()
    warnings = limited(coarse, steps, 0, diffusivity=1e-20)["warnings"]
    assert any("make mesh_size.interface smaller" in words for words in warnings)
