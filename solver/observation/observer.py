"""All views of one particle: history rows, summary moments and snapshots."""

from collections.abc import Sequence
from typing import Any

from solver.discretisation.particle import Particle
from solver.observation.interior import Interior, Means
from solver.observation.pictures import Camera
from solver.observation.pointwise import PointState
from solver.observation.validity import Validity, judge
from solver.observation.walls import Walls
from solver.stepping.attempt import Stepper
from solver.stepping.history import Entry
from solver.stepping.system import System


class Observer:
    """Looks at a particle; collective, changes nothing."""

    def __init__(self, particle: Particle, core_shell: bool) -> None:
        """Prepare every view.

        Args:
            particle: the particle.
            core_shell: whether the phase interface is a circle whose stresses are worth a mean.
        """
        self.particle, self.core_shell = particle, core_shell
        self.interior = Interior(particle)
        self.walls = Walls(particle)
        self.camera = Camera(particle, self.interior)

    def look(self) -> tuple[PointState, Means]:
        """State at the quadrature points and its means."""
        state = self.interior.probe.look()
        return state, self.interior.means(state)

    def judge(self, state: PointState) -> Validity:
        """Where the state leaves the range of the model."""
        return judge(self.particle, state, self.interior.volumes)

    def moment(self, voltage: float) -> dict[str, Any]:
        """The `equilibrium` or `final` part of a summary (regions on rank 0 only).

        Args:
            voltage: cell voltage [V].
        """
        state, means = self.look()
        result: dict[str, Any] = {
            "regions": self.interior.regions(state, means) or {},
            "points": self.walls.points(),
        }
        if self.core_shell:
            interface = self.walls.interface()
            if interface is not None:
                result["interface"] = interface
        result["voltage_V"] = voltage
        return result

    def mean_row(self, means: Means) -> dict[str, float]:
        """History columns that look at the inside."""
        row: dict[str, float] = {}
        for name, mean in means.phases.items():
            row[f"mean_occupancy_{name}"] = mean.occupancy
        for name, mean in means.phases.items():
            row[f"mean_hydrostatic_stress_{name} [Pa]"] = mean.hydrostatic_stress
        row["elastic_energy [J]"] = means.elastic_energy
        return row

    def picture(self, fields: Sequence[str]) -> Any:
        """Points, cells and data of a snapshot on rank 0, None elsewhere."""
        return self.camera.take(fields)


def electric_row(particle: Particle, stepper: Stepper, entry: Entry) -> dict[str, float]:
    """History columns of the cell voltage and its parts; the open-circuit part is the mean of U_surf.

    The parts add up to the voltage: U_surf from the surface's chemical potential (stress inside), the
    overpotential of charge transfer, and the ohmic drop.
    """
    body = particle.body
    voltage = stepper.voltage(entry.electrode, entry.current)
    open_circuit = (-particle.mean_surface_potential() - body.level) * body.scales.potential
    open_circuit -= stepper.reference_potential
    ohmic = stepper.resistance * entry.current
    density = entry.current * stepper.current_unit / (particle.outer_area * body.scales.area)
    return {
        "voltage [V]": voltage,
        "open_circuit_part [V]": open_circuit,
        "overpotential [V]": voltage - open_circuit - ohmic,
        "ohmic_part [V]": ohmic,
        "current_density [A/m2]": density,
    }


def lithium_balance(system: System, entry: Entry) -> float:
    """|change of lithium + charge passed| over the larger of start content and charge, whole run [1]."""
    if system.sites == 0.0:
        return 0.0
    change = system.lithium() - system.lithium_at_start
    scale = max(system.lithium_at_start, abs(entry.charge))
    return abs(change + entry.charge) / scale if scale > 0.0 else 0.0
