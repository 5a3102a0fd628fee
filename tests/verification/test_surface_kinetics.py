"""Charge transfer alone: the overpotential of a given current, and the ohmic drop on top of it."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.page import Dimension
from benchmarks.verification.pages.kinetics.butler_volmer import CAPACITY, STANDARD, START, Surface, driven
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run

EXCHANGE = 0.83
CURRENTS = (-2.9, 0.021, 1.7)

Runner = Callable[[Any], Run]


def rows(found: Run, step: int) -> Any:
    """Which rows of the history belong to a step."""
    return found.history["step"] == step


@pytest.mark.parametrize("dimension", ["spherical", "generalised_plane_strain"])
def test_equal_transfer_coefficients(run: Runner, dimension: Dimension) -> None:
    found = run(driven(Surface(exchange=EXCHANGE), dimension, CURRENTS))
    for step, current in enumerate(CURRENTS, start=1):
        here = rows(found, step)
        assert np.count_nonzero(here) >= 3
        wanted = exact.overpotential(current, EXCHANGE, cases.TEMPERATURE)
        assert found.history["overpotential [V]"][here] == pytest.approx(wanted, rel=1e-6)
        assert found.history["current_density [A/m2]"][here] == pytest.approx(current, rel=1e-10)
        assert np.all(found.history["ohmic_part [V]"][here] == 0.0)


# The sphere is marched by compiled code, the other by forms.
@pytest.mark.parametrize("dimension", ["spherical", "generalised_plane_strain"])
def test_unequal_transfer_coefficients(run: Runner, dimension: Dimension) -> None:
    transfer = (0.37, 0.71)
    found = run(driven(Surface(transfer, exchange=EXCHANGE), dimension, CURRENTS))
    for step, current in enumerate(CURRENTS, start=1):
        for overpotential in found.history["overpotential [V]"][rows(found, step)]:
            back = exact.butler_volmer(float(overpotential), EXCHANGE, transfer, cases.TEMPERATURE)
            assert back == pytest.approx(current, rel=1e-8)


def test_area_specific_resistance_adds_an_ohmic_drop(run: Runner) -> None:
    resistance = 0.0123
    found = run(driven(Surface(resistance=resistance, exchange=EXCHANGE), "spherical", CURRENTS))
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
    found = run(driven(Surface(contact=contact, exchange=EXCHANGE), "spherical", CURRENTS))
    for step, current in enumerate(CURRENTS, start=1):
        here = rows(found, step)
        assert found.history["current_density [A/m2]"][here] == pytest.approx(contact * current, rel=1e-9)
        wanted = exact.overpotential(current, EXCHANGE, cases.TEMPERATURE)
        assert found.history["overpotential [V]"][here] == pytest.approx(wanted, rel=1e-8)


def test_exchange_current_that_follows_the_concentration(run: Runner) -> None:
    found = run(driven(Surface(follows=True, exchange=EXCHANGE), "spherical", CURRENTS))
    theta = found.point("surface", "concentration_mol_m3") / CAPACITY
    exchange = EXCHANGE * np.sqrt(theta * (1.0 - theta)) / 0.5
    wanted = exact.overpotential(CURRENTS[-1], exchange, cases.TEMPERATURE)
    assert abs(exchange / EXCHANGE - 1.0) > 1e-3
    assert found.history["overpotential [V]"][-1] == pytest.approx(wanted, rel=1e-8)


def test_the_start_is_at_rest(run: Runner) -> None:
    found = run(driven(Surface(exchange=EXCHANGE), "spherical", CURRENTS))
    wanted = exact.lattice_gas_potential(START, STANDARD, cases.TEMPERATURE)
    assert found.history["voltage [V]"][0] == pytest.approx(found.equilibrium["voltage_V"], rel=1e-12)
    assert found.equilibrium["voltage_V"] == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("dimension", ["spherical", "generalised_plane_strain"])
def test_a_current_far_above_the_exchange_current(run: Runner, dimension: Dimension) -> None:
    exchange = 1e-6 * EXCHANGE
    found = run(driven(Surface(exchange=exchange), dimension, CURRENTS))
    for step, current in enumerate(CURRENTS, start=1):
        wanted = exact.overpotential(current, exchange, cases.TEMPERATURE)
        assert found.history["overpotential [V]"][rows(found, step)] == pytest.approx(wanted, rel=1e-6)
