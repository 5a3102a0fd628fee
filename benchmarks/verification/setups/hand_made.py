"""Small particles on structured meshes, made without a case, for checks of the discrete equations."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial.transform import Rotation

from meshes import INNER, LAYERED, OUTER, ROCK_SALT, SYM_X, SYM_Y, SYM_Z, TaggedMesh
from meshes.tagged_mesh import MeshReport
from solver.discretisation.body import Body, SurfaceLaw
from solver.discretisation.contact import Contact
from solver.discretisation.media import Couplings
from solver.discretisation.mesh_import import import_mesh
from solver.discretisation.particle import Particle
from solver.discretisation.scales import Scales
from solver.fenics import MPI
from solver.materials import elasticity, expansion
from solver.materials.hosts import Host, InertHost, MsmrHost
from solver.materials.phase import Phase

Array = npt.NDArray[np.float64]

LENGTH, TEMPERATURE = 2.5e-6, 318.0
DIMENSIONS = ("spherical", "axisymmetric", "generalised_plane_strain", "plane_strain", "3d")
ROLES = {0: SYM_X, 1: SYM_Y, 2: SYM_Z}
IN_PLANE = np.column_stack(
    [[0.0, 0.0, 1.0], [np.sin(0.4), -np.cos(0.4), 0.0], [np.cos(0.4), np.sin(0.4), 0.0]]
)
FRAMES: Mapping[str, Array | None] = {
    "spherical": None,
    "axisymmetric": np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
    "generalised_plane_strain": IN_PLANE,
    "plane_strain": IN_PLANE,
    "3d": Rotation.from_euler("zyx", [0.3, -0.8, 1.2]).as_matrix(),
}
"""A crystal frame that each dimension can hold, tilted as far as it allows; None averages."""

OFF = Couplings(misfit=False, chemical_strain=False, stress_in_potential=False, stress_in_mobility=False)


def _box(dim: int, count: int, lower: float) -> tuple[Array, npt.NDArray[np.int64]]:
    """The unit box, first axis from `lower`, cut into simplices by Kuhn's rule."""
    ticks = [np.linspace(lower if axis == 0 else 0.0, 1.0, count + 1) for axis in range(dim)]
    points = np.stack(np.meshgrid(*ticks, indexing="ij"), axis=-1).reshape(-1, dim)
    strides = (count + 1) ** np.arange(dim - 1, -1, -1)
    corners = (
        np.stack(np.meshgrid(*[np.arange(count)] * dim, indexing="ij"), axis=-1).reshape(-1, dim) @ strides
    )
    orders = {1: [(0,)], 2: [(0, 1), (1, 0)]}.get(
        dim, [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    )
    cells = []
    for order in orders:
        walk = np.concatenate([[0], np.cumsum(strides[list(order)])])
        cells.append(corners[:, None] + walk)
    found = np.concatenate(cells)
    edges = points[found[:, 1:]] - points[found[:, :1]]
    turned = np.linalg.det(edges) < 0.0
    found[np.ix_(turned, [0, 1])] = found[np.ix_(turned, [1, 0])]
    return points, found


def _boundary(
    points: Array, cells: npt.NDArray[np.int64], lower: float
) -> list[tuple[tuple[int, ...], int, float]]:
    """Boundary facets as (vertices, axis, side): the side of the box, along its axis, that they lie on."""
    dim = points.shape[1]
    sides = np.sort(np.concatenate([np.delete(cells, k, axis=1) for k in range(dim + 1)]), axis=1)
    unique, counts = np.unique(sides, axis=0, return_counts=True)
    found = []
    for facet in unique[counts == 1]:
        for axis in range(dim):
            for side in (lower if axis == 0 else 0.0, 1.0):
                if np.all(np.abs(points[facet, axis] - side) < 1e-12):
                    found.append((tuple(int(k) for k in facet), axis, side))
    return found


def box(
    dimension: str,
    count: int,
    *,
    lower: float = 0.0,
    split: float | None = 0.5,
    symmetric: bool = True,
    multiplicity: float = 1.0,
    frames: Array | None = None,
) -> TaggedMesh:
    """A box of `count` cells a side, warped a little; rock salt beyond `split` along the first axis.

    The sides through the origin are symmetry planes (a cavity wall where `lower` > 0) unless `symmetric` is
    off; all others are outer surface.
    """
    dim = {"spherical": 1, "3d": 3}.get(dimension, 2)
    axes = (0, 2) if dimension == "axisymmetric" else tuple(range(dim))
    points, cells = _box(dim, count, lower)
    facets = _boundary(points, cells, lower)
    middle = points[cells].mean(axis=1)[:, 0]
    tags = []
    for _, axis, side in facets:
        inside = side < 1.0 and (symmetric or (axis == 0 and dimension in {"spherical", "axisymmetric"}))
        tags.append((INNER if axis == 0 and lower > 0.0 else ROLES[axes[axis]]) if inside else OUTER)
    phase = np.full(len(cells), LAYERED, dtype=np.int8)
    if split is not None:
        phase[middle > split] = ROCK_SALT
    if dim > 1:  # the warp leaves the sides of the box and the plane x = 1/2 where they are
        bend = np.prod(np.sin(np.pi * points), axis=1) * np.cos(np.pi * points[:, 0])
        points = points + 0.06 * bend[:, None] * np.array([1.0, -0.7, 0.5])[:dim]
    return TaggedMesh(
        dimension=dimension,
        points=points,
        cells=cells,
        cell_phase=phase,
        cell_grain=np.zeros(len(cells), dtype=np.int32),
        facets=np.array([f[0] for f in facets], dtype=np.int64).reshape(-1, dim),
        facet_tags=np.array(tags, dtype=np.int32),
        frames=frames,
        length=LENGTH,
        multiplicity=multiplicity,
        report=MeshReport(1.0, 1.0, {}, {}, None, 0.0, {}),
    )


def material(
    stiffness: Array,
    host: Host,
    *,
    capacity: float = 4.9e4,
    volume: Array | None = None,
    reference: float = 1.0,
    misfit: Array | None = None,
    kind: str = "chemical",
    diffusivity: float = 2e-15,
    activation: float = 0.0,
) -> Phase:
    """A phase from its numbers, SI."""
    holds = not isinstance(host, InertHost)
    return Phase(
        density=4500.0,
        max_concentration=capacity if holds else 0.0,
        host=host,
        stiffness=stiffness,
        molar_volume=np.zeros((3, 3)) if volume is None else volume,
        reference_occupancy=reference,
        misfit=np.zeros((3, 3)) if misfit is None else misfit,
        diffusivity_kind=kind,
        diffusivity=diffusivity if holds else 0.0,
        activation_volume=activation,
    )


def particle(
    mesh: TaggedMesh,
    phases: Mapping[str, Phase],
    *,
    couplings: Couplings | None = None,
    coherency: float = 1.0,
    pressure: float = 0.0,
    lateral: float = 1.0,
    surface: SurfaceLaw | None = None,
    frame: Array | None = None,
    die: bool = False,
    contact: Contact | None = None,
    comm: MPI.Comm = MPI.COMM_SELF,
) -> Particle:
    """A discrete particle, on one rank unless `comm` shares it; every rank gives the same mesh."""
    layered = phases["layered"]
    scales = Scales(
        length=mesh.length,
        modulus=elasticity.bulk_and_shear(layered.stiffness)[0],
        concentration=4e4,
        temperature=TEMPERATURE,
        spatial_dimension=2 if mesh.dimension.endswith("plane_strain") else 3,
    )
    body = Body(
        phases=phases,
        scales=scales,
        couplings=couplings or Couplings(),
        coherency=coherency,
        pressure=pressure,
        lateral=lateral,
        surface=surface or SurfaceLaw(exchange_current_density=0.7, anodic=0.4, cathodic=0.7),
        frame=frame,
        die=die,
    )
    return Particle(import_mesh(comm, mesh, contact), body)


LAYERED_HOST = MsmrHost((-3.1, 0.4, 2.2), (0.35, 0.4, 0.25), (3.9, 1.1, 0.6))
ROCK_SALT_HOST = MsmrHost((-0.7, 1.9), (0.6, 0.4), (2.3, 0.8))


def coupled_phases(crystal: bool = False) -> dict[str, Phase]:
    """Two phases that differ in everything, all couplings at work; anisotropic where `crystal`."""
    hexagonal = elasticity.trigonal(210e9, 66.5e9, 45.5e9, 147e9, 42e9, 0.0)
    cubic = elasticity.cubic(250e9, 110e9, 70e9)
    volume = expansion.partial_molar_volume(-0.4e-6, 1.9e-6) if crystal else expansion.vegard(1.4e-6)
    return {
        "layered": material(
            hexagonal if crystal else elasticity.isotropic(140e9, 0.25),
            LAYERED_HOST,
            volume=volume,
            kind="lattice_gas",
            activation=1.1e-6,
        ),
        "rock_salt": material(
            cubic if crystal else elasticity.isotropic(190e9, 0.3),
            ROCK_SALT_HOST,
            capacity=6.1e4,
            volume=0.6 * volume,
            reference=0.3,
            misfit=np.diag([0.011, 0.011, 0.017]) if crystal else 0.012 * np.eye(3),
            diffusivity=7e-16,
            activation=0.5e-6,
        ),
    }


def randomise(body: Any, seed: int, size: float = 0.01) -> None:
    """A random state in the middle of both hosts: displacement, potential, scalars, past occupancy."""
    rng = np.random.default_rng(seed)
    n = body.unknowns
    for block, amplitude in zip(body.blocks, (size, 0.8), strict=True):
        values = amplitude * rng.uniform(-1.0, 1.0, block.function.x.array.size)
        values[block.held] = 0.0
        block.function.x.array[:] = values
    n.electrode.x.array[:] = rng.uniform(-1.0, 1.0)
    if body.imported.dimension == "generalised_plane_strain":
        n.axial.x.array[:] = size * rng.uniform(-1.0, 1.0)
    n.history.x.array[:] = -rng.uniform(0.2, 0.8, n.history.x.array.size)
    body.parameters.increment.value, body.parameters.lead.value = 37.0, 1.4
