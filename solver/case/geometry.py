"""The geometry of a case: one model a kind, each turned into the plain dataclass of `meshes`."""

from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from solver.case.model_parts import Choice, Spec
from solver.case.number_fields import (
    FractionBelowOne,
    Length,
    LengthOrZero,
    MeshUnit,
    PureNumber,
    lacking,
    wrong,
)

PLANE: Final = ("generalised_plane_strain", "plane_strain")
PlaneOrSpace = Literal["generalised_plane_strain", "plane_strain", "3d"]
Dimension = Literal["spherical", "axisymmetric", "generalised_plane_strain", "plane_strain", "3d"]
Sector = Literal["full", "half", "quarter", "octant"]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]


class MeshSize(Spec):
    """Cell sizes [m]; what is left out follows from the geometry."""

    bulk: Length | None = None
    interface: Length | None = None


class Crystal(Spec):
    """One crystal frame for a geometry without grains: the direction of c in the axes of the dimension."""

    c_axis: tuple[PureNumber, PureNumber, PureNumber]

    @model_validator(mode="after")
    def _direction(self) -> Self:
        if not any(self.c_axis):
            raise wrong("the c axis has no direction", "three numbers, not all zero", "c_axis")
        return self

    @property
    def frame(self) -> npt.NDArray[np.float64]:
        """Rotation, shape (3, 3), whose columns are the crystal axes a, b, c in the axes of the dimension.

        a is as near to z as it can be, so that the plane of a disc mirrors every crystal with c in it; with c
        near z, a is as near to x as it can be.
        """
        c = np.array(self.c_axis) / np.abs(self.c_axis).max()
        c = c / np.linalg.norm(c)
        near = np.eye(3)[2 if abs(c[2]) < 0.9 else 0]
        a = near - c * float(near @ c)
        a = a / np.linalg.norm(a)
        return np.column_stack([a, np.cross(c, a), c])


class RandomField(Spec):
    """A thresholded sum of random waves."""

    kind: Literal["random_field"]
    correlation_length: Length


class Domains(Spec):
    """Voronoi domains of either phase."""

    kind: Literal["domains"]
    size: Length


class Lamellae(Spec):
    """Plates, every `spacing` one of each phase."""

    kind: Literal["lamellae"]
    spacing: Length
    orientation: Literal["radial", "parallel", "by_domain"]
    domain_size: Length | None = None

    @model_validator(mode="after")
    def _domains(self) -> Self:
        if self.orientation == "by_domain" and self.domain_size is None:
            raise lacking("domain_size", "a length with its unit, as the orientation is by_domain")
        return self


class Spheres(Spec):
    """Balls (discs in 2D) of rock salt, apart or overlapping."""

    kind: Literal["spheres"]
    radius: Length
    overlap: bool = True


Morphology = Annotated[
    RandomField | Domains | Lamellae | Spheres, Choice((RandomField, Domains, Lamellae, Spheres))
]


class Grains(Spec):
    """How a secondary particle is divided into grains."""

    kind: Literal["voronoi", "radial"]
    seed: Seed = 1


class RockSaltPlace(Spec):
    """Where the rock salt of a secondary particle sits, and how thick it is [m]."""

    place: Literal["none", "surface_shell", "grain_boundary_layer"]
    thickness: LengthOrZero = 0.0

    @model_validator(mode="after")
    def _thickness_where_needed(self) -> Self:
        if self.place != "none" and "thickness" not in self.model_fields_set:
            raise lacking("thickness", f"a length with its unit, as the place is {self.place}")
        return self


THINNEST: Final = 1e-9
"""Thinnest layer [outer radii]: below it round-off of the radii shows in the layer's volume and strain."""


def _refuse_round_off(thickness: float, radius: float, *at: str) -> None:
    if 0 < thickness < THINNEST * radius:
        raise wrong(f"under {THINNEST:g} of the radius", "a thicker layer, or none", *at)


class CoreShell(Spec):
    """A layered core in a rock-salt shell; a shell of 0 nm is a plain particle."""

    kind: Literal["core_shell"]
    dimension: Dimension
    radius: Length
    shell_thickness: LengthOrZero
    sector: Sector | None = None
    crystal: Crystal | None = None
    mesh_size: MeshSize = MeshSize()

    @model_validator(mode="after")
    def _core_left(self) -> Self:
        if self.shell_thickness >= self.radius:
            raise wrong("the shell is as thick as the particle", "below the radius", "shell_thickness")
        _refuse_round_off(self.shell_thickness, self.radius, "shell_thickness")
        return self

    @property
    def holds_rock_salt(self) -> bool:
        """Whether the geometry contains any rock salt."""
        return self.shell_thickness > 0

    @property
    def surface_phases(self) -> tuple[str, ...]:
        """Phases at the outer surface."""
        return ("rock_salt",) if self.holds_rock_salt else ("layered",)


