"""Strict YAML: text to a tree with places, or every problem of the text.

The events of ruamel.yaml are composed here rather than by ruamel itself: its composer recurses
without bound, expands aliases without bound and keeps no mark of keys. Scalars follow the core
schema of YAML 1.2 cut down to what a case needs (`yes` is text, `1e-3` a number).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from solver.case.errors import Place, Problem
from solver.case.tree import NOTHING, Items, Leaf, Node, Puzzling, Table, field_name
from solver.quantities import shown

LARGEST_FILE: Final = 256 * 1024
_DEEPEST: Final = 30
_MOST_NODES: Final = 20_000
_MOST_ALIASES: Final = 200

_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?")
_FORBIDDEN: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Unreadable(Exception):
    """The rest of the text cannot be read."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass
class _Composer:
    """Turns parser events into nodes, within limits on depth, size and aliases."""

    origin: Place
    events: Iterator[Any]
    problems: list[Problem] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    nodes: int = 0
    aliases: int = 0

    def place(self, event: Any) -> Place:
        mark, origin = event.start_mark, self.origin
        if not origin.line:
            return origin
        return Place(origin.source, mark.line + 1, mark.column + 1, origin.folder)

    def complain(self, event: Any, path: tuple[str | int, ...], what: str, allowed: str) -> None:
        self.problems.append(Problem(self.place(event), field_name(path), what, allowed))

    def stop(self, event: Any, path: tuple[str | int, ...], what: str, allowed: str) -> _Unreadable:
        return _Unreadable(Problem(self.place(event), field_name(path), what, allowed))

    def document(self) -> Node:
        next(self.events)
        event = next(self.events)
        if type(event).__name__ == "StreamEndEvent":
            raise self.stop(event, (), "nothing is written here", "a case is a mapping of keys")
        root = self.node(next(self.events), ())
        next(self.events)
        event = next(self.events)
        if type(event).__name__ != "StreamEndEvent":
            raise self.stop(event, (), "a second YAML document begins here", "one document a file")
        return root

    def node(self, event: Any, path: tuple[str | int, ...]) -> Node:
        kind = type(event).__name__
        if kind == "AliasEvent":
            return self.alias(event, path)
        before = self.nodes
        self.count(1, event, path)
        if len(path) > _DEEPEST:
            raise self.stop(event, path[:3], f"nested deeper than {_DEEPEST} levels", "no case needs that")
        if event.tag is not None and not (kind == "ScalarEvent" and event.tag == "!"):
            self.complain(
                event, path, f"the YAML tag {shown(event.tag)} is not used here", "write the value alone"
            )
        result: Node
        if kind == "ScalarEvent":
            result = Leaf(self.place(event), _scalar(event))
        elif kind == "SequenceStartEvent":
            result = self.sequence(event, path)
        else:
            result = self.mapping(event, path)
        if event.anchor:
            self.anchors[event.anchor] = (result, self.nodes - before)
        return result

    def filled(self, event: Any, path: tuple[str | int, ...], parent: Place) -> Node:
        """A node that holds something; the parser marks an empty one only where the next token begins."""
        node = self.node(event, path)
        if isinstance(node, Leaf) and node.value is NOTHING:
            node = Leaf(node.place if event.value else parent, NOTHING)
            what = Problem(
                node.place, field_name(path), "nothing stands here", "a value, or leave the key out"
            )
            self.problems.append(what)
        return node

    def count(self, more: int, event: Any, path: tuple[str | int, ...]) -> None:
        self.nodes += more
        if self.nodes > _MOST_NODES:
            raise self.stop(
                event, path, f"more than {_MOST_NODES} values, aliases expanded", "no case needs that"
            )

    def alias(self, event: Any, path: tuple[str | int, ...]) -> Node:
        self.aliases += 1
        if self.aliases > _MOST_ALIASES:
            raise self.stop(event, path, f"more than {_MOST_ALIASES} aliases", "no case needs that")
        if event.anchor not in self.anchors:
            what = f"the alias {shown('*' + event.anchor)} has no anchor that ends before it"
            self.complain(event, path, what, "an anchor stands before its aliases and not around them")
            return Leaf(self.place(event), Puzzling(event.anchor, "alias"))
        target, size = self.anchors[event.anchor]
        self.count(size, event, path)
        return target

    def sequence(self, start: Any, path: tuple[str | int, ...]) -> Items:
        items: list[Node] = []
        while type(event := next(self.events)).__name__ != "SequenceEndEvent":
            items.append(self.filled(event, (*path, len(items)), self.place(start)))
        return Items(self.place(start), tuple(items))

    def mapping(self, start: Any, path: tuple[str | int, ...]) -> Table:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while type(event := next(self.events)).__name__ != "MappingEndEvent":
            key = self.key(event, path)
            known = len(self.problems)
            value = self.filled(next(self.events), (*path, "?" if key is None else key), self.place(event))
            if key is None:
                del self.problems[known:]
                continue
            if key in entries:
                first = keys[key]
                where = f"; the first stands in line {first.line}" if first.line else ""
                self.complain(event, (*path, key), f"duplicate key{where}", "each key once")
                continue
            entries[key], keys[key] = value, self.place(event)
        return Table(self.place(start), entries, keys)

    def key(self, event: Any, path: tuple[str | int, ...]) -> str | None:
        node = self.node(event, (*path, "?"))
        if isinstance(node, Leaf) and isinstance(node.value, str):
            if node.value == "<<" and event.style is None:
                self.complain(
                    event, (*path, "<<"), "merge keys are not understood", "use `extends` or an alias"
                )
                return None
            return node.value
        what = (
            f"the key {shown(node.value)} is no text" if isinstance(node, Leaf) else "a key that is no text"
        )
        self.complain(
            event, path, what, "keys are names; quote a key that YAML would read as a number or date"
        )
        return None


