"""What the tables of a comparison mean, in words."""

from typing import Final

NOTES: Final = {
    "Capacity by step": "Per gram of all meshed active phases, rock salt included, unless said otherwise.",
    "Lithium trapped": (
        "Trapped lithium is what a region still holds at the end of the first charge beyond the"
        " content that its host, free of stress, has in equilibrium at the cut-off (the voltage that"
        " the charge ended at), per gram of all active material. The part held by stress is the"
        " equilibrium content under the"
        " region's mean σ_h at that moment less the stress-free one; the rest had no time to leave."
        " Negative numbers: stress pressed lithium out."
    ),
    "Stress": (
        "σ_h is the hydrostatic, σ_1 the largest principal stress; tension is positive. Means and, at"
        " equilibrium and at the end of the run, percentiles are the run's own integrals; percentiles at"
        " other moments and all shares are taken from the written fields, by volume."
    ),
    "What each coupling changes": "Each row is the run without that coupling less the run with all of them.",
}
"""By the beginning of a section's name: a paragraph below the first such table."""

CRUM: Final = (
    "Crum's means hold for two phases of equal isotropic moduli, isotropic eigenstrains that are"
    " uniform in each phase, and a concentric or a statistically uniform infinite body; then they"
    " depend on the volume fraction alone. Here they are evaluated with volume-weighted moduli, mean"
    " occupancies and the run's own volume mean. What is left as the deviation comes from unequal"
    " moduli, crystal anisotropy and, in a dispersed particle, from its free surface and the finite"
    " number of inclusions. They are a reference, not a check."
)

CYLINDER: Final = (
    "a cylinder is not a sphere: at one radius and C-rate their diffusion overpotentials differ by a"
    " factor of 1.9 and their surface currents by 1.5. Compare like with like, or scale the radius:"
    " R_cylinder = 0.73 R_sphere for equal diffusion overpotential"
)
