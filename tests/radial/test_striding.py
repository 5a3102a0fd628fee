"""Strides beside single increments: the same march, in fewer calls."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from solver.case import load_case
from solver.radial import curves, striding
from solver.radial.curves import Curve, march
from solver.radial.stride import ladder_factor
from solver.stepping.attempt import Stepper
from solver.stepping.control import LADDER, StepControl
from solver.stepping.march import March

SHELL, SPHERE = "quick/core_shell_liquid", "quick/sphere_2007"
COARSE = ("geometry.mesh_size={bulk: 250 nm, interface: 20 nm}", "numerics.tolerance=1e-3")
DILUTE = ("geometry.mesh_size={bulk: 300 nm, interface: 300 nm}", "numerics.tolerance=1e-3")
TO_LIMITS = (
    "protocol.steps=['Charge at 2C until 4.2 V', 'Hold at 4.2 V until C/4', 'Discharge at 3C until 3 V']"
)

CASES = {
    "limits": (SHELL, (*COARSE, TO_LIMITS)),
    "limits with a resistance": (
        SHELL,
        (*COARSE, TO_LIMITS, "surface.area_specific_resistance=10 ohm*cm^2"),
    ),
    "an occupancy and a rest": (
        SHELL,
        (
            *COARSE,
            "protocol.steps=[{drive: c_rate, value: 1, until: [{occupancy: 0.6}]}, 'Rest for 5 minutes']",
        ),
    ),
    "bounded increments": (
        SHELL,
        (*COARSE, "numerics.max_increment=9 s", "protocol.steps=['Charge at 1C for 7 minutes']"),
    ),
    "a surface that fills": (
        SPHERE,
        (
            *DILUTE,
            "protocol.steps=[{drive: current_density, value: -2 A/m^2, for: 3 hours}, 'Rest for 20 s']",
        ),
    ),
    "a surface that empties": (SHELL, (*COARSE, "protocol.steps=['Charge at 8C for 2 hours']")),
}


@pytest.fixture
def strides(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[int]]:
    """How many attempts each stride has made."""
    made, stride = [], striding.stride

    def told(*arguments: Any) -> int:
        states = stride(*arguments)
        made.append(states - arguments[9])
        return states

    monkeypatch.setattr(striding, "stride", told)
    return lambda: made


@pytest.mark.parametrize("name", CASES)
def test_strides_are_single_increments_in_a_row(
    name: str, strides: Callable[[], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    case = load_case(*CASES[name])
    found, made = march(case), list(strides())
    monkeypatch.setattr(curves, "StridingMarch", March)
    monkeypatch.setattr(curves, "StridingStepper", Stepper)
    wanted = march(case)
    assert strides() == made
    same(found, wanted)
    # Attempts that nobody asked for would be made in vain; each search for a limit makes some on its own.
    asked = len(found.time) - 1 + found.rejected
    assert sum(made) <= asked + 1
    assert len(made) <= 2 * len(found.steps) + found.rejected + asked // striding.LENGTH


def same(found: Curve, wanted: Curve) -> None:
    """Both are one march but for round-off."""
    assert (found.status, found.problem) == (wanted.status, wanted.problem)
    assert len(found.time) > 10
    assert (found.rejected, found.iterations) == (wanted.rejected, wanted.iterations)
    assert [(end.name, end.reason) for end in found.steps] == [(end.name, end.reason) for end in wanted.steps]
    assert found.step.tolist() == wanted.step.tolist()
    for values, others in (
        (found.time, wanted.time),
        (found.voltage, wanted.voltage),
        (found.occupancy, wanted.occupancy),
    ):
        assert values == pytest.approx(others, rel=1e-12, abs=1e-12)
    for values, others in ((found.current, wanted.current), (found.capacity, wanted.capacity)):
        assert values == pytest.approx(others, rel=1e-11, abs=1e-12 * float(np.max(np.abs(others))))


def test_the_ladder_is_that_of_the_march() -> None:
    control = StepControl(1e-3)
    errors = 10.0 ** np.linspace(-14.0, 4.0, 2001)
    for order in (1, 2):
        found = [ladder_factor(error, order) for error in errors.tolist()]
        assert found == [control.factor(error, order) for error in errors.tolist()]
        assert set(found) == set(LADDER)
