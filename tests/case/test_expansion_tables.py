"""Tabulated expansions in a case: read, written back, and as far as the protocol goes."""

from typing import Any

import numpy as np
import pytest

from solver.case import write_resolved
from solver.check import check_lines
from solver.materials.phase import build_phase

VEGARD = "expansion: {kind: vegard, partial_molar_volume: 1.35e-6 m^3/mol, reference_occupancy: 1}"
ROWS = (
    "[{occupancy: 0.2, a: 2.814 angstrom, c: {value: 14.03 angstrom, source: X, confidence: S}}, "
    "{occupancy: 0.45, a: 2.83 angstrom, c: 1.446 nm}, {occupancy: 1, a: 2.874 angstrom, c: 14.2 angstrom}]"
)
INERT = "phases.rock_salt.host={kind: inert}"


@pytest.fixture
def tabulated(complete: str) -> str:
    return complete.replace(VEGARD, f"expansion: {{kind: table, reference_occupancy: 1, rows: {ROWS}}}")


def test_rows_are_read_in_si_and_written_back(load: Any, tabulated: str) -> None:
    case = load(tabulated)
    rows = case.phases.layered.expansion.rows
    assert [row.occupancy for row in rows] == [0.2, 0.45, 1.0]
    np.testing.assert_allclose([row.c for row in rows], [14.03e-10, 14.46e-10, 14.2e-10], rtol=1e-14)
    assert case.phases.layered.provenance["expansion.rows[0].c"]["source"] == "X"
    text = write_resolved(case)
    assert load(text) == case
    assert write_resolved(load(text)) == text


def test_the_phase_follows_its_rows(load: Any, tabulated: str) -> None:
    case = load(tabulated)
    phase = build_phase(case.phases.layered, case.temperature)
    strain = phase.chemical_strain(np.array([0.2, 0.45, 1.0]))
    np.testing.assert_allclose(strain[:, 0, 0], [2.814 / 2.874 - 1, 2.83 / 2.874 - 1, 0.0], atol=1e-15)
    np.testing.assert_allclose(strain[:, 2, 2], [14.03 / 14.2 - 1, 14.46 / 14.2 - 1, 0.0], atol=1e-15)
    np.testing.assert_array_equal(strain[:, 0, 0], strain[:, 1, 1])


def test_check_tells_the_table(load: Any, tabulated: str) -> None:
    lines = list(check_lines(load(tabulated)))
    at = lines.index("# tabulated expansion")
    assert lines[at + 2].split()[:3] == ["0.2", "-2.088", "%"]
    assert lines[at + 4].split()[1:4] == ["+0.000", "%", "+0.000"]


def test_one_reference_of_strain(refuse: Any, tabulated: str) -> None:
    (line,) = refuse(tabulated, "phases.layered.expansion.reference_occupancy=0.5")
    assert "differs from the lattice's occupancy 1" in line


@pytest.mark.parametrize(
    ("start", "words"), [("{voltage: 4.5 V}", "without stress"), ("{occupancy: 0.1}", "0.1")]
)
def test_a_start_outside_the_table_is_refused(refuse: Any, tabulated: str, start: str, words: str) -> None:
    text = tabulated.replace("start: {voltage: 3.6 V}", f"start: {start}")
    (line,) = refuse(text, INERT, "protocol.steps=[]")
    assert "protocol.start." in line
    assert words in line
    assert "outside the layered phase's expansion table, 0.2 to 1" in line


def test_a_mean_occupancy_of_two_phases_tells_nothing(load: Any, tabulated: str) -> None:
    text = tabulated.replace("start: {voltage: 3.6 V}", "start: {occupancy: 0.1}")
    assert not load(text, "protocol.steps=[]").warnings


def test_a_voltage_outside_the_table_is_warned_about(load: Any, tabulated: str) -> None:
    (warning,) = load(tabulated, "protocol.steps=[Charge at 1C until 4.4 V, Rest for 1 h]").warnings
    assert "4.4 V ('Charge at 1C until 4.4 V') is occupancy" in warning
    assert not load(tabulated, "protocol.steps=[Charge at 1C until 4.05 V]").warnings


@pytest.mark.parametrize(
    ("axis", "sector"), [("[0, 0, 1]", "octant"), ("[1, 1, 0]", "half"), ("[1, 2, 3]", "full")]
)
def test_a_tabulated_crystal_asks_for_its_own_mirrors(
    load: Any, tabulated: str, axis: str, sector: str
) -> None:
    shape = (
        "geometry={kind: core_shell, dimension: 3d, radius: 2.5 um, shell_thickness: 400 nm, "
        "crystal: {c_axis: "
    )
    case = load(
        tabulated,
        f"{shape}{axis}}}}}",
        "phases.rock_salt.elasticity={kind: isotropic, young_modulus: 200 GPa, poisson_ratio: 0.3}",
        "phases.rock_salt.misfit={kind: isotropic, strain: 1 %}",
    )
    assert case.geometry.sector == sector