class Dispersed(Spec):
    """Rock salt dispersed through a disc or a ball, with or without a skin of rock salt."""

    kind: Literal["dispersed"]
    dimension: PlaneOrSpace
    radius: Length
    rock_salt_fraction: FractionBelowOne
    morphology: Morphology
    skin_thickness: LengthOrZero = 0.0
    seed: Seed = 1
    sector: Sector | None = None
    crystal: Crystal | None = None
    mesh_size: MeshSize = MeshSize()

    @model_validator(mode="after")
    def _inside_left(self) -> Self:
        if self.skin_thickness >= self.radius:
            raise wrong("the skin is as thick as the particle", "below the radius", "skin_thickness")
        return self

    @property
    def holds_rock_salt(self) -> bool:
        """Whether the geometry contains any rock salt."""
        return self.rock_salt_fraction > 0 or self.skin_thickness > 0

    @property
    def surface_phases(self) -> tuple[str, ...]:
        """Phases at the outer surface."""
        if self.skin_thickness > 0:
            return ("rock_salt",)
        return ("layered", "rock_salt") if self.holds_rock_salt else ("layered",)


class HollowSecondary(Spec):
    """A secondary particle of grains around a cavity; without grains, one isotropic body."""

    kind: Literal["hollow_secondary"]
    dimension: Dimension
    radius: Length
    cavity_radius: LengthOrZero
    grain_size: Length | None = None
    grains: Grains | None = None
    rock_salt: RockSaltPlace = RockSaltPlace(place="none")
    cavity_wetted: bool = False
    sector: Sector | None = None
    mesh_size: MeshSize = MeshSize()

    @model_validator(mode="after")
    def _wall_left(self) -> Self:
        if self.cavity_radius >= self.radius:
            raise wrong("the cavity is as large as the particle", "below the radius", "cavity_radius")
        if self.holds_rock_salt and self.rock_salt.thickness >= self.radius - self.cavity_radius:
            raise wrong(
                "the rock salt is as thick as the wall",
                "below radius - cavity_radius",
                "rock_salt",
                "thickness",
            )
        if self.holds_rock_salt:
            _refuse_round_off(self.rock_salt.thickness, self.radius, "rock_salt", "thickness")
        return self

    @property
    def holds_rock_salt(self) -> bool:
        """Whether the geometry contains any rock salt."""
        return self.rock_salt.place != "none" and self.rock_salt.thickness > 0

    @property
    def surface_phases(self) -> tuple[str, ...]:
        """Phases at the outer surface."""
        if not self.holds_rock_salt:
            return ("layered",)
        shell = self.rock_salt.place == "surface_shell"
        return ("rock_salt",) if shell else ("layered", "rock_salt")


class FileMesh(Spec):
    """A mesh of the user's own; `scale` is the length of one mesh unit [m]."""

    kind: Literal["file"]
    dimension: Dimension
    path: Annotated[str, Field(min_length=1, max_length=4096)]
    scale: MeshUnit = 1.0
    crystal: Crystal | None = None
    cavity_wetted: bool = False

    @property
    def holds_rock_salt(self) -> bool | None:
        """Unknown before the mesh is read."""
        return None


Geometry = Annotated[
    CoreShell | Dispersed | HollowSecondary | FileMesh,
    Choice((CoreShell, Dispersed, HollowSecondary, FileMesh)),
]


def mesh_geometry(geometry: CoreShell | Dispersed | HollowSecondary | FileMesh) -> Any:
    """Return the dataclass of `meshes` that describes the same geometry in SI."""
    import meshes

    target = getattr(meshes, type(geometry).__name__)
    return _converted(geometry, target)


def _converted(spec: Spec, target: Any) -> Any:
    import meshes

    names = set(target.__dataclass_fields__)
    values = {}
    for name in names & set(type(spec).model_fields):
        value = getattr(spec, name)
        if isinstance(value, Spec):
            value = _converted(value, getattr(meshes, type(value).__name__))
        elif name == "path":
            value = Path(value)
        values[name] = value
    return target(**values)
