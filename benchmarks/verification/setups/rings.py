"""Concentric bodies of phases in any order, written as mesh files for cases of `kind: file`."""

from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from benchmarks.verification.setups import cases
from meshes import write_mesh
from meshes.core_shell import build_rings
from solver.fenics import MPI

SECTORS = {"spherical": "full", "axisymmetric": "half", "3d": "octant"}
"""The smallest of each dimension; a quarter in the plane."""


def rings(
    dimension: str,
    radii: list[float],
    phases: list[int],
    sizes: tuple[float, float],
    folder: Path,
    c_axis: tuple[int, int, int] | None = None,
) -> dict[str, Any]:
    """Mesh concentric shells, write them and give the geometry of a case that reads them; collective.

    Args:
        dimension: name of the dimension.
        radii: spheres or circles in outer radii, ascending to 1; a leading zero means no cavity.
        phases: phase of each shell, `LAYERED` or `ROCK_SALT`.
        sizes: cell size far from walls and at them [outer radii].
        folder: an existing folder, for a file of its own.
        c_axis: crystal frame of the whole body, none unless given.
    """
    comm, path = MPI.COMM_WORLD, ""
    if comm.rank == 0:
        made = build_rings(dimension, cases.RADIUS, radii, phases, sizes, SECTORS.get(dimension, "quarter"))
        path = str(Path(mkdtemp(dir=folder)) / "rings.msh")
        write_mesh(made, Path(path), unit=cases.RADIUS)
    path = comm.bcast(path)
    geometry: dict[str, Any] = {
        "kind": "file",
        "dimension": dimension,
        "path": path,
        "scale": f"{cases.RADIUS!r} m",
    }
    if c_axis is not None:
        geometry["crystal"] = {"c_axis": list(c_axis)}
    return geometry
