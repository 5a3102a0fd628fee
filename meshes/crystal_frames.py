"""Crystal frames of grains: in the plane of a 2D mesh, at random, or along a sphere."""

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


def random_frames(count: int, rng: np.random.Generator) -> Floats:
    """Rotations drawn evenly from all there are.

    Args:
        count: Number of frames.
        rng: Source of chance.

    Returns:
        (count, 3, 3) with determinant 1.

    Source: Shoemake (1992), Graphics Gems III, 124 (a normalised Gaussian quaternion).
    """
    q = rng.normal(size=(count, 4))
    w, x, y, z = (q / np.linalg.norm(q, axis=1)[:, None]).T
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.asarray(np.moveaxis(np.array(rows), 2, 0), dtype=np.float64)


def tangent_frames(radial: Floats, turn: Floats) -> Floats:
    """Rotations whose b axis points outwards and whose c axis lies in the tangent plane.

    Args:
        radial: (g, 3) unit vectors from the centre of the particle.
        turn: (g,) angle of the c axis about the radius [rad], from an arbitrary direction.

    Returns:
        (g, 3, 3) with the columns a = b x c, b and c, and determinant 1.
    """
    # Any direction that is not near the radius spans the tangent plane with it.
    away = np.eye(3)[np.abs(radial).argmin(axis=1)]
    first = np.cross(radial, away)
    first /= np.linalg.norm(first, axis=1)[:, None]
    c = np.cos(turn)[:, None] * first + np.sin(turn)[:, None] * np.cross(radial, first)
    return np.stack([np.cross(radial, c), radial, c], axis=2)
