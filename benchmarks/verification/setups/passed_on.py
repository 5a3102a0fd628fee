"""What each phase of a hand-made particle passes on through the phase boundary, node by node."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.setups.settled import settle
from meshes import LAYERED, ROCK_SALT
from solver.discretisation.assembly import assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.form_system import FormSystem, Stage
from solver.discretisation.linear import DirectSolver
from solver.discretisation.mechanics import Mechanics
from solver.discretisation.media import CAPACITY, DIFFUSIVITY, WIDTH
from solver.discretisation.mesh_import import INTERFACE
from solver.discretisation.particle import Particle
from solver.discretisation.stopwatch import Stopwatch
from solver.protocol.drive import Drive
from solver.stepping.attempt import Stepper
from solver.stepping.history import History, capture

from dolfinx import fem  # isort: skip  (the wheel must be opened first)

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PassedOn:
    """Lithium of the last increment, reduced, on one rank.

    Attributes:
        from_layered: what the layered phase gives to each node of the boundary.
        from_rock_salt: what the rock salt gives to each node of the boundary.
        layered: what the layered phase has gained.
        rock_salt: what the rock salt has gained.
        outside: what has entered through the surface, from the current that was asked for.
    """

    from_layered: Array
    from_rock_salt: Array
    layered: float
    rock_salt: float
    outside: float


def driven(body: Particle, occupancy: float, current: float, increments: tuple[float, ...]) -> PassedOn:
    """Load a closed particle, drive a current through it and split the lithium balance of the last increment.

    The residual is assembled with capacity and diffusivity of the other phase set to zero, and without
    current: what is left at a node of the boundary is what the one phase stores there less what flows to it,
    which the other one must make up for.

    Args:
        body: a hand-made particle whose phase boundary does not touch the surface.
        occupancy: of the closed start, lithium over sites.
        current: positive takes lithium out [A], per metre in the plane [A/m].
        increments: their lengths [s].

    Raises:
        ArithmeticError: Newton did not converge.
    """
    settle(body, occupancy=occupancy)
    linear = DirectSolver(body.comm, body.imported.mesh.topology.dim)
    system = FormSystem(body, Mechanics(body), [Stage(body.tangent(), linear)], Stopwatch())
    stepper = Stepper(system, 0.0)
    system.set_electrode(-body.mean_potential())
    history = History([capture(system, 0.0, charge=0.0, current=0.0)])
    history.restart()
    for length in increments:
        found = stepper.attempt(history, length, Drive(current=current))
        if found.entry is None:
            msg = f"no increment: {found.newton}"
            raise ArithmeticError(msg)
        history.push(found.entry)
    form, n, imported = compile_form(body.forms.lithium), body.unknowns, body.imported
    layered, rock_salt = (_alone(body, form, phase) for phase in (LAYERED, ROCK_SALT))
    facets = imported.facets.find(INTERFACE)
    nodes = fem.locate_dofs_topological(n.mu.function_space, imported.mesh.topology.dim - 1, facets)
    return PassedOn(
        from_layered=-layered[nodes],
        from_rock_salt=-rock_salt[nodes],
        layered=float(layered.sum()),
        rock_salt=float(rock_salt.sum()),
        outside=-current * increments[-1] / stepper.current_unit,
    )


def _alone(body: Particle, form: Any, phase: int) -> Array:
    """The lithium residual of the cells of one phase, without current."""
    material, exchange = body.unknowns.material, body.parameters.exchange
    numbers, rate = material.x.array.copy(), float(exchange.value)
    others = np.flatnonzero(np.asarray(body.imported.phase) != phase)
    for column in (CAPACITY, DIFFUSIVITY):
        material.x.array[others * WIDTH + column] = 0.0
    exchange.value = 0.0
    found = assemble_rows(form, body.blocks[1])
    material.x.array[:], exchange.value = numbers, rate
    return found
