"""Stiffness in any axes: what a rotation and an average must keep."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from solver.materials import elasticity

HEXAGONAL = elasticity.trigonal(210e9, 66.5e9, 45.5e9, 147e9, 42e9, 0.0)
TRIGONAL = elasticity.trigonal(210e9, 66.5e9, 45.5e9, 147e9, 42e9, -12e9)
CUBIC = elasticity.cubic(301e9, 132e9, 88e9)
TENSORS = {"hexagonal": HEXAGONAL, "trigonal": TRIGONAL, "cubic": CUBIC}
TURNS = Rotation.random(6, rng=np.random.default_rng(5)).as_matrix()


def tensor4(stiffness: np.ndarray) -> np.ndarray:
    """The fourth-order tensor, filled index by index."""
    full = np.zeros((3, 3, 3, 3))
    for a, (i, j) in enumerate(elasticity.VOIGT):
        for b, (k, m) in enumerate(elasticity.VOIGT):
            for p, q in ((i, j), (j, i)):
                for r, s in ((k, m), (m, k)):
                    full[p, q, r, s] = stiffness[a, b]
    return full


@pytest.mark.parametrize("name", TENSORS)
def test_rotation_is_that_of_the_fourth_order_tensor(name: str) -> None:
    full = tensor4(TENSORS[name])
    for turn in TURNS:
        rotated = np.einsum("ai,bj,ck,dm,ijkm->abcd", turn, turn, turn, turn, full)
        voigt = np.array([[rotated[*a, *b] for b in elasticity.VOIGT] for a in elasticity.VOIGT])
        np.testing.assert_allclose(elasticity.rotate(TENSORS[name], turn), voigt, atol=1e-3)


@pytest.mark.parametrize("name", TENSORS)
def test_rotation_keeps_the_invariants_and_the_averages(name: str) -> None:
    stiffness = TENSORS[name]
    before = np.linalg.eigvalsh(mandel(stiffness))
    for turn in TURNS:
        turned = elasticity.rotate(stiffness, turn)
        np.testing.assert_allclose(np.linalg.eigvalsh(mandel(turned)), before, rtol=1e-12)
        np.testing.assert_allclose(
            elasticity.bulk_and_shear(turned), elasticity.bulk_and_shear(stiffness), rtol=1e-12
        )
        assert abs(turned - stiffness).max() > 1e9


def mandel(stiffness: np.ndarray) -> np.ndarray:
    """Components in an orthonormal basis of symmetric tensors, whose eigenvalues no rotation changes."""
    scale = np.sqrt([1.0, 1.0, 1.0, 2.0, 2.0, 2.0])
    return stiffness * np.outer(scale, scale)


def test_trigonal_symmetry_is_threefold() -> None:
    third = Rotation.from_rotvec([0, 0, 2 * np.pi / 3]).as_matrix()
    half = Rotation.from_rotvec([0, 0, np.pi]).as_matrix()
    np.testing.assert_allclose(elasticity.rotate(TRIGONAL, third), TRIGONAL, atol=1e-3)
    assert abs(elasticity.rotate(TRIGONAL, half) - TRIGONAL).max() > 1e10
    seventh = Rotation.from_rotvec([0, 0, 2 * np.pi / 7]).as_matrix()
    np.testing.assert_allclose(elasticity.rotate(HEXAGONAL, seventh), HEXAGONAL, atol=1e-3)


def test_energy_does_not_see_the_axes() -> None:
    rng = np.random.default_rng(11)
    strain = rng.normal(size=(3, 3))
    strain = strain + strain.T
    for turn in TURNS:
        here = elasticity.strain_vector(strain)
        there = elasticity.strain_vector(turn @ strain @ turn.T)
        energy = here @ TRIGONAL @ here
        assert there @ elasticity.rotate(TRIGONAL, turn) @ there == pytest.approx(energy, rel=1e-12)
        stress = elasticity.stress_tensor(TRIGONAL @ here)
        turned = elasticity.stress_tensor(elasticity.rotate(TRIGONAL, turn) @ there)
        np.testing.assert_allclose(turned, turn @ stress @ turn.T, atol=1e-2)


def test_isotropic_has_its_moduli() -> None:
    young, poisson = 140e9, 0.27
    stiffness = elasticity.isotropic(young, poisson)
    bulk, shear = elasticity.bulk_and_shear(stiffness)
    assert bulk == pytest.approx(young / (3 * (1 - 2 * poisson)), rel=1e-13)
    assert shear == pytest.approx(young / (2 * (1 + poisson)), rel=1e-13)
    np.testing.assert_allclose(elasticity.isotropic_average(stiffness), stiffness, rtol=1e-12, atol=1e-2)
    for turn in TURNS:
        np.testing.assert_allclose(elasticity.rotate(stiffness, turn), stiffness, atol=1e-2)


def test_hill_of_a_cubic_crystal_has_its_closed_form() -> None:
    c11, c12, c44 = 301e9, 132e9, 88e9
    bulk, shear = elasticity.bulk_and_shear(CUBIC)
    voigt = (c11 - c12 + 3 * c44) / 5
    reuss = 5 * (c11 - c12) * c44 / (4 * c44 + 3 * (c11 - c12))
    assert bulk == pytest.approx((c11 + 2 * c12) / 3, rel=1e-13)
    assert shear == pytest.approx(0.5 * (voigt + reuss), rel=1e-13)
    assert reuss < shear < voigt


def test_hill_lies_between_the_averages_over_many_turns() -> None:
    turns = Rotation.random(4000, rng=np.random.default_rng(1)).as_matrix()
    stiff = np.mean([elasticity.rotate(HEXAGONAL, turn) for turn in turns], axis=0)
    soft = np.linalg.inv(
        np.mean([np.linalg.inv(elasticity.rotate(HEXAGONAL, turn)) for turn in turns], axis=0)
    )
    average = elasticity.isotropic_average(HEXAGONAL)
    np.testing.assert_allclose(average, 0.5 * (stiff + soft), atol=2e9)


def test_the_average_about_an_axis_is_transversely_isotropic() -> None:
    tilted = elasticity.rotate(TRIGONAL, TURNS[0])
    average = elasticity.average_about_first_axis(tilted)
    for angle in (0.3, 1.1):
        turn = Rotation.from_rotvec([angle, 0, 0]).as_matrix()
        np.testing.assert_allclose(elasticity.rotate(average, turn), average, atol=1e-2)
    # A crystal that has the symmetry already is left alone.
    along = elasticity.rotate(HEXAGONAL, Rotation.from_euler("y", 90, degrees=True).as_matrix())
    np.testing.assert_allclose(elasticity.average_about_first_axis(along), along, atol=1e-2)


def test_a_cube_stands_on_the_slabs_by_its_body_diagonal() -> None:
    # Columns are the cube's axes in slab axes, so a cube direction d is Q d there.
    turn = elasticity.CUBE_ON_SLABS
    assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-15)
    assert np.linalg.det(turn) == pytest.approx(1.0, rel=1e-14)
    assert turn @ np.array([1.0, 1.0, 1.0]) == pytest.approx([0.0, 0.0, np.sqrt(3.0)], abs=1e-15)
    assert turn @ np.array([1.0, -1.0, 0.0]) == pytest.approx([np.sqrt(2.0), 0.0, 0.0], abs=1e-15)
    c11, c12, c44 = 345e9, 141e9, 90e9
    turned = elasticity.rotate(elasticity.cubic(c11, c12, c44), turn)
    # Along [111] a cube has C33 = (C11 + 2 C12 + 4 C44)/3, and a three-fold axis: trigonal symmetry.
    assert turned[2, 2] == pytest.approx((c11 + 2 * c12 + 4 * c44) / 3, rel=1e-12)
    assert turned[0, 0] == pytest.approx(turned[1, 1], rel=1e-12)
    assert turned[3, 3] == pytest.approx(turned[4, 4], rel=1e-12)
    assert abs(turned[0, 3]) > 1e9
    # The plane across the first axis is a mirror: no coupling to the shears that it turns round.
    assert np.abs(turned[np.ix_([0, 1, 2, 3], [4, 5])]).max() < 1e-3 * c44 * 1e-9
