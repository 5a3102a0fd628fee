"""Dirichlet conditions: symmetry planes, the axis, the rigid motions left over, and inert nodes of mu."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from meshes import SYM_X, SYM_Y, SYM_Z
from solver.discretisation.media import CAPACITY, Media
from solver.discretisation.unknowns import Unknowns, vector_axes
from solver.physics.axis import AXIS_TOLERANCE

from dolfinx import fem, la  # isort: skip  (the wheel must be opened first)

Dofs = npt.NDArray[np.int32]


def displacement_conditions(
    unknowns: Unknowns, walls: Mapping[int, Dofs] | None = None
) -> tuple[list[Any], Dofs]:
    """Homogeneous conditions that remove every rigid motion and add no traction but that of rigid walls.

    Args:
        unknowns: the fields.
        walls: facets on frictionless rigid walls by the axis across them, or None.

    Returns:
        The DOLFINx conditions, and the constrained local degrees of freedom of u.
    """
    imported, space = unknowns.imported, unknowns.u.function_space
    mesh, dimension = imported.mesh, imported.dimension
    dim = mesh.topology.dim
    axes = vector_axes(imported)
    held: dict[int, list[Dofs]] = {component: [] for component in range(dim)}
    fixed_axes = {0} if dimension in {"spherical", "axisymmetric"} else set()
    planes = [(imported.facets.find(tag), axis) for tag, axis in ((SYM_X, 0), (SYM_Y, 1), (SYM_Z, 2))]
    for facets, axis in [*planes, *((facets, axis) for axis, facets in (walls or {}).items())]:
        count = mesh.comm.allreduce(len(facets))
        if axis not in axes or count == 0:
            continue
        component = axes.index(axis)
        held[component].append(_component_dofs(space, component, facets=facets, dim=dim))
        fixed_axes.add(axis)
    if dimension in {"spherical", "axisymmetric"}:
        nodes = _nodes(space, lambda x: np.abs(x[0]) < AXIS_TOLERANCE)
        held[0].append(nodes * dim)  # unrolled: the component's number within the node is 0
    for component, node in _rigid_pins(unknowns, fixed_axes):
        held[component].append(node * dim + component)
    conditions, every = [], [np.zeros(0, dtype=np.int32)]
    for component, parts in held.items():
        if parts:
            dofs = np.unique(np.concatenate(parts)).astype(np.int32)
            if dim == 1:  # a vector of one component has no subspaces
                conditions.append(fem.dirichletbc(fem.Function(space), dofs))
            else:
                conditions.append(fem.dirichletbc(np.float64(0.0), dofs, space.sub(component)))
            every.append(dofs)
    return conditions, np.concatenate(every)


def _component_dofs(space: Any, component: int, facets: Any, dim: int) -> Dofs:
    nodes = fem.locate_dofs_topological(space, dim - 1, facets)
    return np.asarray(nodes * dim + component, dtype=np.int32)


def _nodes(space: Any, where: Any) -> Dofs:
    return np.asarray(fem.locate_dofs_geometrical(space, where), dtype=np.int32)


def _rigid_pins(unknowns: Unknowns, fixed_axes: set[int]) -> list[tuple[int, Dofs]]:
    """Single nodes that hold the rigid motions left free by symmetry, the same on any number of ranks.

    One node holds the translations, a second one far away the turns that move it, a third one the turn about
    the line through both.
    """
    imported, space = unknowns.imported, unknowns.u.function_space
    if imported.dimension == "spherical":
        return []
    axes = vector_axes(imported)
    free = [k for k, axis in enumerate(axes) if axis not in fixed_axes]
    if not free:
        return []
    first = _extreme_vertex(imported)
    pins = [(component, _at(space, first)) for component in free]
    if len(free) < 2 or imported.dimension == "axisymmetric":
        return pins
    line = np.zeros(len(axes))
    second = _extreme_vertex(imported, lambda x: np.linalg.norm((x - first)[:, free], axis=1))
    line[free] = (second - first)[free]
    along = int(np.argmax(np.abs(line)))
    pins += [(component, _at(space, second)) for component in free if component != along]
    if len(free) == 3:
        line /= np.linalg.norm(line)
        third = _extreme_vertex(imported, lambda x: np.linalg.norm(np.cross(x - first, line), axis=1))
        turned = np.cross(line, third - first)
        pins.append((int(np.argmax(np.abs(turned))), _at(space, third)))
    return pins


def _at(space: Any, point: npt.NDArray[np.float64]) -> Dofs:
    gap = 1e-10
    return _nodes(space, lambda x: np.all(np.abs(x[: len(point)] - point[:, None]) < gap, axis=0))


def _extreme_vertex(
    imported: Any, measure: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]] | None = None
) -> npt.NDArray[np.float64]:
    """The vertex where a measure is largest, ties and all without one by the smallest coordinates."""
    geometry = imported.mesh.geometry
    x = np.asarray(geometry.x)[:, : geometry.dim]
    columns = [np.round(x[:, k], 12) for k in reversed(range(geometry.dim))]
    if measure is not None:
        columns.append(-np.round(measure(x), 12))
    best = np.lexsort(columns)[0] if len(x) else None
    mine = None if best is None else tuple(float(c[best]) for c in reversed(columns)) + tuple(x[best])
    winner = min(entry for entry in imported.mesh.comm.allgather(mine) if entry is not None)
    return np.array(winner[-geometry.dim :])


def sealed_nodes(unknowns: Unknowns, media: Media) -> tuple[list[Any], Dofs]:
    """Conditions that pin mu where no neighbouring cell holds lithium, and the local degrees of freedom."""
    space = unknowns.mu.function_space
    size = space.dofmap.index_map.size_local + space.dofmap.index_map.num_ghosts
    active = fem.Function(space)
    cells = np.flatnonzero(media.numbers[:, CAPACITY] > 0.0)
    owned = unknowns.imported.owned_cells
    touched = np.zeros(size)
    dofs = np.asarray(space.dofmap.list)[cells[cells < owned]]
    touched[np.unique(dofs)] = 1.0
    active.x.array[:] = touched
    active.x.scatter_reverse(la.InsertMode.add)
    active.x.scatter_forward()
    sealed = np.flatnonzero(active.x.array == 0.0).astype(np.int32)
    if unknowns.imported.mesh.comm.allreduce(len(sealed)) == 0:
        return [], sealed
    return [fem.dirichletbc(fem.Function(space), sealed)], sealed
