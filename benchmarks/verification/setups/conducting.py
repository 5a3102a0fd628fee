"""The solver's own transport on a mesh, as matrices: how well two phases conduct between given potentials."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from benchmarks.verification.setups import hand_made
from benchmarks.verification.setups.hand_made import LAYERED_HOST, material
from meshes import LAYERED, OUTER, ROCK_SALT, SYM_X, SYM_Y, SYM_Z, TaggedMesh
from solver.discretisation.assembly import BlockSystem, assemble_rows
from solver.discretisation.compiled import compile_form
from solver.discretisation.particle import Particle
from solver.fenics import MPI
from solver.materials import elasticity

import ufl  # isort: skip  (the wheel must be opened first)
from dolfinx import fem  # isort: skip

Array = npt.NDArray[np.float64]

CAPACITY, UNIT = 4.9e4, 1e-14
"""Lithium sites of both phases [mol/m^3]; the diffusivity that counts as one [m^2/s]."""
CONTRAST = 1000.0
"""Of the two assemblies that the matrices of the phases are told apart by."""
PLANES = (SYM_X, SYM_Y, SYM_Z)
AXES = {"axisymmetric": ((1, SYM_Z),), "3d": tuple(enumerate(PLANES))}
"""Coordinates that a potential can rise along, with the plane where it stays zero; x and y in the plane."""


def particle(
    mesh: TaggedMesh, diffusivities: tuple[float, float], comm: MPI.Comm = MPI.COMM_SELF
) -> Particle:
    """Both phases hold lithium alike and differ in diffusivity, given in units, alone; nothing reacts."""
    stiffness = elasticity.isotropic(140e9, 0.25)
    phases = {
        name: material(stiffness, LAYERED_HOST, capacity=CAPACITY, diffusivity=value * UNIT)
        for name, value in zip(("layered", "rock_salt"), diffusivities, strict=True)
    }
    body = hand_made.particle(mesh, phases, couplings=hand_made.OFF, comm=comm)
    # One second without storage and without current leaves nothing but the flux.
    body.parameters.increment.value, body.parameters.lead.value, body.parameters.exchange.value = (
        1.0,
        0.0,
        0.0,
    )
    body.update()
    return body


def _matrix(body: Particle) -> csr_array:
    """The tangent of the lithium balance at a uniform potential, over what one unit of D conducts."""
    block, forms = body.blocks[1], body.forms
    trial = ufl.TrialFunction(block.function.function_space)
    system = BlockSystem([block], [[forms.vary(forms.lithium, mu=trial)]])
    system.assemble()
    rows, columns, values = system.matrix.getValuesCSR()
    system.destroy()
    slope = float(LAYERED_HOST.slope(np.zeros(1))[0])
    scales = body.body.scales
    unit = UNIT * CAPACITY / scales.concentration / scales.length**2 * slope
    return csr_array((values / unit, columns, rows))


def _pruned(matrix: csr_array) -> csr_array:
    """Without the round-off that the other phase has left."""
    largest = abs(matrix.data).max()
    matrix.data[abs(matrix.data) < 1e-9 * largest] = 0.0
    matrix.eliminate_zeros()
    return matrix


def dissipation(body: Particle) -> float:
    """What a potential that rises along the first axis dissipates, reduced; collective."""
    n = body.unknowns
    n.mu.x.array[:] = n.mu.function_space.tabulate_dof_coordinates()[:, 0]
    body.update()
    rows = assemble_rows(compile_form(body.forms.lithium), body.blocks[1])
    return float(body.comm.allreduce(float(rows @ n.mu.x.array[: len(rows)])))


@dataclass(frozen=True)
class Conductors:
    """The conduction of each phase of a body.

    Attributes:
        dimension: of the mesh.
        points: of the nodes, reduced.
        layered: matrix of the layered phase for one unit of D, a quadratic form of the potentials.
        rock_salt: that of the rock salt.
        volumes: of layered phase and rock salt, reduced.
        outer: nodes of the outer surface.
        planes: nodes of each symmetry plane by tag.
        linked: share of layered phase and rock salt that its own cells link to the outer surface [1].
    """

    dimension: str
    points: Array
    layered: csr_array
    rock_salt: csr_array
    volumes: tuple[float, float]
    outer: npt.NDArray[np.int32]
    planes: dict[int, npt.NDArray[np.int32]]
    linked: tuple[float, float]

    @property
    def fraction(self) -> float:
        """Share of the rock salt in the volume [1]."""
        return self.volumes[1] / sum(self.volumes)

    @property
    def axes(self) -> tuple[tuple[int, int], ...]:
        """Coordinates to rise along, with their planes."""
        return AXES.get(self.dimension, tuple(enumerate(PLANES[:2])))

    def diffusivity(self, layered: float, rock_salt: float) -> float:
        """Apparent D of given ones, any unit: mean over the axes with the coordinate on the outer surface."""
        matrix = layered * self.layered + rock_salt * self.rock_salt
        energies = [self._energy(matrix, axis, plane) for axis, plane in self.axes]
        return float(np.mean(energies)) / sum(self.volumes)

    @cached_property
    def part(self) -> float:
        """Gradient part of a uniform polarisation of the rock salt over f (1-f), mean over the axes [1]."""
        whole, parts = self.layered + self.rock_salt, []
        for axis, plane in self.axes:
            x = self.points[:, axis]
            free = self._free(whole, plane)
            pull = (self.rock_salt @ x)[free]
            parts.append(pull @ _solved(whole, free, pull))
        f = self.fraction
        return float(np.mean(parts)) / (f * (1.0 - f) * sum(self.volumes))

    def _free(self, matrix: csr_array, plane: int) -> npt.NDArray[np.int64]:
        free = matrix.diagonal() > 0.0
        free[self.outer] = False
        free[self.planes[plane]] = False
        return np.flatnonzero(free)

    def _energy(self, matrix: csr_array, axis: int, plane: int) -> float:
        x = self.points[:, axis]
        free = self._free(matrix, plane)
        values = np.where(np.isin(np.arange(len(x)), free), 0.0, x)
        values[free] = _solved(matrix, free, -(matrix @ values)[free])
        return float(values @ (matrix @ values))


def _solved(matrix: csr_array, free: npt.NDArray[np.int64], load: Array) -> Array:
    inner = matrix[free][:, free].tocsc()
    # What floats has no load; a breath on the diagonal holds it where it is.
    inner.setdiag(inner.diagonal() * (1.0 + 1e-13))
    return np.asarray(splu(inner).solve(load))


def conductors(mesh: TaggedMesh) -> Conductors:
    """Assemble both phases on a mesh, one rank."""
    low = particle(mesh, (1.0, CONTRAST))
    first, second = _matrix(low), _matrix(particle(mesh, (CONTRAST, 1.0)))
    n, imported = low.unknowns, low.imported
    dim = imported.mesh.topology.dim
    space = n.mu.function_space

    def nodes(tag: int) -> npt.NDArray[np.int32]:
        return np.asarray(fem.locate_dofs_topological(space, dim - 1, imported.facets.find(tag)))

    volumes, linked = _regions(low)
    span = CONTRAST**2 - 1.0
    return Conductors(
        dimension=mesh.dimension,
        points=np.asarray(space.tabulate_dof_coordinates()),
        layered=_pruned((CONTRAST * second - first) / span),
        rock_salt=_pruned((CONTRAST * first - second) / span),
        volumes=volumes,
        outer=nodes(OUTER),
        planes={tag: nodes(tag) for tag in PLANES},
        linked=linked,
    )


def _regions(body: Particle) -> tuple[tuple[float, float], tuple[float, float]]:
    """Volumes of both phases, and the share of each that facets between its own cells link to the surface."""
    imported = body.imported
    mesh, dim = imported.mesh, imported.mesh.topology.dim
    corners = np.asarray(mesh.geometry.x)[np.asarray(mesh.geometry.dofmaps[0])][:, :, :dim]
    size = np.abs(np.linalg.det(corners[:, 1:] - corners[:, :1]))
    if imported.dimension == "axisymmetric":
        size = size * corners[:, :, 0].mean(axis=1)
    size = size * (body.solid_volume / size.sum())
    phase = np.asarray(imported.phase)
    mesh.topology.create_connectivity(dim - 1, dim)
    beside = mesh.topology.connectivity(dim - 1, dim)
    pairs = [beside.links(k) for k in range(beside.num_nodes)]
    same = np.array([pair for pair in pairs if len(pair) == 2 and phase[pair[0]] == phase[pair[1]]])
    graph = csr_array((np.ones(len(same)), (same[:, 0], same[:, 1])), shape=(len(size), len(size)))
    _, labels = connected_components(graph, directed=False)
    surface = [beside.links(k)[0] for k in imported.facets.find(OUTER)]
    reached = np.isin(labels, labels[surface])
    mine = [phase == region for region in (LAYERED, ROCK_SALT)]
    volumes = [float(size[own].sum()) for own in mine]
    linked = [float(size[own & reached].sum()) / volume for own, volume in zip(mine, volumes, strict=True)]
    return (volumes[0], volumes[1]), (linked[0], linked[1])
