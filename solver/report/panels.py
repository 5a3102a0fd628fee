"""One picture in one pair of axes: the drawn scene, phase boundaries, a scale bar, and its colour bar."""

from collections.abc import Sequence

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Colormap, ListedColormap, LogNorm, Normalize
from matplotlib.figure import FigureBase
from matplotlib.patches import Patch

from solver.report import scene
from solver.report.fields import REGION_WORDS, Array
from solver.report.outlines import Outlines, Particle
from solver.report.scales import SHOWN, Shown, bar_length
from solver.report.sheet import INK


def scalar_panel(
    axes: Axes,
    particle: Particle,
    name: str,
    shown: Shown,
    limits: tuple[float, float],
    frame: scene.Extent | None = None,
    pixels: int = 700,
) -> ScalarMappable:
    """Draw a scalar field between limits [SI]; what a colour bar needs is returned, in shown units.

    Pictures of one `frame` (left, right, bottom, top [m]) are on one scale; `pixels` are those of a side.
    """
    raster = scene.draw_scalar(particle.picture, name, limits, shown.colours, pixels, frame)
    place(axes, raster)
    draw_lines(axes, particle.lines)
    scale_bar(axes, raster)
    if np.isnan(particle.picture.point_data[name]).any():
        colour_legend(axes, [(scene.NO_VALUE, "inert")])
    return ScalarMappable(Normalize(limits[0] * shown.factor, limits[1] * shown.factor), shown.colours)


def flux_panel(
    axes: Axes,
    particle: Particle,
    limits: tuple[float, float],
    across: int = 27,
    frame: scene.Extent | None = None,
) -> ScalarMappable:
    """Draw lithium's flux as arrows over the phases, between limits [mol/m^2/s] on a logarithmic scale.

    Colour is the flux; length follows its logarithm, so that slow places still show a direction. Where the
    flux is below the scale no arrow is drawn. `across` arrows stand side by side.
    """
    shown = SHOWN["lithium_flux"]
    raster = scene.draw_phases(particle.picture, frame=frame)
    place(axes, raster)
    draw_lines(axes, particle.lines)
    norm = LogNorm(limits[0] * shown.factor, limits[1] * shown.factor)
    x, y, pitch = _lattice(raster.extent, across)
    flux = scene.sample_cells(particle.picture, "lithium_flux", x, y) * shown.factor
    size = np.hypot(flux[:, 0], flux[:, 1])
    visible = np.isfinite(size) & (size >= limits[0] * shown.factor * 0.999)
    if visible.any():
        x, y, flux, size = x[visible], y[visible], flux[visible], size[visible]
        share = np.clip(np.asarray(norm(size), dtype=float), 0.0, 1.0)
        length = pitch * (0.5 + 0.5 * share) / size
        axes.quiver(
            x, y, flux[:, 0] * length, flux[:, 1] * length, size, cmap=dark_part(shown.colours), norm=norm,
            angles="xy", scale_units="xy", scale=1.0, pivot="mid", units="xy", width=0.11 * pitch,
            headwidth=3.6, headlength=3.6, headaxislength=3.2, minlength=0.0, minshaft=1.2, zorder=3,
        )  # fmt: skip
    else:
        axes.text(0.5, 0.5, "no flux", transform=axes.transAxes, ha="center", va="center", color=INK)
    scale_bar(axes, raster)
    phase_legend(axes, particle)
    return ScalarMappable(norm, dark_part(shown.colours))


def colour_bar(figure: FigureBase, mapped: ScalarMappable, axes: Axes | list[Axes], shown: Shown) -> None:
    """A colour bar with the field's symbol and unit beside one or several axes."""
    bar = figure.colorbar(mapped, ax=axes, extend=shown.extend, fraction=0.046, pad=0.02, aspect=26)
    bar.set_label(shown.bar)


def phase_panel(axes: Axes, particle: Particle, frame: scene.Extent | None = None) -> None:
    """Draw which phase is where."""
    raster = scene.draw_phases(particle.picture, frame=frame)
    place(axes, raster)
    draw_lines(axes, particle.lines)
    scale_bar(axes, raster)
    phase_legend(axes, particle)


def phase_legend(axes: Axes, particle: Particle) -> None:
    """Name the phases that a flux picture is drawn over, below it on the right."""
    present = {int(region) for region in np.unique(particle.picture.region)}
    names = [(n, words) for n, words in enumerate(REGION_WORDS.values(), 1) if n in present]
    colour_legend(axes, [(scene.PHASE_COLOURS[n - 1], words) for n, words in names])


def scale_bar(axes: Axes, raster: scene.Raster) -> None:
    """A bar of a round length below the lower left of the particle."""
    left, right, bottom, top = raster.extent
    length, words = bar_length(right - left)
    y = bottom - 0.015 * (top - bottom)
    axes.plot([left, left + length], [y, y], color=INK, linewidth=2.2, solid_capstyle="butt", clip_on=False)
    axes.text(
        left + 0.5 * length, y - 0.012 * (top - bottom), words, ha="center", va="top", color=INK, fontsize=9
    )


def place(axes: Axes, raster: scene.Raster) -> None:
    """Put a drawn scene into axes without a frame."""
    axes.imshow(raster.image, extent=raster.extent, interpolation="antialiased", zorder=1)
    axes.set_aspect("equal")
    axes.set_axis_off()


def draw_lines(axes: Axes, lines: Outlines) -> None:
    """Draw the boundaries of grains, phases and the particle."""
    for pieces, colour, width in (
        (lines.grains, "#777777", 0.35),
        (lines.phases, INK, 0.55),
        (lines.outside, INK, 0.9),
    ):
        axes.add_collection(
            LineCollection(list(pieces), colors=colour, linewidths=width, capstyle="round", zorder=2)
        )
    axes.autoscale(False)


def dark_part(colours: str) -> Colormap:
    """The part of a map that stands out against pale phases."""
    return ListedColormap(colormaps[colours](np.linspace(0.3, 0.95, 256)), name=f"{colours}_dark")


def _lattice(extent: tuple[float, float, float, float], across: int) -> tuple[Array, Array, float]:
    """Places of arrows: a triangular lattice that is centred in the picture, and its pitch [m]."""
    left, right, bottom, top = extent
    pitch = max(right - left, top - bottom) / across
    reach = across // 2 + 1
    rows, columns = np.mgrid[-2 * reach : 2 * reach + 1, -2 * reach : 2 * reach + 1]
    x = 0.5 * (left + right) + pitch * (columns + 0.5 * (rows % 2))
    y = 0.5 * (bottom + top) + pitch * rows * np.sqrt(0.75)
    inside = (x > left) & (x < right) & (y > bottom) & (y < top)
    return x[inside], y[inside], pitch


def colour_legend(axes: Axes, entries: Sequence[tuple[str, str]]) -> None:
    """Colours and their names, below the picture on the right."""
    patches = [
        Patch(facecolor=colour, edgecolor=INK, linewidth=0.5, label=words) for colour, words in entries
    ]
    axes.legend(
        handles=patches, loc="upper right", bbox_to_anchor=(1.0, 0.005), ncols=2, frameon=False, fontsize=8.5,
        borderaxespad=0.0, handlelength=1.2, columnspacing=1.0,
    )  # fmt: skip
