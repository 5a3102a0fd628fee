from pathlib import Path
from typing import Any

import pytest

from solver.case import Case, case_hash, load_case, write_resolved
from solver.case.resolved import number_text
from solver.case.shipped import shipped_cases

type Load = Any


def reloaded(case: Case, tmp_path: Path) -> Case:
    (tmp_path / "resolved.yaml").write_text(write_resolved(case), encoding="utf-8")
    return load_case(tmp_path / "resolved.yaml")


@pytest.mark.parametrize("name", shipped_cases())
def test_a_shipped_case_resolves_to_itself(name: str, tmp_path: Path) -> None:
    case = load_case(name)
    again = reloaded(case, tmp_path)
    assert again == case
    assert write_resolved(again) == write_resolved(case)


def test_defaults_are_written_out_with_units(load: Load, complete: str) -> None:
    text = write_resolved(load(complete.replace("stack_pressure: 760 MPa, ", "")))
    for line in (
        "  stack_pressure: 0 Pa",
        "  loading: hydrostatic",
        "  medium_poisson_ratio: 0.36",
        "  anodic_transfer: 0.5",
        "  area_specific_resistance: 0 ohm*m^2",
        "  sector: full",
        "  reference_potential: 0 V",
        "    activation_volume: 1e-06 m^3/mol",
        "  tolerance: 0.001",
    ):
        assert line in text.splitlines()


def test_every_step_and_condition_survives(load: Load, complete: str, tmp_path: Path) -> None:
    steps = """\
  steps:
    - Charge at C/3 until 4.3 V
    - {repeat: 2, steps: [{drive: specific_current, value: -30 mA/g, for: 2 h, until: [{occupancy: 0.9}]}]}
    - drive: voltage
      value: 4.3 V
      until: [{c_rate: 0.05}, {current_density: 1 mA/m^2}, {specific_current: 1 A/kg}]
    - Rest for 1 hour
"""
    head, _, rest = complete.partition("  steps:\n")
    case = load(head + steps + rest[rest.index("numerics") :])
    assert len(case.protocol.steps) == 5
    assert reloaded(case, tmp_path) == case


PLANE = "dimension: plane_strain, radius: 2 um"
DISPERSED = f"kind: dispersed, {PLANE}, rock_salt_fraction: 35 %"
GEOMETRIES = [
    "kind: core_shell, dimension: axisymmetric, radius: 2 um, shell_thickness: 0 nm, "
    "crystal: {c_axis: [0, 0, 1]}",
    DISPERSED + ", morphology: {kind: random_field, correlation_length: 300 nm}",
    DISPERSED + ", morphology: {kind: domains, size: 300 nm}, seed: 7",
    DISPERSED + ", sector: half, skin_thickness: 30 nm, "
    "morphology: {kind: lamellae, spacing: 400 nm, orientation: by_domain, domain_size: 1 um}",
    DISPERSED + ", morphology: {kind: spheres, radius: 200 nm, overlap: true}",
    f"kind: hollow_secondary, {PLANE}, cavity_radius: 1 um, grain_size: 300 nm, cavity_wetted: true, "
    "grains: {kind: voronoi, seed: 3}, rock_salt: {place: surface_shell, thickness: 50 nm}",
]


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_geometries_survive(load: Load, complete: str, tmp_path: Path, geometry: str) -> None:
    head, _, rest = complete.partition("geometry:\n")
    isotropic = "phases.rock_salt.elasticity={kind: isotropic, young_modulus: 200 GPa, poisson_ratio: 0.3}"
    case = load(f"{head}geometry: {{{geometry}}}\n{rest[rest.index('phases:') :]}", isotropic)
    assert reloaded(case, tmp_path) == case
    assert case.mesh_geometry().radius == 2e-6


def test_numbers_are_exact_and_short() -> None:
    assert number_text(2.5e-6, "m") == "2.5e-06 m"
    assert number_text(1 / 3, "V") == "0.3333333333333333 V"
    assert number_text(0.5, "") == 0.5


def test_the_hash_follows_the_content_and_not_the_name(load: Load, complete: str) -> None:
    first, renamed = load(complete), load(complete.replace("name: small", "name: other"))
    changed = load(complete.replace("coherency: 0.5", "coherency: 0.6"))
    assert case_hash(first) == case_hash(renamed) != case_hash(changed)


def test_a_case_cannot_be_changed(load: Load, complete: str) -> None:
    case = load(complete)
    with pytest.raises(ValueError, match="frozen"):
        case.geometry.radius = 1.0
