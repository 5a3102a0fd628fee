"""Diffusion under a constant flux as a user of NGSolve would write it."""

from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.performance.plain_mesh import OUTER, PlainMesh

Array = npt.NDArray[np.float64]


def mesh_in_ngsolve(plain: PlainMesh) -> Any:
    """The same tetrahedra; boundaries are called by their tags, materials too."""
    import ngsolve
    from netgen import meshing

    made = meshing.Mesh(dim=3)
    made.AddPoints(np.ascontiguousarray(plain.points))
    for place, tag in enumerate(np.unique(plain.facet_tags), start=1):
        made.Add(meshing.FaceDescriptor(surfnr=place, domin=1, domout=0, bc=place))
        some = plain.facets[plain.facet_tags == tag]
        made.AddElements(2, place, np.ascontiguousarray(some, dtype=np.int32), 0)
        made.SetBCName(place - 1, str(int(tag)))
    for place, tag in enumerate(np.unique(plain.phase), start=1):
        some = plain.cells[plain.phase == tag]
        made.AddElements(3, place, np.ascontiguousarray(some, dtype=np.int32), 0)
        made.SetMaterial(place, str(int(tag)))
    return ngsolve.Mesh(made)


def diffuse(plain: PlainMesh, time: float, steps: int) -> tuple[float, Array]:
    """Seconds, set-up included, and the rise of concentration at the vertices [J R/D].

    Args:
        plain: the ball.
        time: duration [R^2/D].
        steps: equal ones of backward Euler.
    """
    import ngsolve as ng

    ng.SetNumThreads(1)
    mesh = mesh_in_ngsolve(plain)
    began = perf_counter()
    space = ng.H1(mesh, order=1)
    c, q = space.TnT()
    step = time / steps
    mass, whole, flux = ng.BilinearForm(space), ng.BilinearForm(space), ng.LinearForm(space)
    mass += c * q * ng.dx
    whole += (c * q + step * ng.grad(c) * ng.grad(q)) * ng.dx
    flux += step * q * ng.ds(definedon=mesh.Boundaries(str(OUTER)))
    for form in (mass, whole, flux):
        form.Assemble()
    inverse = whole.mat.Inverse(space.FreeDofs(), inverse="sparsecholesky")
    found = ng.GridFunction(space)
    right = found.vec.CreateVector()
    for _ in range(steps):
        right.data = mass.mat * found.vec + flux.vec
        found.vec.data = inverse * right
    seconds = perf_counter() - began
    return seconds, np.asarray(found.vec.FV().NumPy()[: len(plain.points)]).copy()
