"""The mesh of a case, built by rank 0 or taken from the cache."""

import numpy as np
import numpy.typing as npt

import meshes
from meshes import INNER, LAYERED, OUTER, ROCK_SALT, MeshError, TaggedMesh
from solver.cache import mesh_cache
from solver.case import Case
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
        MeshError: A crystal leans out of what the dimension can hold, or no lithium reaches the surface.
    """
    if tagged.frames is not None:
        _refuse_frames(tagged.dimension, tagged.frames)
    driven = any(step.drive != "rest" for step in case.protocol.steps)
    if driven and not _surface_holds_lithium(case, tagged):
        raise MeshError(
            "protocol.steps: the contacted surface is wholly inert, so that no current can pass it;"
            " rests only, or an active phase at the surface"
        )


def _refuse_frames(dimension: str, frames: npt.NDArray[np.float64]) -> None:
    """Refuse crystal frames, shape (grains, 3, 3), that a reduced dimension would silently break."""
    along = np.abs(frames[:, 2, :])  # the third components: how far each crystal axis points along z
    if dimension == "spherical":
        raise MeshError("crystal frames: a sphere in one dimension has none; leave them out")
    if dimension == "axisymmetric" and np.any(along[:, 2] < 1.0 - 1e-9):
        raise MeshError("crystal frames: only a c axis along the axis of revolution is axisymmetric")
    if dimension in {"generalised_plane_strain", "plane_strain"} and np.any(along.max(axis=1) < 1.0 - 1e-9):
        raise MeshError("crystal frames: a crystal that leans out of the plane needs 3D; one axis along z")


def _surface_holds_lithium(case: Case, tagged: TaggedMesh) -> bool:
    """Whether any cell at the contacted surface belongs to a phase that is not inert."""
    specs = {LAYERED: case.phases.layered, ROCK_SALT: case.phases.rock_salt}
    active = [tag for tag, spec in specs.items() if spec is not None and spec.host.kind != "inert"]
    tags = [OUTER, INNER] if getattr(case.geometry, "cavity_wetted", False) else [OUTER]
    nodes = tagged.facets[np.isin(tagged.facet_tags, tags)]
    touching = np.isin(tagged.cells, nodes).sum(axis=1) >= tagged.cells.shape[1] - 1
    return bool(np.any(np.isin(tagged.cell_phase[touching], active)))
