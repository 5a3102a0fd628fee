"""The discrete fields of a particle: displacement P2, chemical potential P1, occupancy at points."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from meshes import INNER, OUTER
from solver.discretisation.media import (
    CAPACITY,
    FIXED_EIGENSTRAIN,
    POTENTIAL_STRESS,
    SWELLING,
    WIDTH,
    Media,
)
from solver.discretisation.mesh_import import ImportedMesh
from solver.physics.kinematics import VECTOR_AXES, strain_vector, volume_weight

import basix.ufl  # isort: skip  (the wheel must be opened first)
import ufl  # isort: skip
from dolfinx import fem, mesh as dmesh  # isort: skip

DEGREE = {1: 5, 2: 4, 3: 2}
"""Degree of the one quadrature rule of the volume, by dimension of the mesh; in 3D just strain energy."""

SEALED = 10
"""Added to the tag of a boundary facet whose cell holds no lithium: traction acts there, current does not."""

UNTOUCHED = 20
"""Added to the tag of an outer facet without contact: traction acts there, current does not."""

OUTSIDE = (OUTER, OUTER + SEALED, OUTER + UNTOUCHED)
"""Tags of the whole outer surface."""


@dataclass(frozen=True)
class Swelling:
    """Chemical strain of particles in which V changes with lithium: two strains times two tensors.

    Attributes:
        modes: per cell, see `Medium.modes`, flattened to 24 numbers.
        strain: the two strains at quadrature points.
        slope: their derivatives with occupancy at quadrature points.
        surface_slope: the same at the surface points.
    """

    modes: Any
    strain: Any
    slope: Any
    surface_slope: Any

    def combine(self, row: int, strains: Any) -> Any:
        """Two numbers times the tensors of strain (row 0) or of pull (row 1), a vector of length 6."""
        start = 12 * row
        return ufl.as_vector(
            [strains[0] * self.modes[start + i] + strains[1] * self.modes[start + 6 + i] for i in range(6)]
        )

    def weigh(self, strain: Any) -> list[Any]:
        """What a strain does to the potential per unit of each of the two slopes."""
        return [sum(self.modes[start + i] * strain[i] for i in range(6)) for start in (12, 18)]


@dataclass(frozen=True)
class Unknowns:
    """Functions and measures on one mesh; everything reduced.

    Attributes:
        imported: the mesh.
        u: displacement, P2 vector.
        mu: chemical potential over R T, P1.
        electrode: F (phi_s - phi_e)/(R T), uniform.
        axial: strain e0 along z, uniform (zero but in generalised plane strain).
        occupancy: theta at quadrature points.
        response: d theta/db of the local problem at quadrature points.
        content: content factor of the mobility at quadrature points.
        content_slope: d content/d theta at quadrature points.
        history: a1 theta_n + a2 theta_n-1 at quadrature points.
        surface_occupancy: theta at the surface points (nodes of a discontinuous P2 function).
        surface_response: d theta/db at the surface points.
        material: material numbers per cell, layout of `media`.
        swelling: chemical strain where V changes with lithium anywhere, else None.
        dx: volume measure with the one quadrature rule.
        ds: boundary measure whose points are the surface points.
        weight: volume weight, sector's multiplicity included.
    """

    imported: ImportedMesh
    u: Any
    mu: Any
    electrode: Any
    axial: Any
    occupancy: Any
    response: Any
    content: Any
    content_slope: Any
    history: Any
    surface_occupancy: Any
    surface_response: Any
    material: Any
    swelling: Swelling | None
    dx: Any
    ds: Any
    weight: Any

    @property
    def position(self) -> Any:
        """Spatial coordinate."""
        return ufl.SpatialCoordinate(self.imported.mesh)

    @property
    def strain(self) -> Any:
        """Strain vector of the current displacement, length 6."""
        return strain_vector(self.imported.dimension, self.u, self.position, self.axial)

    @property
    def chemical_strain(self) -> Any:
        """Part of the eigenstrain that lithium makes, a vector of length 6."""
        if self.swelling is None:
            return self.occupancy * self.numbers(SWELLING)
        return self.swelling.combine(0, self.swelling.strain)

    @property
    def fixed_strain(self) -> Any:
        """Part of the eigenstrain that lithium does not change, a vector of length 6."""
        return self.numbers(FIXED_EIGENSTRAIN)

    @property
    def pull(self) -> Any:
        """V : C over R T at the quadrature points: how strain lowers the potential, a vector of length 6."""
        if self.swelling is None:
            return self.numbers(POTENTIAL_STRESS)
        return self.swelling.combine(1, self.swelling.slope)

    @property
    def pulls(self) -> list[Any]:
        """V : C over R T per unit of the slope of each strain that lithium makes, vectors of length 6."""
        if self.swelling is None:
            return [self.numbers(POTENTIAL_STRESS)]
        units = ((1.0, 0.0), (0.0, 1.0))
        return [self.swelling.combine(1, unit) for unit in units]

    @property
    def surface_pull(self) -> Any:
        """The same at the surface points."""
        if self.swelling is None:
            return self.numbers(POTENTIAL_STRESS)
        return self.swelling.combine(1, self.swelling.surface_slope)

    def numbers(self, which: slice) -> Any:
        """A slice of the material numbers as a vector."""
        return ufl.as_vector([self.material[i] for i in range(which.start, which.stop)])

    def strain_of(self, u: Any) -> Any:
        """Strain vector of another displacement (test or trial), without axial strain."""
        return strain_vector(self.imported.dimension, u, self.position)


def make_unknowns(imported: ImportedMesh, media: Media) -> Unknowns:
    """Allocate the fields of a mesh and fill in the material numbers."""
    mesh = imported.mesh
    cell, dim = mesh.basix_cell(), mesh.topology.dim
    scheme = {"quadrature_degree": DEGREE[dim], "quadrature_scheme": "default"}

    def space(element: Any) -> Any:
        return fem.functionspace(mesh, element)

    at_points = space(basix.ufl.quadrature_element(cell, value_shape=(), degree=DEGREE[dim]))
    uniform = space(basix.ufl.element("DG", cell, 0))
    on_surface = space(basix.ufl.element("DG", cell, 2))
    material = fem.Function(space(basix.ufl.element("DG", cell, 0, shape=(WIDTH,))), name="material")
    material.x.array[: media.numbers.size] = media.numbers.ravel()
    multiplicity = imported.multiplicity
    x = ufl.SpatialCoordinate(mesh)
    return Unknowns(
        imported=imported,
        u=fem.Function(space(basix.ufl.element("Lagrange", cell, 2, shape=(dim,))), name="u"),
        mu=fem.Function(space(basix.ufl.element("Lagrange", cell, 1)), name="mu"),
        electrode=fem.Function(uniform, name="electrode"),
        axial=fem.Function(uniform, name="axial"),
        occupancy=fem.Function(at_points, name="occupancy"),
        response=fem.Function(at_points, name="response"),
        content=fem.Function(at_points, name="content"),
        content_slope=fem.Function(at_points, name="content_slope"),
        history=fem.Function(at_points, name="history"),
        surface_occupancy=fem.Function(on_surface, name="surface_occupancy"),
        surface_response=fem.Function(on_surface, name="surface_response"),
        material=material,
        swelling=_make_swelling(imported, media),
        dx=ufl.Measure("dx", domain=mesh, metadata=scheme),
        ds=ufl.Measure(
            "ds", domain=mesh, subdomain_data=_role_tags(imported, media), metadata=_surface_rule(dim)
        ),
        weight=fem.Constant(mesh, float(multiplicity)) * volume_weight(imported.dimension, x),
    )


def _make_swelling(imported: ImportedMesh, media: Media) -> Swelling | None:
    if media.modes is None:
        return None
    mesh = imported.mesh
    cell, degree = mesh.basix_cell(), DEGREE[mesh.topology.dim]
    at_points = fem.functionspace(mesh, basix.ufl.quadrature_element(cell, value_shape=(2,), degree=degree))
    on_surface = fem.functionspace(mesh, basix.ufl.element("DG", cell, 2, shape=(2,)))
    modes = fem.Function(fem.functionspace(mesh, basix.ufl.element("DG", cell, 0, shape=(24,))), name="modes")
    modes.x.array[: media.modes.size] = media.modes.ravel()
    return Swelling(
        modes=modes,
        strain=fem.Function(at_points, name="swelling"),
        slope=fem.Function(at_points, name="swelling_slope"),
        surface_slope=fem.Function(on_surface, name="surface_swelling_slope"),
    )


def _role_tags(imported: ImportedMesh, media: Media) -> Any:
    """Tags of the outer surface and the cavity wall, with parts that pass no current told apart."""
    mesh, facets = imported.mesh, imported.facets
    dim = mesh.topology.dim
    wall = np.isin(facets.values, (OUTER, INNER))
    indices, values = facets.indices[wall], facets.values[wall].copy()
    links = mesh.topology.connectivity(dim - 1, dim)
    cells = np.array([links.links(facet)[0] for facet in indices], dtype=np.int64)
    shut = np.isin(indices, imported.closed)
    values[shut] += UNTOUCHED
    values[(media.numbers[cells, CAPACITY] == 0.0) & ~shut] += SEALED
    return dmesh.meshtags(mesh, dim - 1, indices, values)


def _surface_rule(dim: int) -> dict[str, Any]:
    """Quadrature on facets whose points are the nodes of a quadratic function: exact up to its degree."""
    if dim == 1:
        return {}
    if dim == 2:  # Simpson
        points, weights = np.array([[0.0], [1.0], [0.5]]), np.array([1.0, 1.0, 4.0]) / 6.0
    else:  # three mid-sides; the vertices carry no weight
        points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.0, 0.5], [0.5, 0.0]])
        weights = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0]) / 6.0
    return {"quadrature_rule": "custom", "quadrature_points": points, "quadrature_weights": weights}


def vector_axes(imported: ImportedMesh) -> tuple[int, ...]:
    """Axis of each component of the displacement."""
    return VECTOR_AXES[imported.dimension]
