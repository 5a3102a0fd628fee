"""A small, complete case, and ways to write and load variants of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from solver.case import Case, CaseError, load_case

COMPLETE = """\
name: small
architecture: solid
temperature: 298.15 K
geometry:
  kind: core_shell
  dimension: spherical
  radius: 2.5 um
  shell_thickness: 100 nm
phases:
  layered:
    density: 4760 kg/m^3
    max_concentration: 48940 mol/m^3
    elasticity: {kind: isotropic, young_modulus: 190 GPa, poisson_ratio: 0.25}
    expansion: {kind: vegard, partial_molar_volume: 1.35e-6 m^3/mol, reference_occupancy: 1}
    lattice: {a: 2.878 Å, c: 14.19 Å}
    diffusivity: {kind: chemical, value: 1e-15 m^2/s}
    activation_volume: 1e-6 m^3/mol
    host:
      kind: msmr
      sites:
        - {potential: 3.7 V, fraction: 0.6, omega: 1.5}
        - {potential: 4.1 V, fraction: 0.4, omega: 4}
  rock_salt:
    density: 5620 kg/m^3
    max_concentration: 28490 mol/m^3
    elasticity: {kind: cubic, C11: 345 GPa, C12: 141 GPa, C44: 90 GPa}
    expansion: {kind: vegard, partial_molar_volume: 1e-6 m^3/mol, reference_occupancy: 1}
    misfit: {kind: lattice, a: 4.12 Å}
    diffusivity: {kind: tracer, value: 2e-17 m^2/s}
    host: {kind: ideal, standard_potential: 3.8 V}
mechanics: {coherency: 0.5, stack_pressure: 760 MPa, loading: hydrostatic}
couplings: {misfit: true, chemical_strain: true, stress_in_potential: true, stress_in_mobility: true}
surface:
  exchange_current_density: 1 A/m^2
protocol:
  specific_current_1C: 150 mA/g
  start: {voltage: 3.6 V}
  steps:
    - Charge at 1C until 4.3 V
    - Hold at 4.3 V for 15 minutes
    - {drive: current_density, value: -2 A/m^2, for: 1000 s}
numerics: {tolerance: 1e-3, max_increment: 60 s, linear_solver: auto}
output: {fields: [occupancy, hydrostatic_stress], every: 10}
"""

type Load = Callable[..., Case]
type Refuse = Callable[..., tuple[str, ...]]


@pytest.fixture
def complete() -> str:
    return COMPLETE


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load a text as `case.yaml`, with other files beside it."""
    monkeypatch.chdir(tmp_path)

    def from_text(text: str, *overrides: str, **files: str) -> Case:
        for name, content in files.items():
            Path(f"{name}.yaml").write_text(content, encoding="utf-8")
        Path("case.yaml").write_text(text, encoding="utf-8")
        return load_case(Path("case.yaml"), overrides)

    return from_text


@pytest.fixture
def refuse(load: Load) -> Refuse:
    """Load a text that must be refused and return the error lines."""

    def from_text(text: str, *overrides: str, **files: str) -> tuple[str, ...]:
        with pytest.raises(CaseError) as caught:
            load(text, *overrides, **files)
        return caught.value.lines

    return from_text
