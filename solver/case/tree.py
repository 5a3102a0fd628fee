"""The tree of a YAML file in which every node remembers where it was written."""

from collections.abc import Sequence
from dataclasses import dataclass

from solver.case.errors import Place


@dataclass(frozen=True)
class Leaf:
    """A scalar: text, whole number, number, boolean or a `Puzzling` value."""

    place: Place
    value: object


@dataclass(frozen=True)
class Items:
    """A sequence."""

    place: Place
    items: tuple["Node", ...]


@dataclass(frozen=True)
class Table:
    """A mapping with text keys; `keys` holds where each key stands."""

    place: Place
    entries: dict[str, "Node"]
    keys: dict[str, Place]


type Node = Leaf | Items | Table


@dataclass(frozen=True)
class Puzzling:
    """A plain scalar that YAML may read as something else than text, such as a date."""

    text: str
    kind: str

    def __repr__(self) -> str:
        """The scalar as it stands in the file."""
        return self.text[:60]


NOTHING = Puzzling("", "nothing")
"""What an empty value, `~` and `null` are read as."""


def plain(node: Node) -> object:
    """Return the values without their places: dicts, tuples and scalars."""
    match node:
        case Leaf():
            return node.value
        case Items():
            return tuple(plain(item) for item in node.items)
        case Table():
            return {key: plain(value) for key, value in node.entries.items()}


def place_of(root: Node, path: Sequence[str | int], *, of_key: bool = False) -> Place:
    """Return where the node at `path` stands, or the nearest parent that exists.

    Args:
        root: the whole tree.
        path: keys and indices from the root.
        of_key: the place of the last key rather than of its value.
    """
    node, place = root, root.place
    for n, step in enumerate(path):
        if isinstance(node, Table) and step in node.entries:
            key = str(step)
            if of_key and n == len(path) - 1:
                return node.keys[key]
            node = node.entries[key]
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
        place = node.place
    return place


def field_name(path: Sequence[str | int]) -> str:
    """Return the path as users write it: `protocol.steps[0].value`."""
    name = ""
    for step in path:
        if isinstance(step, int):
            name += f"[{step}]"
        else:
            shown = step if step.isascii() and step.isprintable() and len(step) <= 60 else repr(step[:60])
            name += f".{shown}" if name else shown
    return name or "case"
