"""`--set KEY=VALUE`: values laid over a case from the command line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from solver.case.errors import Place, Problem
from solver.case.merging import is_phase, merge, with_entry
from solver.case.tree import Items, Leaf, Node, Table
from solver.case.yaml_reader import read_yaml
from solver.quantities import shown

_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+|\[[0-9]{1,4}\])*")
_STEP: Final = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Override:
    """One `--set`: where it points and what it lays there."""

    path: tuple[str, ...]
    value: Node
    place: Place


def read_overrides(texts: Sequence[str]) -> tuple[list[Override], list[Problem]]:
    """Read the texts after each `--set`.

    Returns:
        The overrides, those of a `kind` first since they replace the mapping around them, and the problems.
    """
    found: list[Override] = []
    problems: list[Problem] = []
    for text in texts:
        key, equals, value = text.partition("=")
        place = Place(f"--set {key if _KEY.fullmatch(key) else shown(key)}", 0, 0, Path.cwd())
        if not equals or not _KEY.fullmatch(key):
            problems.append(
                Problem(place, "case", f"{shown(text)} is not KEY=VALUE", "geometry.radius='3 um'")
            )
            continue
        tree, more = (
            read_yaml(value.encode("utf-8", "surrogateescape"), place) if value.strip() else (None, [])
        )
        problems += more
        if tree is not None:
            found.append(Override(tuple(_STEP.findall(key)), tree, place))
        elif not more:
            problems.append(Problem(place, key, "no value", "a value in YAML"))
    return sorted(found, key=lambda override: override.path[-1] != "kind"), problems


def split_overrides(overrides: Sequence[Override]) -> tuple[list[Override], list[Override]]:
    """Tell the overrides to lay before phases are read from those that need to see what is in a phase.

    The latter count the items of a list that stands in the file of a phase.
    """
    before: list[Override] = []
    after: list[Override] = []
    for n, override in enumerate(overrides):
        inside = is_phase(override.path[:2]) and any(step.isdigit() for step in override.path[2:])
        replaced = any(override.path[: len(other.path)] == other.path for other in overrides[n + 1 :])
        (after if inside and not replaced else before).append(override)
    return before, after


def apply_overrides(case: Table, overrides: Sequence[Override], problems: list[Problem]) -> Table:
    """Lay overrides on a case whose phases are still references; parents that are missing are made."""
    root: Node = case
    for override in overrides:
        root = _laid(root, override.path, override, problems)
    return root if isinstance(root, Table) else case


def _laid(node: Node | None, path: tuple[str, ...], override: Override, problems: list[Problem]) -> Node:
    if not path:
        return override.value if node is None else merge(node, override.value, override.path)
    step, rest = path[0], path[1:]
    if isinstance(node, Items):
        if not step.isdigit() or int(step) >= len(node.items):
            what = f"{shown(step)} is no item of a list of {len(node.items)}"
            problems.append(Problem(override.place, ".".join(override.path), what, "numbers from 0"))
            return node
        items = list(node.items)
        items[int(step)] = _laid(items[int(step)], rest, override, problems)
        return Items(node.place, tuple(items))
    if not isinstance(node, Table):
        made = Table(override.place, {}, {})
        if isinstance(node, Leaf) and isinstance(node.value, str) and is_phase(override.path[: -len(path)]):
            made = Table(node.place, {"extends": node}, {"extends": node.place})
        node = made
    child = node.entries.get(step)
    if step == "kind" and not rest and isinstance(child, Leaf) and child.value != _value(override.value):
        node = Table(node.place, {}, {})
        child = None
    laid = _laid(child, rest, override, problems)
    replaced = not laid.place.line and step in node.keys
    if replaced:
        node = Table(node.place, node.entries, node.keys | {step: override.place})
    return with_entry(node, step, laid, override.place)


def _value(node: Node) -> object:
    return node.value if isinstance(node, Leaf) else node
