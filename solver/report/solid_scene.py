"""Pictures of particles in space, an eighth cut away, drawn by PyVista without a screen.

The projection is parallel, so lengths in the picture's plane are to scale. Cut faces are drawn without light:
their colours are those of the colour bar. The surface is lit, which shades its colours a little.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvista as pv
from matplotlib.colors import ListedColormap
from vtkmodules.vtkCommonDataModel import vtkPlane

from solver.report.faces import cell_edges
from solver.report.fields import LAYERED, ROCK_SALT, Array, Fields, Ints
from solver.report.outlines import outlines
from solver.report.scene import NO_VALUE, PHASE_COLOURS, Extent, Raster, photograph
from solver.report.sheet import INK
from solver.report.slices import IN_PLANE
from solver.report.solid import Solid, in_space, normals

TOWARDS = np.array([0.70, 0.53, 0.48]) / np.linalg.norm([0.70, 0.53, 0.48])
"""From the particle to the viewer, who looks into the eighth x, y, z > 0 that is cut away."""
RIGHT = np.array([-TOWARDS[1], TOWARDS[0], 0.0]) / np.hypot(TOWARDS[0], TOWARDS[1])
UP = np.cross(TOWARDS, RIGHT)
LEFT_OVER = (((0, -1),), ((0, 1), (1, -1)), ((0, 1), (1, 1), (2, -1)))
"""Three parts that make up all but that eighth: of each, the axes and the sides of them that are kept."""
GRAIN_LINE, MESH_LINE = "#777777", "#6d7a85"
ROCK_SALT_COLOUR = "#e8a33d"
GLASS = "#9db8cc"
GRAINS = (
    "#f0c987", "#8fb8d8", "#c9d9e8", "#6f9bc0", "#b6cfc4",
    "#a9a6cf", "#dfe6ea", "#88b3b0", "#c5b8dc", "#93a9bd",
)  # fmt: skip
"""Rock salt, and colours of grains."""


@dataclass(frozen=True)
class Paint:
    """What a particle is coloured by.

    Attributes:
        name: a point or cell field with one component.
        limits: of the colours [unit of the field].
        colours: a colour map.
    """

    name: str
    limits: tuple[float, float]
    colours: str | ListedColormap

    def on(self, fields: Fields, mesh: pv.PolyData) -> pv.PolyData:
        """The mesh of these fields with the values to show."""
        if self.name in fields.point_data:
            mesh.point_data["shown"] = fields.point_data[self.name]
        else:
            mesh.cell_data["shown"] = np.asarray(fields.cell_data[self.name], dtype=float)
        return mesh


PHASES = Paint("region", (0.5, 2.5), ListedColormap(list(PHASE_COLOURS)))
GRAIN_PAINT = Paint("grain_colour", (-0.5, len(GRAINS) - 0.5), ListedColormap(list(GRAINS)))


def project(points: Array) -> Array:
    """Where points in space, shape (..., 3), are in the picture, shape (..., 2)."""
    return np.stack([points @ RIGHT, points @ UP], axis=-1)


def draw_cut_open(
    solid: Solid, paint: Paint, pixels: int = 700, edges: bool = False, frame: Extent | None = None
) -> Raster:
    """A particle with an eighth cut away.

    Args:
        solid: the particle.
        paint: what it is coloured by.
        pixels: of the picture's sides.
        edges: whether to draw the edges of the mesh.
        frame: left, right, bottom, top [m]; the particle with a margin unless given.
    """
    size = solid.size

    def fill(plotter: Any) -> None:
        _lights(plotter)
        skin = paint.on(solid.skin, _surface(solid.skin, size))
        mesh = solid.skin.points[cell_edges(solid.skin)] / size if edges else np.empty((0, 2, 3))
        for sides in LEFT_OVER:
            _clip(_add(plotter, skin, paint, lit=True), sides)
            _lines(plotter, solid.skin_lines.grains / size, GRAIN_LINE, 1.4, sides)
            _lines(plotter, solid.skin_lines.phases / size, INK, 2.0, sides)
            _lines(plotter, mesh, MESH_LINE, 0.8, sides)
        _cut_faces(plotter, solid, paint, edges)

    return _photograph(fill, size, pixels, frame)


def draw_rock_salt(solid: Solid, pixels: int = 700) -> Raster:
    """The rock salt alone, an eighth cut away, with the layered phase's outer surface as glass around it."""
    size = solid.size
    paint = Paint("region", (1.5, 2.5), ListedColormap([ROCK_SALT_COLOUR]))

    def fill(plotter: Any) -> None:
        _lights(plotter)
        own, glass = solid.skin.within(ROCK_SALT), solid.skin.within(LAYERED)
        for sides in LEFT_OVER:
            for part in (own, solid.interface):
                if len(part.cells):
                    _clip(_add(plotter, paint.on(part, _surface(part, size)), paint, lit=True), sides)
            if len(glass.cells):
                shell = plotter.add_mesh(
                    _surface(glass, size), color=GLASS, opacity=0.3, ambient=0.6, diffuse=0.5, specular=0.6,
                    specular_power=20.0, culling="back",
                )  # fmt: skip
                shell.prop.interpolation = "Gouraud"
                _clip(shell, sides)
            _lines(plotter, solid.skin_lines.phases / size, INK, 1.4, sides)
        _cut_faces(plotter, solid, paint, False, only=ROCK_SALT)

    return _photograph(fill, size, pixels)


