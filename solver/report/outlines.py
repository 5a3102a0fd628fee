"""The lines of a picture: where phases meet, where grains meet, where the particle ends."""

from dataclasses import dataclass

from solver.report.faces import Faces, between_grains, between_phases, faces_of, outside
from solver.report.fields import Array, Fields


@dataclass(frozen=True)
class Outlines:
    """Straight pieces of lines, each of shape (k, 2, 2): piece, end, (x, y) [m].

    Lines on a surface in space have a third coordinate: shape (k, 2, 3).
    """

    phases: Array
    grains: Array
    outside: Array


def outlines(picture: Fields) -> Outlines:
    """The lines of a whole particle's triangles, whose cells may each have points of their own."""
    faces = faces_of(picture)
    coordinates = 3 if picture.dimension == "surface" else 2

    def pieces(chosen: Faces) -> Array:
        return picture.points[chosen.corners, :coordinates]

    return Outlines(
        pieces(between_phases(picture, faces)),
        pieces(between_grains(picture, faces)),
        pieces(outside(faces)),
    )


@dataclass(frozen=True)
class Particle:
    """A whole particle's flat picture with its lines, found once and drawn in many panels."""

    picture: Fields
    lines: Outlines

    @classmethod
    def of(cls, picture: Fields) -> "Particle":
        """Find the lines of a whole particle."""
        return cls(picture, outlines(picture))
