"""Misfit and chemical expansion."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from solver.materials import expansion


def test_rock_salt_on_the_layered_lattice() -> None:
    misfit = expansion.lattice_misfit(4.177e-10, 2.878e-10, 14.19e-10)
    # By hand: 4.177/1.41421/2.878 = 1.02627, and two (111) spacings 4.8232 against a slab of 4.73.
    np.testing.assert_allclose(np.diag(misfit), [0.0263, 0.0263, 0.0197], atol=5e-5)
    assert np.count_nonzero(misfit - np.diag(np.diag(misfit))) == 0


def test_equal_lattices_have_no_misfit() -> None:
    a = 4.1e-10
    misfit = expansion.lattice_misfit(a, a / np.sqrt(2), 2 * np.sqrt(3) * a)
    np.testing.assert_allclose(misfit, 0.0, atol=1e-15)


def test_a_larger_rock_salt_is_pushed_together() -> None:
    larger = expansion.lattice_misfit(4.3e-10, 2.878e-10, 14.19e-10)
    smaller = expansion.lattice_misfit(4.0e-10, 2.878e-10, 14.19e-10)
    assert np.all(np.diag(larger) > 0.0)
    assert np.all(np.diag(smaller) < 0.0)


def test_vegard_dilates_by_the_partial_molar_volume() -> None:
    strain = expansion.chemical_strain(expansion.vegard(3.5e-6), -2e4)
    assert np.trace(strain) == pytest.approx(-0.07, rel=1e-14)
    np.testing.assert_allclose(strain, np.eye(3) * np.trace(strain) / 3, atol=1e-18)


def test_an_anisotropic_crystal_turns_with_its_frame() -> None:
    volume = expansion.partial_molar_volume(-1e-6, 4e-6)
    turn = Rotation.from_euler("zyx", [0.3, -0.8, 1.2]).as_matrix()
    turned = expansion.rotate(volume, turn)
    np.testing.assert_allclose(turned @ turn[:, 2], 4e-6 * turn[:, 2], atol=1e-20)
    np.testing.assert_allclose(turned @ turn[:, 0], -1e-6 * turn[:, 0], atol=1e-20)
    np.testing.assert_allclose(expansion.isotropic_part(turned), np.eye(3) * 2e-6 / 3, atol=1e-20)


def test_radial_grains_average_their_c_axis_in_the_tangent_plane() -> None:
    tensor = expansion.rotate(
        expansion.partial_molar_volume(-1e-6, 4e-6), Rotation.from_euler("x", 90, degrees=True).as_matrix()
    )
    np.testing.assert_allclose(
        expansion.average_about_first_axis(tensor), np.diag([-1e-6, 1.5e-6, 1.5e-6]), atol=1e-20
    )
