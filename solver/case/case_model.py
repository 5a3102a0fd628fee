"""The whole case, frozen and in SI."""

from typing import Annotated, Any, Literal

from pydantic import Field, PrivateAttr

from solver.case.frame_checks import smallest_sector
from solver.case.geometry import FileMesh, Geometry, MeshSize, mesh_geometry
from solver.case.loads import Couplings, Mechanics, Numerics, Output, Surface
from solver.case.model_parts import Spec
from solver.case.number_fields import Temperature
from solver.case.phases import Phase
from solver.case.protocol import Protocol

# Dots alone would name the folder above the runs.
Name = Annotated[str, Field(pattern=r"^\.*[A-Za-z0-9_-][A-Za-z0-9._-]*$", max_length=80)]


class Phases(Spec):
    """The layered phase and, where the geometry contains any, the rock salt."""

    layered: Phase
    rock_salt: Phase | None = None


class Case(Spec):
    """One case: everything that a run needs, units removed, defaults filled in."""

    name: Name
    architecture: Literal["liquid", "solid"]
    temperature: Temperature
    geometry: Geometry
    phases: Phases
    mechanics: Mechanics = Mechanics()
    couplings: Couplings = Couplings()
    surface: Surface = Surface.model_validate(
        {"exchange_current_density": "1 A/m^2"}
    )  # needed only by currents
    protocol: Protocol
    numerics: Numerics = Numerics()
    output: Output = Output()

    _warnings: tuple[str, ...] = PrivateAttr(default=())

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed but deserves a word."""
        return self._warnings

    def with_warnings(self, warnings: tuple[str, ...]) -> "Case":
        """Return the case with these warnings."""
        copy = self.model_copy()
        copy._warnings = warnings
        return copy

    def with_mesh_defaults(self) -> "Case":
        """Return the case with sector and cell sizes written out, as they follow from the geometry."""
        geometry, described = self.geometry, self.mesh_geometry()
        if isinstance(geometry, FileMesh):
            return self
        layered, rock_salt = self.phases.layered, self.phases.rock_salt
        smallest = smallest_sector(geometry, described.default_sector, layered, rock_salt)
        sector = geometry.sector or smallest
        bulk, interface = described.sizes()
        update = {"sector": sector, "mesh_size": MeshSize.model_construct(bulk=bulk, interface=interface)}
        return self.model_copy(update={"geometry": geometry.model_copy(update=update)})

    def mesh_geometry(self) -> Any:
        """The geometry as a plain dataclass of `meshes`, in SI."""
        return mesh_geometry(self.geometry)
