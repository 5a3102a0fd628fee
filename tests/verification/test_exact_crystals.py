"""Homogeneous states of crystals against printed compliances and the differences of an energy."""

import numpy as np
import numpy.typing as npt
import pytest
from scipy.spatial.transform import Rotation

from benchmarks.verification.exact import crystals

Array = npt.NDArray[np.float64]

TRIGONAL = {"c11": 210e9, "c12": 66.5e9, "c13": 45.5e9, "c33": 147e9, "c44": 42e9, "c14": -23e9}
CUBIC = {"c11": 231e9, "c12": 119e9, "c44": 47e9}
TURNS = Rotation.random(4, random_state=3).as_matrix()


def stretched(stiffness: Array, frame: Array) -> float:
    """Young's modulus along x of a turned crystal."""
    pull = np.zeros((3, 3))
    pull[0, 0] = 1e8
    return 1e8 / crystals.loaded(crystals.turned(stiffness, frame), np.zeros((3, 3)), pull).strain[0, 0]


@pytest.mark.parametrize("frame", TURNS)
def test_youngs_modulus_of_a_cube_along_any_direction(frame: Array) -> None:
    """Nye (1957), chapter VIII: 1/E = s11 - 2 (s11 - s12 - s44/2)(l^2 m^2 + m^2 n^2 + n^2 l^2)."""
    c11, c12, c44 = CUBIC.values()
    s11 = (c11 + c12) / ((c11 - c12) * (c11 + 2.0 * c12))
    s12 = -c12 / ((c11 - c12) * (c11 + 2.0 * c12))
    a, b, c = frame[0] ** 2  # x in the crystal's axes
    wanted = s11 - 2.0 * (s11 - s12 - 0.5 / c44) * (a * b + b * c + c * a)
    assert 1.0 / stretched(crystals.cubic(**CUBIC), frame) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("frame", TURNS)
def test_youngs_modulus_of_a_trigonal_crystal_along_any_direction(frame: Array) -> None:
    """Nye (1957), table 9 for the compliances and chapter VIII for the modulus of class -3m."""
    c11, c12, c13, c33, c44, c14 = TRIGONAL.values()
    first, second = c33 * (c11 + c12) - 2.0 * c13**2, c44 * (c11 - c12) - 2.0 * c14**2
    s11 = 0.5 * (c33 / first + c44 / second)
    s13, s33 = -c13 / first, (c11 + c12) / first
    s14, s44 = -c14 / second, (c11 - c12) / second
    l1, l2, l3 = frame[0]
    wanted = (1.0 - l3**2) ** 2 * s11 + l3**4 * s33 + l3**2 * (1.0 - l3**2) * (2.0 * s13 + s44)
    wanted += 2.0 * l2 * l3 * (3.0 * l1**2 - l2**2) * s14
    assert 1.0 / stretched(crystals.trigonal(**TRIGONAL), frame) == pytest.approx(wanted, rel=1e-12)


def energy(strain: Array) -> float:
    """Of a trigonal crystal in its own axes, spelt out [J/m^3]."""
    c11, c12, c13, c33, c44, c14 = TRIGONAL.values()
    (xx, xy, xz), (_, yy, yz), (_, _, zz) = strain
    normal = c11 * (xx**2 + yy**2) + c33 * zz**2 + 2.0 * c12 * xx * yy + 2.0 * c13 * (xx + yy) * zz
    shear = 4.0 * c44 * (yz**2 + xz**2) + 2.0 * (c11 - c12) * xy**2
    return float(0.5 * (normal + shear) + 2.0 * c14 * ((xx - yy) * yz + 2.0 * xy * xz))


@pytest.mark.parametrize("frame", TURNS)
def test_mixed_conditions_are_met_and_the_stress_is_the_slope_of_the_energy(frame: Array) -> None:
    eigen = np.array([[4e-3, 1e-3, -2e-3], [1e-3, -3e-3, 5e-4], [-2e-3, 5e-4, 6e-3]])
    held, load = np.full((3, 3), crystals.FREE), -3e8 * np.diag([0.6, 0.6, 1.0])
    held[1, 1], held[0, 2], held[2, 0] = 2e-3, 1e-3, 1e-3
    stiffness = crystals.turned(crystals.trigonal(**TRIGONAL), frame)
    found = crystals.homogeneous(stiffness, crystals.turned(eigen, frame), held, load)
    given = ~np.isnan(held)
    assert found.strain[given] == pytest.approx(held[given], rel=1e-12)
    assert np.abs(found.stress - load)[~given].max() < 1e-4  # [Pa]
    own = frame.T @ found.strain @ frame - eigen
    step = 1e-6
    for i, j in crystals.COMPONENTS:
        unit = np.zeros((3, 3))
        unit[i, j] = unit[j, i] = step
        turn = frame.T @ unit @ frame
        slope = (energy(own + turn) - energy(own - turn)) / (2.0 * step)
        wanted = found.stress[i, j] * (1.0 if i == j else 2.0)
        assert slope == pytest.approx(wanted, abs=1e-6 * np.abs(found.stress).max())
