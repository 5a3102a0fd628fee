"""The figure of one moment: stresses, occupancy and lithium's paths over the whole particle."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable

from solver.report.errors import ReportError
from solver.report.moments import Moment, subtitle
from solver.report.panels import colour_bar, flux_panel, phase_panel, scalar_panel
from solver.report.profiles import profile_halves, profile_panels
from solver.report.scales import Shown, decades, shown_in, symmetric_limits
from solver.report.scene import Extent, frame_of
from solver.report.sheet import sheet
from solver.report.solid_panels import cut_open_panel, cut_open_phases
from solver.report.streamlines import stream_panel

MAPS = ("hydrostatic_stress", "max_principal_stress", "occupancy", "lithium_flux")


@dataclass(frozen=True)
class Limits:
    """Limits of colour scales [SI], shared by all pictures that are to be compared.

    Attributes:
        hydrostatic: symmetric about zero [Pa].
        principal: symmetric about zero [Pa].
        flux: of a logarithmic scale [mol/m^2/s].
    """

    hydrostatic: tuple[float, float]
    principal: tuple[float, float]
    flux: tuple[float, float]

    @classmethod
    def over(cls, moments: Iterable[Moment]) -> "Limits":
        """Limits that suit all of these moments, which may be read one at a time."""
        names = ("hydrostatic_stress", "max_principal_stress", "lithium_flux")
        samples = [[moment.values(name) for name in names] for moment in moments]
        hydrostatic, principal, flux = zip(*samples, strict=True) if samples else ((), (), ())
        return cls(symmetric_limits(*hydrostatic), symmetric_limits(*principal), decades(*flux))

    def of(self, name: str) -> tuple[float, float]:
        """Limits of a field by its name."""
        if name == "occupancy":
            return 0.0, 1.0
        return {
            "hydrostatic_stress": self.hydrostatic,
            "max_principal_stress": self.principal,
            "lithium_flux": self.flux,
        }[name]

    def shown(self, name: str) -> Shown:
        """Title, unit and colours of a field; both stresses are shown in one unit."""
        return shown_in(name, max(self.hydrostatic[1], self.principal[1]))


@dataclass(frozen=True)
class Panel:
    """One picture of a moment: a field, in the flat picture or on the particle with an eighth cut away."""

    name: str
    cut_open: bool = False


def panels_of(moment: Moment) -> list[Panel]:
    """The pictures that show a moment, in reading order."""
    flat = [Panel(name) for name in MAPS if moment.has(name)]
    if not moment.in_space:
        return flat
    # Three in a row: stresses above, lithium below, each row led by the particle cut open.
    stresses = [panel for panel in flat if panel.name.endswith("stress")]
    lithium = [panel for panel in flat if panel not in stresses]
    rows = [row for row in (stresses, lithium) if row]
    led = [[Panel(row[0].name, moment.is_scalar(row[0].name)), *row] for row in rows]
    return [panel for row in led for panel in dict.fromkeys(row)]


def moment_figure(moment: Moment, limits: Limits, out: Path) -> Path:
    """Draw one moment into a PNG file.

    Args:
        moment: a snapshot of a run.
        limits: colour limits, usually over all moments of a report.
        out: file to write.

    Returns:
        The file.

    Raises:
        ReportError: the fields are unreadable.
    """
    panels = panels_of(moment)
    if not panels:
        raise ReportError(f"{moment.record.file}: holds none of the fields {', '.join(MAPS)}")
    radial = moment.run.dimension == "spherical"
    left, right, bottom, top = frame_of(moment.particle.picture)
    most = len(panels) if radial else 3 if moment.in_space else 2
    columns = min(most, len(panels))
    rows = -(-len(panels) // columns)
    width = (4.15 if radial else 5.3) * columns
    height = 7.0 if radial else 0.9 + 4.55 * rows * (top - bottom) / (right - left)
    with sheet(out, width, height, moment.title, subtitle(moment.run)) as figure:
        upper, lower = profile_halves(figure) if radial else (figure, None)
        axes = upper.subplots(rows, columns, squeeze=False).ravel()
        for axis, panel in zip(axes, panels, strict=False):
            shown = limits.shown(panel.name)
            colour_bar(upper, draw_panel(axis, moment, panel, limits), axis, shown)
            axis.set_title(title_of(moment, panel, shown))
        for axis in axes[len(panels) :]:
            axis.set_axis_off()
        if lower is not None:
            profile_panels(lower, moment, {panel.name: limits.shown(panel.name) for panel in panels})
    return out


def title_of(moment: Moment, panel: Panel, shown: Shown) -> str:
    """What a picture shows, in words."""
    if not moment.in_space:
        return shown.title
    if panel.cut_open:
        return f"{shown.title}, an eighth cut away"
    words = "paths of lithium" if panel.name == "lithium_flux" else shown.title
    return f"{words} in the plane z = 0"


def draw_panel(
    axes: Axes,
    moment: Moment,
    panel: Panel,
    limits: Limits,
    frame: Extent | None = None,
    arrows_across: int = 27,
) -> ScalarMappable:
    """One picture of one moment in a pair of axes; what its colour bar needs is returned.

    Args:
        axes: where to draw.
        moment: a snapshot of a run.
        panel: what to draw.
        limits: of the colours.
        frame: left, right, bottom, top of the picture [m]; the particle's own unless given.
        arrows_across: arrows of a flux side by side.
    """
    name = panel.name
    if panel.cut_open:
        return cut_open_panel(axes, moment.solid, name, limits.shown(name), limits.of(name), frame)
    if name != "lithium_flux":
        return scalar_panel(axes, moment.particle, name, limits.shown(name), limits.of(name), frame)
    if moment.in_space:
        return stream_panel(axes, moment.particle, limits.flux, frame)
    return flux_panel(axes, moment.particle, limits.flux, arrows_across, frame)


def draw_phases(axes: Axes, moment: Moment, frame: Extent | None = None) -> None:
    """Which phase is where: in space with an eighth cut away, or in the flat picture."""
    if moment.in_space:
        cut_open_phases(axes, moment.solid, frame=frame)
    else:
        phase_panel(axes, moment.particle, frame)
