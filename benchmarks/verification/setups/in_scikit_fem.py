"""A core-shell particle set up and solved by scikit-fem from nothing but a run folder's fields.

Points, cells and regions are read as any reader of the folder would; material and load are given. Strain,
measure and load are written out in tensors. scikit-fem is imported when something is solved.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import splu

from benchmarks.verification.exact.closed_forms import Solid
from benchmarks.verification.setups.running import Run
from benchmarks.verification.setups.stress_fields import AXES
from solver.results.reader import read_run
from solver.results.vtkhdf import read_snapshot

Array = npt.NDArray[np.float64]

DEGREE = {1: 5, 2: 4, 3: 2}
"""Degree that lithostat integrates volumes to, by number of coordinates."""
REGIONS = {"layered": 1, "rock_salt": 2}


@dataclass(frozen=True)
class Written:
    """What a run folder tells of its last moment.

    Attributes:
        dimension: name of the dimension.
        points: vertices [m], shape (vertices, coordinates).
        cells: vertices of the cells.
        region: of each cell, 1 layered and 2 rock salt.
        displacement: of the vertices [m], shape (vertices, coordinates).
    """

    dimension: str
    points: Array
    cells: npt.NDArray[np.int64]
    region: npt.NDArray[np.int64]
    displacement: Array


def written(run: Run) -> Written:
    """The last moment of a run; what its cells say of a vertex that they share is the same.

    Raises:
        ValueError: there is none.
    """
    folder = read_run(run.folder)
    last = folder.final()
    if last is None:
        msg = f"{run.folder}: no fields"
        raise ValueError(msg)
    stored, axes = read_snapshot(last.file, last.number), AXES[folder.dimension]
    # A body of revolution lies in the file's x and y.
    axes = list(range(len(axes)))
    points = np.asarray(stored.points, dtype=float)[:, axes]
    _, first, shared = np.unique(
        np.round(points / np.abs(points).max(), 9), axis=0, return_index=True, return_inverse=True
    )
    return Written(
        dimension=folder.dimension,
        points=points[first],
        cells=shared.ravel()[np.asarray(stored.cells)],
        region=np.asarray(stored.cell_data["region"], dtype=np.int64),
        displacement=np.asarray(stored.point_data["displacement"], dtype=float)[first][:, axes],
    )


@dataclass(frozen=True)
class Solved:
    """What scikit-fem finds.

    Attributes:
        displacement: of the vertices [m], shape (vertices, coordinates).
        means: mean hydrostatic stress by region [Pa].
        energy: elastic energy of the meshed sector [J], per metre in the plane [J/m].
    """

    displacement: Array
    means: dict[str, float]
    energy: float


def _strain(dimension: str, slope: Any, value: Any, x: Any) -> Any:
    """Strain tensors in three axes: x, y and z, but of a sphere r, t and t, of revolution r, hoop and z."""
    dim, size = len(slope), np.shape(slope)[2:]
    inside = 0.5 * (np.asarray(slope) + np.swapaxes(np.asarray(slope), 0, 1))
    found = np.zeros((3, 3, *size))
    axes = [0, 2] if dimension == "axisymmetric" else list(range(dim))
    found[np.ix_(axes, axes)] = inside
    if dimension == "axisymmetric":
        found[1, 1] = value[0] / x[0]
    if dimension == "spherical":
        found[1, 1] = found[2, 2] = value[0] / x[0]
    return found


def solve(
    told: Written, solids: Mapping[str, Solid], eigenstrain: float, pressure: float, degree: int | None = None
) -> Solved:
    """The particle under misfit and pressure.

    Args:
        told: the mesh.
        solids: by region.
        eigenstrain: of the rock salt, the same along every axis [1].
        pressure: on the outer surface, compressive positive [Pa].
        degree: of the volume integrals; lithostat's unless given.
    """
    import skfem

    dim, length = told.points.shape[1], float(np.abs(told.points).max())
    kind, quadratic, constant = {
        1: (skfem.MeshLine, skfem.ElementLineP2, skfem.ElementLineP0),
        2: (skfem.MeshTri, skfem.ElementTriP2, skfem.ElementTriP0),
        3: (skfem.MeshTet, skfem.ElementTetP2, skfem.ElementTetP0),
    }[dim]
    mesh = kind(told.points.T / length, told.cells.T)
    basis = skfem.Basis(mesh, skfem.ElementVector(quadratic()), intorder=degree or DEGREE[dim])
    cellwise = basis.with_element(constant())
    largest = max(solid.young for solid in solids.values())

    def by_region(value: Callable[[Solid], float]) -> Any:
        numbers = np.zeros(len(told.cells))
        for name, solid in solids.items():
            numbers[told.region == REGIONS[name]] = value(solid)
        return cellwise.interpolate(numbers)

    known = {
        "lame": by_region(lambda solid: solid.lame / largest),
        "shear": by_region(lambda solid: solid.shear / largest),
        "free": cellwise.interpolate(np.where(told.region == REGIONS["rock_salt"], eigenstrain, 0.0)),
    }
    stretched = told.dimension == "generalised_plane_strain"

    def measure(w: Any) -> Any:
        around = {"spherical": 4.0 * np.pi * w.x[0] ** 2, "axisymmetric": 2.0 * np.pi * w.x[0]}
        return around.get(told.dimension, 1.0)

    def stress(strain: Any, w: Any) -> Any:
        one = np.eye(3)[:, :, None, None]
        return w["lame"] * np.trace(strain) * one + 2.0 * w["shear"] * strain

    def strained(u: Any, w: Any) -> Any:
        return _strain(told.dimension, u.grad, u, w.x)

    def double(a: Any, b: Any) -> Any:
        return np.einsum("ij...,ij...->...", a, b)

    unit = np.zeros((3, 3, 1, 1))
    unit[2, 2] = 1.0  # of the axial strain
    every = np.eye(3)[:, :, None, None]

    matrix = skfem.BilinearForm(
        lambda u, v, w: measure(w) * double(stress(strained(u, w), w), strained(v, w))
    ).assemble(basis, **known)
    load = skfem.LinearForm(
        lambda v, w: measure(w) * double(stress(w["free"] * every, w), strained(v, w))
    ).assemble(basis, **known)
    edge = mesh.boundary_facets()
    flat = [edge[np.all(np.abs(mesh.p[k][mesh.facets[:, edge]]) < 1e-9, axis=0)] for k in range(dim)]
    outer = skfem.FacetBasis(mesh, basis.elem, facets=np.setdiff1d(edge, np.concatenate(flat)), intorder=3)
    load -= (
        pressure / largest * skfem.LinearForm(lambda v, w: measure(w) * (w.n * v).sum(axis=0)).assemble(outer)
    )
    held = np.concatenate(
        [basis.get_dofs(facets).all(f"u^{k + 1}") for k, facets in enumerate(flat) if len(facets)]
    )
    if stretched:
        column = skfem.LinearForm(lambda v, w: double(stress(unit, w), strained(v, w))).assemble(
            basis, **known
        )
        corner = skfem.Functional(lambda w: double(stress(unit, w), unit)).assemble(basis, **known)
        ends = skfem.Functional(
            lambda w: double(stress(w["free"] * every, w), unit) - pressure / largest
        ).assemble(basis, **known)
        border = sparse.csr_matrix(column[:, None])
        matrix = sparse.bmat([[matrix, border], [border.T, sparse.csr_matrix([[corner]])]])
        load = np.append(load, ends)
    free = np.setdiff1d(np.arange(len(load)), held)
    solution = np.zeros(len(load))
    solution[free] = splu(matrix.tocsc()[free][:, free]).solve(load[free])
    u, axial = solution[: basis.N], solution[-1] if stretched else 0.0

    field = basis.interpolate(u)
    around = {**known, "u": field}

    def left(w: Any) -> Any:
        """Strain that stresses the body."""
        return strained(w["u"], w) + axial * unit - w["free"] * every

    means = {}
    for name, number in REGIONS.items():
        inside = cellwise.interpolate((told.region == number).astype(float))
        parts = [
            skfem.Functional(part).assemble(basis, **around, inside=inside)
            for part in (
                lambda w: w["inside"] * measure(w) * np.trace(stress(left(w), w)) / 3.0,
                lambda w: w["inside"] * measure(w),
            )
        ]
        means[name] = float(largest * parts[0] / parts[1])
    energy = skfem.Functional(lambda w: 0.5 * measure(w) * double(stress(left(w), w), left(w)))
    volume = length**2 if told.dimension.endswith("plane_strain") else length**3
    return Solved(
        displacement=length * u[basis.nodal_dofs].T,
        means=means,
        energy=float(largest * volume * energy.assemble(basis, **around)),
    )
