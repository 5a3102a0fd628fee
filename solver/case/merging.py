"""Laying one mapping over another, for `extends` and `--set`."""

from solver.case.errors import Place
from solver.case.tree import Leaf, Node, Table


def merge(base: Node, over: Node, path: tuple[str, ...] = ()) -> Node:
    """Return `base` with `over` laid on it.

    Mappings merge key by key, everything else replaces; so does a mapping of another `kind`. Every
    node keeps the place where it was written, so that an error is reported where the override stands.

    Args:
        base: what lies below.
        over: what is laid on it.
        path: keys from the whole case down to both: a text that names a phase is a mapping that extends it.
    """
    if isinstance(over, Table) and isinstance(base, Leaf) and isinstance(base.value, str) and is_phase(path):
        base = Table(base.place, {"extends": base}, {"extends": base.place})
    if not (isinstance(base, Table) and isinstance(over, Table)) or _other_kind(base, over):
        return over
    entries, keys = dict(base.entries), dict(base.keys)
    for key, value in over.entries.items():
        entries[key] = merge(entries[key], value, (*path, key)) if key in entries else value
        keys[key] = over.keys[key] if over.keys[key].line or key not in keys else keys[key]
    return Table(over.place if over.place.line else base.place, entries, keys)


def without(table: Table, key: str) -> Table:
    """Return the mapping without one key."""
    return Table(
        table.place,
        {name: node for name, node in table.entries.items() if name != key},
        {name: place for name, place in table.keys.items() if name != key},
    )


def with_entry(table: Table, key: str, value: Node, place: Place) -> Table:
    """Return the mapping with one entry set; the key keeps its place if it stood there already."""
    return Table(table.place, table.entries | {key: value}, {key: place} | table.keys)


def _other_kind(base: Table, over: Table) -> bool:
    old, new = base.entries.get("kind"), over.entries.get("kind")
    return isinstance(old, Leaf) and isinstance(new, Leaf) and old.value != new.value


def is_phase(path: tuple[str, ...]) -> bool:
    """Whether a path leads to a phase of a case."""
    return len(path) == 2 and path[0] == "phases"
