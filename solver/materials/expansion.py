"""Eigenstrain: chemical expansion and lattice misfit, both as symmetric 3x3 tensors in crystal axes.

One law object gives the chemical strain *and* the partial molar volume of the potential, so that the two
cannot drift apart.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def partial_molar_volume(in_plane: float, along_c: float) -> Array:
    """Tensor V [m^3/mol], shape (3, 3): d eps_star/dc of a crystal with c along the third axis."""
    return np.diag([in_plane, in_plane, along_c])


def vegard(volume: float) -> Array:
    """Isotropic tensor V = Omega/3 I [m^3/mol], shape (3, 3), of a partial molar volume Omega [m^3/mol]."""
    return np.eye(3) * volume / 3.0


def chemical_strain(volume: Array, concentration_change: float) -> Array:
    """Chemical eigenstrain V (c - c_ref) [1], shape (3, 3), for a concentration change [mol/m^3]."""
    return np.asarray(volume * concentration_change)


def lattice_misfit(cubic_a: float, layered_a: float, layered_c: float) -> Array:
    """Misfit of rock salt on the layered lattice [1], shape (3, 3), with (111) on (003).

    Both are close-packed oxygen stacks: a_RS/sqrt(2) matches a_L in the plane and two (111) spacings,
    2 a_RS/sqrt(3), match one slab, c_L/3. Positive: the rock salt is the larger lattice. All three lattice
    parameters [m]. Assumes that the oxygen lattice is conserved when the rock salt forms.
    """
    in_plane = cubic_a / np.sqrt(2.0) / layered_a - 1.0
    along_c = (2.0 * cubic_a / np.sqrt(3.0)) / (layered_c / 3.0) - 1.0
    return np.diag([in_plane, in_plane, along_c])


def isotropic_part(tensor: Array) -> Array:
    """Mean dilatation of a tensor, tr(t)/3 I, shape (3, 3): the average over all orientations."""
    return np.asarray(np.eye(3) * np.trace(tensor) / 3.0)


def average_about_first_axis(tensor: Array) -> Array:
    """Average over all turns about the first axis, shape (3, 3): transverse isotropy about it."""
    across = 0.5 * (tensor[1, 1] + tensor[2, 2])
    return np.diag([tensor[0, 0], across, across])


def rotate(tensor: Array, rotation: Array) -> Array:
    """A crystal's tensor in particle axes, shape (3, 3); the rotation's columns are the crystal axes."""
    return np.asarray(rotation @ tensor @ rotation.T)
