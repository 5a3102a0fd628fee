"""Dispersed bodies under load: squeezed with unequal moduli, misfitting with equal ones."""

from typing import Any

from benchmarks.verification.exact.closed_forms import Solid
from benchmarks.verification.page import Dimension
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run

SOFT, STIFF = Solid(20e9, 0.30), Solid(200e9, 0.22)
PRESSURE, STRAIN = 760e6, 0.01
RADIUS, SIZE = 2.5e-6, 450e-9
"""Of the body and of its cells [m]."""
PATTERNS: dict[str, tuple[float, dict[str, Any]]] = {
    "random_field": (0.35, {"kind": "random_field", "correlation_length": "1500 nm"}),
    "plates": (0.7, {"kind": "lamellae", "orientation": "parallel", "spacing": "1800 nm"}),
    "spheres": (0.7, {"kind": "spheres", "radius": "700 nm", "overlap": True}),
}
"""Rock-salt fraction and morphology."""


def dispersed_case(
    pattern: str,
    pair: tuple[Solid, Solid],
    pressure: float,
    misfit: bool,
    dimension: Dimension = "3d",
    size: float = SIZE,
) -> Any:
    """The case of two inert phases under load alone.

    Args:
        pattern: key of `PATTERNS`.
        pair: layered phase and rock salt.
        pressure: on the outer surface [Pa].
        misfit: whether the rock salt misfits by `STRAIN`.
        dimension: of the body.
        size: of the cells [m].
    """
    fraction, morphology = PATTERNS[pattern]
    layered, rock_salt = pair
    return cases.case(
        "dispersed",
        {
            "kind": "dispersed",
            "dimension": dimension,
            "radius": f"{RADIUS!r} m",
            "rock_salt_fraction": fraction,
            "morphology": morphology,
            "mesh_size": {"bulk": f"{size!r} m", "interface": f"{size!r} m"},
        },
        {
            "layered": cases.phase(layered),
            "rock_salt": cases.phase(rock_salt, misfit={"kind": "isotropic", "strain": STRAIN}),
        },
        start={"voltage": "3.9 V"},
        steps=[],
        mechanics={"stack_pressure": f"{pressure!r} Pa"},
        couplings={"misfit": misfit},
        output={"fields": []},
    )


def means(run: Run) -> tuple[float, float]:
    """Mean hydrostatic stress of layered phase and rock salt [Pa]."""
    return run.mean_stress("layered"), run.mean_stress("rock_salt")


def apparent_bulk(run: Run, pressure: float = PRESSURE) -> float:
    """Modulus p^2 V/(2 E) of a body under pressure alone [Pa]; in the plane both are per metre.

    At held length it is that of the section.
    """
    volume = sum(region["volume_m3"] for region in run.equilibrium["regions"].values())
    return pressure**2 * float(volume) / (2.0 * float(run.history["elastic_energy [J]"][0]))
