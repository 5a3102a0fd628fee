"""What marches a particle: its equations in forms, or compiled code that the forms then show.

The fields of DOLFINx are what every output looks at, whoever solves for them.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from meshes import TaggedMesh
from solver.build import Problem, build_system, start_solver
from solver.case import Case
from solver.discretisation.equilibrium import equilibrate
from solver.discretisation.form_system import FormSystem
from solver.discretisation.linear import SolveCounts
from solver.discretisation.particle import Particle
from solver.discretisation.state import NewtonResult, Refusal, State
from solver.discretisation.surface_cells import first_increment
from solver.materials.elimination import LocalRoot
from solver.stepping.system import System

if TYPE_CHECKING:
    from solver.radial.system import RadialSystem

Array = npt.NDArray[np.float64]

SEVERAL_RANKS = "compiled code marches on one rank only"


class EngineError(Exception):
    """A case asks for an engine that cannot run it."""


class Engine(Protocol):
    """Solves the start and the increments of one problem.

    Attributes:
        name: `compiled` or `forms`.
        description: the linear solver in words.
        first_increment: of every step [s].
    """

    name: str
    description: str
    first_increment: float

    def settle(self) -> tuple[NewtonResult, Refusal | None]:
        """Solve the loaded start; how that ended, and why its state may not be accepted, or None."""

    def system(self) -> System:
        """The particle, at its start, as the march sees it."""

    def show(self) -> None:
        """Put the present state into the problem's fields; collective."""

    def export[T: State](self, state: T) -> T:
        """A state of the system in the order of the problem's fields."""

    def adopt[T: State](self, state: T) -> T:
        """A state in the order of the problem's fields as one of the system."""

    def counts(self) -> SolveCounts:
        """Linear solves so far."""

    def linearisations(self) -> int:
        """Newton iterations of the march so far."""


class FormEngine:
    """Assembles forms; see `Engine`."""

    name = "forms"

    def __init__(self, problem: Problem) -> None:
        """Take a problem whose particle is compiled."""
        self._problem = problem
        self._tangent, self._linear = start_solver(problem)
        self.description = self._linear.description
        self.first_increment = first_increment(problem.particle)
        self._system: FormSystem | None = None

    def settle(self) -> tuple[NewtonResult, Refusal | None]:
        """Solve the loaded start."""
        problem, start = self._problem, self._problem.case.protocol.start
        held = None if start.voltage is None else 0.0  # reduced potentials count from the start voltage
        particle, mechanics = problem.particle, problem.mechanics
        result = equilibrate(
            particle, mechanics, held, start.occupancy, problem.watch, self._tangent, self._linear
        )
        return result, particle.refusal() if result.converged else None

    def system(self) -> System:
        """The particle with its solver."""
        self._system = build_system(self._problem)
        self._system.set_electrode(-self._problem.particle.mean_potential())
        self.description = self._system.description
        return self._system

    def show(self) -> None:
        """The fields hold the state already."""

    def export[T: State](self, state: T) -> T:
        """The same state."""
        return state

    def adopt[T: State](self, state: T) -> T:
        """The same state."""
        return state

    def counts(self) -> SolveCounts:
        """Linear solves so far."""
        total = SolveCounts()
        total.include(self._linear.counts)
        if self._system is not None:
            total.include(self._system.counts)
        return total

    def linearisations(self) -> int:
        """Newton iterations of the march so far."""
        return 0 if self._system is None else self._system.linearisations


class CompiledEngine:
    """Marches compiled code on one rank and shows its states in the fields; see `Engine`."""

    name = "compiled"

    def __init__(self, problem: Problem, system: "RadialSystem") -> None:
        """Take a problem and the same particle compiled."""
        self._problem, self._system = problem, system
        self._mirror = Mirror(problem.particle)
        self.description = system.description
        self.first_increment = system.first_increment

    def settle(self) -> tuple[NewtonResult, Refusal | None]:
        """Solve the loaded start."""
        start = self._problem.case.protocol.start
        found = self._system.settle(None if start.voltage is None else 0.0, start.occupancy)
        if found.converged:
            self._system.set_electrode(-self._system.mean_potential())
            self.show()
        return found, None

    def system(self) -> System:
        """The particle with its solver."""
        return self._system

    def show(self) -> None:
        """Put the present state into the fields."""
        with self._problem.watch.measure("output"):
            self._mirror.show(self._system.read(), self._system.roots())

    def export[T: State](self, state: T) -> T:
        """A state of the line in the order of the fields."""
        return self._mirror.from_line(state)

    def adopt[T: State](self, state: T) -> T:
        """A state in the order of the fields as one of the line."""
        return self._mirror.to_line(state)

    def counts(self) -> SolveCounts:
        """Linear solves so far."""
        return SolveCounts(self._system.solves, self._system.solves, self._system.factorisations)

    def linearisations(self) -> int:
        """Newton iterations of the march so far."""
        return self._system.linearisations


