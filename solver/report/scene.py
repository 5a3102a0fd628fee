"""Pictures of flat fields, drawn by PyVista without a screen.

A scene is drawn straight from above, without light, axes or words, so that its edges are known in metres;
words, bars and lines are added by the panels.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyvista as pv
from matplotlib.colors import ListedColormap

from solver.report.fields import Array, Fields

Image = npt.NDArray[np.uint8]

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
    extent: tuple[float, float, float, float]


def grid_of(picture: Fields) -> pv.UnstructuredGrid:
    """The triangles of a picture as a PyVista grid, in units of its largest coordinate."""
    size = float(np.abs(picture.points[:, :2]).max())
    return pv.UnstructuredGrid({pv.CellType.TRIANGLE: picture.cells}, picture.points / size)


def frame_of(picture: Fields, margin: float = 0.04) -> tuple[float, float, float, float]:
    """Edges of the square or rectangle that shows a picture with a margin: left, right, bottom, top [m]."""
    low, high = picture.points[:, :2].min(axis=0), picture.points[:, :2].max(axis=0)
    pad = margin * float((high - low).max())
    return float(low[0] - pad), float(high[0] + pad), float(low[1] - pad), float(high[1] + pad)


def draw_scalar(
    picture: Fields, name: str, limits: tuple[float, float], colours: str, pixels: int = 700
) -> Raster:
    """A scalar point field in colours between two limits [unit of the field]."""
    grid = grid_of(picture)
    grid.point_data["shown"] = picture.point_data[name]
    return _draw(picture, grid, limits, colours, pixels)


def draw_phases(picture: Fields, pixels: int = 700) -> Raster:
    """Which phase is where, in pale colours."""
    grid = grid_of(picture)
    grid.cell_data["shown"] = picture.region.astype(float)
    return _draw(picture, grid, (0.5, 2.5), ListedColormap(list(PHASE_COLOURS)), pixels)


def sample_cells(picture: Fields, name: str, x: Array, y: Array) -> Array:
    """Values of a cell field at places; NaN outside of the particle.

    Args:
        picture: a whole particle.
        name: cell field, shape (m, 3).
        x: first coordinates, shape (k,) [m].
        y: second coordinates, shape (k,) [m].

    Returns:
        shape (k, 3) [unit of the field].
    """
    size = float(np.abs(picture.points[:, :2]).max())
    places = np.stack([x / size, y / size, np.zeros_like(x)], axis=1)
    cell = np.asarray(grid_of(picture).find_containing_cell(places))
    values = np.full((len(x), 3), np.nan)
    values[cell >= 0] = picture.cell_data[name][cell[cell >= 0]]
    return values


def _draw(
    picture: Fields,
    grid: pv.UnstructuredGrid,
    limits: tuple[float, float],
    colours: str | ListedColormap,
    pixels: int,
) -> Raster:
    left, right, bottom, top = frame_of(picture)
    size = float(np.abs(picture.points[:, :2]).max())
    width, height = right - left, top - bottom
    # Drawn twice as fine and averaged over 2 x 2: smooth edges at every driver's mercy otherwise.
    window = [2 * round(pixels * width / max(width, height)), 2 * round(pixels * height / max(width, height))]
    # Without a screen VTK looks for one, says that there is none, and goes on: nobody needs to know.
    with pv.vtk_verbosity("error"):
        plotter: Any = pv.Plotter(off_screen=True, window_size=window, lighting="none")
        try:
            plotter.set_background("white")
            plotter.add_mesh(
                grid, scalars="shown", clim=limits, cmap=colours, nan_color=NO_VALUE, n_colors=256,
                lighting=False, show_scalar_bar=False,
            )  # fmt: skip
            plotter.enable_parallel_projection()
            x, y = 0.5 * (left + right) / size, 0.5 * (bottom + top) / size
            plotter.camera_position = [(x, y, 10.0), (x, y, 0.0), (0.0, 1.0, 0.0)]
            plotter.camera.parallel_scale = 0.5 * height / size
            fine = np.asarray(plotter.screenshot(return_img=True), dtype=np.float32)[:, :, :3]
        finally:
            plotter.close()
    rows, columns = fine.shape[0] // 2, fine.shape[1] // 2
    image = fine[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2, 3).mean(axis=(1, 3))
    return Raster(np.asarray(image.round(), dtype=np.uint8), (left, right, bottom, top))
