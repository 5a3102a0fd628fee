"""Two-phase elasticity under misfit as a user of NGSolve would write it."""

from time import perf_counter

import numpy as np
import numpy.typing as npt

from benchmarks.performance.diffusion_in_ngsolve import mesh_in_ngsolve
from benchmarks.performance.plain_mesh import PLANES, ROCK_SALT, PlainMesh

Array = npt.NDArray[np.float64]


def solve(
    plain: PlainMesh, solids: dict[int, tuple[float, float]], misfit: float, direct: bool, rtol: float
) -> tuple[float, Array]:
    """Seconds of assembly and solution, and the displacement of the vertices [R].

    Args:
        plain: the mesh.
        solids: Young's modulus and Poisson's ratio by tag.
        misfit: of the rock salt [1].
        direct: sparse Cholesky; else conjugate gradients behind BDDC.
        rtol: of the conjugate gradients.

    Raises:
        RuntimeError: they did not converge.
    """
    import ngsolve as ng

    ng.SetNumThreads(1)
    mesh = mesh_in_ngsolve(plain)
    began = perf_counter()
    largest = max(young for young, _ in solids.values())
    lame, shear = {}, {}
    for tag, (young, poisson) in solids.items():
        shear[str(tag)] = young / largest / (2.0 * (1.0 + poisson))
        lame[str(tag)] = young / largest * poisson / ((1.0 + poisson) * (1.0 - 2.0 * poisson))
    first, second = mesh.MaterialCF(lame), mesh.MaterialCF(shear)
    free = mesh.MaterialCF({str(ROCK_SALT): misfit}, default=0.0)
    held = dict(zip("xyz", map(str, PLANES), strict=True))
    space = ng.VectorH1(mesh, order=2, **{f"dirichlet{axis}": name for axis, name in held.items()})
    u, v = space.TnT()

    def strain(w: object) -> object:
        return ng.Sym(ng.Grad(w))

    stress = first * ng.Trace(strain(u)) * ng.Id(3) + 2.0 * second * strain(u)
    bilinear, linear = ng.BilinearForm(space, symmetric=True, condense=False), ng.LinearForm(space)
    bilinear += ng.InnerProduct(stress, strain(v)) * ng.dx
    linear += (3.0 * first + 2.0 * second) * free * ng.div(v) * ng.dx
    found = ng.GridFunction(space)
    if direct:
        bilinear.Assemble()
        linear.Assemble()
        inverse = bilinear.mat.Inverse(space.FreeDofs(), inverse="sparsecholesky")
        found.vec.data = inverse * linear.vec
    else:
        before = ng.Preconditioner(bilinear, "bddc")
        bilinear.Assemble()
        linear.Assemble()
        inverse = ng.CGSolver(bilinear.mat, before.mat, tol=rtol, maxiter=2000, printrates=False)
        found.vec.data = inverse * linear.vec
        if inverse.iterations >= 2000:
            msg = "conjugate gradients did not converge"
            raise RuntimeError(msg)
    seconds = perf_counter() - began
    number = len(plain.points)
    # Of each component the values at vertices come first.
    values = [np.asarray(part.vec.FV().NumPy()[:number]) for part in found.components]
    return seconds, np.column_stack(values)
