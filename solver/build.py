"""From a case to the objects that march: the one place where specifications turn into a problem."""

from dataclasses import dataclass
from functools import cached_property

from meshes import TaggedMesh
from solver.bodies import build_body, build_phases, specific_current
from solver.case import Case
from solver.discretisation import elastic_block, linear
from solver.discretisation.contact import Contact
from solver.discretisation.form_system import FormSystem, Stage
from solver.discretisation.krylov import KrylovSolver
from solver.discretisation.mechanics import Mechanics
from solver.discretisation.mesh_import import import_mesh
from solver.discretisation.particle import Particle
from solver.discretisation.split_forms import assemble_points, lithium_tangent, split_tangent
from solver.discretisation.split_tangent import Points
from solver.discretisation.stiffness import constant_stiffness, elastic_levels
from solver.discretisation.stopwatch import Stopwatch
from solver.fenics import MPI, PETSc
from solver.materials.phase import Phase
from solver.observation.interior import point_volumes
from solver.protocol.drive import CurrentUnits


@dataclass(frozen=True)
class Problem:
    """Everything that a run needs besides its outputs.

    Attributes:
        case: the case.
        particle: the discrete particle.
        mechanics: its mechanical part.
        phases: by region name, in crystal axes, potentials against Li/Li+.
        density: by region name [kg/m^3].
        watch: seconds by kind of work.
    """

    case: Case
    particle: Particle
    mechanics: Mechanics
    phases: dict[str, Phase]
    density: dict[str, float]
    watch: Stopwatch

    @property
    def unknowns(self) -> int:
        """Unknowns on all ranks."""
        return sum(self.particle.comm.allreduce(block.owned) for block in self.particle.blocks)

    @cached_property
    def elastic(self) -> elastic_block.ElasticBlock | None:
        """The elastic preconditioner that start and march share; None where matrices are factorised."""
        particle, unknowns = self.particle, self.unknowns
        dim = particle.imported.mesh.topology.dim
        if linear.choose(self.case.numerics.linear_solver, dim, unknowns) == "direct":
            return None
        stiffness = constant_stiffness(particle)
        factorised = unknowns <= elastic_block.FACTORISE_LIMIT[dim]
        levels = None if factorised else elastic_levels(particle, stiffness)
        return elastic_block.ElasticBlock(particle.comm, stiffness, levels)

    @cached_property
    def points(self) -> Points:
        """What start and march share of the tangent in parts."""
        return assemble_points(self.particle)


def build_problem(case: Case, tagged: TaggedMesh | None, comm: MPI.Comm, watch: Stopwatch) -> Problem:
    """Distribute the mesh and compile the particle."""
    imported = import_mesh(comm, tagged, _contact(case))
    phases = build_phases(case)
    body = build_body(case, phases, imported.dimension, imported.length)
    with watch.measure("compile"):
        particle = Particle(imported, body)
        mechanics = Mechanics(particle)
    density = {name: phase.density for name, phase in phases.items()}
    return Problem(case, particle, mechanics, phases, density, watch)


def _contact(case: Case) -> Contact | None:
    contact = None if case.surface is None else case.surface.contact
    return None if contact is None else Contact(contact.kind, contact.share, contact.seed, contact.count)


def region_masses(problem: Problem) -> dict[str, float]:
    """Mass of each meshed phase of the whole particle [kg], per metre in 2D [kg/m]."""
    p = problem.particle
    volumes = {}
    points = point_volumes(p.imported)
    for region in p.media.regions:
        volume = p.comm.allreduce(float(points[p.volume_points.rows[region.name]].sum()))
        volumes[region.name] = volume * p.body.scales.volume
    return {name: volume * problem.density[name] for name, volume in volumes.items()}


def current_units(problem: Problem) -> CurrentUnits:
    """How this particle turns the protocol's currents into amperes."""
    p = problem.particle
    area = p.touched_area * p.body.scales.area * p.body.surface.contact_fraction
    mass = sum(region_masses(problem).values())
    return CurrentUnits(mass, specific_current(problem.case), area)


def build_system(problem: Problem) -> FormSystem:
    """The equations of the march with the linear solvers that the case asks for."""
    return FormSystem(problem.particle, problem.mechanics, _stages(problem), problem.watch)


def _stages(problem: Problem) -> list[Stage]:
    """What is solved for together: where lithium does not look at stress, it comes first, by itself.

    Displacements then follow from it, and stay those of the start where lithium does not strain either phase.
    """
    p = problem.particle
    if p.comm.allreduce(int(p.media.hears_stress)):
        if problem.elastic is None:
            return [Stage(p.tangent(), _direct(problem))]
        tangent = split_tangent(p, problem.elastic.stiffness, problem.points)
        return [Stage(tangent, KrylovSolver(p.comm, problem.elastic))]
    if problem.elastic is None:
        lithium = Stage(p.lithium_tangent(), _direct(problem))
    else:
        lithium = Stage(lithium_tangent(p), KrylovSolver(p.comm, None))
    swells = p.comm.allreduce(int(p.media.swells))
    return [lithium, Stage(*start_solver(problem))] if swells else [lithium]


def start_solver(problem: Problem) -> tuple[linear.Tangent, linear.LinearSolver]:
    """Tangent and solver of the displacement alone, around the elastic preconditioner where there is one."""
    p = problem.particle
    if problem.elastic is None:
        return p.elastic_tangent(), _direct(problem)
    tangent = split_tangent(p, problem.elastic.stiffness, problem.points, with_lithium=False)
    return tangent, KrylovSolver(p.comm, problem.elastic)


def _direct(problem: Problem) -> linear.LinearSolver:
    return linear.DirectSolver(problem.particle.comm, problem.particle.imported.mesh.topology.dim)


def set_petsc_options(options: str) -> None:
    """Hand options to PETSc, as one text in PETSc's own notation."""
    if options.strip():
        PETSc.Options().insertString(options)
