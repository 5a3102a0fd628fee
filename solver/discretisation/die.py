"""A box in a rigid die: which facets of its outer surface lie on which wall."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from meshes import OUTER
from solver.discretisation.mesh_import import ImportedMesh
from solver.fenics import MPI

from dolfinx import mesh as dmesh  # isort: skip  (the wheel must be opened first)

FLAT = 1e-9
"""A facet lies on a wall within this distance, in units of the particle size."""


def box_walls(imported: ImportedMesh) -> Mapping[int, npt.NDArray[np.int32]] | None:
    """Facets of the outer surface by the axis that they are perpendicular to; collective.

    Returns:
        This rank's facets for the axes 0, 1 and 2, or None unless the body is 3D and its outer surface
        consists of flat pieces of its bounding box, with one across z on top.
    """
    if imported.dimension != "3d":
        return None
    mesh = imported.mesh
    comm: Any = mesh.comm
    x = np.asarray(mesh.geometry.x)
    low, high = np.full(3, np.inf), np.full(3, -np.inf)
    if len(x):
        low, high = x.min(axis=0), x.max(axis=0)
    low = np.array([comm.allreduce(float(v), op=MPI.MIN) for v in low])
    high = np.array([comm.allreduce(float(v), op=MPI.MAX) for v in high])
    facets = imported.facets.find(OUTER)
    corners = x[np.asarray(dmesh.entities_to_geometry(mesh, 2, facets)).reshape(-1, 3)]
    walls, found, top = {}, np.zeros(len(facets), dtype=bool), 0
    for axis in range(3):
        at_low = np.all(np.abs(corners[..., axis] - low[axis]) < FLAT, axis=1)
        at_high = np.all(np.abs(corners[..., axis] - high[axis]) < FLAT, axis=1)
        walls[axis] = facets[at_low | at_high]
        found |= at_low | at_high
        top = int(at_high.sum())
    whole = comm.allreduce(int(np.count_nonzero(~found))) == 0 and comm.allreduce(top) > 0
    return walls if whole else None
