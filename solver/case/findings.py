"""What cross-checks look at, and where they put what they find."""

from dataclasses import dataclass, field
from typing import Any

from solver.case.errors import Problem
from solver.case.explaining import Path, missing_key
from solver.case.geometry import CoreShell, Dispersed, FileMesh, HollowSecondary
from solver.case.loads import Couplings, Mechanics, Surface
from solver.case.phases import Phase
from solver.case.protocol import Protocol
from solver.case.tree import Table, field_name, place_of


@dataclass(frozen=True)
class Sections:
    """The parts of a case that are right by themselves; None for the others and for those not given.

    A phase may be there in part: what is wrong or missing in it is None, `host` included.
    """

    temperature: float | None
    geometry: CoreShell | Dispersed | HollowSecondary | FileMesh | None
    mechanics: Mechanics | None
    couplings: Couplings | None
    surface: Surface | None
    protocol: Protocol | None
    layered: Phase | None
    rock_salt: Phase | None


@dataclass
class Findings:
    """Collects problems at their places, and warnings.

    Attributes:
        tree: the case as written.
        holds_rock_salt: whether the geometry contains any; None if that is not known.
        has_frames: whether a mesh file brings crystal frames of its own.
        mirrors: axes across the symmetry planes or lines of a mesh file.
        problems: errors.
        warned: warnings, perhaps several times.
    """

    tree: Table
    holds_rock_salt: bool | None = None
    has_frames: bool = False
    mirrors: tuple[int, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings, once each."""
        return tuple(dict.fromkeys(self.warned))

    def refuse(self, path: Path, what: str, allowed: str) -> None:
        """Add a problem at the value of a field."""
        self.problems.append(Problem(place_of(self.tree, path), field_name(path), what, allowed))

    def missing(self, path: Path, why: str) -> None:
        """Add a problem of a key that is not there."""
        self.problems.append(missing_key(self.tree, path, why))

    def given(self, *path: str) -> bool:
        """Whether the case holds something at this path."""
        node: Any = self.tree
        for step in path:
            if not isinstance(node, Table) or step not in node.entries:
                return False
            node = node.entries[step]
        return True
