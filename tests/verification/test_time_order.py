"""The time scheme on the whole system: second order with uneven increments, scalars and charge included."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from benchmarks.verification.setups import hand_made, manufactured
from solver.discretisation.linear import DirectSolver
from solver.discretisation.stopwatch import Stopwatch
from solver.protocol.drive import Drive
from solver.stepping.attempt import Attempt, Stepper
from solver.stepping.equilibrium import Mechanics, equilibrate
from solver.stepping.history import Entry, History, capture

import ufl  # isort: skip  (the wheel must be opened first)
from dolfinx import fem  # isort: skip

END = 600.0
PATTERN = np.array([1.0, 1.6, 1.1, 0.6, 1.2, 0.9])


def grid(refinement: int) -> np.ndarray:
    """Increments of uneven length; each refinement halves them all."""
    one = np.tile(PATTERN, 2)
    return np.repeat(one, refinement) / refinement * END / one.sum()


def make_stepper(body: Any) -> Stepper:
    linear = DirectSolver(body.comm, body.imported.mesh.topology.dim)
    return Stepper(body, Mechanics(body), linear, 0.0, Stopwatch())


def march(stepper: Stepper, increments: np.ndarray, drive: Any, at: Any = None) -> Any:
    """Accept one increment after another from the present state; gives the last entry."""
    body = stepper.particle
    electrode = stepper.electrode.get()
    history = History([capture(body, 0.0, electrode, stepper.mechanics.axial, charge=0.0, current=0.0)])
    stepper.lithium_at_start = body.lithium()
    for increment in increments:
        time = history.last.time + increment
        if at is not None:
            at.value = time
        attempt = stepper.attempt(history, float(increment), drive(time))
        assert attempt.entry is not None, attempt.newton
        history.push(attempt.entry)
    return history.last


def test_manufactured_in_time() -> None:
    # The exact potential is linear in space: what remains is the error of the time scheme alone.
    def solved(refinement: int) -> dict[str, float]:
        phases = hand_made.coupled_phases()
        body = hand_made.particle(hand_made.box("spherical", 3), phases, couplings=hand_made.OFF)
        n, p, mesh = body.unknowns, body.parameters, body.imported.mesh
        now = fem.Constant(mesh, 0.0)
        moment = ufl.variable(now)
        x = ufl.SpatialCoordinate(mesh)[0]
        mu = 0.8 * ufl.sin(moment / 140.0) + (0.4 + 0.5 * ufl.cos(moment / 200.0)) * x
        phi = 0.3 * ufl.cos(moment / 170.0)
        rock = manufactured.Setting(body, phases).rock_salt()
        stored, conductance = [], []
        for phase in phases.values():
            theta, slope = manufactured.sites(phase.host, mu)
            capacity = phase.max_concentration / body.body.scales.concentration
            content = slope if phase.diffusivity_kind == "chemical" else theta * (1.0 - theta)
            stored.append(capacity * ufl.diff(theta, moment))
            conductance.append(phase.diffusivity / hand_made.LENGTH**2 * capacity * content)
        rate = (1.0 - rock) * stored[0] + rock * stored[1]
        through = ((1.0 - rock) * conductance[0] + rock * conductance[1]) * ufl.grad(mu)[0]
        q = ufl.TestFunction(n.mu.function_space)
        eta = phi + mu
        current = p.exchange * (ufl.exp(p.anodic * eta) - ufl.exp(-p.cathodic * eta))
        source = p.increment * (rate * q + through * ufl.grad(q)[0]) * n.weight * n.dx
        source += p.increment * current * q * n.weight * n.ds(1)
        body.forms = replace(body.forms, lithium=body.forms.lithium - source)
        total = fem.form(current * n.weight * n.ds(1))
        start = fem.Expression(mu, n.mu.function_space.element.interpolation_points)
        stepper = make_stepper(body)
        n.mu.interpolate(start)
        stepper.electrode.set(0.3)
        body.update()

        def drive(time: float) -> Drive:
            now.value = time
            return Drive(current=fem.assemble_scalar(total) * stepper.current_unit)

        last = march(stepper, grid(refinement), drive, now)
        wanted = fem.Function(n.mu.function_space)
        wanted.interpolate(start)
        times = np.linspace(0.0, END, 4001)
        exact = [float(drive(t).current or 0.0) / stepper.current_unit for t in times]
        return {
            "mu": float(np.max(np.abs(last.potential - wanted.x.array))),
            "electrode": abs(last.electrode - 0.3 * np.cos(END / 170.0)),
            "charge": abs(last.charge - float(np.trapezoid(exact, times))),
        }

    found = manufactured.refine(solved, (2, 4, 8))
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
        stepper = make_stepper(body)
        result = equilibrate(body, stepper.mechanics, potential=0.5, occupancy=None, watch=Stopwatch())
        assert result.converged
        stepper.electrode.set(-0.5)
        body.update()
        size = 0.25 * body.sites / END * stepper.current_unit
        last = march(
            stepper, grid(refinement), lambda t: Drive(current=size * np.sin(np.pi * t / END / 2) ** 2)
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
    stepper = make_stepper(body)
    assert equilibrate(body, stepper.mechanics, potential=0.5, occupancy=None, watch=Stopwatch()).converged
    stepper.electrode.set(-0.5)
    body.update()
    stepper.lithium_at_start = body.lithium()
    history = History([capture(body, 0.0, stepper.electrode.get(), stepper.mechanics.axial, 0.0, 0.0)])
    drive = Drive(current=0.1 * body.sites / END * stepper.current_unit)

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
