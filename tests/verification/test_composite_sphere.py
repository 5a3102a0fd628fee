"""Rock salt inside, layered phase around it, on a mesh of one's own: Eshelby's inclusion in finite form."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import gmsh
import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.setups import balls, cases
from benchmarks.verification.setups.running import Run, relative
from meshes import LAYERED, ROCK_SALT, write_mesh

INCLUSION, MATRIX = exact.Solid(203e9, 0.31), exact.Solid(97e9, 0.24)
STRAIN, COHERENCY = 0.019, 0.8
INNER = 0.58
"""Radius of the inclusion over that of the sphere."""

UNIT = 3.7e-6
"""Length of one unit of the mesh file [m]."""

Runner = Callable[[Any], Run]


def radial_line() -> None:
    """Points and lines along the radius, finer towards the interface on both sides."""
    geo = gmsh.model.geo
    points = [geo.addPoint(r, 0.0, 0.0) for r in (0.0, INNER, 1.0)]
    lines = [geo.addLine(a, b) for a, b in pairwise(points)]
    geo.mesh.setTransfiniteCurve(lines[0], 60)
    geo.mesh.setTransfiniteCurve(lines[1], 120, "Progression", 1.01)
    geo.synchronize()
    gmsh.model.addPhysicalGroup(1, [lines[0]], name="rock_salt")
    gmsh.model.addPhysicalGroup(1, [lines[1]], name="layered")
    gmsh.model.addPhysicalGroup(0, [points[2]], name="outer")
    gmsh.model.mesh.generate(1)


def quarter() -> None:
    """The upper half of the meridian plane, r along x and z along y."""
    geo = gmsh.model.geo
    size = 1.0 / 40.0
    centre = geo.addPoint(0.0, 0.0, 0.0, 2.0 * size)
    on_r = [geo.addPoint(r, 0.0, 0.0, size) for r in (INNER, 1.0)]
    on_z = [geo.addPoint(0.0, r, 0.0, size) for r in (INNER, 1.0)]
    arcs = [geo.addCircleArc(a, centre, b) for a, b in zip(on_r, on_z, strict=True)]
    bottom = [geo.addLine(centre, on_r[0]), geo.addLine(on_r[0], on_r[1])]
    axis = [geo.addLine(on_z[0], centre), geo.addLine(on_z[1], on_z[0])]
    inside = geo.addPlaneSurface([geo.addCurveLoop([bottom[0], arcs[0], axis[0]])])
    around = geo.addPlaneSurface([geo.addCurveLoop([bottom[1], arcs[1], axis[1], -arcs[0]])])
    geo.synchronize()
    gmsh.model.addPhysicalGroup(2, [inside], name="rock_salt")
    gmsh.model.addPhysicalGroup(2, [around], name="layered")
    gmsh.model.addPhysicalGroup(1, [arcs[1]], name="outer")
    gmsh.model.addPhysicalGroup(1, bottom, name="sym_z")
    gmsh.model.mesh.generate(2)


def write_drawing(path: Path, draw: Callable[[], None]) -> None:
    gmsh.initialize(interruptible=False)
    try:
        gmsh.option.setNumber("General.Terminal", 0)
        gmsh.option.setNumber("General.NumThreads", 1)
        draw()
        gmsh.write(str(path))
    finally:
        gmsh.finalize()


def write_octant(path: Path) -> None:
    """An eighth of the sphere."""
    sizes = (0.16, 0.09)
    write_mesh(balls.octant(UNIT, [0.0, INNER, 1.0], [ROCK_SALT, LAYERED], sizes), path, unit=UNIT)


@pytest.mark.parametrize("pressure", [0.0, 520e6])
@pytest.mark.parametrize(
    ("dimension", "write", "means", "walls"),
    [
        ("spherical", lambda path: write_drawing(path, radial_line), 1e-6, 2e-4),
        ("axisymmetric", lambda path: write_drawing(path, quarter), 1e-3, 2e-2),
        ("3d", write_octant, 2e-3, 2e-2),
    ],
)
def test_inclusion(
    run: Runner,
    tmp_path: Path,
    dimension: str,
    write: Callable[[Path], None],
    means: float,
    walls: float,
    pressure: float,
) -> None:
    path = tmp_path / "inclusion.msh"
    write(path)
    geometry = {"kind": "file", "dimension": dimension, "path": str(path), "scale": f"{UNIT!r} m"}
    phases = {
        "layered": cases.phase(MATRIX),
        "rock_salt": cases.phase(INCLUSION, misfit={"kind": "isotropic", "strain": STRAIN}),
    }
    mechanics = {"coherency": COHERENCY, "stack_pressure": f"{pressure!r} Pa"}
    found = run(cases.case("inclusion", geometry, phases, {"voltage": "3.9 V"}, [], mechanics=mechanics))
    wanted = exact.coated_sphere(INCLUSION, MATRIX, (INNER, 1.0), -COHERENCY * STRAIN, pressure)
    assert relative(found.mean_stress("rock_salt"), wanted.core) < means
    assert relative(found.mean_stress("layered"), wanted.shell) < means
    assert relative(found.point("centre", "hydrostatic_stress_Pa"), wanted.core) < walls
    assert relative(found.point("surface", "hoop_stress_Pa"), wanted.hoop_surface) < walls
    largest = found.final["regions"]["layered"]["max_principal_stress_Pa"]
    assert largest < wanted.hoop_shell * (1.0 + walls)
    assert largest > 0.9 * wanted.hoop_shell
    whole = 4.18879020479 * UNIT**3
    volumes = {name: found.final["regions"][name]["volume_m3"] for name in phases}
    assert relative(volumes["rock_salt"], whole * INNER**3) < means
    assert relative(sum(volumes.values()), whole) < means
