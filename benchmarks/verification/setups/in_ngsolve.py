"""The elastic body of `elastic`, set up and solved by NGSolve on the same points and cells.

Strains, measures and loads are written out here once more, crystals turned by tensor arithmetic; of
lithostat's code nothing is used but the mesh and the names. NGSolve is imported when something is solved.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.verification.exact import crystals
from benchmarks.verification.setups.elastic import ElasticBody, ElasticState
from meshes import FACET_TAGS, TaggedMesh
from meshes.tagged_mesh import PHASE_NAMES

Array = npt.NDArray[np.float64]

DEGREE = {2: 4, 3: 2}
"""Degree that lithostat integrates volumes to, by number of coordinates."""


def mesh_of(tagged: TaggedMesh) -> Any:
    """NGSolve's mesh of the same points, cells and tagged facets."""
    import ngsolve as ng
    from netgen import meshing

    dim = tagged.points.shape[1]
    made = meshing.Mesh(dim=dim)
    made.AddPoints(np.column_stack([tagged.points, np.zeros((len(tagged.points), 3 - dim))]))
    names = {number: name for name, number in FACET_TAGS.items()}
    for place, tag in enumerate(np.unique(tagged.facet_tags), start=1):
        if dim == 3:
            made.Add(meshing.FaceDescriptor(surfnr=place, domin=1, domout=0, bc=place))
        made.AddElements(dim - 1, place, _flat(tagged.facets[tagged.facet_tags == tag]), 0)
        made.SetBCName(place - 1, names[int(tag)])
    for place, tag in enumerate(np.unique(tagged.cell_phase), start=1):
        if dim == 2:
            made.Add(meshing.FaceDescriptor(surfnr=place, domin=place, domout=0, bc=place))
        made.AddElements(dim, place, _flat(tagged.cells[tagged.cell_phase == tag]), 0)
        made.SetMaterial(place, PHASE_NAMES[int(tag)])
    return ng.Mesh(made)


