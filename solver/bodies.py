"""From a case to a body: what the particle is made of, before anything is meshed or discretised."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from solver.constants import FARADAY, GAS_CONSTANT
from solver.discretisation.body import Body, SurfaceLaw
from solver.discretisation.media import Couplings
from solver.discretisation.scales import Scales
from solver.materials.elasticity import bulk_and_shear
from solver.materials.phase import Phase, build_phase

if TYPE_CHECKING:
    from solver.case import Case


def build_phases(case: "Case") -> dict[str, Phase]:
    """The case's phases by region name, potentials against Li/Li+."""
    layered = case.phases.layered
    phases = {"layered": build_phase(layered, case.temperature)}
    if case.phases.rock_salt is not None:
        phases["rock_salt"] = build_phase(
            case.phases.rock_salt, case.temperature, layered.lattice, on_slabs=True
        )
    return phases


def build_body(case: "Case", phases: Mapping[str, Phase], dimension: str, length: float) -> Body:
    """What a case's particle is made of and how it is loaded.

    Args:
        case: the case.
        phases: of `build_phases`.
        dimension: name of the dimension.
        length: one unit of the mesh [m].
    """
    flat = dimension in {"generalised_plane_strain", "plane_strain"}
    capacities = [phase.max_concentration for phase in phases.values() if phase.max_concentration > 0.0]
    scales = Scales(
        length=length,
        modulus=bulk_and_shear(phases["layered"].stiffness)[0],
        concentration=capacities[0] if capacities else 1.0,
        temperature=case.temperature,
        spatial_dimension=2 if flat else 3,
    )
    level = start_level(case, phases)
    return Body(
        phases={name: _shifted(phase, level) for name, phase in phases.items()},
        scales=scales,
        couplings=Couplings(**case.couplings.model_dump()),
        coherency=case.mechanics.coherency,
        pressure=case.mechanics.stack_pressure,
        lateral=case.mechanics.lateral,
        die=case.mechanics.loading == "die",
        surface=_surface_law(case),
        level=level,
        frame=_crystal_frame(case),
        transverse=_smeared_radial_grains(case),
    )


def start_level(case: "Case", phases: Mapping[str, Phase]) -> float:
    """Reduced chemical potential near the start, counted as zero to keep round-off small [1]."""
    start, protocol = case.protocol.start, case.protocol
    if start.voltage is not None:
        thermal = GAS_CONSTANT * case.temperature / FARADAY
        return -(start.voltage + protocol.reference_potential) / thermal
    host = next((phase.host for phase in phases.values() if phase.host.holds_lithium), None)
    return 0.0 if host is None else float(host.potential(np.array(start.occupancy)))


def _shifted(phase: Phase, level: float) -> Phase:
    return phase.with_host(phase.host.shifted(level))


def _surface_law(case: "Case") -> SurfaceLaw:
    spec = case.surface
    if spec is None:
        return SurfaceLaw(exchange_current_density=1.0)
    return SurfaceLaw(
        exchange_current_density=spec.exchange_current_density,
        exchange=spec.exchange_current,
        anodic=spec.anodic_transfer,
        cathodic=spec.cathodic_transfer,
        contact_fraction=spec.contact_fraction,
        area_specific_resistance=spec.area_specific_resistance,
        cavity_wetted=bool(getattr(case.geometry, "cavity_wetted", False)),
    )


def _crystal_frame(case: "Case") -> npt.NDArray[np.float64] | None:
    """Crystal frame of a geometry without grains, or None where none is given."""
    crystal: Any = getattr(case.geometry, "crystal", None)
    return None if crystal is None else np.asarray(crystal.frame)


def _smeared_radial_grains(case: "Case") -> bool:
    """Whether radial grains are smeared to transverse isotropy about the radius."""
    geometry: Any = case.geometry
    return bool(
        geometry.kind == "hollow_secondary"
        and geometry.dimension == "spherical"
        and geometry.grains is not None
        and geometry.grains.kind == "radial"
        and geometry.cavity_radius > 0.0
    )


def specific_current(case: "Case") -> float:
    """Specific current of 1C [A/kg]; NaN where a case without C-rates leaves it out."""
    one_c = case.protocol.specific_current_1C
    return math.nan if one_c is None else float(one_c)
