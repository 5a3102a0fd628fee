"""The lithium balance with stress off: chemical potential to second order across a thousandfold contrast."""

from typing import Any

import pytest

from benchmarks.verification.setups import hand_made, manufactured
from benchmarks.verification.setups.hand_made import LAYERED_HOST, ROCK_SALT_HOST, material
from solver.discretisation.particle import SurfaceLaw
from solver.materials import elasticity

import ufl  # isort: skip  (the wheel must be opened first)

LEAD, INCREMENT, ELECTRODE = 1.4, 300.0, 0.6
SURFACE = SurfaceLaw(12.0, anodic=0.4, cathodic=0.7, contact_fraction=0.6)
STIFFNESS = elasticity.isotropic(140e9, 0.25)


def potential(dimension: str, x: Any) -> Any:
    """Even in the radius, so that nothing leaves through the centre."""
    if dimension == "spherical":
        return 0.8 * ufl.cos(2.2 * x[0]) + 0.3 * x[0] ** 2
    if dimension == "3d":
        return 0.9 * ufl.sin(1.3 * x[0] + 0.2) + 0.7 * ufl.cos(1.9 * x[1] + 0.4) * ufl.cos(1.1 * x[2] + x[0])
    across = x[0] ** 2 if dimension == "axisymmetric" else ufl.sin(1.3 * x[0] + 0.2)
    return 0.9 * across + 0.7 * ufl.cos(1.9 * x[1] + 0.4) * (1.0 + 0.3 * x[0] ** 2)


def solved(dimension: str, kinds: tuple[str, str], fast: str, count: int) -> dict[str, float]:
    diffusivity = {"layered": 2e-15, "rock_salt": 2e-15, fast: 3e-12}
    phases = {
        "layered": material(STIFFNESS, LAYERED_HOST, kind=kinds[0], diffusivity=diffusivity["layered"]),
        "rock_salt": material(
            STIFFNESS, ROCK_SALT_HOST, capacity=7.3e4, kind=kinds[1], diffusivity=diffusivity["rock_salt"]
        ),
    }
    body = hand_made.particle(
        hand_made.box(dimension, count, multiplicity=2.0), phases, couplings=hand_made.OFF, surface=SURFACE
    )
    setting = manufactured.Setting(body, phases)
    n, x, rock = body.unknowns, setting.x, setting.rock_salt()
    mu = potential(dimension, x)
    pick = []
    for phase in phases.values():
        theta, slope = manufactured.sites(phase.host, mu)
        content = {"chemical": slope, "tracer": theta, "lattice_gas": theta * (1.0 - theta)}
        conductance = setting.conductance(phase, content[phase.diffusivity_kind], None)
        pick.append((theta, conductance, phase.max_concentration / body.body.scales.concentration))
    theta, conductance, capacity = ((1.0 - rock) * a + rock * b for a, b in zip(*pick, strict=True))
    past = -0.5 - 0.2 * ufl.sin(3.0 * x[0])
    rate = SURFACE.exchange_current_density * SURFACE.contact_fraction / body.body.scales.current_density
    eta = ELECTRODE + mu
    source = manufactured.lithium_source(
        setting,
        manufactured.LithiumTerms(
            stored=capacity * (LEAD * theta + past),
            conductance=conductance,
            mu=mu,
            current=rate * (ufl.exp(SURFACE.anodic * eta) - ufl.exp(-SURFACE.cathodic * eta)),
            increment=INCREMENT,
        ),
    )
    manufactured.use(body, lithium=source)
    body.parameters.increment.value, body.parameters.lead.value = INCREMENT, LEAD
    n.electrode.x.array[:] = ELECTRODE
    manufactured.fill(n.history, past)
    manufactured.fill(n.mu, mu)
    manufactured.solve(body, body.blocks[1:])
    return {
        "mu": manufactured.error(setting, n.mu, mu),
        "grad mu": manufactured.error(setting, n.mu, mu, gradient=True),
    }


@pytest.mark.parametrize(
    ("dimension", "kinds", "fast"),
    [
        ("spherical", ("chemical", "lattice_gas"), "layered"),
        ("spherical", ("tracer", "chemical"), "rock_salt"),
        ("axisymmetric", ("lattice_gas", "chemical"), "rock_salt"),
        ("axisymmetric", ("chemical", "tracer"), "layered"),
        ("plane_strain", ("tracer", "lattice_gas"), "layered"),
        ("generalised_plane_strain", ("chemical", "chemical"), "rock_salt"),
        ("3d", ("lattice_gas", "chemical"), "layered"),
    ],
)
def test_potential_is_of_second_order(dimension: str, kinds: tuple[str, str], fast: str) -> None:
    counts = {"spherical": (16, 32, 64), "3d": (3, 6, 12)}.get(dimension, (6, 12, 24))
    found = manufactured.refine(lambda count: solved(dimension, kinds, fast, count), counts)
    assert 1.9 < found["mu"][-1] < 2.3
    assert 0.9 < found["grad mu"][-1] < 1.2
