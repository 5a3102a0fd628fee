"""Linear elastic stiffness in the axes of a crystal or of the particle.

A stiffness is a symmetric 6x6 matrix [Pa] that maps engineering strains (xx, yy, zz, 2yz, 2xz, 2xy) to
stresses (xx, yy, zz, yz, xz, xy), Voigt's order; tension is positive.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

VOIGT = ((0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1))
"""Index pair of each Voigt component."""


def isotropic(young_modulus: float, poisson_ratio: float) -> Array:
    """Isotropic stiffness, shape (6, 6) [Pa], from Young's modulus [Pa] and Poisson's ratio [1]."""
    shear = young_modulus / (2.0 * (1.0 + poisson_ratio))
    lame = young_modulus * poisson_ratio / ((1.0 + poisson_ratio) * (1.0 - 2.0 * poisson_ratio))
    return cubic(lame + 2.0 * shear, lame, shear)


def cubic(c11: float, c12: float, c44: float) -> Array:
    """Cubic stiffness in the cube's axes, shape (6, 6) [Pa]."""
    stiffness = np.diag([c11, c11, c11, c44, c44, c44])
    stiffness[:3, :3] += c12 * (1.0 - np.eye(3))
    return stiffness


def trigonal(c11: float, c12: float, c13: float, c33: float, c44: float, c14: float) -> Array:
    """Trigonal stiffness (class -3m, c along the third axis), shape (6, 6) [Pa]; c14 = 0 is hexagonal.

    Source: Nye, Physical Properties of Crystals (1957), table 9.
    """
    stiffness = np.diag([c11, c11, c33, c44, c44, 0.5 * (c11 - c12)])
    for i, j, value in ((0, 1, c12), (0, 2, c13), (1, 2, c13), (0, 3, c14), (1, 3, -c14), (4, 5, c14)):
        stiffness[i, j] = stiffness[j, i] = value
    return stiffness


def strain_vector(tensor: Array) -> Array:
    """Engineering strain vector, shape (6,), of a symmetric strain tensor, shape (3, 3)."""
    return np.array([tensor[i, j] * (1.0 if i == j else 2.0) for i, j in VOIGT])


def stress_tensor(vector: Array) -> Array:
    """Symmetric stress tensors, shape (..., 3, 3), of stress vectors, shape (..., 6)."""
    vector = np.asarray(vector)
    tensor = np.empty((*vector.shape[:-1], 3, 3))
    for k, (i, j) in enumerate(VOIGT):
        tensor[..., i, j] = tensor[..., j, i] = vector[..., k]
    return tensor


def strain_rotation(rotation: Array) -> Array:
    """Matrix T, shape (6, 6), that turns engineering strains of particle axes into those of a crystal.

    With T, the stiffness in particle axes is T^T C T (energy is invariant).

    Args:
        rotation: shape (3, 3); its columns are the crystal axes in particle axes.
    """
    turned = np.empty((6, 6))
    for k, (i, j) in enumerate(VOIGT):
        unit = np.zeros((3, 3))
        unit[i, j] = unit[j, i] = 1.0 if i == j else 0.5
        turned[:, k] = strain_vector(rotation.T @ unit @ rotation)
    return turned


CUBE_ON_SLABS = np.array([[1.0, -1.0, 0.0], [1.0, 1.0, -2.0], [1.0, 1.0, 1.0]]) / np.sqrt(
    [[2.0], [6.0], [3.0]]
)
"""Rotation, shape (3, 3), whose columns are a cube's axes in the axes of a layered crystal.

(111) lies on (003), so that [111] is the third axis; [1-10] is the first: across it the cube has a mirror."""


def rotate(stiffness: Array, rotation: Array) -> Array:
    """Stiffness of a turned crystal in particle axes, shape (6, 6) [Pa]."""
    turned = strain_rotation(rotation)
    return np.asarray(turned.T @ stiffness @ turned)


