"""How well each phase alone conducts through the particle: effective diffusivity and tortuosity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from meshes.mesh_error import MeshError
from meshes.simplices import signed_measure
from meshes.tagged_mesh import OUTER, PHASE_NAMES, SYM_X, SYM_Y, SYM_Z, Floats, Ints, TaggedMesh

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ACCURACY = 1e-7
"""Relative residual at which a solution is good enough; the energy is off by its square."""

MOST_ITERATIONS = 20_000


def diffusivity_ratio(mesh: TaggedMesh) -> dict[str, float]:
    """Effective diffusivity of each phase while the other one insulates, relative to its own.

    The potential is x on the outer surface (and on the plane x = 0 of a sector, where its mirror image
    is -x); the flux through all other walls vanishes. The ratio is the mean of the dissipation over the
    whole particle, averaged over the axes: 1 for a particle of one phase, zero for one that floats. Linear
    finite elements overstate it slightly, as the potential given at the surface does.

    Args:
        mesh: A mesh of dimension "3d" or a plane one.

    Returns:
        D_eff/D [-] by phase name, for the phases that exist.

    Raises:
        MeshError: The equations were not solved.

    Source: Huet (1990), J. Mech. Phys. Solids 38, 813 (apparent properties under affine boundary values).
    """
    d = mesh.points.shape[1]
    outer = np.zeros(len(mesh.points), dtype=bool)
    outer[mesh.facets[mesh.facet_tags == OUTER]] = True
    volumes = signed_measure(mesh.points, mesh.cells)
    ratios = {}
    for phase, name in PHASE_NAMES.items():
        mine = mesh.cell_phase == phase
        if not mine.any():
            continue
        stiffness = _stiffness(mesh.points, mesh.cells[mine], volumes[mine])
        energy = 0.0
        for axis, plane in zip(range(d), (SYM_X, SYM_Y, SYM_Z), strict=False):
            fixed = outer.copy()
            fixed[mesh.facets[mesh.facet_tags == plane]] = True
            energy += _energy(stiffness, mesh.points[:, axis], fixed)
        ratios[name] = energy / (d * float(volumes.sum()))
    return ratios


def tortuosity(mesh: TaggedMesh, ratios: dict[str, float]) -> dict[str, float]:
    """Volume share over D_eff/D [-] by phase name; a phase that does not conduct has none.

    Args:
        mesh: The mesh.
        ratios: From `diffusivity_ratio`.
    """
    whole = sum(mesh.report.region_volumes.values())
    return {
        name: mesh.report.region_volumes[name] / whole / ratio for name, ratio in ratios.items() if ratio > 0
    }


def _stiffness(points: Floats, cells: Ints, volumes: Floats) -> csr_array:
    from scipy.sparse import coo_array

    corners = points[cells]
    # Rows of the inverse edge matrix are the gradients of the corners after the first.
    inner = np.linalg.inv(corners[:, 1:] - corners[:, :1]).transpose(0, 2, 1)
    slopes = np.concatenate([-inner.sum(axis=1, keepdims=True), inner], axis=1)
    local = volumes[:, None, None] * (slopes @ slopes.transpose(0, 2, 1))
    rows = np.broadcast_to(cells[:, :, None], local.shape)
    columns = np.broadcast_to(cells[:, None, :], local.shape)
    count = len(points)
    return coo_array((local.ravel(), (rows.ravel(), columns.ravel())), shape=(count, count)).tocsr()


def _energy(stiffness: csr_array, potential: Floats, fixed: npt.NDArray[np.bool_]) -> float:
    from scipy.sparse import diags_array
    from scipy.sparse.linalg import cg

    # What floats free of fixed vertices has no load, so that conjugate gradients leave it at zero.
    free = np.flatnonzero(~fixed & (stiffness.diagonal() > 0))
    values = np.where(fixed, potential, 0.0)
    load = -(stiffness @ values)[free]
    if load.any():
        inner = stiffness[free][:, free]
        found, failed = cg(
            inner,
            load,
            rtol=ACCURACY,
            maxiter=MOST_ITERATIONS,
            M=diags_array(1.0 / inner.diagonal()),
        )
        if failed:
            raise MeshError("the effective diffusivity of a phase could not be computed")
        values[free] = found
    return float(values @ (stiffness @ values))
