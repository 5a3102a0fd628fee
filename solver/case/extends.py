"""Resolving `extends`: a case on a case, a phase on a phase."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from solver.case.errors import Place, Problem
from solver.case.merging import merge, with_entry, without
from solver.case.reach import ALLOWED as REACHED
from solver.case.reach import Reach
from solver.case.shipped import shipped_cases, shipped_phases, suggestion
from solver.case.tree import Leaf, Node, Table
from solver.case.yaml_reader import LARGEST_FILE, read_yaml
from solver.quantities import shown

LONGEST_CHAIN: Final = 5


@dataclass
class Files:
    """Reads the files that a case is made of and collects what is wrong with them.

    Attributes:
        reach: which files a case may name.
        problems: what was wrong.
        broken: phases, and `extends`, that could not be read.
    """

    reach: Reach
    problems: list[Problem] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def read(self, path: Path, shown_as: str) -> Node | None:
        """Read one file to a tree, or None; problems are collected."""
        origin = Place(shown_as, 1, 1, path.parent)
        if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113 - Path's own raise for long names
            self.problems.append(Problem(origin, "case", "this is no file", "a file in YAML"))
            return None
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST_FILE + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "not a path"
            hint = suggestion(shown_as, shipped_cases()) if isinstance(error, FileNotFoundError) else ""
            what = f"cannot be read: {reason}{hint}"
            self.problems.append(
                Problem(origin, "case", what, "an existing file, or the name of a shipped case")
            )
            return None
        tree, problems = read_yaml(data, origin)
        self.problems += problems
        if tree is not None and not isinstance(tree, Table):
            self.problems.append(
                Problem(tree.place, "case", "the file holds no mapping", "a mapping of keys")
            )
            return None
        return tree

    def case(self, path: Path, shown_as: str) -> Table | None:
        """Read a case with everything that it extends; phases are left for `phases`."""
        tree = self.read(path, shown_as)
        if not isinstance(tree, Table):
            return None
        whole = self._expand(tree, ("extends",), (path.resolve(),), shipped_cases, "case")
        return None if self.broken else whole

    def blames(self, problem: Problem) -> bool:
        """Whether a key is missing only because the phase that would have held it could not be read."""
        return problem.what == "missing key" and any(
            problem.field.startswith(f"{name}.") for name in self.broken
        )

    def phases(self, case: Table) -> Table:
        """Replace the references to phases by the phases."""
        table = case.entries.get("phases")
        if not isinstance(table, Table):
            return case
        for name in ("layered", "rock_salt"):
            node = table.entries.get(name)
            if node is not None:
                table = with_entry(table, name, self._phase(node, ("phases", name)), table.keys[name])
        return with_entry(case, "phases", table, case.keys["phases"])

    def _phase(self, node: Node, path: tuple[str, ...]) -> Node:
        if isinstance(node, Leaf) and isinstance(node.value, str):
            found = self._base(node, path, (), shipped_phases, "phase")
            if found is None:
                self.broken.append(".".join(path))
            return node if found is None else found
        if not isinstance(node, Table):
            return node
        return self._expand(node, (*path, "extends"), (), shipped_phases, "phase")

    def _expand(
        self,
        table: Table,
        path: tuple[str, ...],
        chain: tuple[Path, ...],
        shipped: Callable[[], dict[str, Path]],
        noun: str,
    ) -> Table:
        reference = table.entries.get("extends")
        if reference is None:
            return table
        own = without(table, "extends")
        base = self._base(reference, path, chain, shipped, noun)
        if base is None:
            self.broken.append(".".join(path[:-1]))
        merged = own if base is None else merge(base, own)
        return merged if isinstance(merged, Table) else own

    def _base(
        self,
        reference: Node,
        path: tuple[str, ...],
        chain: tuple[Path, ...],
        shipped: Callable[[], dict[str, Path]],
        noun: str,
    ) -> Table | None:
        """The mapping that a name or path refers to, its own `extends` resolved."""
        where = ".".join(path)
        names = ", ".join(known for known in shipped() if "/" not in known)
        allowed = f"the name of a shipped {noun} ({names}) or a path with a '/'"
        if not isinstance(reference, Leaf) or not isinstance(reference.value, str) or not reference.value:
            self.problems.append(Problem(reference.place, where, "no name and no path", allowed))
            return None
        name = reference.value
        if "/" not in name:
            target = shipped().get(name)
            if target is None:
                what = f"no shipped {noun} is named {shown(name)}{suggestion(name, shipped())}"
                self.problems.append(Problem(reference.place, where, what, allowed))
                return None
            shown_as = _readable(target)
        else:
            target = reference.place.folder / name
            shown_as = _readable(target)
            outside = self.reach.refusal(reference.place, target, name)
            if outside is not None:
                self.problems.append(Problem(reference.place, where, outside, REACHED))
                return None
        if not os.path.isfile(target):  # noqa: PTH113 - Path's own raises for long names
            what = f"the file {shown(name)} does not exist"
            self.problems.append(Problem(reference.place, where, what, allowed))
            return None
        resolved = target.resolve()
        if resolved in chain:
            what = f"{shown(name)} extends itself, over {len(chain)} file{'s' if len(chain) > 1 else ''}"
            self.problems.append(Problem(reference.place, where, what, "a chain without a cycle"))
            return None
        if len(chain) - (noun == "case") >= LONGEST_CHAIN:
            what = f"a chain of more than {LONGEST_CHAIN} files"
            self.problems.append(Problem(reference.place, where, what, f"at most {LONGEST_CHAIN}"))
            return None
        tree = self.read(target, shown_as)
        if not isinstance(tree, Table):
            return None
        return self._expand(
            tree, path if path[-1] == "extends" else (*path, "extends"), (*chain, resolved), shipped, noun
        )


def _readable(path: Path) -> str:
    """The path as a user would write it: relative to here where it lies below."""
    plain = os.path.normpath(path)
    relative = os.path.relpath(plain)
    return relative if not relative.startswith("..") else plain
