"""Pictures of flat fields, drawn by PyVista without a screen.

A scene is drawn straight from above, without light, axes or words, so that its edges are known in metres;
words, bars and lines are added by the panels.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyvista as pv
from matplotlib.colors import ListedColormap

from solver.report.fields import Array, Fields

Image = npt.NDArray[np.uint8]
Extent = tuple[float, float, float, float]

PHASE_COLOURS = ("#d5e3ee", "#f6ddb8")
"""Layered, rock salt: pale, to lie under lines and arrows."""
NO_VALUE = "#c9c9c9"
"""Where a field has no value, such as the occupancy of an inert phase."""


@dataclass(frozen=True)
class Raster:
    """A drawn scene.

    Attributes:
        image: shape (rows, columns, 3).
        extent: left, right, bottom, top [m].
    """

    image: Image
    extent: Extent


def grid_of(picture: Fields) -> pv.UnstructuredGrid:
    """The triangles of a picture as a PyVista grid, in units of its largest coordinate."""
    size = float(np.abs(picture.points[:, :2]).max())
    return pv.UnstructuredGrid({pv.CellType.TRIANGLE: picture.cells}, picture.points / size)


def frame_of(picture: Fields, margin: float = 0.04) -> Extent:
    """Edges of the square or rectangle that shows a picture with a margin: left, right, bottom, top [m]."""
    low, high = picture.points[:, :2].min(axis=0), picture.points[:, :2].max(axis=0)
    pad = margin * float((high - low).max())
    return float(low[0] - pad), float(high[0] + pad), float(low[1] - pad), float(high[1] + pad)


def draw_scalar(
    picture: Fields,
    name: str,
    limits: tuple[float, float],
    colours: str,
    pixels: int = 700,
    frame: Extent | None = None,
) -> Raster:
    """A scalar point field in colours between two limits [unit of the field].

    Args:
        picture: a whole particle.
        name: the field.
        limits: of the colours.
        colours: name of a colour map.
        pixels: of the longer side.
        frame: edges of what is shown; the picture's own unless given.
    """
    grid = grid_of(picture)
    grid.point_data["shown"] = picture.point_data[name]
    return _draw(picture, grid, limits, colours, pixels, frame)


def draw_phases(picture: Fields, pixels: int = 700, frame: Extent | None = None) -> Raster:
    """Which phase is where, in pale colours; `frame` as in `draw_scalar`."""
    grid = grid_of(picture)
    grid.cell_data["shown"] = picture.region.astype(float)
    return _draw(picture, grid, (0.5, 2.5), ListedColormap(list(PHASE_COLOURS)), pixels, frame)


def sample_cells(picture: Fields, name: str, x: Array, y: Array) -> Array:
    """Values of a cell field at places; NaN outside of the particle.

    Args:
        picture: a whole particle.
        name: cell field, shape (m,) or (m, 3).
        x: first coordinates, shape (k,) [m].
        y: second coordinates, shape (k,) [m].

    Returns:
        shape (k,) or (k, 3) [unit of the field].
    """
    cell = _cell_at(picture, x, y)
    values = np.full((len(x), *picture.cell_data[name].shape[1:]), np.nan)
    values[cell >= 0] = picture.cell_data[name][cell[cell >= 0]]
    return values


def sample_points(picture: Fields, name: str, x: Array, y: Array) -> Array:
    """Values of a point field, linear in each triangle, at places; NaN outside. As `sample_cells`."""
    cell = _cell_at(picture, x, y)
    inside = np.flatnonzero(cell >= 0)
    corners = picture.cells[cell[inside]]
    a, b, c = (picture.points[corners[:, k], :2] for k in range(3))
    place = np.stack([x[inside], y[inside]], axis=1) - a
    first, second = b - a, c - a
    area = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    of_b = (place[:, 0] * second[:, 1] - place[:, 1] * second[:, 0]) / area
    of_c = (first[:, 0] * place[:, 1] - first[:, 1] * place[:, 0]) / area
    shares = np.stack([1.0 - of_b - of_c, of_b, of_c], axis=1)
    data = picture.point_data[name]
    values = np.full((len(x), *data.shape[1:]), np.nan)
    values[inside] = np.einsum("kc,kc...->k...", shares, data[corners])
    return values


def _cell_at(picture: Fields, x: Array, y: Array) -> npt.NDArray[np.int64]:
    size = float(np.abs(picture.points[:, :2]).max())
    places = np.stack([x / size, y / size, np.zeros_like(x)], axis=1)
    return np.asarray(grid_of(picture).find_containing_cell(places), dtype=np.int64)


def _draw(
    picture: Fields,
    grid: pv.UnstructuredGrid,
    limits: tuple[float, float],
    colours: str | ListedColormap,
    pixels: int,
    frame: Extent | None,
) -> Raster:
    left, right, bottom, top = extent = frame or frame_of(picture)
    size = float(np.abs(picture.points[:, :2]).max())

    def fill(plotter: Any) -> None:
        plotter.add_mesh(
            grid, scalars="shown", clim=limits, cmap=colours, nan_color=NO_VALUE, n_colors=256,
            lighting=False, show_scalar_bar=False,
        )  # fmt: skip

    x, y = 0.5 * (left + right) / size, 0.5 * (bottom + top) / size
    image = photograph(fill, extent, size, [(x, y, 10.0), (x, y, 0.0), (0.0, 1.0, 0.0)], pixels)
    return Raster(image, extent)


def photograph(
    fill: Callable[[Any], None],
    extent: Extent,
    size: float,
    camera: Sequence[Sequence[float]],
    pixels: int,
) -> Image:
    """Draw a scene in parallel projection.

    Args:
        fill: adds what is shown to the plotter, in units of `size`.
        extent: left, right, bottom, top of the picture [m].
        size: unit of length of the scene [m].
        camera: place, point looked at (the middle of the extent), and up, in units of `size`.
        pixels: of the longer side.
    """
    left, right, bottom, top = extent
    width, height = right - left, top - bottom
    # Drawn twice as fine and averaged over 2 x 2: smooth edges at every driver's mercy otherwise.
    window = [2 * round(pixels * width / max(width, height)), 2 * round(pixels * height / max(width, height))]
    # Without a screen VTK looks for one, says that there is none, and goes on: nobody needs to know.
    with pv.vtk_verbosity("error"):
        plotter: Any = pv.Plotter(off_screen=True, window_size=window, lighting="none")
        try:
            # Four samples of each of those pixels would cost as much again and show no more.
            plotter.render_window.SetMultiSamples(0)
            plotter.set_background("white")
            fill(plotter)
            plotter.enable_parallel_projection()
            plotter.camera_position = [tuple(place) for place in camera]
            plotter.camera.parallel_scale = 0.5 * height / size
            plotter.reset_camera_clipping_range()
            fine = np.asarray(plotter.screenshot(return_img=True), dtype=np.float32)[:, :, :3]
        finally:
            plotter.close()
    rows, columns = fine.shape[0] // 2, fine.shape[1] // 2
    image = fine[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2, 3).mean(axis=(1, 3))
    return np.asarray(image.round(), dtype=np.uint8)
