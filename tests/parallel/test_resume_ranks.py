"""A run goes on on any number of ranks: stopped in a voltage hold, it ends as if it never had been."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from solver.results import read_run
from solver.results.history import read_table
from tests.small_bodies import DISPERSED_OCTANT

OnRanks = Callable[..., subprocess.CompletedProcess[str]]

TOLERANCE = 1e-8
FOLLOWING = {"force_residual", "lithium_balance", "volume_mean_error", "newton_iterations"}
"""Columns of round-off, and of counts that it may change."""

GEOMETRIES: Mapping[str, str] = {
    "core_shell": """
  kind: core_shell
  dimension: axisymmetric
  radius: 2.5 um
  shell_thickness: 600 nm
  mesh_size: {bulk: 700 nm, interface: 250 nm}""",
    "dispersed": DISPERSED_OCTANT,
    "hollow": """
  kind: hollow_secondary
  dimension: generalised_plane_strain
  radius: 2.5 um
  cavity_radius: 1 um
  grain_size: 1.5 um
  grains: {kind: voronoi, seed: 3}
  rock_salt: {place: surface_shell, thickness: 700 nm}
  mesh_size: {bulk: 800 nm, interface: 400 nm}""",
    "sphere": """
  kind: core_shell
  dimension: spherical
  radius: 2.5 um
  shell_thickness: 200 nm
  mesh_size: {bulk: 250 nm, interface: 50 nm}""",
}
CASE = """
name: {name}
architecture: liquid
temperature: 298.15 K
geometry: {geometry}
phases:
  layered: nmc721
  rock_salt: rock_salt_lithiated
mechanics: {{coherency: 0.3, stack_pressure: 40 MPa}}
surface: {{exchange_current_density: 1 A/m^2, area_specific_resistance: 0.02 ohm*m^2}}
protocol:
  specific_current_1C: 150 mA/g
  start: {{voltage: 3.75 V}}
  steps:
    - Charge at C/3 for 6 minutes
    - Hold at 3.9 V for 8 minutes
    - Discharge at C/3 for 4 minutes
numerics: {{tolerance: 1e-2, max_increment: 100 s}}
output: {{every: 2, checkpoint_every: 3}}
"""
# One start of the ranks for all cases. A run that is to stop does so in the third increment of the hold, so
# that a checkpoint of its own lies two increments back and another at the stop.
DRIVER = """
import sys
from solver.cli import main
from solver.recording import Recording
from solver.signals import StopRequest
held = [0]
told = Recording.increment
def count(self, step, *rest):
    held[0] += step == 2
    told(self, step, *rest)
Recording.increment = count
if sys.argv[1] == "stop":
    StopRequest.poll = lambda self, ending=0.0: held[0] >= 3 and not setattr(self, "name", "a test")
codes = []
for name in sys.argv[3:]:
    held[0] = 0
    words = ["resume"] if sys.argv[1] == "resume" else ["run", name + ".yaml", "--out"]
    codes.append(main([*words, sys.argv[2] + "/" + name]))
sys.exit(max(codes))
"""


def start(on_ranks: OnRanks, ranks: int, folder: Path, way: str, out: Path, code: int) -> None:
    done = on_ranks(ranks, "driver.py", way, out, *GEOMETRIES, cwd=folder, timeout=560)
    assert done.returncode == code, done.stdout + done.stderr


def test_goes_on_with_other_ranks(tmp_path: Path, on_ranks: OnRanks) -> None:
    (tmp_path / "driver.py").write_text(DRIVER)
    for name, geometry in GEOMETRIES.items():
        (tmp_path / f"{name}.yaml").write_text(CASE.format(name=name, geometry=geometry))
    start(on_ranks, 1, tmp_path, "run", tmp_path / "whole", 0)
    for ranks in (1, 2):
        start(on_ranks, ranks, tmp_path, "stop", tmp_path / f"on{ranks}", 130)
    shutil.copytree(tmp_path / "on2", tmp_path / "on2again")
    for before, after in (("on1", 2), ("on2", 1), ("on2again", 3)):
        start(on_ranks, after, tmp_path, "resume", tmp_path / before, 0)
        for name in GEOMETRIES:
            compare(tmp_path / "whole" / name, tmp_path / before / name)


def compare(whole: Path, resumed: Path) -> None:
    ours, theirs = (read_table(run / "history.csv") for run in (resumed, whole))
    assert list(ours) == list(theirs)
    for column in ours.keys() - FOLLOWING:
        scale = float(np.max(np.abs(theirs[column].astype(float))))
        gap = np.abs(ours[column].astype(float) - theirs[column].astype(float))
        assert gap.max() <= TOLERANCE * scale, (resumed, column)
    assert ours["lithium_balance"].astype(float).max() < 1e-10
    first, second = read_run(resumed), read_run(whole)
    assert [r.moment for r in first.snapshots] == [r.moment for r in second.snapshots]
    last, other = (run.snapshots[-1].load() for run in (first, second))
    for name in ("displacement", "chemical_potential", "hydrostatic_stress"):
        scale = float(np.max(np.abs(other[name])))
        np.testing.assert_allclose(last[name], other[name], rtol=0, atol=10 * TOLERANCE * scale, err_msg=name)
    for key in ("status", "steps"):
        for mine, its in zip(first.summary["steps"], second.summary["steps"], strict=True):
            assert mine["reason"] == its["reason"], key
            assert mine["capacity_mAh_g"] == pytest.approx(its["capacity_mAh_g"], rel=TOLERANCE)