def _flat(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
    return np.ascontiguousarray(numbers, dtype=np.int32)


def _matrix(tensor: Array, frame: Array | None) -> list[float]:
    """Rows of a turned stiffness that acts on strains with doubled shears."""
    turned = tensor if frame is None else crystals.turned(tensor, frame)
    return [float(turned[*row, *column]) for row in crystals.COMPONENTS for column in crystals.COMPONENTS]


def _eigenstrain(body: ElasticBody) -> list[float]:
    """Of the rock salt in the axes of the particle, shears doubled."""
    tensor = body.coherency * body.misfit
    if body.frame is not None:
        tensor = crystals.turned(tensor, body.frame)
    return [float(tensor[i, j] * (1 if i == j else 2)) for i, j in crystals.COMPONENTS]


class _Form:
    """Strain, measure and materials of a dimension in NGSolve's words; stiffness over its largest entry."""

    def __init__(self, body: ElasticBody, degree: int | None) -> None:
        import ngsolve as ng

        self.ng, self.dimension, self.mesh = ng, body.mesh.dimension, mesh_of(body.mesh)
        self.dim = self.mesh.dim
        self.stretched = self.dimension == "generalised_plane_strain"
        self.kind = ng.TET if self.dim == 3 else ng.TRIG
        self.rules = {self.kind: ng.IntegrationRule(self.kind, degree or DEGREE[self.dim])}
        self.measure = 2.0 * np.pi * ng.x if self.dimension == "axisymmetric" else ng.CF(1.0)
        self.place = ng.CF((ng.x, ng.y, ng.z)[: self.dim])
        self.modulus = max(float(np.abs(material.tensor).max()) for material in body.materials.values())
        matrices = {
            PHASE_NAMES[tag]: _matrix(material.tensor / self.modulus, body.frame)
            for tag, material in body.materials.items()
        }
        self.stiffness = self._by_phase(matrices, (6, 6))
        self.free = self._by_phase({"layered": [0.0] * 6, "rock_salt": _eigenstrain(body)}, (6,))

    def _by_phase(self, values: dict[str, list[float]], shape: tuple[int, ...]) -> Any:
        ng = self.ng
        return self.mesh.MaterialCF({name: ng.CF(tuple(row), dims=shape) for name, row in values.items()})

    def space(self) -> Any:
        """Quadratic displacement held across planes of symmetry, and the axial strain where it is unknown."""
        ng, present = self.ng, set(self.mesh.GetBoundaries())
        planes = ["sym_x", "sym_z"] if self.dimension == "axisymmetric" else ["sym_x", "sym_y", "sym_z"]
        held = [plane if plane in present else "nothing" for plane in planes[: self.dim]]
        parts = [ng.H1(self.mesh, order=2, dirichlet=plane) for plane in held]
        return ng.FESpace([*parts, ng.NumberSpace(self.mesh)] if self.stretched else parts)

    def strain(self, parts: Any) -> Any:
        """Strain with doubled shears, in the axes of the dimension."""
        slope = [[self.ng.grad(parts[i])[j] for j in range(self.dim)] for i in range(self.dim)]
        xx, yy, xy = slope[0][0], slope[1][1], slope[0][1] + slope[1][0]
        if self.dim == 3:
            yz, xz = slope[1][2] + slope[2][1], slope[0][2] + slope[2][0]
            return self.ng.CF((xx, yy, slope[2][2], yz, xz, xy))
        if self.dimension == "axisymmetric":  # r, hoop, z
            return self.ng.CF((xx, parts[0] / self.ng.x, yy, 0.0, xy, 0.0))
        return self.ng.CF((xx, yy, parts[2] if self.stretched else 0.0 * parts[0], 0.0, 0.0, xy))

    def mean(self, value: Any, name: str) -> float:
        """Mean over a phase."""
        there = self.ng.dx(definedon=self.mesh.Materials(name), intrules=self.rules)
        amount, size = (
            self.ng.Integrate(part * there, self.mesh) for part in (self.measure * value, self.measure)
        )
        return float(amount / size)

    def at_nodes(self, parts: Any) -> tuple[Array, Array]:
        """Vertices and middles of edges, and the displacement there."""
        dim, ng = self.dim, self.ng
        corners = np.vstack([np.eye(dim), np.zeros(dim)])
        middles = [(corners[i] + corners[j]) / 2.0 for i in range(dim + 1) for j in range(i)]
        local = [tuple(point) for point in (*corners, *middles)]
        rule = {self.kind: ng.IntegrationRule(local, [1.0] * len(local))}
        points = self.mesh.MapToAllElements(rule, ng.VOL)
        where = np.asarray(self.place(points)).reshape(-1, dim)
        moved = np.column_stack([np.asarray(part(points)).ravel() for part in parts[:dim]])
        _, first = np.unique(np.round(where, 10), axis=0, return_index=True)
        return where[first], moved[first]


def solve(body: ElasticBody, degree: int | None = None) -> ElasticState:
    """The state as NGSolve finds it.

    Args:
        body: what is solved.
        degree: of the volume integrals; lithostat's unless given.
    """
    import ngsolve as ng

    ng.SetNumThreads(1)
    form = _Form(body, degree)
    space, mesh, measure, pressure = form.space(), form.mesh, form.measure, body.pressure / form.modulus
    trial, test = space.TrialFunction(), space.TestFunction()
    dx = ng.dx(intrules=form.rules)
    ds = ng.ds(definedon=mesh.Boundaries("outer"), bonus_intorder=2)
    normal = ng.specialcf.normal(form.dim)
    # Facets may be turned either way; seen from the origin, outward is away.
    outward = ng.IfPos(ng.InnerProduct(normal, form.place), normal, -normal)
    bilinear, linear = ng.BilinearForm(space, symmetric=True), ng.LinearForm(space)
    bilinear += measure * ng.InnerProduct(form.stiffness * form.strain(trial), form.strain(test)) * dx
    linear += measure * ng.InnerProduct(form.stiffness * form.free, form.strain(test)) * dx
    linear += -pressure * measure * ng.InnerProduct(outward, ng.CF(tuple(test[: form.dim]))) * ds
    if form.stretched:  # pressure on the ends, whose section has no hole
        linear += -pressure * test[2] * dx
    bilinear.Assemble()
    linear.Assemble()
    found = ng.GridFunction(space)
    found.vec.data = bilinear.mat.Inverse(space.FreeDofs(), inverse="sparsecholesky") * linear.vec
    parts = found.components
    stress = form.stiffness * (form.strain(parts) - form.free)
    hydrostatic = form.modulus / 3.0 * (stress[0] + stress[1] + stress[2])
    return ElasticState(
        *form.at_nodes(parts),
        axial=float(parts[2].vec[0]) if form.stretched else 0.0,
        means={PHASE_NAMES[tag]: form.mean(hydrostatic, PHASE_NAMES[tag]) for tag in body.materials},
    )
