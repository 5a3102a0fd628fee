"""Two-phase elasticity under misfit as a user of scikit-fem would write it."""

from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

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
        direct: SciPy's SuperLU; else conjugate gradients behind the diagonal.
        rtol: of the conjugate gradients.
    """
    import skfem
    from skfem.helpers import ddot, div, eye, sym_grad, trace

    mesh = skfem.MeshTet(plain.points.T.copy(), plain.cells.T.copy())
    began = perf_counter()
    basis = skfem.Basis(mesh, skfem.ElementVector(skfem.ElementTetP2()), intorder=2)
    cellwise = basis.with_element(skfem.ElementTetP0())
    largest = max(young for young, _ in solids.values())
    lame, shear = np.zeros(mesh.nelements), np.zeros(mesh.nelements)
    for tag, (young, poisson) in solids.items():
        shear[plain.phase == tag] = young / largest / (2.0 * (1.0 + poisson))
        lame[plain.phase == tag] = young / largest * poisson / ((1.0 + poisson) * (1.0 - 2.0 * poisson))
    push = (3.0 * lame + 2.0 * shear) * np.where(plain.phase == ROCK_SALT, misfit, 0.0)
    given = {"lame": cellwise.interpolate(lame), "shear": cellwise.interpolate(shear)}

    @skfem.BilinearForm
    def stiffness(u: Any, v: Any, w: Any) -> Any:
        strain = sym_grad(u)
        return ddot(w["lame"] * eye(trace(strain), 3) + 2.0 * w["shear"] * strain, sym_grad(v))

    @skfem.LinearForm
    def load(v: Any, w: Any) -> Any:
        return w["push"] * div(v)

    matrix = stiffness.assemble(basis, **given)
    right = load.assemble(basis, push=cellwise.interpolate(push))
    held = []
    for axis in range(len(PLANES)):
        facets = mesh.facets_satisfying(lambda x, k=axis: np.abs(x[k]) < 1e-9, boundaries_only=True)
        held.append(basis.get_dofs(facets).all(f"u^{axis + 1}"))
    system = skfem.condense(matrix, right, D=np.concatenate(held))
    solver = skfem.solver_direct_scipy() if direct else skfem.solver_iter_pcg(rtol=rtol)
    solution = skfem.solve(*system, solver=solver)
    seconds = perf_counter() - began
    return seconds, np.asarray(solution[basis.nodal_dofs].T)
