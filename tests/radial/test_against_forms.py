"""Compiled code beside the forms: the same increments, the same numbers."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from solver.case import Case

RELATIVE = 1e-8
HOLLOW = (
    "geometry={kind: hollow_secondary, dimension: spherical, radius: 2.5 um, cavity_radius: 800 nm, "
    "grain_size: 600 nm, grains: {kind: radial}, cavity_wetted: true, "
    "mesh_size: {bulk: 250 nm, interface: 25 nm}}"
)
CHARGE = "protocol.steps=['Charge at 1C for 4 minutes or until 4.3 V', 'Rest for 2 minutes']"
THERE_AND_BACK = (
    "protocol.steps=['Charge at 1C for 3 minutes', 'Discharge at 1C for 3 minutes or until 2.7 V']"
)

CASES = {
    "core and shell": (),
    "to the limits": (
        "protocol.steps=['Charge at 2C until 4.25 V', 'Hold at 4.25 V until C/5', "
        "'Discharge at 2C until 2.7 V']",
    ),
    "resistance in a hold": (
        "surface.area_specific_resistance=40 ohm*cm^2",
        "protocol.steps=['Charge at 1C until 4.0 V', 'Hold at 4.0 V for 3 minutes', 'Rest for 1 minute']",
    ),
    "under pressure": ("mechanics.stack_pressure=760 MPa", "surface.contact_fraction=0.4", THERE_AND_BACK),
    "exchange current over occupancy": ("surface.exchange_current=concentration", THERE_AND_BACK),
    "no misfit": ("couplings.misfit=false", CHARGE),
    "no chemical strain": ("couplings.chemical_strain=false", CHARGE),
    "no stress in the potential": ("couplings.stress_in_potential=false", CHARGE),
    "no stress in the mobility": ("couplings.stress_in_mobility=false", CHARGE),
    "wetted cavity in radial grains": (HOLLOW, "mechanics.stack_pressure=300 MPa", THERE_AND_BACK),
    "hollow with a shell": (
        HOLLOW.replace("cavity_wetted: true", "rock_salt: {place: surface_shell, thickness: 60 nm}"),
        "surface.exchange_current=concentration",
        CHARGE,
    ),
    "inert shell at rest": ("phases.rock_salt=rock_salt_nio", "protocol.steps=['Rest for 3 minutes']"),
    "inert core": (
        "phases.layered.host={kind: inert}",
        "mechanics.stack_pressure=200 MPa",
        "protocol.steps=[{drive: current_density, value: 0.02 A/m^2, for: 2 minutes}]",
    ),
    "lattice gas": ("phases.layered.diffusivity={kind: lattice_gas, value: 1e-14 m^2/s}", CHARGE),
    "empty surface": ("protocol.steps=['Charge at 8C for 2 hours', 'Rest for 10 s']",),
    "full surface": ("protocol.steps=['Discharge at 6C for 2 hours', 'Rest for 10 s']",),
}
OF_ITS_OWN = {"force_residual", "lithium_balance", "volume_mean_error"}
"""Columns that say how well equations are solved: round-off."""


@pytest.mark.parametrize("name", CASES)
def test_same_march(marched: Callable[..., Any], name: str) -> None:
    compare(marched("forms", CASES[name]), marched("compiled", CASES[name]))


def test_same_closed_start(marched: Callable[..., Any]) -> None:
    def closed(case: Case) -> Case:
        start = type(case.protocol.start)(occupancy=0.63)
        return case.model_copy(update={"protocol": case.protocol.model_copy(update={"start": start})})

    forms, compiled = (marched(engine, (CHARGE,), change=closed) for engine in ("forms", "compiled"))
    compare(forms, compiled)
    content = compiled.summary["equilibrium"]["regions"]
    shares = [region["mean_occupancy"] for region in content.values()]
    assert min(shares) < 0.63 < max(shares)


def test_same_dilute_sphere(marched: Callable[..., Any]) -> None:
    fill = "protocol.steps=[{drive: current_density, value: -2 A/m^2, for: 3 hours}, 'Rest for 20 s']"
    for overrides in ((), (fill,)):
        # From a nearly empty host round-off decides which increment is the first that can be solved.
        sizes = "geometry.mesh_size={bulk: 300 nm, interface: 300 nm}"
        case = (sizes, "protocol.start.occupancy=0.02", *overrides)
        forms, compiled = (marched(engine, case, "quick/sphere_2007") for engine in ("forms", "compiled"))
        compare(forms, compiled)
    assert compiled.summary["steps"][0]["reason"] == "surface_saturated"


def compare(forms: Any, compiled: Any) -> None:
    assert forms.summary["linear_solver"].startswith("direct")
    assert compiled.summary["linear_solver"].startswith("compiled")
    assert "linear solver: compiled" in compiled.log
    assert len(compiled.rows) == len(forms.rows) > 1
    for wanted, found in zip(forms.rows, compiled.rows, strict=True):
        assert list(found) == list(wanted)
        for column in found:
            if column not in OF_ITS_OWN | {"newton_iterations"}:
                assert found[column] == pytest.approx(wanted[column], rel=RELATIVE, abs=_least(column, forms))
        assert abs(found["newton_iterations"] - wanted["newton_iterations"]) <= 1
        assert found["lithium_balance"] < 1e-12
        assert found["volume_mean_error"] < 1e-8
        assert found["force_residual"] < 1e-10
    for wanted, found in zip(forms.summary["steps"], compiled.summary["steps"], strict=True):
        assert found["reason"] == wanted["reason"]
        assert found["capacity_mAh_g"] == pytest.approx(wanted["capacity_mAh_g"], rel=RELATIVE, abs=1e-12)
        assert found["duration_s"] == pytest.approx(wanted["duration_s"], rel=RELATIVE)
    for region, wanted in forms.summary["final"]["regions"].items():
        found = compiled.summary["final"]["regions"][region]
        assert found["mean_occupancy"] == pytest.approx(wanted["mean_occupancy"], rel=RELATIVE)
        for key in ("mean_hydrostatic_stress_Pa", "p95_principal_stress_Pa"):
            assert found[key] == pytest.approx(wanted[key], rel=RELATIVE, abs=1.0)
    for point, wanted in forms.summary["final"]["points"].items():
        assert compiled.summary["final"]["points"][point] == pytest.approx(wanted, rel=1e-6, abs=10.0)
    counts, wanted = compiled.summary["counts"], forms.summary["counts"]
    assert counts["increments"] == wanted["increments"]
    assert counts["rejected"] == wanted["rejected"]
    for key in ("newton_iterations", "linear_solves", "linear_iterations"):
        assert counts[key] == pytest.approx(wanted[key], rel=0.02, abs=2)


def _least(column: str, run: Any) -> float:
    """What counts as nothing in a column, from its largest value: a rest has currents of round-off."""
    nothing = 1e-3 if column.endswith("[Pa]") else 1e-13
    return 1e-9 * float(np.max([abs(row[column]) for row in run.rows])) + nothing
