"""The quick forms of the shipped cases give the numbers they gave before."""

import json
from pathlib import Path

import pytest

from tests.regression.pinned import NAMES, PINS, RELATIVE, RELATIVE_3D, differences, figures, run_quick


@pytest.mark.parametrize("name", NAMES)
def test_quick_form_gives_the_pinned_numbers(name: str, tmp_path: Path) -> None:
    summary = run_quick(name, tmp_path)
    relative = RELATIVE_3D if name.endswith("_3d") else RELATIVE
    assert differences(figures(summary), json.loads(PINS.read_text())[name], relative) == []
    assert summary["status"] == "done"
    assert summary["lithium_balance_error"] < 1e-10
    assert summary["volume_mean_stress_error"] < 1e-8
    assert summary["counts"]["increments"] > 10


@pytest.mark.parametrize(
    "override",
    [
        "phases.layered.activation_volume=1.01e-6 m^3/mol",
        "phases.layered.expansion.partial_molar_volume=1.351e-6 m^3/mol",
        "mechanics.coherency=0.121",
        "surface.exchange_current_density=3.43 A/m^2",
        "couplings.stress_in_potential=false",
    ],
)
def test_a_small_change_of_the_physics_breaks_the_pins(override: str, tmp_path: Path) -> None:
    summary = run_quick("core_shell_liquid", tmp_path, override)
    assert differences(figures(summary), json.loads(PINS.read_text())["core_shell_liquid"]) != []


def test_missing_and_vanishing_figures_are_told_apart() -> None:
    pins = {"a_Pa": 1e9, "b_Pa": 0.0, "c": 1.0}
    assert differences({"a_Pa": 1e9, "b_Pa": 1.0, "c": 1.0}, pins) == []
    assert len(differences({"a_Pa": 1.00002e9, "b_Pa": 1e5, "c": 1.0}, pins)) == 2
    assert differences({"a_Pa": 1e9, "b_Pa": 0.0}, pins) == ["c: only on one side"]
