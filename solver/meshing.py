"""The mesh of a case, built by rank 0 or taken from the cache."""

import numpy as np

import meshes
from meshes import INNER, LAYERED, OUTER, ROCK_SALT, MeshError, TaggedMesh
from solver.cache import mesh_cache
from solver.case import Case
from solver.discretisation.contact import Contact, closed_facets
from solver.discretisation.stopwatch import Stopwatch
from solver.fenics import MPI


def build_mesh(case: Case, comm: MPI.Comm, watch: Stopwatch) -> TaggedMesh:
    """Build a case's mesh on rank 0 and give it to every rank.

    Raises:
        MeshError: on every rank, if it cannot be built or is bad.
    """
    tagged: TaggedMesh | None = None
    problem = ""
    with watch.measure("mesh"):
        if comm.rank == 0:
            try:
                tagged = meshes.build(case.mesh_geometry(), mesh_cache())
                _refuse_unfit(case, tagged)
            except MeshError as error:
                problem = str(error)
        tagged, problem = comm.bcast((tagged, problem), root=0)
    if problem or tagged is None:
        raise MeshError(problem)
    return tagged


def _refuse_unfit(case: Case, tagged: TaggedMesh) -> None:
    """Refuse what only a finished mesh shows, such as one that comes from a file.

    Raises:
        MeshError: No lithium reaches the surface.
    """
    driven = any(step.drive != "rest" for step in case.protocol.steps)
    if driven and not _surface_holds_lithium(case, tagged):
        raise MeshError(
            "protocol.steps: the contacted surface is wholly inert, so that no current can pass it;"
            " rests only, or an active phase at the surface"
        )


def _surface_holds_lithium(case: Case, tagged: TaggedMesh) -> bool:
    """Whether any cell at the contacted surface belongs to a phase that is not inert."""
    specs = {LAYERED: case.phases.layered, ROCK_SALT: case.phases.rock_salt}
    active = [tag for tag, spec in specs.items() if spec is not None and spec.host.kind != "inert"]
    tags = [OUTER, INNER] if getattr(case.geometry, "cavity_wetted", False) else [OUTER]
    touched = np.isin(tagged.facet_tags, tags)
    if case.surface.contact is not None:
        touched &= ~closed_facets(tagged, Contact(**case.surface.contact.model_dump()))
    nodes = tagged.facets[touched]
    touching = np.isin(tagged.cells, nodes).sum(axis=1) >= tagged.cells.shape[1] - 1
    return bool(np.any(np.isin(tagged.cell_phase[touching], active)))
