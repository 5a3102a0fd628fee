"""The mappings that the verification cases are made of; every number differs from one."""

from typing import Any

from benchmarks.verification.exact.closed_forms import Solid

TEMPERATURE = 310.0
"""[K]"""

RADIUS = 3e-6
"""Outer radius [m]."""

Mapping = dict[str, Any]


def phase(solid: Solid, host: Mapping | None = None, **numbers: Any) -> Mapping:
    """An isotropic phase, inert without a host.

    Args:
        solid: elastic constants.
        host: the `host` of the case.
        numbers: further keys of the phase; they replace the defaults.
    """
    given: Mapping = {
        "density": "4700 kg/m^3",
        "elasticity": {
            "kind": "isotropic",
            "young_modulus": f"{solid.young!r} Pa",
            "poisson_ratio": solid.poisson,
        },
        "host": host or {"kind": "inert"},
    }
    return {**given, **numbers}


def lithium(
    solid: Solid,
    host: Mapping,
    capacity: float,
    volume: float,
    diffusivity: tuple[str, float],
    reference: float = 0.5,
    **numbers: Any,
) -> Mapping:
    """An isotropic phase that holds lithium.

    Args:
        solid: elastic constants.
        host: the `host` of the case.
        capacity: c_max [mol/m^3].
        volume: partial molar volume [m^3/mol].
        diffusivity: its kind and value [m^2/s].
        reference: occupancy without chemical strain.
        numbers: further keys of the phase.
    """
    given: Mapping = {
        "max_concentration": f"{capacity!r} mol/m^3",
        "expansion": {
            "kind": "vegard",
            "partial_molar_volume": f"{volume!r} m^3/mol",
            "reference_occupancy": reference,
        },
        "diffusivity": {"kind": diffusivity[0], "value": f"{diffusivity[1]!r} m^2/s"},
    }
    return phase(solid, host, **{**given, **numbers})


def ideal(standard: float) -> Mapping:
    """The lattice gas with a standard potential [V]."""
    return {"kind": "ideal", "standard_potential": f"{standard!r} V"}


def dilute(standard: float) -> Mapping:
    """The dilute host with a standard potential [V]."""
    return {"kind": "dilute", "standard_potential": f"{standard!r} V"}


def core_shell(
    dimension: str, shell: float, sizes: tuple[float, float] | None = None, radius: float = RADIUS
) -> Mapping:
    """A core-shell geometry.

    Args:
        dimension: name of the dimension.
        shell: thickness of the shell [m].
        sizes: cell sizes, bulk and interface [m].
        radius: outer radius [m].
    """
    geometry: Mapping = {
        "kind": "core_shell",
        "dimension": dimension,
        "radius": f"{radius!r} m",
        "shell_thickness": f"{shell!r} m",
    }
    if sizes is not None:
        geometry["mesh_size"] = {"bulk": f"{sizes[0]!r} m", "interface": f"{sizes[1]!r} m"}
    return geometry


def case(
    name: str, geometry: Mapping, phases: Mapping, start: Mapping, steps: list[Any], **sections: Any
) -> Mapping:
    """A whole case.

    Args:
        name: its name.
        geometry: its geometry.
        phases: its phases.
        start: occupancy or voltage of the start.
        steps: steps of the protocol.
        sections: `mechanics`, `couplings`, `surface`, `numerics`, ...
    """
    return {
        "name": name,
        "architecture": "liquid",
        "temperature": f"{TEMPERATURE!r} K",
        "geometry": geometry,
        "phases": phases,
        "protocol": {"specific_current_1C": "150 mA/g", "start": start, "steps": steps},
        **sections,
    }


def drive(kind: str, value: float, duration: float) -> Mapping:
    """A step of given current density [A/m^2] or voltage [V] and duration [s]."""
    unit = {"current_density": "A/m^2", "voltage": "V"}[kind]
    return {"drive": kind, "value": f"{value!r} {unit}", "for": f"{duration!r} s"}
