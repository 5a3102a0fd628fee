"""Increments of chosen lengths on particles made by hand, without step control."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.setups import hand_made, manufactured
from benchmarks.verification.setups.strong_form import Setting
from solver.discretisation.form_system import FormSystem, Stage
from solver.discretisation.linear import DirectSolver
from solver.discretisation.mechanics import Mechanics
from solver.discretisation.stopwatch import Stopwatch
from solver.protocol.drive import Drive
from solver.stepping.attempt import Stepper
from solver.stepping.history import Entry, History, capture

import ufl  # isort: skip  (the wheel must be opened first)
from dolfinx import fem  # isort: skip

PATTERN = (1.0, 1.6, 1.1, 0.6, 1.2, 0.9)
"""Ratios of increments; the pattern comes twice."""

END = 600.0
"""Duration of every march [s]."""

RISE, SWING, TILT = (140.0, 170.0, 200.0)
"""Times over which the exact potentials vary [s]."""


def grid(refinement: int) -> npt.NDArray[np.float64]:
    """Increments of uneven length [s]; each refinement divides them all."""
    one = np.tile(PATTERN, 2)
    return np.repeat(one, refinement) / refinement * END / one.sum()


def system_of(body: Any) -> FormSystem:
    """The equations of a body behind LU."""
    linear = DirectSolver(body.comm, body.imported.mesh.topology.dim)
    return FormSystem(body, Mechanics(body), [Stage(body.tangent(), linear)], Stopwatch())


def march(
    system: FormSystem, increments: npt.NDArray[np.float64], drive: Callable[[float], Drive], at: Any = None
) -> Entry:
    """Accept one increment after another from the present state; gives the last entry.

    Args:
        system: holds the state.
        increments: [s].
        drive: control at the end of an increment [s].
        at: a constant of the forms that is set to that time.

    Raises:
        ArithmeticError: an increment did not converge.
    """
    stepper = Stepper(system, 0.0)
    history = History([capture(system, 0.0, charge=0.0, current=0.0)])
    system.lithium_at_start = system.lithium()
    for increment in increments:
        time = history.last.time + increment
        if at is not None:
            at.value = time
        attempt = stepper.attempt(history, float(increment), drive(time))
        if attempt.entry is None:
            msg = f"increment to {time:g} s: {attempt.newton.reason}"
            raise ArithmeticError(msg)
        history.push(attempt.entry)
    return history.last


def manufactured_in_time(dimension: str, refinement: int) -> dict[str, float]:
    """Errors of potential, electrode and charge at the end of a march that has an exact solution.

    The exact potential is linear in space, so that what remains is the error of the time scheme alone.
    """
    phases = hand_made.coupled_phases()
    count = 3 if dimension == "spherical" else 2
    body = hand_made.particle(hand_made.box(dimension, count), phases, couplings=hand_made.OFF)
    n, p, mesh = body.unknowns, body.parameters, body.imported.mesh
    now = fem.Constant(mesh, 0.0)
    moment = ufl.variable(now)
    x = ufl.SpatialCoordinate(mesh)
    mu = 0.8 * ufl.sin(moment / RISE) + (0.4 + 0.5 * ufl.cos(moment / TILT)) * x[0]
    if len(x) > 1:
        mu = mu - 0.3 * ufl.sin(moment / SWING) * x[len(x) - 1]
    phi = 0.3 * ufl.cos(moment / SWING)
    rock = Setting(body, phases).rock_salt()
    stored, conductance = [], []
    for phase in phases.values():
        theta, slope = manufactured.sites(phase.host, mu)
        capacity = phase.max_concentration / body.body.scales.concentration
        content = slope if phase.diffusivity_kind == "chemical" else theta * (1.0 - theta)
        stored.append(capacity * ufl.diff(theta, moment))
        conductance.append(phase.diffusivity / hand_made.LENGTH**2 * capacity * content)
    rate = (1.0 - rock) * stored[0] + rock * stored[1]
    through = ((1.0 - rock) * conductance[0] + rock * conductance[1]) * ufl.grad(mu)
    q = ufl.TestFunction(n.mu.function_space)
    eta = phi + mu
    current = p.exchange * (ufl.exp(p.anodic * eta) - ufl.exp(-p.cathodic * eta))
    source = p.increment * (rate * q + ufl.inner(through, ufl.grad(q))) * n.weight * n.dx
    source += p.increment * current * q * n.weight * n.ds(1)
    manufactured.use(body, lithium=source)
    total = fem.form(current * n.weight * n.ds(1))
    start = fem.Expression(mu, n.mu.function_space.element.interpolation_points)
    system = system_of(body)
    n.mu.interpolate(start)
    system.set_electrode(0.3)
    body.update()

    def drive(time: float) -> Drive:
        now.value = time
        return Drive(current=fem.assemble_scalar(total) * body.body.scales.charge)

    last = march(system, grid(refinement), drive, now)
    wanted = fem.Function(n.mu.function_space)
    wanted.interpolate(start)
    times = np.linspace(0.0, END, 4001)
    exact = [float(drive(float(t)).current or 0.0) / body.body.scales.charge for t in times]
    charge = float(np.trapezoid(exact, times))
    return {
        "mu": float(np.max(np.abs(last.potential - wanted.x.array))),
        "electrode": abs(last.electrode - 0.3 * np.cos(END / SWING)),
        "charge": abs(last.charge / charge - 1.0),
    }