def _photograph(fill: Callable[[Any], None], size: float, pixels: int, frame: Extent | None = None) -> Raster:
    # A ball is as wide as its coordinates from every side.
    left, right, bottom, top = extent = frame or (-1.08 * size, 1.08 * size, -1.08 * size, 1.08 * size)
    middle = 0.5 * (left + right) / size * RIGHT + 0.5 * (bottom + top) / size * UP
    camera = [tuple(middle + 10.0 * TOWARDS), tuple(middle), (0.0, 0.0, 1.0)]
    return Raster(photograph(fill, extent, size, camera, pixels), extent)


def _lights(plotter: Any) -> None:
    for place, strength in ((TOWARDS + 0.7 * UP - 0.6 * RIGHT, 0.62), (TOWARDS + 0.6 * RIGHT, 0.25)):
        plotter.add_light(
            pv.Light(position=tuple(10.0 * place), focal_point=(0.0, 0.0, 0.0), intensity=strength)
        )


def _surface(surface: Fields, size: float) -> pv.PolyData:
    mesh = _triangles(surface.points / size, surface.cells)
    mesh.point_data["Normals"] = normals(surface).astype(np.float32)
    mesh.point_data.active_normals_name = "Normals"
    return mesh


def _triangles(points: Array, cells: Ints) -> pv.PolyData:
    faces = np.column_stack([np.full(len(cells), 3), cells])
    return pv.PolyData(points, faces=faces.ravel())


def _add(plotter: Any, mesh: pv.PolyData, paint: Paint, lit: bool) -> Any:
    ambient, diffuse = (0.64, 0.45) if lit else (1.0, 0.0)
    actor = plotter.add_mesh(
        mesh, scalars="shown", clim=paint.limits, cmap=paint.colours, nan_color=NO_VALUE, n_colors=256,
        lighting=lit, ambient=ambient, diffuse=diffuse, show_scalar_bar=False, copy_mesh=False,
    )  # fmt: skip
    actor.prop.interpolation = "Gouraud"
    return actor


def _cut_faces(plotter: Any, solid: Solid, paint: Paint, edges: bool, only: int | None = None) -> None:
    """The three faces of the eighth that is cut away, of all regions or of one, with their lines."""
    size = solid.size
    for normal, cut in enumerate(solid.cuts):
        sides = tuple((axis, 1) for axis in IN_PLANE[normal])
        picture = cut.picture if only is None else cut.picture.within(only)
        lines = cut.lines if only is None else outlines(picture)
        if not len(picture.cells):
            continue
        mesh = _triangles(in_space(picture.points, normal) / size, picture.cells)
        _clip(_add(plotter, paint.on(picture, mesh), paint, lit=False), sides)
        if edges:
            sides_of_cells = picture.points[cell_edges(picture)]
            _lines(plotter, in_space(sides_of_cells, normal) / size, MESH_LINE, 0.8, sides)
        for pieces, colour, width in (
            (lines.grains, GRAIN_LINE, 1.4),
            (lines.phases, INK, 2.0),
            (lines.outside, INK, 2.4),
        ):
            _lines(plotter, in_space(pieces, normal) / size, colour, width, sides)
    _lines(plotter, solid.edges(only) / size, INK, 2.4)


def _lines(
    plotter: Any, pieces: Array, colour: str, width: float, sides: Sequence[tuple[int, int]] = ()
) -> None:
    if not len(pieces):
        return
    # Towards the viewer, which a parallel projection does not show, so that surfaces do not swallow them.
    ends = pieces.reshape(-1, 3) + 0.004 * TOWARDS
    lines = np.column_stack([np.full(len(pieces), 2), np.arange(0, len(ends), 2), np.arange(1, len(ends), 2)])
    mesh = pv.PolyData(ends, lines=lines.ravel())
    _clip(plotter.add_mesh(mesh, color=colour, line_width=width, lighting=False), sides)


def _clip(actor: Any, sides: Sequence[tuple[int, int]]) -> None:
    """Show only what lies on the given sides (axis, sign) of the planes through the origin."""
    for axis, sign in sides:
        plane = vtkPlane()
        normal = np.zeros(3)
        normal[axis] = sign
        plane.SetNormal(*normal)
        actor.mapper.AddClippingPlane(plane)
