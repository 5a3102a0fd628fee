"""The linear solver of a run: chosen in the case, tuned from the command line, unseen in the results."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CASE = """
name: linear
architecture: solid
temperature: 298.15 K
geometry:
  kind: core_shell
  dimension: generalised_plane_strain
  radius: 2.5 um
  shell_thickness: 600 nm
  mesh_size: {bulk: 600 nm, interface: 200 nm}
phases: {layered: nmc721, rock_salt: rock_salt_lithiated}
mechanics: {coherency: 0.5, stack_pressure: 300 MPa}
surface: {exchange_current_density: 1 A/m^2}
protocol:
  specific_current_1C: 150 mA/g
  start: {voltage: 3.8 V}
  steps: [Charge at 1C for 1 minute]
numerics: {tolerance: 5e-2}
output: {fields: [occupancy]}
"""


def start(folder: Path, name: str, *words: str) -> tuple[int, dict[str, Any]]:
    (folder / "case.yaml").write_text(CASE)
    command = [sys.executable, "-m", "solver.cli", "run", "case.yaml", "--out", name, *words]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads((folder / name / "summary.json").read_text())


def mean_iterations(summary: dict[str, Any]) -> float:
    return float(summary["counts"]["linear_iterations"] / summary["counts"]["linear_solves"])


def test_block_direct_and_options(tmp_path: Path) -> None:
    block = ("--set", "numerics.linear_solver=block")
    code, direct = start(tmp_path, "direct", "--set", "numerics.linear_solver=direct")
    assert code == 0
    assert direct["linear_solver"].startswith("direct")
    assert mean_iterations(direct) == 1.0
    code, blocked = start(tmp_path, "block", *block)
    assert code == 0
    assert blocked["linear_solver"].startswith("GMRES")
    assert 2.0 < mean_iterations(blocked) < 15.0
    # A tighter tolerance, handed through to PETSc, costs iterations and changes nothing else.
    code, tighter = start(tmp_path, "tighter", *block, "--petsc", "-ksp_rtol 1e-13")
    assert code == 0
    assert mean_iterations(tighter) > mean_iterations(blocked) + 1.0
    for other in (blocked, tighter):
        assert other["counts"]["increments"] == direct["counts"]["increments"]
        assert other["lithium_balance_error"] < 1e-10
        assert other["final"]["voltage_V"] == pytest.approx(direct["final"]["voltage_V"], rel=1e-8)
        step, wanted = other["steps"][0], direct["steps"][0]
        assert step["capacity_mAh_g"] == pytest.approx(wanted["capacity_mAh_g"], rel=1e-8)
        for name, region in direct["final"]["regions"].items():
            for key in ("mean_occupancy", "mean_hydrostatic_stress_Pa", "p95_principal_stress_Pa"):
                assert other["final"]["regions"][name][key] == pytest.approx(region[key], rel=1e-8)


@pytest.mark.parametrize(
    ("options", "reasons"),
    [("-ksp_max_it 1", []), ("-ksp_max_it 15 -transport_pc_type none", ["numerics"])],
    ids=["at the start", "in the march"],
)
def test_an_option_that_cripples_the_solver_ends_the_run(
    tmp_path: Path, options: str, reasons: list[str]
) -> None:
    code, summary = start(tmp_path, "crippled", "--set", "numerics.linear_solver=block", "--petsc", options)
    assert code == 4
    assert summary["status"] == "failed"
    assert [step["reason"] for step in summary["steps"]] == reasons
    assert (summary["counts"]["rejected"] > 0) == bool(reasons)
