"""One larger run on one, two and three ranks, through all that round-off could turn into a decision."""

import csv
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

OnRanks = Callable[..., subprocess.CompletedProcess[str]]

TOLERANCE = 1e-8
LEAST_UNKNOWNS = 30_000
CASE = """
name: large-disc
architecture: solid
temperature: 298.15 K
geometry:
  kind: dispersed
  dimension: generalised_plane_strain
  radius: 2.5 um
  rock_salt_fraction: 0.5
  morphology: {kind: lamellae, spacing: 1500 nm, orientation: radial}
  seed: 1
  mesh_size: {bulk: 90 nm, interface: 80 nm}
phases:
  layered:
    density: 4700 kg/m^3
    max_concentration: 4.9e4 mol/m^3
    elasticity: {kind: isotropic, young_modulus: 140 GPa, poisson_ratio: 0.25}
    expansion: {kind: vegard, partial_molar_volume: 1.3e-6 m^3/mol, reference_occupancy: 1}
    diffusivity: {kind: chemical, value: 2e-15 m^2/s}
    activation_volume: 1e-6 m^3/mol
    host: {kind: ideal, standard_potential: 4.0 V}
  rock_salt:
    density: 4300 kg/m^3
    max_concentration: 3.9e4 mol/m^3
    elasticity: {kind: isotropic, young_modulus: 180 GPa, poisson_ratio: 0.3}
    expansion: {kind: vegard, partial_molar_volume: 0.6e-6 m^3/mol, reference_occupancy: 1}
    misfit: {kind: isotropic, strain: 0.01}
    diffusivity: {kind: lattice_gas, value: 4e-16 m^2/s}
    host: {kind: ideal, standard_potential: 4.05 V}
mechanics: {coherency: 0.6, stack_pressure: 760 MPa}
surface: {exchange_current_density: 2 A/m^2}
protocol:
  specific_current_1C: 150 mA/g
  start: {voltage: 4.0 V}
  steps:
    - Charge at 15C until 4.11 V
    - Hold at 4.11 V for 0.2 seconds
    - Charge at 195C for 1 hour
numerics: {tolerance: 7e-3}
output: {fields: [occupancy]}
"""


def outcome(folder: Path) -> dict[str, Any]:
    summary = json.loads((folder / "summary.json").read_text())
    with (folder / "history.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    capacities = {f"capacity {k}": step["capacity_mAh_g"] for k, step in enumerate(summary["steps"])}
    means = {
        f"{moment} {name} {key}": region[key]
        for moment in ("equilibrium", "final")
        for name, region in summary[moment]["regions"].items()
        for key in ("mean_occupancy", "mean_hydrostatic_stress_Pa")
    }
    history = {
        f"{column} {k}": float(row[column])
        for k, row in enumerate(rows)
        for column in ("time [s]", "voltage [V]", "capacity [mAh/g]")
    }
    return {"summary": summary, "numbers": capacities | means | history, "rows": rows}


def test_large_disc(on_ranks: OnRanks, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(CASE)
    found = {}
    for ranks in (1, 2, 3):
        done = on_ranks(
            ranks, "-m", "solver.cli", "run", "case.yaml", "--out", f"on{ranks}", cwd=tmp_path, timeout=600
        )
        assert done.returncode == 3, done.stderr[-3000:]  # the surface ran empty
        found[ranks] = outcome(tmp_path / f"on{ranks}")
    one = found[1]["summary"]
    assert one["counts"]["dofs"] >= LEAST_UNKNOWNS
    assert one["counts"]["rejected"] > 0
    assert sum(one["rejected_by_reason"].values()) == one["counts"]["rejected"]
    assert [step["reason"] for step in one["steps"]] == ["voltage", "time", "surface_depleted"]
    held = [row for row in found[1]["rows"] if row["step"] == "2"]
    assert len(held) > 1
    for ranks, run in found.items():
        summary = run["summary"]
        assert summary["ranks"] == ranks
        assert summary["lithium_balance_error"] < 1e-10
        assert summary["volume_mean_stress_error"] < 1e-8
        cut = [float(row["voltage [V]"]) for row in run["rows"] if row["step"] in ("1", "2")]
        assert max(cut) <= 4.11 + 1e-3
        for key in ("cells", "dofs", "increments", "rejected"):
            assert summary["counts"][key] == one["counts"][key], key
        assert summary["rejected_by_reason"] == one["rejected_by_reason"]
        assert [s["reason"] for s in summary["steps"]] == [s["reason"] for s in one["steps"]]
        assert run["numbers"].keys() == found[1]["numbers"].keys()
        for name, value in found[1]["numbers"].items():
            assert run["numbers"][name] == pytest.approx(value, rel=TOLERANCE, abs=1e-14), name
