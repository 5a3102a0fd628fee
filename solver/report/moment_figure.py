"""The figure of one moment: stresses, occupancy and lithium's paths over the whole particle."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable

from solver.report.errors import ReportError
from solver.report.moments import Moment, subtitle
from solver.report.panels import colour_bar, flux_panel, scalar_panel
from solver.report.profiles import profile_halves, profile_panels
from solver.report.scales import Shown, decades, shown_in, symmetric_limits
from solver.report.scene import frame_of
from solver.report.sheet import sheet

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
    def over(cls, moments: Sequence[Moment]) -> "Limits":
        """Limits that suit all of these moments."""
        return cls(
            symmetric_limits(*(moment.values("hydrostatic_stress") for moment in moments)),
            symmetric_limits(*(moment.values("max_principal_stress") for moment in moments)),
            decades(*(moment.values("lithium_flux") for moment in moments)),
        )

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


def moment_figure(moment: Moment, limits: Limits, out: Path) -> Path:
    """Draw one moment into a PNG file.

    Args:
        moment: a snapshot of a run.
        limits: colour limits, usually over all moments of a report.
        out: file to write.

    Returns:
        The file.

    Raises:
        ReportError: the fields are unreadable or of a dimension without pictures.
    """
    names = [name for name in MAPS if moment.has(name)]
    if not names:
        raise ReportError(f"{moment.record.file}: holds none of the fields {', '.join(MAPS)}")
    radial = moment.run.dimension == "spherical"
    left, right, bottom, top = frame_of(moment.particle.picture)
    rows, columns = (1, len(names)) if radial else ((len(names) + 1) // 2, min(2, len(names)))
    width = 4.15 * columns if radial else 5.3 * columns
    height = 7.0 if radial else 0.9 + 4.55 * rows * (top - bottom) / (right - left)
    with sheet(out, width, height, moment.title, subtitle(moment.run)) as figure:
        upper, lower = profile_halves(figure) if radial else (figure, None)
        axes = upper.subplots(rows, columns, squeeze=False).ravel()
        for axis, name in zip(axes, names, strict=False):
            shown = limits.shown(name)
            colour_bar(upper, draw_map(axis, moment, name, limits), axis, shown)
            axis.set_title(shown.title)
        for axis in axes[len(names) :]:
            axis.set_axis_off()
        if lower is not None:
            profile_panels(lower, moment, {name: limits.shown(name) for name in names})
    return out


def draw_map(
    axes: Axes, moment: Moment, name: str, limits: Limits, arrows_across: int = 27
) -> ScalarMappable:
    """One field of one moment in a pair of axes; what its colour bar needs is returned."""
    if name == "lithium_flux":
        return flux_panel(axes, moment.particle, limits.flux, arrows_across)
    return scalar_panel(axes, moment.particle, name, limits.shown(name), limits.of(name))
