"""A particle ready to be marched: fields, pointwise states, systems and the sizes of the body."""

from typing import Any

import numpy as np
import numpy.typing as npt

from meshes import INNER, OUTER
from solver.discretisation.acceptance import find_refusal
from solver.discretisation.assembly import Block, BlockSystem, assemble_number
from solver.discretisation.body import Body
from solver.discretisation.compiled import compile_form
from solver.discretisation.constraints import displacement_conditions, sealed_nodes
from solver.discretisation.die import box_walls
from solver.discretisation.forms import Forms, Parameters, make_forms
from solver.discretisation.media import CAPACITY, CellTags, Media, build_media
from solver.discretisation.mesh_import import INTERFACE, ImportedMesh
from solver.discretisation.points import PointSet
from solver.discretisation.state import Refusal
from solver.discretisation.unknowns import OUTSIDE, SEALED, Unknowns, make_unknowns
from solver.fenics import MPI
from solver.materials.elimination import LocalSolveError
from solver.materials.mobility import content_factor
from solver.physics.mechanics import enclosed_volume

import ufl  # isort: skip  (the wheel must be opened first)

Array = npt.NDArray[np.float64]


class Particle:
    """The discrete particle. Public attributes are read by the march and by observers.

    Attributes:
        imported: the mesh.
        body: the input.
        media: phases and numbers per cell.
        unknowns: the fields.
        forms: residuals.
        parameters: constants of the forms.
        volume_points: pointwise states at the quadrature points of the owned cells.
        blocks: the fields u and mu with their conditions.
        walls: facets of the outer surface on the walls of a rigid die, by axis; None on a free particle.
    """

    def __init__(self, imported: ImportedMesh, body: Body) -> None:
        """Allocate fields, derive and compile the forms."""
        self.imported, self.body = imported, body
        self.comm: MPI.Comm = imported.mesh.comm
        present = self.comm.allgather({int(phase) for phase in np.unique(imported.phase)})
        tags = CellTags(imported.phase, imported.grain, imported.frames, set().union(*present))
        self.media: Media = build_media(
            tags, body.phases, body.scales, body.couplings, body.coherency, body.frame, body.transverse
        )
        self.unknowns: Unknowns = make_unknowns(imported, self.media)
        self.parameters = Parameters.on(imported.mesh)
        surface = body.surface
        self.parameters.exchange.value = (
            surface.exchange_current_density * surface.contact_fraction / body.scales.current_density
        )
        self.parameters.anodic.value, self.parameters.cathodic.value = surface.anodic, surface.cathodic
        self.parameters.pressure.value = body.pressure / body.scales.modulus
        self.parameters.lateral.value = body.lateral
        self.walls = box_walls(imported) if body.die else None
        self.forms: Forms = make_forms(
            self.unknowns, self.parameters, surface.exchange, surface.cavity_wetted, self.walls is not None
        )
        u_conditions, u_held = displacement_conditions(self.unknowns, self.walls)
        mu_conditions, mu_held = sealed_nodes(self.unknowns, self.media)
        self.blocks = (
            Block("u", self.unknowns.u, u_held, u_conditions),
            Block("mu", self.unknowns.mu, mu_held, mu_conditions),
        )
        owned = np.arange(imported.owned_cells, dtype=np.int32)
        space = self.unknowns.occupancy.function_space
        self.volume_points = PointSet(self.unknowns, self.media, space.element.interpolation_points, owned)
        self.surface_points = PointSet(
            self.unknowns,
            self.media,
            self.unknowns.surface_occupancy.function_space.element.interpolation_points,
            self._wall_cells(),
        )
        self._measure()

    def _wall_cells(self) -> npt.NDArray[np.int32]:
        """Owned cells that touch the outer surface, the cavity wall or the other phase."""
        mesh, facets = self.imported.mesh, self.imported.facets
        links = mesh.topology.connectivity(mesh.topology.dim - 1, mesh.topology.dim)
        wall = facets.indices[np.isin(facets.values, (OUTER, INNER, INTERFACE))]
        near = [links.links(facet) for facet in wall]
        cells = np.unique(np.concatenate([np.zeros(0, dtype=np.int32), *near])).astype(np.int32)
        return cells[cells < self.imported.owned_cells]

    def _measure(self) -> None:
        """Volumes and areas of the whole particle, reduced."""
        n = self.unknowns
        one = n.material[CAPACITY] * 0.0 + 1.0
        outside = n.ds(OUTSIDE)
        spatial = self.body.scales.spatial_dimension
        normal = ufl.FacetNormal(self.imported.mesh)
        self.solid_volume = self.number(one * n.weight * n.dx)
        self.enclosed_volume = self.number(enclosed_volume(n.position, normal, n.weight, spatial, outside))
        self.outer_area = self.number(one * n.weight * outside)
        self.touched_area = self.number(one * n.weight * n.ds((OUTER, OUTER + SEALED)))
        self.contact_area = self.number(
            one * n.weight * (n.ds((OUTER, INNER)) if self.body.surface.cavity_wetted else n.ds(OUTER))
        )
        self.sites = self.number(n.material[CAPACITY] * n.weight * n.dx)

    def number(self, form: Any) -> float:
        """Integrate a UFL functional over all ranks."""
        return assemble_number(compile_form(form), self.comm)

    def lithium(self) -> float:
        """Total lithium, reduced."""
        if not hasattr(self, "_content"):
            self._content = compile_form(self.forms.content)
        return assemble_number(self._content, self.comm)

    def mean_potential(self) -> float:
        """Mean of mu over the volume that holds lithium, reduced; 0 where none does."""
        n = self.unknowns
        if self.sites == 0.0:
            return 0.0
        return self.number(n.material[CAPACITY] * n.mu * n.weight * n.dx) / self.sites

    def mean_surface_potential(self) -> float:
        """Mean of mu over the contacted surface, reduced; over the volume where there is none."""
        n = self.unknowns
        if self.contact_area == 0.0:
            return self.mean_potential()
        if not hasattr(self, "_surface_potential"):
            wetted = self.body.surface.cavity_wetted
            contacted = n.ds((OUTER, INNER)) if wetted else n.ds(OUTER)
            self._surface_potential = compile_form(n.mu * n.weight * contacted)
        return assemble_number(self._surface_potential, self.comm) / self.contact_area

    def update(self) -> None:
        """Recompute the pointwise state from the fields.

        Raises:
            LocalSolveError: on every rank if any rank's points fail.
        """
        problem = ""
        try:
            self._update_volume()
            if self.body.surface.exchange == "concentration":
                self.update_surface()
        except LocalSolveError as error:
            problem = str(error)
        problems = [text for text in self.comm.allgather(problem) if text]
        if problems:
            raise LocalSolveError(problems[0])

    def refusal(self) -> Refusal | None:
        """Why the state of the last update may not be accepted, or None; collective."""
        return find_refusal(self.media, self._roots, self.comm)

    def _update_volume(self) -> None:
        points = self.volume_points
        self._roots = roots = points.solve()
        contents = {
            region.name: content_factor(
                region.phase.diffusivity_kind, region.phase.host, roots[region.name].y
            )
            for region in self.media.regions
        }
        n = self.unknowns
        for function, values in (
            (n.occupancy, {k: r.occupancy for k, r in roots.items()}),
            (n.response, {k: r.response for k, r in roots.items()}),
            (n.content, {k: c[0] for k, c in contents.items()}),
            (n.content_slope, {k: c[1] for k, c in contents.items()}),
        ):
            merged = points.scatter(values).ravel()
            function.x.array[: merged.size] = merged
        if n.swelling is not None:
            strains = {region.name: region.swelling(roots[region.name]) for region in self.media.regions}
            for function, part in ((n.swelling.strain, 0), (n.swelling.slope, 1)):
                merged = points.scatter({name: both[part] for name, both in strains.items()}).ravel()
                function.x.array[: merged.size] = merged

    def update_surface(self) -> None:
        """Recompute occupancy and response at the surface points."""
        points, n = self.surface_points, self.unknowns
        roots = points.solve()
        dofs = np.asarray(n.surface_occupancy.function_space.dofmap.list)[points.cells]
        n.surface_occupancy.x.array[dofs] = points.scatter({k: r.occupancy for k, r in roots.items()})
        n.surface_response.x.array[dofs] = points.scatter({k: r.response for k, r in roots.items()})
        if n.swelling is not None:
            slopes = {region.name: region.swelling(roots[region.name])[1] for region in self.media.regions}
            pairs = n.swelling.surface_slope.x.array.reshape(-1, 2)
            pairs[dofs] = points.scatter(slopes)

    @property
    def displacement_nodes(self) -> Array:
        """Coordinates of the owned displacement nodes, reduced, shape (nodes, mesh dimension)."""
        space = self.unknowns.u.function_space
        owned, dim = space.dofmap.index_map.size_local, self.imported.mesh.geometry.dim
        return np.asarray(space.tabulate_dof_coordinates()[:owned, :dim])

    def tangent(self) -> BlockSystem:
        """The tangent of both fields."""
        f, n = self.forms, self.unknowns
        du, dmu = ufl.TrialFunction(n.u.function_space), ufl.TrialFunction(n.mu.function_space)
        rows = (f.momentum, f.lithium)
        return BlockSystem(self.blocks, [[f.vary(row, u=du), f.vary(row, mu=dmu)] for row in rows])

    def elastic_tangent(self) -> BlockSystem:
        """The tangent of the displacement alone, mu held."""
        du = ufl.TrialFunction(self.unknowns.u.function_space)
        return BlockSystem(self.blocks[:1], [[self.forms.vary(self.forms.momentum, u=du)]])

    def lithium_tangent(self) -> BlockSystem:
        """The tangent of mu alone, u held."""
        dmu = ufl.TrialFunction(self.unknowns.mu.function_space)
        return BlockSystem(self.blocks[1:], [[self.forms.vary(self.forms.lithium, mu=dmu)]])
