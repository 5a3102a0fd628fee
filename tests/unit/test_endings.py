"""What drives a step and what ends it, as numbers."""

from types import SimpleNamespace
from typing import Any

import pytest

from solver.protocol.drive import CurrentUnits, Drive, drive_of
from solver.protocol.ending import Ending, Observation, endings_of, first_met

UNITS = CurrentUnits(mass=3e-13, specific_current_1c=150.0, contacted_area=7e-11)
START = Observation(voltage=3.8, current=0.0, occupancy=0.6)


def step(drive: str, value: float = 0.0, **until: float) -> Any:
    conditions = tuple(SimpleNamespace(kind=kind, value=limit) for kind, limit in until.items())
    return SimpleNamespace(drive=drive, value=value, until=conditions)


@pytest.mark.parametrize(
    ("kind", "value", "current"),
    [
        ("c_rate", 0.5, 0.5 * 150.0 * 3e-13),
        ("specific_current", -30.0, -30.0 * 3e-13),
        ("current_density", 2.0, 2.0 * 7e-11),
    ],
)
def test_every_current_becomes_amperes(kind: str, value: float, current: float) -> None:
    drive = drive_of(step(kind, value), UNITS)
    assert drive.current == pytest.approx(current, rel=1e-14)
    assert drive.voltage is None


def test_a_rest_is_a_current_of_zero_and_a_hold_a_voltage() -> None:
    assert drive_of(step("rest"), UNITS) == Drive(current=0.0)
    assert drive_of(step("voltage", 4.3), UNITS) == Drive(voltage=4.3)


def test_an_unknown_drive_is_refused() -> None:
    with pytest.raises(ValueError, match="power"):
        UNITS.current("power", 1.0)


@pytest.mark.parametrize(
    ("current", "limit", "sign"),
    [(1e-12, 4.3, 1.0), (-1e-12, 2.7, -1.0), (1e-12, 3.5, 1.0), (0.0, 4.3, 1.0), (0.0, 2.7, -1.0)],
)
def test_a_voltage_limit_faces_the_way_the_step_moves(current: float, limit: float, sign: float) -> None:
    (ending,) = endings_of(step("c_rate", voltage=limit), Drive(current=current), UNITS, START)
    assert (ending.sign, ending.reason) == (sign, "voltage")


@pytest.mark.parametrize(("current", "sign"), [(1e-12, -1.0), (-1e-12, 1.0)])
def test_charging_empties_and_discharging_fills(current: float, sign: float) -> None:
    (ending,) = endings_of(step("c_rate", occupancy=0.3), Drive(current=current), UNITS, START)
    assert (ending.sign, ending.reason) == (sign, "occupancy")


def test_a_current_limit_is_met_from_above_whatever_its_direction() -> None:
    (ending,) = endings_of(step("voltage", 4.3, c_rate=0.05), Drive(voltage=4.3), UNITS, START)
    assert ending.reason == "current"
    assert ending.limit == pytest.approx(0.05 * 150.0 * 3e-13)
    for direction in (1.0, -1.0):
        assert ending.excess(Observation(4.3, direction * 2 * ending.limit, 0.5)) < 0.0
        assert ending.excess(Observation(4.3, direction * 0.5 * ending.limit, 0.5)) > 0.0


def test_the_first_condition_met_wins_by_its_own_tolerance() -> None:
    voltage, occupancy = Ending("voltage", 4.3, 1.0, "voltage"), Ending("occupancy", 0.3, -1.0, "occupancy")
    assert first_met([voltage, occupancy], Observation(4.2, 0.0, 0.4)) is None
    assert first_met([voltage, occupancy], Observation(4.31, 0.0, 0.4)) is voltage
    assert first_met([voltage, occupancy], Observation(4.2, 0.0, 0.2)) is occupancy
    # 1 mV is a hundred tolerances, 1e-4 of occupancy ten thousand.
    assert first_met([voltage, occupancy], Observation(4.301, 0.0, 0.2999)) is occupancy
    within = Observation(4.3 + 0.5 * voltage.tolerance, 0.0, 0.4)
    assert first_met([voltage], within) is None


def test_a_surface_limit_waits_for_a_surface() -> None:
    full = Ending("surface", 1.0, 1.0, "surface_saturated")
    assert full.excess(START) < 0.0
    assert full.excess(Observation(3.8, 0.0, 0.6, (0.2, 1.01))) == pytest.approx(0.01)