class Mirror:
    """Shows states of a line in the fields of the same particle in forms, on one rank."""

    def __init__(self, particle: Particle) -> None:
        """Order the degrees of freedom by their places, as the line does."""
        self._particle = particle
        n = particle.unknowns
        positions = particle.volume_points.positions()
        self._points = np.argsort(positions.ravel(), kind="stable")
        self._shape = positions.shape
        self._places = [
            np.argsort(field.function_space.tabulate_dof_coordinates()[:, 0], kind="stable")
            for field in (n.u, n.mu)
        ]

    def show(self, state: State, roots: tuple[Array, Array, Array]) -> None:
        """Set displacement, potential and electrode, and what follows from them at the points.

        Args:
            state: of the line.
            roots: host potential, occupancy and response at its points, from the inside out.
        """
        n, shown = self._particle.unknowns, self.from_line(state)
        n.u.x.array[:], n.mu.x.array[:] = shown.displacement, shown.potential
        n.electrode.x.array[:] = state.electrode
        placed = [self._placed(values) for values in roots]
        volume_points = self._particle.volume_points
        volume_points.adopt(
            {name: LocalRoot(*(part[rows] for part in placed)) for name, rows in volume_points.rows.items()}
        )
        self._particle.update()

    def from_line[T: State](self, state: T) -> T:
        """A state of the line in the order of the fields and their points."""
        moved, filled = self._places
        displacement, potential = np.empty(len(moved)), np.empty(len(filled))
        displacement[moved], potential[filled] = state.displacement, state.potential
        occupancy = self._placed(state.occupancy).ravel()
        return replace(state, displacement=displacement, potential=potential, occupancy=occupancy)

    def to_line[T: State](self, state: T) -> T:
        """The other way round."""
        moved, filled = self._places
        return replace(
            state,
            displacement=state.displacement[moved],
            potential=state.potential[filled],
            occupancy=state.occupancy[self._points],
        )

    def _placed(self, values: Array) -> Array:
        """Values from the inside out in the order of the particle's cells and points."""
        placed = np.empty(values.size)
        placed[self._points] = values.ravel()
        return placed.reshape(self._shape)


def refuse_compiled(case: Case, tagged: TaggedMesh, ranks: int) -> str:
    """Why a case cannot be compiled, or nothing."""
    if ranks > 1:
        return SEVERAL_RANKS
    if tagged.dimension != "spherical":
        return "only spherical particles are compiled"
    specs = (case.phases.layered, case.phases.rock_salt)
    if any(
        spec is not None and spec.expansion is not None and spec.expansion.kind == "table" for spec in specs
    ):
        return "a tabulated expansion is not compiled"
    from solver.radial.line import refusal_of  # here: it loads the compiler, which other runs do without

    return refusal_of(tagged)


def choose_engine(case: Case, tagged: TaggedMesh, ranks: int, options: str) -> str:
    """The engine that a case is run with: `compiled` or `forms`.

    Args:
        case: the case.
        tagged: its mesh.
        ranks: how many share the run.
        options: for PETSc, which the forms alone use.

    Raises:
        EngineError: the case asks for compiled code and cannot have it.
    """
    wanted = case.numerics.engine
    if wanted == "forms":
        return "forms"
    if wanted == "auto" and (case.numerics.linear_solver != "auto" or options.strip()):
        return "forms"
    refused = refuse_compiled(case, tagged, ranks)
    if refused and wanted == "compiled":
        msg = f"numerics.engine: 'compiled': {refused}; auto or forms"
        raise EngineError(msg)
    return "forms" if refused else "compiled"


def build_engine(name: str, problem: Problem, tagged: TaggedMesh) -> Engine:
    """The engine of that name for a problem."""
    if name == "forms":
        return FormEngine(problem)
    from solver.radial.line import build_line
    from solver.radial.system import RadialSystem

    with problem.watch.measure("compile"):
        body = problem.particle.body
        return CompiledEngine(problem, RadialSystem(build_line(tagged, body), body, problem.watch))
