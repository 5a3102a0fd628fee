"""Momentum with given occupancy: displacement to third order, whatever the dimension and the contrast."""

import numpy as np
import pytest

from benchmarks.verification.setups import hand_made, manufactured
from benchmarks.verification.setups.hand_made import LAYERED_HOST, ROCK_SALT_HOST, material
from solver.materials import elasticity, expansion

import ufl  # isort: skip  (the wheel must be opened first)

COHERENCY, PRESSURE, LATERAL, AXIAL = 0.7, 3e8, 0.6, 0.004
COUNTS = {"spherical": (16, 32, 64), "3d": (2, 4, 8)}


def phases(dimension: str, soft: str) -> dict[str, hand_made.Phase]:
    """A hexagonal crystal, trigonal in 3D, and a cubic one; one of them 2000 times softer.

    Both swell, and the second one misfits.
    """
    lowest = -19e9 if dimension == "3d" else 0.0
    scale = {"layered": 1.0, "rock_salt": 1.0, soft: 5e-4}
    volume = expansion.partial_molar_volume(-0.4e-6, 1.9e-6)
    return {
        "layered": material(
            scale["layered"] * elasticity.trigonal(210e9, 66.5e9, 45.5e9, 147e9, 42e9, lowest),
            LAYERED_HOST,
            volume=volume,
            reference=0.9,
        ),
        "rock_salt": material(
            scale["rock_salt"] * elasticity.cubic(250e9, 110e9, 70e9),
            ROCK_SALT_HOST,
            capacity=6.1e4,
            volume=expansion.vegard(0.8e-6),
            reference=0.3,
            misfit=np.diag([0.011, 0.011, 0.017]),
        ),
    }


def solved(dimension: str, soft: str, count: int) -> dict[str, float]:
    frame = hand_made.FRAMES[dimension]
    crystals = phases(dimension, soft)
    turned = {k: p.averaged() if frame is None else p.turned(frame) for k, p in crystals.items()}
    body = hand_made.particle(
        hand_made.box(dimension, count, multiplicity=2.0),
        crystals,
        coherency=COHERENCY,
        pressure=PRESSURE,
        lateral=LATERAL,
        frame=frame,
    )
    setting = manufactured.Setting(body, turned)
    x, n = setting.x, body.unknowns
    axial = AXIAL if dimension == "generalised_plane_strain" else 0.0
    n.axial.x.array[:] = axial
    u, hoop = manufactured.displacement(dimension, x)
    wave = 0.5 + 0.3 * ufl.sin(2.0 * x[0] + 0.4)
    rock = setting.rock_salt()
    theta = (1.0 - rock) * wave + rock * (1.0 - wave**2)
    strain = setting.strain(u, hoop, axial)
    stress = [
        (1.0 - rock) * a + rock * b
        for a, b in zip(
            setting.stress(turned["layered"], strain, theta, COHERENCY),
            setting.stress(turned["rock_salt"], strain, theta, COHERENCY),
            strict=True,
        )
    ]
    pressure = PRESSURE / body.body.scales.modulus
    manufactured.use(body, momentum=manufactured.momentum_source(setting, stress, pressure, LATERAL))
    manufactured.fill(n.occupancy, theta)
    body.update = lambda: None  # the occupancy is given, it does not answer
    manufactured.solve(body, body.blocks[:1])
    exact = ufl.as_vector(u)
    return {
        "u": manufactured.error(setting, n.u, exact),
        "grad u": manufactured.error(setting, n.u, exact, gradient=True),
    }


@pytest.mark.parametrize(
    ("dimension", "soft"),
    [
        (dimension, soft)
        for dimension in hand_made.DIMENSIONS
        for soft in ("layered", "rock_salt")
        if (dimension, soft) != ("3d", "rock_salt")  # soft so in the coupled system; compiling takes long
    ],
)
def test_displacement_is_of_third_order(dimension: str, soft: str) -> None:
    found = manufactured.refine(
        lambda count: solved(dimension, soft, count), COUNTS.get(dimension, (4, 8, 16))
    )
    assert 2.8 < found["u"][-1] < 3.5
    assert 1.85 < found["grad u"][-1] < 2.4
