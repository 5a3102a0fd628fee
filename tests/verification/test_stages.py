"""Lithium that does not look at stress is solved for first; the results are those of both fields together."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.verification.setups import hand_made
from solver.cli import main
from solver.discretisation.media import Couplings, Media
from solver.results.history import read_table
from tests.small_bodies import DISPERSED_OCTANT

from .test_tabulated_expansion import curved_particle

GEOMETRIES = {
    "generalised_plane_strain": """
  kind: core_shell
  dimension: generalised_plane_strain
  radius: 2.5 um
  shell_thickness: 600 nm
  mesh_size: {bulk: 700 nm, interface: 250 nm}""",
    "3d": DISPERSED_OCTANT,
}
CASE = """
name: stages
architecture: solid
temperature: 298.15 K
geometry:{geometry}
phases:
  layered: nmc721
  rock_salt:
    extends: rock_salt_lithiated
    elasticity: {{kind: isotropic, young_modulus: 0.2 GPa, poisson_ratio: 0.31}}
couplings: {{{couplings}}}
mechanics: {{coherency: 0.5, stack_pressure: 300 MPa}}
surface: {{exchange_current_density: 1 A/m^2, exchange_current: concentration}}
protocol:
  specific_current_1C: 150 mA/g
  start: {{voltage: 3.8 V}}
  steps: [Charge at 1C for 20 seconds, Hold at 3.85 V for 10 seconds]
numerics: {{max_increment: 4 s, tolerance: 5e-2, linear_solver: {linear}}}
output: {{fields: [occupancy]}}
"""
ERRORS = {"force_residual", "lithium_balance", "volume_mean_error", "newton_iterations"}
"""Columns of what is left over, not of results."""
DEAF = "stress_in_potential: false, stress_in_mobility: false"
RIGID = f"{DEAF}, chemical_strain: false"


def run(folder: Path, name: str, geometry: str, couplings: str, linear: str) -> tuple[Any, Any]:
    """History by column, and summary."""
    text = CASE.format(geometry=GEOMETRIES[geometry], couplings=couplings, linear=linear)
    (folder / f"{name}.yaml").write_text(text)
    assert main(["run", str(folder / f"{name}.yaml"), "--out", str(folder / name)]) == 0
    table = read_table(folder / name / "history.csv")
    columns = {key: values for key, values in table.items() if values.dtype.kind == "f"}
    return columns, json.loads((folder / name / "summary.json").read_text())


@pytest.mark.parametrize(
    ("geometry", "linear"),
    [("generalised_plane_strain", "direct"), ("generalised_plane_strain", "block"), ("3d", "block")],
)
def test_one_after_the_other_gives_what_both_together_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, geometry: str, linear: str
) -> None:
    apart, summary = run(tmp_path, "apart", geometry, DEAF, linear)
    with monkeypatch.context() as patch:
        patch.setattr(Media, "hears_stress", True)
        together, wanted = run(tmp_path, "together", geometry, DEAF, linear)
    assert ", then " in summary["linear_solver"]
    assert ", then " not in wanted["linear_solver"]
    assert summary["counts"]["increments"] == wanted["counts"]["increments"] > 5
    stresses = [key for key in apart if "stress" in key and key.endswith("[Pa]")]
    assert stresses
    for key in together.keys() - ERRORS:
        size = 1e8 if key in stresses else float(np.max(np.abs(together[key])))
        assert np.max(np.abs(apart[key] - together[key])) <= 1e-8 * size, key
    # Lithium strains the particle: its stress must not be that of the start.
    assert max(np.ptp(apart[key]) for key in stresses) > 1e4


def test_without_chemical_strain_the_stress_stays_that_of_the_start(tmp_path: Path) -> None:
    apart, summary = run(tmp_path, "rigid", "generalised_plane_strain", RIGID, "direct")
    assert ", then " not in summary["linear_solver"]
    moved = apart[next(key for key in apart if "occupancy" in key)]
    assert np.ptp(moved) > 1e-5
    for key in [key for key in apart if "stress" in key and key.endswith("[Pa]")]:
        assert np.ptp(apart[key]) == 0.0, key
        assert np.max(np.abs(apart[key])) > 1e6, key


def test_what_is_heard_and_what_swells() -> None:
    def media(**switches: bool) -> Media:
        mesh, phases = hand_made.box("plane_strain", 3), hand_made.coupled_phases()
        return hand_made.particle(mesh, phases, couplings=Couplings(**switches)).media

    assert media().hears_stress
    assert media(stress_in_potential=False).hears_stress
    assert media(stress_in_mobility=False).hears_stress
    assert not media(stress_in_potential=False, stress_in_mobility=False).hears_stress
    assert media(stress_in_potential=False, stress_in_mobility=False).swells
    assert not media(chemical_strain=False).swells
    tabulated = curved_particle("plane_strain").media
    assert tabulated.hears_stress
    assert tabulated.swells
