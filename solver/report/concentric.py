"""Concentric sphere of two isotropic phases: exact phase means of hydrostatic stress, moduli equal or not.

Exact for any radial course of the eigenstrains, which enter with their phase means alone: a free shell or
ball changes its radii with the mean of an isotropic eigenstrain over its volume.

Source: Lame's thick shell around a ball; Timoshenko and Goodier, Theory of Elasticity, section 136.
"""

from collections.abc import Mapping

from solver.case import Case
from solver.report.substances import Substance

ROUND = ("spherical", "axisymmetric", "3d")


def concentric_means(
    core_fraction: float, strain_gap: float, core: Substance, shell: Substance, pressure: float
) -> tuple[float, float]:
    """Mean hydrostatic stress of core and shell [Pa].

    Args:
        core_fraction: f, the core's share of the volume [1].
        strain_gap: mean linear eigenstrain of the shell less that of the core [1].
        core: its moduli are used.
        shell: its moduli are used.
        pressure: on the outside [Pa].

    Returns:
        P of the core, and -(P f + p)/(1 - f) of the shell.
    """
    share = 1.0 - core_fraction
    shell_side = 1.0 / (3.0 * shell.bulk) + 1.0 / (4.0 * shell.shear)
    compliance = share / (3.0 * core.bulk) + core_fraction / (3.0 * shell.bulk) + 1.0 / (4.0 * shell.shear)
    inside = (strain_gap * share - pressure * shell_side) / compliance
    return inside, -(inside * core_fraction + pressure) / share


def concentric_reference(
    case: Case,
    substances: Mapping[str, Substance],
    volumes: Mapping[str, float],
    occupancies: Mapping[str, float],
) -> dict[str, float] | None:
    """Exact phase means of a layered ball in a rock-salt shell [Pa]; None for any other particle."""
    geometry = case.geometry
    if geometry.kind != "core_shell" or geometry.dimension not in ROUND or len(volumes) != 2:
        return None
    if getattr(geometry, "crystal", None) is not None:
        return None
    chemical = case.couplings.chemical_strain
    strain = {name: substances[name].eigenstrain(occupancies.get(name, 0.0), chemical) for name in volumes}
    layered, rock_salt = concentric_means(
        volumes["layered"] / sum(volumes.values()),
        strain["rock_salt"] - strain["layered"],
        substances["layered"],
        substances["rock_salt"],
        case.mechanics.stack_pressure,
    )
    return {"layered": layered, "rock_salt": rock_salt}
