"""A whole particle in space, ready to be drawn cut open: its surface, phase boundary and central slices."""

from dataclasses import dataclass, replace

import numpy as np

from solver.report.faces import Faces, between_grains, between_phases, faces_of, outside, places_of
from solver.report.fields import ROCK_SALT, Array, Fields, Ints, Mask
from solver.report.outlines import Outlines, Particle, outlines
from solver.report.slices import IN_PLANE, sliced, whole_slice, with_flux_at_corners
from solver.report.symmetry import mirror_axes, mirrored

GRAIN_COLOURS = 9
"""Colours that grains share; neighbours never have the same one while so many are enough."""


@dataclass(frozen=True)
class Solid:
    """A particle of a 3D run.

    Attributes:
        skin: triangles of the outer surface and of cavity walls, of dimension `surface`.
        skin_lines: where phases and grains meet on it.
        interface: triangles where the phases meet, as the rock salt has them.
        cuts: slices through the origin with normals x, y, z, of dimension `cut`.
        size: largest coordinate [m].
    """

    skin: Fields
    skin_lines: Outlines
    interface: Fields
    cuts: tuple[Particle, Particle, Particle]
    size: float

    @classmethod
    def of(cls, sector: Fields) -> "Solid":
        """The whole particle of a sector's tetrahedra."""
        fields = coloured_grains(with_flux_at_corners(sector))
        places = places_of(fields)
        faces = faces_of(fields, places)
        axes = mirror_axes(fields)
        size = float(np.abs(fields.points).max())
        ends = outside(faces)
        skin = _whole_surface(fields, ends.where(~_in_mirror(fields, ends, axes)), axes)
        interface = _whole_surface(fields, between_phases(fields, faces), axes)
        cuts = [Particle.of(whole_slice(fields, axis)) for axis in range(3)]
        return cls(skin, outlines(skin), interface, (cuts[0], cuts[1], cuts[2]), size)

    @property
    def has_rock_salt(self) -> bool:
        """Whether there is any rock salt."""
        return bool(len(self.interface.cells)) or bool((self.skin.region == ROCK_SALT).any())

    @property
    def grains(self) -> int:
        """Number of grains that a central slice or the surface shows."""
        seen = [fields.cell_data.get("grain", np.zeros(1)) for fields in self._pictures()]
        return len(np.unique(np.concatenate(seen)))

    def _pictures(self) -> list[Fields]:
        return [self.skin, *(cut.picture for cut in self.cuts)]

    def edges(self, region: int | None = None) -> Array:
        """The lines x > 0, y > 0 and z > 0 where two central slices meet, shape (k, 2, 3) [m].

        Args:
            region: the region to stay within; all of them unless given.
        """
        found = []
        for axis, normal in ((0, 2), (1, 0), (2, 0)):
            picture = self.cuts[normal].picture
            along = IN_PLANE[normal].index(axis)
            line = sliced(picture if region is None else picture.within(region), 1 - along, 0.0)
            ends = line.points[line.cells, along]
            ends = np.maximum(ends[(ends > 0.0).any(axis=1)], 0.0)
            pieces = np.zeros((len(ends), 2, 3))
            pieces[:, :, axis] = ends
            found.append(pieces)
        return np.concatenate(found)


def in_space(flat: Array, normal: int) -> Array:
    """Points (right, up) of a central slice's picture in space, shape (..., 3) [m]."""
    right, up = IN_PLANE[normal]
    points = np.zeros((*flat.shape[:-1], 3))
    points[..., right], points[..., up] = flat[..., 0], flat[..., 1]
    return points


def normals(surface: Fields) -> Array:
    """Unit normals at a surface's points, means of the triangles around each place, shape (n, 3)."""
    corners = surface.points[surface.cells]
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    place = places_of(surface)
    count = int(place.max(initial=-1)) + 1
    slot = place[surface.cells].ravel()
    heavy = np.repeat(areas, 3, axis=0)
    summed = np.stack([np.bincount(slot, heavy[:, k], minlength=count) for k in range(3)], axis=1)
    summed /= np.maximum(np.linalg.norm(summed, axis=1), 1e-300)[:, None]
    return np.asarray(summed[place])


def coloured_grains(fields: Fields) -> Fields:
    """The same with cell field `grain_colour`: 0 for rock salt, else 1 to `GRAIN_COLOURS`."""
    if "grain" not in fields.cell_data:
        return fields
    grain = np.asarray(fields.cell_data["grain"], dtype=np.int64)
    neighbours: dict[int, set[int]] = {int(number): set() for number in np.unique(grain)}
    if len(neighbours) > 1:
        meeting = between_grains(fields, faces_of(fields))
        for one, other in np.unique(np.stack([grain[meeting.owner], grain[meeting.other]], axis=1), axis=0):
            neighbours[int(one)].add(int(other))
            neighbours[int(other)].add(int(one))
    colour: dict[int, int] = {}
    for number in sorted(neighbours, key=lambda n: -len(neighbours[n])):
        taken = {colour.get(other) for other in neighbours[number]}
        # Begun at another colour each time, so that all are used.
        turn = [(number + k) % GRAIN_COLOURS + 1 for k in range(GRAIN_COLOURS)]
        colour[number] = next((shade for shade in turn if shade not in taken), turn[0])
    table = np.zeros(max(neighbours) + 1)
    table[list(colour)] = list(colour.values())
    shades = np.where(fields.region == ROCK_SALT, 0.0, table[grain])
    return replace(fields, cell_data={**fields.cell_data, "grain_colour": shades})


def _whole_surface(fields: Fields, faces: Faces, axes: tuple[int, ...]) -> Fields:
    """Some faces of a sector as a surface of the whole particle, right-handed about outward normals."""
    corners = faces.corners.copy()
    ends = fields.points[corners]
    across = np.cross(ends[:, 1] - ends[:, 0], ends[:, 2] - ends[:, 0])
    middle = fields.points[fields.cells[faces.owner]].mean(axis=1)
    inward = ((middle - ends[:, 0]) * across).sum(axis=1) > 0.0
    corners[inward] = corners[inward][:, ::-1]
    points: Ints = corners.ravel()
    surface = Fields(
        "surface",
        fields.points[points],
        np.arange(len(points)).reshape(-1, 3),
        {name: values[points] for name, values in fields.point_data.items()},
        {name: values[faces.owner] for name, values in fields.cell_data.items()},
    )
    for axis in axes:
        surface = mirrored(surface, axis)
    return surface


def _in_mirror(fields: Fields, faces: Faces, axes: tuple[int, ...]) -> Mask:
    """Whether each face lies in a plane in which the sector is mirrored, shape (k,)."""
    near = np.abs(fields.points[faces.corners]) <= 1e-6 * np.abs(fields.points).max()
    return np.asarray(near[:, :, list(axes)].all(axis=1).any(axis=1))
