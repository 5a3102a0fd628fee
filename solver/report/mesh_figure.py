"""The picture of a mesh: its phases with every cell's edges, and a closer look at a phase boundary."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter

from meshes import TaggedMesh
from solver.report import scene
from solver.report.faces import cell_edges
from solver.report.fields import REGION_WORDS, REGIONS, Array, Fields
from solver.report.outlines import outlines
from solver.report.panels import scale_bar
from solver.report.scales import bar_length
from solver.report.sheet import INK, sheet
from solver.report.solid import Solid
from solver.report.solid_panels import cut_open_grains, cut_open_phases

EDGE = "#6d7a85"
CLOSE = 0.16
"""Width of the closer look, as a share of the whole picture's."""
LINE_COLOURS = {"layered": "#31688e", "rock_salt": "#c8811a"}


def mesh_figure(mesh: TaggedMesh, out: Path, title: str) -> Path:
    """Draw a mesh: lengths over the radius, or cells, whole and closer; in space as a particle cut open too.

    Args:
        mesh: The mesh.
        out: PNG file to write.
        title: Words above the picture.

    Returns:
        The file.
    """
    report = mesh.report
    below = (
        f"{mesh.dimension.replace('_', ' ')}, {len(mesh.cells)} cells,"
        f" quality at least {report.quality_min:.2f},"
        f" rock salt {100 * report.rock_salt_fraction:.2f} % of the volume"
    )
    if mesh.dimension == "spherical":
        with sheet(out, 8.0, 4.6, title, below) as figure:
            _draw_line(figure.subplots(), mesh)
        return out
    solid = Solid.of(_picture(mesh)) if mesh.dimension == "3d" else None
    picture = _picture(mesh) if solid is None else solid.cuts[2].picture
    if solid is not None and mesh.multiplicity > 1:
        below += f"; one of {mesh.multiplicity:g} sectors, mirrored"
    lines = outlines(picture)
    raster = scene.draw_phases(picture, pixels=1400)
    left, right, bottom, top = raster.extent
    # Equal panels, as high as the particle needs.
    height = 5.2 * min((top - bottom) / (right - left), 1.4)
    columns = 2 if solid is None else 3
    with sheet(out, 5.5 * columns, height + 1.2, title, below) as figure:
        *spatial, whole, close = figure.subplots(1, columns)
        if solid is not None:
            draw = cut_open_grains if solid.grains > 1 else cut_open_phases
            draw(spatial[0], solid, edges=True)
            spatial[0].set_title("an eighth cut away")
            whole.set_title("cells as the plane z = 0 cuts them")
            close.set_title("closer")
        window = _window(picture, lines.phases if len(lines.phases) else lines.outside, raster.extent)
        for axes, extent in ((whole, raster.extent), (close, window)):
            axes.imshow(raster.image, extent=raster.extent, interpolation="bilinear", zorder=1)
            _edges(axes, picture, extent, 0.25 if axes is whole else 0.6)
            _thick(axes, lines.grains, "#8a4f7d", 0.8 if axes is whole else 1.4)
            _thick(axes, lines.phases, INK, 0.8 if axes is whole else 1.6)
            axes.set_xlim(extent[0], extent[1])
            axes.set_ylim(extent[2], extent[3])
            axes.set_aspect("equal")
            axes.set_xticks([])
            axes.set_yticks([])
            for side in axes.spines.values():
                side.set_visible(axes is close)
        scale_bar(whole, raster)
        _bar(close, window)
        x, y = window[0], window[2]
        whole.add_patch(
            Rectangle((x, y), window[1] - x, window[3] - y, fill=False, edgecolor="#b3261e", lw=1.3, zorder=5)
        )
        _axes_of_crystals(whole, mesh, picture)
        present = [name for name, region in REGIONS.items() if (picture.region == region).any()]
        whole.legend(
            handles=[
                Patch(
                    facecolor=scene.PHASE_COLOURS[REGIONS[name] - 1],
                    edgecolor=INK,
                    lw=0.5,
                    label=REGION_WORDS[name],
                )
                for name in present
            ],
            loc="upper right",
            bbox_to_anchor=(1.0, 0.0),
            ncols=2,
            frameon=False,
        )
    return out


def _picture(mesh: TaggedMesh) -> Fields:
    points = np.zeros((len(mesh.points), 3))
    points[:, : mesh.points.shape[1]] = mesh.points * mesh.length
    cells = {"region": mesh.cell_phase.astype(float), "grain": mesh.cell_grain.astype(float)}
    dimension = "3d" if mesh.dimension == "3d" else "cut"
    return Fields(dimension, points, np.asarray(mesh.cells, dtype=np.int64), {}, cells)


