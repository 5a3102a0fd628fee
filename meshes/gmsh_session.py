"""One quiet, serial, deterministic Gmsh session."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from meshes.mesh_error import MeshError
from meshes.simplices import compressed, oriented
from meshes.tagged_mesh import Floats, Ints


@contextmanager
def gmsh_model(name: str) -> Iterator[Any]:
    """Open Gmsh with an empty model and always close it.

    One thread only: with several, meshes differ from run to run. Gmsh's own signal handler stays off, so
    that an interrupt reaches the caller.

    Raises:
        MeshError: Gmsh is missing or reports an error.
    """
    try:
        import gmsh
    except (ImportError, OSError) as reason:
        raise MeshError(f"Gmsh cannot be loaded: {reason}") from reason
    mine = not gmsh.isInitialized()
    if mine:
        gmsh.initialize(readConfigFiles=False, interruptible=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        gmsh.option.setNumber("General.NumThreads", 1)
        gmsh.option.setNumber("Mesh.RandomSeed", 1)
        for source in ("MeshSizeFromPoints", "MeshSizeFromCurvature", "MeshSizeExtendFromBoundary"):
            gmsh.option.setNumber(f"Mesh.{source}", 0)
        gmsh.option.setNumber("Mesh.MeshSizeMin", 0)
        gmsh.option.setNumber("Mesh.Algorithm", 6)
        gmsh.option.setNumber("Mesh.Smoothing", 5)
        gmsh.model.add(name)
        try:
            yield gmsh
        except MeshError:
            raise
        except Exception as reason:
            # The Gmsh API raises bare Exception.
            if type(reason) is not Exception:
                raise
            raise MeshError(f"Gmsh failed: {reason}") from reason
        finally:
            gmsh.model.mesh.removeSizeCallback()
            gmsh.model.remove()
    finally:
        if mine:
            gmsh.finalize()


@dataclass(frozen=True)
class PlaneMesh:
    """Triangles as Gmsh left them.

    Attributes:
        points: (n, 2).
        cells: (m, 3) positively oriented.
        surfaces: (m,) Gmsh's number of the surface of each cell.
        lines: (k, 2) edges that lie on curves of the model, ascending in each row.
    """

    points: Floats
    cells: Ints
    surfaces: Ints
    lines: Ints


@dataclass(frozen=True)
class SpaceMesh:
    """Tetrahedra as Gmsh left them.

    Attributes:
        points: (n, 3).
        cells: (m, 4) positively oriented.
        volumes: (m,) Gmsh's number of the volume of each cell.
    """

    points: Floats
    cells: Ints
    volumes: Ints


def mesh_plane(gmsh: Any, size: Callable[[float, float], float]) -> PlaneMesh:
    """Mesh the open model's surfaces with triangles.

    Args:
        gmsh: The open session.
        size: Wanted cell size at (x, y).

    Returns:
        The mesh.

    Raises:
        MeshError: A surface came out empty.
    """
    gmsh.model.mesh.setSizeCallback(lambda dim, tag, x, y, z, lc: size(x, y))
    gmsh.model.mesh.generate(2)
    points, triangles, surfaces, number = _collected(gmsh, 2)
    _, ends = gmsh.model.mesh.getElementsByType(1)
    lines = np.sort(number[ends.astype(np.int64)].reshape(-1, 2), axis=1)
    return PlaneMesh(points, triangles, surfaces, lines)


def mesh_space(gmsh: Any, size: Callable[[float, float, float], float]) -> SpaceMesh:
    """Mesh the open model's volumes with tetrahedra.

    Args:
        gmsh: The open session.
        size: Wanted cell size at (x, y, z).

    Returns:
        The mesh, from Delaunay's method and optimised once by Netgen.

    Raises:
        MeshError: A volume came out empty.
    """
    gmsh.option.setNumber("Mesh.Algorithm3D", 1)
    gmsh.model.mesh.setSizeCallback(lambda dim, tag, x, y, z, lc: size(x, y, z))
    gmsh.model.mesh.generate(3)
    gmsh.model.mesh.optimize("Netgen")
    points, cells, volumes, _ = _collected(gmsh, 3)
    return SpaceMesh(points, cells, volumes)


def _collected(gmsh: Any, dimension: int) -> tuple[Floats, Ints, Ints, Ints]:
    # Points, cells, the entity of each cell, and Gmsh's node tags to rows of the points.
    tags, coordinates, _ = gmsh.model.mesh.getNodes()
    order = np.argsort(tags)
    number = np.full(int(tags.max()) + 1, -1, dtype=np.int64)
    number[tags[order]] = np.arange(len(tags))
    corners = dimension + 1
    kind = {2: 2, 3: 4}[dimension]
    cells, entities = [], []
    for _, entity in gmsh.model.getEntities(dimension):
        _, nodes = gmsh.model.mesh.getElementsByType(kind, entity)
        if len(nodes) == 0:
            what = {2: "surface without triangles", 3: "volume without tetrahedra"}[dimension]
            raise MeshError(f"Gmsh left a {what}; try another mesh_size")
        cells.append(number[nodes.astype(np.int64)].reshape(-1, corners))
        entities.append(np.full(len(nodes) // corners, entity, dtype=np.int64))
    points, simplices, renumber = compressed(
        np.ascontiguousarray(coordinates.reshape(-1, 3)[order, :dimension]), np.concatenate(cells)
    )
    number[number >= 0] = renumber[number[number >= 0]]
    return points, oriented(points, simplices), np.concatenate(entities), number
