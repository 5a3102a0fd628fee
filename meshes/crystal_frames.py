"""Crystal frames whose c axis lies in the plane of a 2D mesh."""

from __future__ import annotations

import numpy as np

from meshes.tagged_mesh import Floats


def in_plane_frames(c_angle: Floats) -> Floats:
    """Rotations that turn crystal axes into the axes of the mesh.

    The a axis points out of the plane, so that the plane is a mirror plane of the crystal even with
    trigonal stiffness, and a plane deformation stays plane.

    Args:
        c_angle: (g,) angle of the c axis from x [rad].

    Returns:
        (g, 3, 3); the columns are a = z, b and c = (cos, sin, 0), with determinant 1.
    """
    cosine, sine = np.cos(c_angle), np.sin(c_angle)
    frames = np.zeros((len(c_angle), 3, 3))
    frames[:, 2, 0] = 1.0
    frames[:, 0, 1], frames[:, 1, 1] = sine, -cosine
    frames[:, 0, 2], frames[:, 1, 2] = cosine, sine
    return frames
