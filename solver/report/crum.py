"""Crum's theorem: phase means of hydrostatic stress that depend on the volume fraction alone.

For two phases of equal, isotropic moduli and eigenstrains of equal components, a concentric or a
statistically uniform, infinite body has the same means whatever the shape of the phases. Free boundaries,
unequal moduli and anisotropy change them: the values are a reference, not a check.

Source: Eshelby (1956), Solid State Physics 3, 79, who credits M. M. Crum.
"""

from collections.abc import Mapping

from solver.report.substances import Substance


def transformation_modulus(bulk: float, shear: float) -> float:
    """Hydrostatic stress per misfit of a small inclusion: 12 K G/(3 K + 4 G) = 2 E/(3 (1 - nu)) [Pa]."""
    return 12.0 * bulk * shear / (3.0 * bulk + 4.0 * shear)


def phase_means(
    rock_salt_fraction: float, strain_gap: float, modulus: float, volume_mean: float
) -> tuple[float, float]:
    """Mean hydrostatic stress of the layered phase and of the rock salt [Pa].

    Args:
        rock_salt_fraction: its share f of the volume [1].
        strain_gap: mean linear eigenstrain of the rock salt less that of the layered phase [1].
        modulus: see `transformation_modulus` [Pa].
        volume_mean: mean over both phases [Pa], minus the pressure for a particle without a cavity.

    Returns:
        volume_mean + f M gap, and volume_mean - (1 - f) M gap.
    """
    misfit_stress = modulus * strain_gap
    return (
        volume_mean + rock_salt_fraction * misfit_stress,
        volume_mean - (1.0 - rock_salt_fraction) * misfit_stress,
    )


def reference(
    substances: Mapping[str, Substance],
    volumes: Mapping[str, float],
    occupancies: Mapping[str, float],
    volume_mean: float,
    chemical: bool,
) -> dict[str, float] | None:
    """Crum's phase means for a run at one moment [Pa]; None unless both phases are there.

    Moduli are the volume-weighted means of both phases' orientation averages; eigenstrains those at the mean
    occupancies.

    Args:
        substances: by region.
        volumes: by region [m^3, or m^2 in 2D].
        occupancies: mean by region [1]; an inert phase may be left out.
        volume_mean: mean of sigma_h over both phases [Pa].
        chemical: whether chemical strain is switched on.
    """
    if set(substances) != {"layered", "rock_salt"} or set(volumes) != {"layered", "rock_salt"}:
        return None
    total = sum(volumes.values())
    shares = {region: volume / total for region, volume in volumes.items()}
    bulk = sum(shares[region] * substances[region].bulk for region in shares)
    shear = sum(shares[region] * substances[region].shear for region in shares)
    strain = {
        region: substances[region].eigenstrain(occupancies.get(region, 0.0), chemical) for region in shares
    }
    layered, rock_salt = phase_means(
        shares["rock_salt"],
        strain["rock_salt"] - strain["layered"],
        transformation_modulus(bulk, shear),
        volume_mean,
    )
    return {"layered": layered, "rock_salt": rock_salt}
