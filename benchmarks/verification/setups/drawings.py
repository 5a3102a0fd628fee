"""A round inclusion in a round body, drawn as a user of Gmsh would: vertices lie on the circles."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import gmsh

from solver.fenics import MPI


def radial_line(inner: float, size: float) -> Callable[[], None]:
    """Draw points and lines along the radius, evenly spaced.

    Args:
        inner: radius of the inclusion [outer radii].
        size: cell size [outer radii].
    """

    def draw() -> None:
        geo = gmsh.model.geo
        points = [geo.addPoint(r, 0.0, 0.0) for r in (0.0, inner, 1.0)]
        lines = [geo.addLine(a, b) for a, b in pairwise(points)]
        for line, length in zip(lines, (inner, 1.0 - inner), strict=True):
            geo.mesh.setTransfiniteCurve(line, round(length / size) + 1)
        geo.synchronize()
        gmsh.model.addPhysicalGroup(1, [lines[0]], name="rock_salt")
        gmsh.model.addPhysicalGroup(1, [lines[1]], name="layered")
        gmsh.model.addPhysicalGroup(0, [points[2]], name="outer")
        gmsh.model.mesh.generate(1)

    return draw


def quarter(inner: float, size: float, plane: bool = False) -> Callable[[], None]:
    """Draw the upper half of a meridian plane, r along x and z along y, or a quarter of a disc.

    Args:
        inner: radius of the inclusion [outer radii].
        size: cell size, twice as much in the centre [outer radii].
        plane: whether x = 0 is a symmetry plane and not an axis.
    """

    def draw() -> None:
        geo = gmsh.model.geo
        centre = geo.addPoint(0.0, 0.0, 0.0, 2.0 * size)
        on_x = [geo.addPoint(r, 0.0, 0.0, size) for r in (inner, 1.0)]
        on_y = [geo.addPoint(0.0, r, 0.0, size) for r in (inner, 1.0)]
        arcs = [geo.addCircleArc(a, centre, b) for a, b in zip(on_x, on_y, strict=True)]
        bottom = [geo.addLine(centre, on_x[0]), geo.addLine(on_x[0], on_x[1])]
        left = [geo.addLine(on_y[0], centre), geo.addLine(on_y[1], on_y[0])]
        inside = geo.addPlaneSurface([geo.addCurveLoop([bottom[0], arcs[0], left[0]])])
        around = geo.addPlaneSurface([geo.addCurveLoop([bottom[1], arcs[1], left[1], -arcs[0]])])
        geo.synchronize()
        gmsh.model.addPhysicalGroup(2, [inside], name="rock_salt")
        gmsh.model.addPhysicalGroup(2, [around], name="layered")
        gmsh.model.addPhysicalGroup(1, [arcs[1]], name="outer")
        gmsh.model.addPhysicalGroup(1, bottom, name="sym_y" if plane else "sym_z")
        if plane:
            gmsh.model.addPhysicalGroup(1, left, name="sym_x")
        gmsh.model.mesh.generate(2)

    return draw


def write_drawing(path: Path, draw: Callable[[], None]) -> None:
    """Let Gmsh draw, mesh and write; collective, rank 0 alone works."""
    comm = MPI.COMM_WORLD
    if comm.rank == 0:
        gmsh.initialize(interruptible=False)
        try:
            gmsh.option.setNumber("General.Terminal", 0)
            gmsh.option.setNumber("General.NumThreads", 1)
            draw()
            gmsh.write(str(path))
        finally:
            gmsh.finalize()
    comm.barrier()