@lru_cache(maxsize=256)  # a sweep reads the same phases for each of its cases; a tree is never changed
def read_yaml(data: bytes, origin: Place) -> tuple[Node | None, list[Problem]]:
    """Compose a YAML text.

    Args:
        data: the text, UTF-8.
        origin: the file (line 1, column 1), or a `--set` (line 0).

    Returns:
        The tree, None if the text cannot be read to its end, and the problems found.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    text, problem = _decode(data, origin)
    if problem is not None:
        return None, [problem]
    composer = _Composer(origin, YAML(typ="safe", pure=True).parse(text))
    try:
        return composer.document(), composer.problems
    except _Unreadable as error:
        return None, [*composer.problems, error.problem]
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        what = f"not YAML: {error.problem or error.context}"
    except (YAMLError, ValueError, ArithmeticError, LookupError, StopIteration) as error:
        line, column = 1, 1
        what = f"not YAML: {shown(str(error))}"
    place = Place(origin.source, line, column, origin.folder) if origin.line else origin
    return None, [*composer.problems, Problem(place, "case", what, "YAML 1.2 as in `lithostat init`")]


def _decode(data: bytes, origin: Place) -> tuple[str, Problem | None]:
    if len(data) > LARGEST_FILE:
        return "", Problem(origin, "case", f"larger than {LARGEST_FILE // 1024} KiB", "no case needs that")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", errors="replace")
        place = _at(before, origin)
        return "", Problem(
            place, "case", f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8"
        )
    bad = _FORBIDDEN.search(text)
    if bad is not None:
        place = _at(text[: bad.start()], origin)
        what = f"the control character U+{ord(bad.group()):04X} stands here"
        return "", Problem(place, "case", what, "plain text only")
    return text, None


def _at(before: str, origin: Place) -> Place:
    lines = re.split(r"\r\n|\r|\n", before)
    return Place(origin.source, len(lines), len(lines[-1]) + 1, origin.folder) if origin.line else origin


def _scalar(event: Any) -> object:
    text: str = event.value
    if event.style is not None or event.tag is not None:
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return NOTHING
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text):
        return int(text) if len(text) <= 40 else float(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        return float(text.lower().replace(".", ""))
    if _DATE.fullmatch(text):
        return Puzzling(text, "date")
    return text
