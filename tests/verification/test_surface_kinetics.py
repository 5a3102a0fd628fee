"""Charge transfer alone: the overpotential of a given current, and the ohmic drop on top of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run

SOLID = exact.Solid(139e9, 0.26)
CAPACITY = 47e3
EXCHANGE = 0.83
CURRENTS = (-2.9, 0.021, 1.7)

Runner = Callable[[Any], Run]


def driven(surface: dict[str, Any], dimension: str = "spherical") -> Any:
    """A well conducting particle under one current after another."""
    layered = cases.lithium(SOLID, cases.ideal(3.8), CAPACITY, 1.3e-6, ("chemical", 2e-13))
    sizes = (150e-9, 100e-9) if dimension == "spherical" else (700e-9, 500e-9)
    steps = [cases.drive("current_density", current, 9.0) for current in CURRENTS]
    kinetics = {"exchange_current_density": f"{EXCHANGE!r} A/m^2", **surface}
    return cases.case(
        "kinetics",
        cases.core_shell(dimension, 0.0, sizes),
        {"layered": layered},
        {"occupancy": 0.6},
        steps,
        surface=kinetics,
        numerics={"tolerance": 3e-2, "max_increment": "3 s"},
    )


def rows(found: Run, step: int) -> Any:
    """Which rows of the history belong to a step."""
    return found.history["step"] == step


@pytest.mark.parametrize("dimension", ["spherical", "generalised_plane_strain"])
def test_equal_transfer_coefficients(run: Runner, dimension: str) -> None:
    found = run(driven({}, dimension))
    for step, current in enumerate(CURRENTS, start=1):
        here = rows(found, step)
        assert np.count_nonzero(here) >= 3
        wanted = exact.overpotential(current, EXCHANGE, cases.TEMPERATURE)
        assert found.history["overpotential [V]"][here] == pytest.approx(wanted, rel=1e-6)
        assert found.history["current_density [A/m2]"][here] == pytest.approx(current, rel=1e-10)
        assert np.all(found.history["ohmic_part [V]"][here] == 0.0)


def test_unequal_transfer_coefficients(run: Runner) -> None:
    transfer = (0.37, 0.71)
    found = run(driven({"anodic_transfer": transfer[0], "cathodic_transfer": transfer[1]}))
    for step, current in enumerate(CURRENTS, start=1):
        for overpotential in found.history["overpotential [V]"][rows(found, step)]:
            back = exact.butler_volmer(float(overpotential), EXCHANGE, transfer, cases.TEMPERATURE)
            assert back == pytest.approx(current, rel=1e-8)


def test_area_specific_resistance_adds_an_ohmic_drop(run: Runner) -> None:
    resistance = 0.0123
    found = run(driven({"area_specific_resistance": f"{resistance!r} ohm*m^2"}))
    history = found.history
    for step, current in enumerate(CURRENTS, start=1):
        here = rows(found, step)
        assert history["ohmic_part [V]"][here] == pytest.approx(resistance * current, rel=1e-9)
        wanted = exact.overpotential(current, EXCHANGE, cases.TEMPERATURE)
        assert history["overpotential [V]"][here] == pytest.approx(wanted, rel=1e-8)
        parts = history["open_circuit_part [V]"] + history["overpotential [V]"] + history["ohmic_part [V]"]
        assert history["voltage [V]"][here] == pytest.approx(parts[here], rel=1e-12)
    assert found.final["voltage_V"] == pytest.approx(history["voltage [V]"][-1], rel=1e-12)


def test_current_density_is_over_the_contacted_surface(run: Runner) -> None:
    contact = 0.35
    found = run(driven({"contact_fraction": contact}))
    for step, current in enumerate(CURRENTS, start=1):
        here = rows(found, step)
        assert found.history["current_density [A/m2]"][here] == pytest.approx(contact * current, rel=1e-9)
        wanted = exact.overpotential(current, EXCHANGE, cases.TEMPERATURE)
        assert found.history["overpotential [V]"][here] == pytest.approx(wanted, rel=1e-8)


def test_exchange_current_that_follows_the_concentration(run: Runner) -> None:
    found = run(driven({"exchange_current": "concentration"}))
    theta = found.point("surface", "concentration_mol_m3") / CAPACITY
    exchange = EXCHANGE * np.sqrt(theta * (1.0 - theta)) / 0.5
    wanted = exact.overpotential(CURRENTS[-1], exchange, cases.TEMPERATURE)
    assert abs(exchange / EXCHANGE - 1.0) > 1e-3
    assert found.history["overpotential [V]"][-1] == pytest.approx(wanted, rel=1e-8)


def test_the_start_is_at_rest(run: Runner) -> None:
    found = run(driven({}))
    wanted = exact.lattice_gas_potential(0.6, 3.8, cases.TEMPERATURE)
    assert found.history["voltage [V]"][0] == pytest.approx(found.equilibrium["voltage_V"], rel=1e-12)
    assert found.equilibrium["voltage_V"] == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("dimension", ["spherical", "generalised_plane_strain"])
def test_a_current_far_above_the_exchange_current(run: Runner, dimension: str) -> None:
    exchange = 1e-6 * EXCHANGE
    found = run(driven({"exchange_current_density": f"{exchange!r} A/m^2"}, dimension))
    for step, current in enumerate(CURRENTS, start=1):
        wanted = exact.overpotential(current, exchange, cases.TEMPERATURE)
        assert found.history["overpotential [V]"][rows(found, step)] == pytest.approx(wanted, rel=1e-6)
