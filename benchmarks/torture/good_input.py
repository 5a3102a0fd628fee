"""What is good before it is damaged: cases, mesh files of every kind, and the folder of a run."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.torture.worker import Worker

FRAMES: Final = "grain,a_x,a_y,a_z,c_x,c_y,c_z\n1,0,0,1,-0.454,0.891,0\n2,0,0,1,-0.822,0.569,0\n"
"""Crystal frames of the two grains of the good meshes."""
MESH_CASE: Final = """\
name: damaged-mesh
architecture: liquid
temperature: 298.15 K
geometry: {kind: file, dimension: plane_strain, path: ./MESH, scale: 1 um}
phases: {layered: nmc721, rock_salt: rock_salt_nio}
protocol: {start: {voltage: 3.7 V}, steps: []}
"""
"""A case that takes its mesh from a file; `MESH` stands for its name."""
RUN_FILES: Final = ("summary.json", "history.csv", "fields.vtkhdf", "resolved.yaml", "provenance.json")
"""What readers of a run folder look at."""
SMALL: Final = (
    ("quick/core_shell_liquid", "['Charge at C/5 for 20 s or until 4.3 V', 'Rest for 5 s']"),
    ("quick/core_shell_liquid", "[]"),
    ("quick/sphere_2007", "[{drive: current_density, value: -2 A/m^2, for: 5 s}]"),
)
"""Cases that run in a second, and their steps."""
CELLS: Final = 6


def good_cases() -> list[object]:
    """The shipped cases, each as it is written and with everything written out."""
    from ruamel.yaml import YAML

    from solver.case import load_case
    from solver.case.resolved import resolved_mapping
    from solver.case.shipped import shipped_cases

    found: list[object] = []
    for name, path in shipped_cases().items():
        found.append(YAML(typ="safe", pure=True).load(path))
        found.append(resolved_mapping(load_case(name)))
    return found


def small_cases() -> list[object]:
    """Small spheres with short protocols, everything written out."""
    from solver.case import load_case
    from solver.case.resolved import resolved_mapping

    return [resolved_mapping(load_case(name, [f"protocol.steps={steps}"])) for name, steps in SMALL]


def write_good_meshes(folder: Path) -> list[str]:
    """Write a square of two grains in every format, each with its crystal frames.

    Returns:
        Names of the mesh files.
    """
    import meshio

    points, cells, sides, tags = _square()
    middle = points[cells].mean(axis=1)[:, 0]
    shell = middle > 0.5
    groups = {"outer": [1, 1], "layered.1": [10, 2], "rock_salt.2": [11, 2]}
    blocks = [("triangle", cells), ("line", sides)]
    physical = [np.where(shell, 11, 10).astype(np.int32), tags.astype(np.int32)]
    named = meshio.Mesh(
        points,
        blocks,
        cell_data={"gmsh:physical": physical, "gmsh:geometrical": physical},
        field_data={name: np.array(entry) for name, entry in groups.items()},
    )
    meshio.write(folder / "ascii.msh", named, file_format="gmsh22", binary=False)
    meshio.write(folder / "binary.msh", named, file_format="gmsh22", binary=True)
    none = np.zeros(len(sides), int)
    arrays: dict[str, Any] = {
        "region": [np.where(shell, 2, 1), none],
        "grain": [np.where(shell, 2, 1), none],
        "facet": [np.zeros(len(cells), int), tags],
    }
    meshio.Mesh(points, blocks, cell_data=arrays).write(folder / "arrays.vtu")
    meshio.Mesh(points, blocks, cell_data=arrays).write(folder / "arrays.med")
    _rewrite(folder / "ascii.msh", folder / "newer.msh", binary=False)
    _rewrite(folder / "ascii.msh", folder / "newer_binary.msh", binary=True)
    names = ["ascii.msh", "binary.msh", "arrays.vtu", "arrays.med", "newer.msh", "newer_binary.msh"]
    for name in names:
        side_of(folder / name).write_text(FRAMES, encoding="utf-8")
    return names


def side_of(mesh: Path) -> Path:
    """Where the crystal frames of a mesh file stand."""
    return mesh.with_name(f"{mesh.stem}.frames.csv")


def write_good_run(worker: Worker, folder: Path) -> Path:
    """Run a small sphere.

    Returns:
        Its folder.

    Raises:
        RuntimeError: It could not be run.
    """
    case, steps = SMALL[0]
    outcome = worker.ask(["run", case, "--out", "good", "--set", f"protocol.steps={steps}"], folder)
    if outcome.code:
        raise RuntimeError(f"the run to damage failed: {outcome.err[-500:]}")
    return folder / "good"


def _square() -> tuple[Any, Any, Any, Any]:
    """Points (n, 3), triangles, boundary lines and their tags of a unit square."""
    number = np.arange((CELLS + 1) ** 2).reshape(CELLS + 1, CELLS + 1)
    x, y = np.meshgrid(np.linspace(0, 1, CELLS + 1), np.linspace(0, 1, CELLS + 1), indexing="ij")
    points = np.column_stack([x.ravel(), y.ravel(), 0 * x.ravel()])
    a, b, c, d = number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]
    lower, upper = np.stack([a, b, c], axis=-1), np.stack([a, c, d], axis=-1)
    cells = np.concatenate([lower.reshape(-1, 3), upper.reshape(-1, 3)])
    edges = (number[:, 0], number[-1], number[:, -1], number[0])
    sides = np.concatenate([np.column_stack([edge[:-1], edge[1:]]) for edge in edges])
    return points, cells, sides, np.ones(len(sides), dtype=int)


def _rewrite(source: Path, target: Path, binary: bool) -> None:
    """The same in the format that Gmsh writes today."""
    import gmsh

    gmsh.initialize(interruptible=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        gmsh.open(str(source))
        gmsh.option.setNumber("Mesh.MshFileVersion", 4.1)
        gmsh.option.setNumber("Mesh.Binary", int(binary))
        gmsh.write(str(target))
    finally:
        gmsh.finalize()