def _window(
    picture: Fields, pieces: Array, extent: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """A window of the picture's proportions around the piece of boundary nearest to its middle ray."""
    left, right, bottom, top = extent
    middles = pieces.mean(axis=1)
    aim = np.array([left + 0.72 * (right - left), bottom + 0.72 * (top - bottom)])
    x, y = middles[np.linalg.norm(middles - aim, axis=1).argmin()]
    half_x, half_y = 0.5 * CLOSE * (right - left), 0.5 * CLOSE * (top - bottom)
    return float(x - half_x), float(x + half_x), float(y - half_y), float(y + half_y)


def _edges(axes: Axes, picture: Fields, extent: tuple[float, float, float, float], width: float) -> None:
    corners = picture.points[picture.cells, :2]
    low, high = corners.min(axis=1), corners.max(axis=1)
    inside = (
        (high[:, 0] > extent[0])
        & (low[:, 0] < extent[1])
        & (high[:, 1] > extent[2])
        & (low[:, 1] < extent[3])
    )
    edges = cell_edges(picture.chosen(inside))
    axes.add_collection(
        LineCollection(list(picture.points[edges, :2]), colors=EDGE, linewidths=width, zorder=2)
    )


def _thick(axes: Axes, pieces: Array, colour: str, width: float) -> None:
    axes.add_collection(
        LineCollection(list(pieces), colors=colour, linewidths=width, capstyle="round", zorder=3)
    )


def _bar(axes: Axes, extent: tuple[float, float, float, float]) -> None:
    left, right, bottom, top = extent
    length, words = bar_length(right - left)
    x, y = left + 0.04 * (right - left), bottom + 0.035 * (top - bottom)
    axes.plot([x, x + length], [y, y], color=INK, linewidth=2.4, solid_capstyle="butt", zorder=6)
    axes.text(
        x + 0.5 * length, y + 0.012 * (top - bottom), words, ha="center", va="bottom", color=INK, fontsize=9,
        zorder=6, bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip


def _axes_of_crystals(axes: Axes, mesh: TaggedMesh, picture: Fields) -> None:
    """A short stroke along the c axis in each grain whose c axis lies in the plane."""
    if mesh.frames is None or len(mesh.frames) < 2:
        return
    in_plane = [0, 2] if mesh.dimension == "axisymmetric" else [0, 1]
    centres = picture.points[picture.cells, :2].mean(axis=1)
    size = float(np.ptp(picture.points[:, :2], axis=0).max())
    strokes = []
    for grain, frame in enumerate(mesh.frames):
        mine = picture.cell_data["grain"] == grain
        direction = frame[in_plane, 2]
        if mine.any() and np.linalg.norm(direction) > 0.5:
            middle = centres[mine].mean(axis=0)
            half = 0.25 * size / np.sqrt(len(mesh.frames)) * direction
            strokes.append([middle - half, middle + half])
    axes.add_collection(LineCollection(strokes, colors="#b3261e", linewidths=1.5, zorder=4))
    axes.text(
        0.99, 0.99, "red strokes: c axes", transform=axes.transAxes, ha="right", va="top", color="#b3261e",
        fontsize=9,
    )  # fmt: skip


def _draw_line(axes: Axes, mesh: TaggedMesh) -> None:
    """In one dimension: the length of each cell over the radius."""
    r = mesh.points[:, 0] * mesh.length
    ends = np.sort(r[mesh.cells], axis=1)
    for name, region in REGIONS.items():
        mine = mesh.cell_phase == region
        if mine.any():
            middle, length = ends[mine].mean(axis=1), np.diff(ends[mine], axis=1)[:, 0]
            axes.plot(
                1e6 * middle,
                1e9 * length,
                ".",
                ms=4,
                color=LINE_COLOURS[name],
                label=f"{REGION_WORDS[name]}, {mine.sum()} cells",
            )
    axes.set_xlabel("radius [µm]")
    axes.set_ylabel("length of cell [nm]")
    axes.set_yscale("log")
    plain = FuncFormatter(lambda length, _: f"{length:g}")
    axes.yaxis.set_major_formatter(plain)
    axes.yaxis.set_minor_formatter(plain)
    axes.grid(True, which="both", color="#e3e3e3", linewidth=0.6)
    axes.legend(frameon=False)
