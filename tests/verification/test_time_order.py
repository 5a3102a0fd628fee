"""The time scheme on the whole system: second order with uneven increments, scalars and charge included."""

import numpy as np
import pytest

from benchmarks.verification.setups import hand_made, hand_stepped, manufactured
from solver.discretisation.equilibrium import equilibrate
from solver.discretisation.stopwatch import Stopwatch
from solver.protocol.drive import Drive
from solver.stepping.attempt import Attempt, Stepper
from solver.stepping.history import Entry, History, capture


def test_manufactured_in_time() -> None:
    found = manufactured.refine(lambda k: hand_stepped.manufactured_in_time("spherical", k), (2, 4, 8))
    for name, orders in found.items():
        assert 1.8 < orders[-1] < 2.4, (name, orders)


@pytest.mark.parametrize("dimension", ["spherical", "generalised_plane_strain"])
def test_a_coupled_charge_converges_to_second_order(dimension: str) -> None:
    def solved(refinement: int) -> np.ndarray:
        body = hand_made.particle(
            hand_made.box(dimension, 6 if dimension == "spherical" else 3),
            hand_made.coupled_phases(),
            pressure=3e8,
        )
        system = hand_stepped.system_of(body)
        result = equilibrate(body, system.mechanics, potential=0.5, occupancy=None, watch=Stopwatch())
        assert result.converged
        system.set_electrode(-0.5)
        body.update()
        size = 0.25 * body.sites / hand_stepped.END * body.body.scales.charge
        last = hand_stepped.march(
            system,
            hand_stepped.grid(refinement),
            lambda t: Drive(current=size * np.sin(np.pi * t / hand_stepped.END / 2) ** 2),
        )
        return np.array([last.electrode, last.charge, last.occupancy[0], last.potential[0], last.axial])

    values = [solved(refinement) for refinement in (4, 8, 16)]
    gaps = np.abs(np.diff(values, axis=0))
    compared = gaps[-1] > 1e-13
    assert compared[:4].all()
    assert compared[4] == (dimension == "generalised_plane_strain")
    orders = np.log2(gaps[-2][compared] / gaps[-1][compared])
    assert np.all(orders > 1.75), orders
    assert np.all(orders < 2.6), orders


def test_newton_starts_between_the_states_already_tried() -> None:
    body = hand_made.particle(hand_made.box("spherical", 6), hand_made.coupled_phases(), pressure=3e8)
    system = hand_stepped.system_of(body)
    assert equilibrate(body, system.mechanics, potential=0.5, occupancy=None, watch=Stopwatch()).converged
    system.set_electrode(-0.5)
    body.update()
    system.lithium_at_start = body.lithium()
    stepper = Stepper(system, 0.0)
    history = History([capture(system, 0.0, 0.0, 0.0)])
    drive = Drive(current=0.1 * body.sites / hand_stepped.END * stepper.current_unit)

    def tried(increment: float, *entries: Entry) -> Attempt:
        attempt = stepper.attempt(history, increment, drive, entries)
        assert attempt.entry is not None
        return attempt

    alone, far, near = tried(20.0), tried(40.0), tried(20.4)
    assert alone.entry is not None
    assert far.entry is not None
    assert near.entry is not None
    again, between = tried(20.0, far.entry, alone.entry), tried(20.2, far.entry, alone.entry, near.entry)
    assert again.newton.iterations == 0
    assert between.newton.iterations < alone.newton.iterations
    assert again.entry is not None
    assert again.entry.occupancy == pytest.approx(alone.entry.occupancy, abs=1e-12)