def isotropic_average(stiffness: Array) -> Array:
    """Voigt-Reuss-Hill average over all orientations as an isotropic stiffness, shape (6, 6) [Pa].

    Source: Hill (1952), Proc. Phys. Soc. A 65, 349.
    """
    bulk, shear = bulk_and_shear(stiffness)
    return cubic(bulk + 4.0 * shear / 3.0, bulk - 2.0 * shear / 3.0, shear)


def bulk_and_shear(stiffness: Array) -> tuple[float, float]:
    """Hill averages of the bulk and shear modulus [Pa] over all orientations."""
    compliance = np.linalg.inv(stiffness)
    voigt_bulk = float(stiffness[:3, :3].sum()) / 9.0
    reuss_bulk = 1.0 / float(compliance[:3, :3].sum())
    normal, cross = np.trace(stiffness[:3, :3]), stiffness[0, 1] + stiffness[0, 2] + stiffness[1, 2]
    voigt_shear = float(normal - cross + 3.0 * np.trace(stiffness[3:, 3:])) / 15.0
    normal, cross = np.trace(compliance[:3, :3]), compliance[0, 1] + compliance[0, 2] + compliance[1, 2]
    reuss_shear = 15.0 / float(4.0 * normal - 4.0 * cross + 3.0 * np.trace(compliance[3:, 3:]))
    return 0.5 * (voigt_bulk + reuss_bulk), 0.5 * (voigt_shear + reuss_shear)


def average_about_first_axis(stiffness: Array, samples: int = 180) -> Array:
    """Hill average over all turns about the first axis, shape (6, 6) [Pa]: transverse isotropy about it."""
    stiff, soft = np.zeros((6, 6)), np.zeros((6, 6))
    for angle in 2.0 * np.pi * np.arange(samples) / samples:
        cosine, sine = np.cos(angle), np.sin(angle)
        turned = rotate(stiffness, np.array([[1.0, 0.0, 0.0], [0.0, cosine, -sine], [0.0, sine, cosine]]))
        stiff += turned / samples
        soft += np.linalg.inv(turned) / samples
    return 0.5 * (stiff + np.linalg.inv(soft))


def lamellar_stiffness(stiffness: Array, strains: Array, normals: Array) -> Array:
    """What coherent lamellae of alternating eigenstrain leave of its stiffness, by normal.

    The displacement relaxes e : C : e of an eigenstrain e that varies along n alone to
    e : [C - C.n (n.C.n)^-1 n.C] : e.

    Source: A. G. Khachaturyan, Theory of Structural Transformations in Solids (1983), chapter 8.

    Args:
        stiffness: C, shape (6, 6) [Pa].
        strains: engineering strain vectors, shape (k, 6).
        normals: unit vectors n, shape (m, 3).

    Returns:
        The form between each pair of strains, shape (m, k, k) [Pa].
    """
    i, j = np.array(VOIGT).T
    unit = np.eye(3)
    # Strain vector of the displacement gradient a n, per component of a: shape (m, 6, 3).
    spread = unit[i][None] * normals[:, j, None] + np.where(i == j, 0.0, 1.0)[None, :, None] * (
        unit[j][None] * normals[:, i, None]
    )
    force = np.einsum("ka,ab,mbc->mkc", strains, stiffness, spread)
    acoustic = np.einsum("mac,ab,mbd->mcd", spread, stiffness, spread)
    relaxed = np.linalg.solve(acoustic, np.swapaxes(force, 1, 2))
    return np.asarray(strains @ stiffness @ strains.T - force @ relaxed)


def hemisphere(count: int) -> Array:
    """The three axes and `count` directions spread evenly over half a sphere, shape (count + 3, 3)."""
    k = np.arange(count) + 0.5
    height, turn = k / count, np.pi * (1.0 + np.sqrt(5.0)) * k
    around = np.sqrt(1.0 - height**2)
    spiral = np.column_stack([around * np.cos(turn), around * np.sin(turn), height])
    return np.concatenate([np.eye(3), spiral])
