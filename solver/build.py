"""From a case to the objects that march: the one place where specifications turn into a problem."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from meshes import TaggedMesh
from solver.case import Case
from solver.constants import FARADAY, GAS_CONSTANT
from solver.discretisation import linear
from solver.discretisation.contact import Contact
from solver.discretisation.elastic_block import FACTORISE_LIMIT, ElasticBlock
from solver.discretisation.krylov import KrylovSolver
from solver.discretisation.media import Couplings
from solver.discretisation.mesh_import import import_mesh
from solver.discretisation.particle import Body, Particle, SurfaceLaw
from solver.discretisation.scales import Scales
from solver.discretisation.split_forms import split_tangent
from solver.discretisation.stiffness import constant_stiffness, elastic_levels
from solver.discretisation.stopwatch import Stopwatch
from solver.fenics import MPI, PETSc
from solver.materials.elasticity import bulk_and_shear
from solver.materials.phase import Phase, build_phase
from solver.observation.interior import point_volumes
from solver.protocol.drive import CurrentUnits
from solver.stepping.attempt import Stepper
from solver.stepping.equilibrium import Mechanics


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
    def elastic(self) -> ElasticBlock | None:
        """The elastic preconditioner that start and march share; None where matrices are factorised."""
        particle, unknowns = self.particle, self.unknowns
        dim = particle.imported.mesh.topology.dim
        if linear.choose(self.case.numerics.linear_solver, dim, unknowns) == "direct":
            return None
        stiffness = constant_stiffness(particle)
        levels = None if unknowns <= FACTORISE_LIMIT[dim] else elastic_levels(particle, stiffness)
        with self.watch.measure("solve"), self.watch.measure("preconditioner"):
            return ElasticBlock(particle.comm, stiffness, levels)


def build_phases(case: Case) -> dict[str, Phase]:
    """The case's phases by region name, potentials against Li/Li+."""
    layered = case.phases.layered
    phases = {"layered": build_phase(layered, case.temperature)}
    if case.phases.rock_salt is not None:
        phases["rock_salt"] = build_phase(
            case.phases.rock_salt, case.temperature, layered.lattice, on_slabs=True
        )
    return phases


def build_problem(case: Case, tagged: TaggedMesh | None, comm: MPI.Comm, watch: Stopwatch) -> Problem:
    """Distribute the mesh and compile the particle."""
    imported = import_mesh(comm, tagged, _contact(case))
    phases = build_phases(case)
    flat = imported.dimension in {"generalised_plane_strain", "plane_strain"}
    capacities = [phase.max_concentration for phase in phases.values() if phase.max_concentration > 0.0]
    scales = Scales(
        length=imported.length,
        modulus=bulk_and_shear(phases["layered"].stiffness)[0],
        concentration=capacities[0] if capacities else 1.0,
        temperature=case.temperature,
        spatial_dimension=2 if flat else 3,
    )
    level = start_level(case, phases)
    body = Body(
        phases={name: _shifted(phase, level) for name, phase in phases.items()},
        scales=scales,
        couplings=Couplings(**case.couplings.model_dump()),
        coherency=case.mechanics.coherency,
        pressure=case.mechanics.stack_pressure,
        lateral=case.mechanics.lateral,
        die=case.mechanics.loading == "die",
        surface=_surface_law(case),
        level=level,
        frame=_crystal_frame(case),
        transverse=_smeared_radial_grains(case),
    )
    with watch.measure("compile"):
        particle = Particle(imported, body)
        mechanics = Mechanics(particle)
    density = {name: phase.density for name, phase in phases.items()}
    return Problem(case, particle, mechanics, phases, density, watch)


def start_level(case: Case, phases: dict[str, Phase]) -> float:
    """Reduced chemical potential near the start, counted as zero to keep round-off small [1]."""
    start, protocol = case.protocol.start, case.protocol
    if start.voltage is not None:
        thermal = GAS_CONSTANT * case.temperature / FARADAY
        return -(start.voltage + protocol.reference_potential) / thermal
    host = next((phase.host for phase in phases.values() if phase.host.holds_lithium), None)
    return 0.0 if host is None else float(host.potential(np.array(start.occupancy)))


def _shifted(phase: Phase, level: float) -> Phase:
    return phase.with_host(phase.host.shifted(level))


def _surface_law(case: Case) -> SurfaceLaw:
    spec = case.surface
    if spec is None:
        return SurfaceLaw(exchange_current_density=1.0)
    return SurfaceLaw(
        exchange_current_density=spec.exchange_current_density,
        exchange=spec.exchange_current,
        anodic=spec.anodic_transfer,
        cathodic=spec.cathodic_transfer,
        contact_fraction=spec.contact_fraction,
        area_specific_resistance=spec.area_specific_resistance,
        cavity_wetted=bool(getattr(case.geometry, "cavity_wetted", False)),
    )


def _contact(case: Case) -> Contact | None:
    contact = None if case.surface is None else case.surface.contact
    return None if contact is None else Contact(contact.kind, contact.share, contact.seed, contact.count)


def _crystal_frame(case: Case) -> npt.NDArray[np.float64] | None:
    """Crystal frame of a geometry without grains, or None where none is given."""
    crystal: Any = getattr(case.geometry, "crystal", None)
    return None if crystal is None else np.asarray(crystal.frame)


def _smeared_radial_grains(case: Case) -> bool:
    """Whether radial grains are smeared to transverse isotropy about the radius."""
    geometry: Any = case.geometry
    return bool(
        geometry.kind == "hollow_secondary"
        and geometry.dimension == "spherical"
        and geometry.grains is not None
        and geometry.grains.kind == "radial"
        and geometry.cavity_radius > 0.0
    )


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
    one_c = problem.case.protocol.specific_current_1C  # a case without C-rates may leave it out
    return CurrentUnits(mass, math.nan if one_c is None else one_c, area)


def build_stepper(problem: Problem) -> Stepper:
    """The stepper with the linear solver that the case asks for."""
    p = problem.particle
    tangent: linear.Tangent
    solver: linear.LinearSolver
    if problem.elastic is None:
        tangent, solver = p.tangent(), _direct(problem)
    else:
        tangent = split_tangent(p, problem.elastic.stiffness)
        solver = KrylovSolver(p.comm, problem.elastic)
    reference = problem.case.protocol.reference_potential
    return Stepper(p, problem.mechanics, tangent, solver, reference, problem.watch)


def start_solver(problem: Problem) -> tuple[linear.Tangent, linear.LinearSolver]:
    """Tangent and solver of the loaded start, around the elastic preconditioner where there is one."""
    p = problem.particle
    if problem.elastic is None:
        return p.elastic_tangent(), _direct(problem)
    tangent = split_tangent(p, problem.elastic.stiffness, with_lithium=False)
    return tangent, KrylovSolver(p.comm, problem.elastic)


def _direct(problem: Problem) -> linear.LinearSolver:
    return linear.DirectSolver(problem.particle.comm, problem.particle.imported.mesh.topology.dim)


def set_petsc_options(options: str) -> None:
    """Hand options to PETSc, as one text in PETSc's own notation."""
    if options.strip():
        PETSc.Options().insertString(options)
