"""A concentric particle twice, from one set of numbers: as a case and as finite volumes along the radius."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.verification.exact.charge_transfer import Electrode
from benchmarks.verification.exact.closed_forms import Solid
from benchmarks.verification.exact.radial_volumes import Layer, RadialVolumes
from benchmarks.verification.exact.sites import Sites
from benchmarks.verification.page import Dimension
from benchmarks.verification.setups import cases

SHAPES: dict[Dimension, str] = {
    "spherical": "ball",
    "axisymmetric": "ball",
    "3d": "ball",
    "generalised_plane_strain": "free cylinder",
    "plane_strain": "held cylinder",
}

PLANE = ("generalised_plane_strain", "plane_strain")
DENSITY = 4700.0
"""Of both phases [kg/m^3]."""
CORE = Layer(
    outer=3e-6,
    solid=Solid(139e9, 0.26),
    host=Sites((3.7, 3.95, 4.2), (0.45, 0.3, 0.25), (3.1, 1.7, 2.2), cases.TEMPERATURE),
    capacity=47e3,
    volume=2.9e-6,
    reference=0.5,
    diffusivity=2.1e-15,
    activation=1.3e-6,
)
SHELL = Layer(
    outer=3e-6,
    solid=Solid(203e9, 0.31),
    host=Sites((3.6, 4.05), (0.7, 0.3), (4.3, 2.6), cases.TEMPERATURE),
    capacity=31e3,
    volume=1.7e-6,
    reference=0.3,
    diffusivity=1.1e-15,
    activation=0.7e-6,
    misfit=0.011,
)
SHELL_THICKNESS = 0.5e-6
"""[m]"""


@dataclass(frozen=True)
class Twin:
    """A particle of one layer or two with its surface.

    Attributes:
        layers: from the centre outwards; two are a layered core in a shell of rock salt.
        electrode: its surface.
        occupancy: share of all sites that is filled at the start.
        pressure: on the outer surface [Pa].
    """

    layers: tuple[Layer, ...]
    electrode: Electrode
    occupancy: float
    pressure: float = 0.0

    def case(
        self,
        name: str,
        dimension: Dimension,
        steps: list[Any],
        sizes: tuple[float, float] | None = None,
        **sections: Any,
    ) -> cases.Mapping:
        """The case of a dimension.

        Args:
            name: of the case.
            dimension: of the case.
            steps: of the protocol.
            sizes: cell sizes, bulk and interface [m].
            sections: further sections of the case, or keys to replace.
        """
        radius = self.layers[-1].outer
        shell = radius - self.layers[0].outer
        electrode = self.electrode
        surface = {
            "exchange_current_density": f"{electrode.exchange!r} A/m^2",
            "anodic_transfer": electrode.transfer[0],
            "cathodic_transfer": electrode.transfer[1],
            "area_specific_resistance": f"{electrode.resistance!r} ohm*m^2",
        }
        given = {"surface": surface, "mechanics": {"stack_pressure": f"{self.pressure!r} Pa"}, **sections}
        names = ("layered", "rock_salt")
        return cases.case(
            name,
            cases.core_shell(dimension, shell, sizes, radius),
            {which: phase_of(layer) for which, layer in zip(names, self.layers, strict=False)},
            {"occupancy": self.occupancy},
            steps,
            **given,
        )

    def capacity(self, dimension: Dimension, passed: float) -> float:
        """Specific capacity [mAh/g] of a charge over the outer area [C/m^2]."""
        surface_to_volume = (2.0 if dimension in PLANE else 3.0) / self.layers[-1].outer
        return passed * surface_to_volume / DENSITY / 3600.0

    def volumes(self, dimension: Dimension = "spherical", cells: int = 200) -> RadialVolumes:
        """The same particle as finite volumes, each layer cut into so many cells."""
        return RadialVolumes(
            self.layers,
            self.electrode,
            cases.TEMPERATURE,
            shape=SHAPES[dimension],
            pressure=self.pressure,
            cells=cells,
        )


SURFACE = Electrode(exchange=0.83, transfer=(0.37, 0.71), resistance=0.0123)
PLAIN = Twin((CORE,), SURFACE, occupancy=0.93, pressure=210e6)
COATED = Twin(
    (replace(CORE, outer=CORE.outer - SHELL_THICKNESS), SHELL), SURFACE, occupancy=0.9, pressure=210e6
)
"""A particle of one phase and one with a misfitting shell, both stressed by their lithium."""


def phase_of(layer: Layer) -> cases.Mapping:
    """The phase of a case that a layer is made of."""
    host = layer.host
    sites = [
        {"potential": f"{potential!r} V", "fraction": share, "omega": width}
        for potential, share, width in zip(host.potentials, host.shares, host.widths, strict=True)
    ]
    extra: dict[str, Any] = {}
    if layer.misfit:
        extra["misfit"] = {"kind": "isotropic", "strain": layer.misfit}
    return cases.lithium(
        layer.solid,
        {"kind": "msmr", "sites": sites},
        layer.capacity,
        layer.volume,
        ("chemical", layer.diffusivity),
        reference=layer.reference,
        density=f"{DENSITY!r} kg/m^3",
        activation_volume=f"{layer.activation!r} m^3/mol",
        **extra,
    )


def until(kind: str, value: float, **ending: float) -> cases.Mapping:
    """A step of given current density [A/m^2] or voltage [V] that ends at `voltage` or `current_density`."""
    unit = {"current_density": "A/m^2", "voltage": "V", "occupancy": ""}
    ends = [{key: f"{limit!r} {unit[key]}".strip()} for key, limit in ending.items()]
    return {"drive": kind, "value": f"{value!r} {unit[kind]}", "until": ends}


def rows(history: dict[str, Any], step: int) -> Any:
    """Which rows of a history belong to a step, the state before it included."""
    found = history["step"] == step
    found[:-1] |= found[1:]
    return found


def moments(history: dict[str, Any], step: int) -> Sequence[float]:
    """Times [s] within a step, from 0."""
    times = history["time [s]"][rows(history, step)]
    return times - times[0]
