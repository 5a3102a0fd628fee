"""Radial grains smeared around the radius: a hollow sphere, stiff and swelling along its tangents alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from benchmarks.verification.exact import closed_forms as exact
from benchmarks.verification.setups import cases
from benchmarks.verification.setups.running import Run, relative

Array = npt.NDArray[np.float64]
Runner = Callable[[Any], Run]

HEXAGONAL = {"C11": 300e9, "C12": 95e9, "C13": 65e9, "C33": 210e9, "C44": 60e9}
CAPACITY, ACROSS, ALONG = 47e3, 1.1e-6, -2.3e-6
REFERENCE, OCCUPANCY, PRESSURE = 0.9, 0.5, 420e6
RADII = (1.2e-6, cases.RADIUS)
PAIRS = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]


def crystal() -> Array:
    """Stiffness as a tensor of fourth rank, c along the third axis."""
    voigt = np.zeros((6, 6))
    k = HEXAGONAL
    voigt[:3, :3] = [
        [k["C11"], k["C12"], k["C13"]],
        [k["C12"], k["C11"], k["C13"]],
        [k["C13"], k["C13"], k["C33"]],
    ]
    voigt[3, 3] = voigt[4, 4] = k["C44"]
    voigt[5, 5] = 0.5 * (k["C11"] - k["C12"])
    full = np.zeros((3, 3, 3, 3))
    for m, (i, j) in enumerate(PAIRS):
        for n, (p, q) in enumerate(PAIRS):
            for one in {(i, j), (j, i)}:
                for other in {(p, q), (q, p)}:
                    full[one + other] = voigt[m, n]
    return full


def smeared() -> Array:
    """Hill's average over all directions of c in the tangent plane, axes (r, t, t), shape (6, 6)."""
    weights = np.sqrt(np.array([1.0, 1.0, 1.0, 2.0, 2.0, 2.0]))
    stiff, soft = np.zeros((6, 6)), np.zeros((6, 6))
    angles = np.pi * np.arange(64) / 64
    for angle in angles:
        c = np.array([0.0, np.cos(angle), np.sin(angle)])
        a = np.array([1.0, 0.0, 0.0])
        frame = np.column_stack([a, np.cross(c, a), c])
        turned = np.einsum("ia,jb,kc,ld,abcd->ijkl", frame, frame, frame, frame, crystal(), optimize=True)
        mandel = np.array([[turned[i, j, p, q] for p, q in PAIRS] for i, j in PAIRS])
        mandel = mandel * np.outer(weights, weights)
        stiff += mandel / len(angles)
        soft += np.linalg.inv(mandel) / len(angles)
    return 0.5 * (stiff + np.linalg.inv(soft)) / np.outer(weights, weights)


@pytest.mark.parametrize(
    ("pressure", "occupancy"), [(PRESSURE, REFERENCE), (0.0, OCCUPANCY), (PRESSURE, OCCUPANCY)]
)
def test_radial_grains(run: Runner, pressure: float, occupancy: float) -> None:
    layered = cases.lithium(
        exact.Solid(1e9, 0.3),
        cases.ideal(3.8),
        CAPACITY,
        0.0,
        ("chemical", 3e-15),
        elasticity={"kind": "hexagonal", **{name: f"{value!r} Pa" for name, value in HEXAGONAL.items()}},
        expansion={
            "kind": "anisotropic",
            "partial_molar_volume_ab": f"{ACROSS!r} m^3/mol",
            "partial_molar_volume_c": f"{ALONG!r} m^3/mol",
            "reference_occupancy": REFERENCE,
        },
    )
    geometry = {
        "kind": "hollow_secondary",
        "dimension": "spherical",
        "radius": f"{RADII[1]!r} m",
        "cavity_radius": f"{RADII[0]!r} m",
        "grain_size": "300 nm",
        "grains": {"kind": "radial", "seed": 1},
        "rock_salt": {"place": "none"},
        "mesh_size": {"bulk": "40 nm", "interface": "10 nm"},
    }
    case = cases.case(
        "radial-grains",
        geometry,
        {"layered": layered},
        {"occupancy": occupancy},
        [],
        mechanics={"stack_pressure": f"{pressure!r} Pa"},
        couplings={"stress_in_potential": False},  # so that the occupancy is uniform
    )
    found = run(case)
    change = CAPACITY * (occupancy - REFERENCE)
    eigenstrain = (ACROSS * change, 0.5 * (ACROSS + ALONG) * change)
    for place, r in (("inner", RADII[0]), ("surface", RADII[1])):
        radial, hoop = exact.radially_anisotropic_sphere(smeared(), eigenstrain, RADII, pressure, r)
        assert relative(found.point(place, "hoop_stress_Pa"), hoop) < 2e-4
        assert found.point(place, "radial_stress_Pa") == pytest.approx(radial, abs=2e-4 * abs(hoop))
