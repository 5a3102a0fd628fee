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
    tags, coordinates, _ = gmsh.model.mesh.getNodes()
    order = np.argsort(tags)
    number = np.full(int(tags.max()) + 1, -1, dtype=np.int64)
    number[tags[order]] = np.arange(len(tags))
    cells, surfaces = [], []
    for _, surface in gmsh.model.getEntities(2):
        _, nodes = gmsh.model.mesh.getElementsByType(2, surface)
        if len(nodes) == 0:
            raise MeshError("Gmsh left a surface without triangles; try another mesh_size")
        cells.append(number[nodes.astype(np.int64)].reshape(-1, 3))
        surfaces.append(np.full(len(nodes) // 3, surface, dtype=np.int64))
    points, triangles, renumber = compressed(
        np.ascontiguousarray(coordinates.reshape(-1, 3)[order, :2]), np.concatenate(cells)
    )
    _, ends = gmsh.model.mesh.getElementsByType(1)
    lines = np.sort(renumber[number[ends.astype(np.int64)]].reshape(-1, 2), axis=1)
    return PlaneMesh(points, oriented(points, triangles), np.concatenate(surfaces), lines)
