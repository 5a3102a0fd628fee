"""Two-phase elasticity under misfit as Akantu solves it; it may run in an environment of Akantu's own.

Akantu reads its mesh and its materials from files: both are written here, which is not timed.
"""

from pathlib import Path
from time import perf_counter

import numpy as np
import numpy.typing as npt

from benchmarks.performance.plain_mesh import PLANES, ROCK_SALT, PlainMesh

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

EDGES = ((0, 1), (1, 2), (2, 0), (3, 0), (2, 3), (1, 3))
"""Of a quadratic tetrahedron, in the order of Gmsh's files."""
QUADRATIC_TETRAHEDRON = 11
NAMES = {1: "layered", 2: "rock_salt"}


def quadratic(plain: PlainMesh) -> tuple[Array, Ints]:
    """Vertices and then middles of edges [R], and the ten nodes of every cell."""
    pairs = np.sort(np.concatenate([plain.cells[:, edge] for edge in EDGES]), axis=1)
    edges, place = np.unique(pairs, axis=0, return_inverse=True)
    middles = plain.points[edges].mean(axis=1)
    ten = np.column_stack([plain.cells, len(plain.points) + place.reshape(len(EDGES), -1).T])
    return np.concatenate([plain.points, middles]), ten


def written(plain: PlainMesh, solids: dict[int, tuple[float, float]], misfit: float, folder: Path) -> None:
    """Mesh and materials as files.

    Args:
        plain: the mesh.
        solids: Young's modulus and Poisson's ratio by tag.
        misfit: of the rock salt [1].
        folder: of `mesh.msh` and `material.dat`.
    """
    points, ten = quadratic(plain)
    lines = ["$MeshFormat", "2.2 0 8", "$EndMeshFormat", "$PhysicalNames", str(len(NAMES))]
    lines += [f'3 {tag} "{name}"' for tag, name in NAMES.items()]
    lines += ["$EndPhysicalNames", "$Nodes", str(len(points))]
    lines += [f"{k} {x!r} {y!r} {z!r}" for k, (x, y, z) in enumerate(points.tolist(), start=1)]
    lines += ["$EndNodes", "$Elements", str(len(ten))]
    lines += [
        f"{k} {QUADRATIC_TETRAHEDRON} 2 {tag} {tag} {' '.join(map(str, nodes))}"
        for k, (tag, nodes) in enumerate(zip(plain.phase.tolist(), (ten + 1).tolist(), strict=True), start=1)
    ]
    (folder / "mesh.msh").write_text("\n".join([*lines, "$EndElements", ""]), encoding="utf-8")
    told = []
    for tag, (young, poisson) in solids.items():
        free = misfit if tag == ROCK_SALT else 0.0
        rows = ", ".join(f"[{', '.join(str(free * (i == j)) for j in range(3))}]" for i in range(3))
        told.append(
            f"material elastic [\n name = {NAMES[tag]}\n rho = 1\n E = {young!r}\n nu = {poisson!r}\n"
            f" eigen_grad_u = [{rows}]\n]"
        )
    (folder / "material.dat").write_text("\n".join([*told, ""]), encoding="utf-8")


def solve(
    plain: PlainMesh, solids: dict[int, tuple[float, float]], misfit: float, folder: Path
) -> tuple[float, Array]:
    """Seconds of assembly and solution (its default: MUMPS), and the displacement of the vertices [R]."""
    import akantu

    written(plain, solids, misfit, folder)
    akantu.parseInput(str(folder / "material.dat"))
    mesh = akantu.Mesh(3)
    mesh.read(str(folder / "mesh.msh"))
    model = akantu.SolidMechanicsModel(mesh)
    model.setMaterialSelector(akantu.MeshDataMaterialSelectorString("physical_names", model))
    model.initFull(_analysis_method=akantu._static)
    nodes = mesh.getNodes()
    blocked = model.getBlockedDOFs()
    for axis in range(len(PLANES)):
        blocked[np.abs(nodes[:, axis]) < 1e-12, axis] = True
    newton = model.getNonLinearSolver()
    newton.set("max_iterations", 2)
    newton.set("threshold", 1e-8)
    newton.set("convergence_type", akantu.SolveConvergenceCriteria.residual)
    began = perf_counter()
    model.solveStep()
    seconds = perf_counter() - began
    return seconds, np.asarray(model.getDisplacement())[: len(plain.points)].copy()
