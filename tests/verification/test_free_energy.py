"""A closed body at rest: backward Euler never gains free energy and loses what the flux dissipates."""

from typing import Any

import numpy as np
import pytest

from benchmarks.verification.setups import hand_made
from solver.discretisation.assembly import assemble_number
from solver.discretisation.compiled import compile_form
from solver.discretisation.linear import DirectSolver
from solver.discretisation.media import (
    ACTIVATION,
    CAPACITY,
    DIFFUSIVITY,
    FIXED_EIGENSTRAIN,
    SWELLING,
    Couplings,
)
from solver.discretisation.stopwatch import Stopwatch
from solver.materials.hosts import MsmrHost
from solver.protocol.drive import Drive
from solver.stepping.attempt import Stepper
from solver.stepping.equilibrium import Mechanics
from solver.stepping.history import History, capture

import ufl  # isort: skip  (the wheel must be opened first)
from dolfinx import fem  # isort: skip

INCREMENTS = (0.01, 1.0, 30.0, 30.0, 1e3, 1e5, 1e8)


def chemical_energy(host: MsmrHost, y: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Integral of y over theta, by parts: y theta minus the integral of theta over y."""
    total = y * theta
    for level, fraction, width in zip(host.levels, host.fractions, host.widths, strict=True):
        total = total - fraction * width * np.logaddexp(0.0, (y - level) / width)
    return total


class Account:
    """Free energy and dissipation of a body, reduced by its modulus and volume unit."""

    def __init__(self, body: Any, mechanics: Mechanics, pressure: float) -> None:
        self.body, self.mechanics = body, mechanics
        n, f, scales = body.unknowns, body.forms, body.body.scales
        thermal = scales.chemical_potential * scales.concentration / scales.modulus
        fixed = ufl.as_vector([n.material[k] for k in range(FIXED_EIGENSTRAIN.start, FIXED_EIGENSTRAIN.stop)])
        swelling = ufl.as_vector([n.material[k] for k in range(SWELLING.start, SWELLING.stop)])
        elastic = 0.5 * ufl.inner(f.sigma, n.strain - fixed - n.occupancy * swelling)
        self.chemical = fem.Function(n.occupancy.function_space)
        density = elastic + thermal * n.material[CAPACITY] * self.chemical
        self.reduced_pressure = pressure / scales.modulus
        self.stored = compile_form(density * n.weight * n.dx)
        normal = ufl.FacetNormal(body.imported.mesh)
        self.bulge = compile_form(ufl.inner(n.u, normal) * n.weight * n.ds(1))
        hydrostatic = (f.sigma[0] + f.sigma[1] + f.sigma[2]) / 3.0
        mobility = n.material[DIFFUSIVITY] * n.content * ufl.exp(n.material[ACTIVATION] * hydrostatic)
        self.lost = compile_form(
            thermal * mobility * ufl.inner(ufl.grad(n.mu), ufl.grad(n.mu)) * n.weight * n.dx
        )

    def energy(self) -> float:
        body = self.body
        body.update()
        points = body.volume_points
        hosts = {region.name: region.phase.host for region in body.media.regions}
        values = points.scatter(
            {name: chemical_energy(hosts[name], r.y, r.occupancy) for name, r in points.solve().items()}
        ).ravel()
        self.chemical.x.array[: values.size] = values
        work = assemble_number(self.bulge, body.comm) + body.enclosed_volume * self.mechanics.axial
        return assemble_number(self.stored, body.comm) + self.reduced_pressure * work

    def dissipation(self) -> float:
        """Energy lost to the flux per second in the present state."""
        return assemble_number(self.lost, self.body.comm)


def relax(dimension: str, couplings: Couplings, pressure: float) -> list[tuple[float, float]]:
    """Energy gained and energy dissipated in each increment of a body that starts far from equilibrium."""
    body = hand_made.particle(
        hand_made.box(dimension, {"spherical": 24, "3d": 3}.get(dimension, 4)),
        hand_made.coupled_phases(),
        couplings=couplings,
        pressure=pressure,
    )
    body.parameters.exchange.value = 1e-12  # nothing passes the surface; its potential stays defined
    mechanics = Mechanics(body)
    stepper = Stepper(
        body, mechanics, DirectSolver(body.comm, body.imported.mesh.topology.dim), 0.0, Stopwatch()
    )
    body.unknowns.mu.interpolate(lambda x: 3.0 * np.cos(4.0 * x[0]) + 1.5 * np.sin(3.0 * x[1] + x[0]))
    account = Account(body, mechanics, pressure)
    before = account.energy()
    history = History([capture(body, 0.0, 0.0, 0.0, charge=0.0, current=0.0)])
    stepper.lithium_at_start = body.lithium()
    found = []
    for increment in INCREMENTS:
        attempt = stepper.attempt(history, increment, Drive(current=0.0))
        assert attempt.entry is not None, attempt.newton
        history.push(attempt.entry)
        history.restart()  # the next increment is backward Euler again
        after = account.energy()
        found.append((after - before, increment * account.dissipation()))
        before = after
    return found


@pytest.mark.parametrize("pressure", [0.0, 7e8])
@pytest.mark.parametrize("dimension", ["spherical", "generalised_plane_strain", "3d"])
def test_energy_only_falls(dimension: str, pressure: float) -> None:
    found = relax(dimension, Couplings(), pressure)
    scale = abs(found[0][0])
    assert scale > 0.0
    for gain, lost in found:
        assert gain <= -lost + 1e-11 * scale
    assert sum(lost > 1e-3 * scale for _, lost in found) >= 3
    assert found[-1][1] < 1e-9 * scale  # it has come to rest


def test_a_potential_without_stress_gains_energy_somewhere() -> None:
    found = relax("spherical", Couplings(stress_in_potential=False), 0.0)
    assert any(gain > -lost for gain, lost in found)
