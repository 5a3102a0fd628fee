"""From pydantic's errors to error lines that stand at the right place of the right file."""

import re
import types
import typing
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from pydantic import ValidationError

from solver.case.errors import Problem
from solver.case.model_parts import TAGGED, Spec
from solver.case.number_fields import described
from solver.case.tree import Items, Leaf, Node, Puzzling, Table, field_name, place_of

type Path = tuple[str | int, ...]

_TYPES: Final = {
    "string_type": "text",
    "bool_type": "true | false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list",
    "model_type": "a mapping of keys",
    "model_attributes_type": "a mapping of keys",
    "dict_type": "a mapping of keys",
}


def explain(error: ValidationError, root: Node, model: type[Spec]) -> list[Problem]:
    """Turn every error of a validation into a problem.

    Args:
        error: what pydantic found.
        root: the whole tree of the case.
        model: the model that was validated, to name the keys that it allows.
    """
    problems = []
    for details in error.errors(include_url=False, include_input=False):
        loc, unknown = details["loc"], details["type"] == "extra_forbidden"
        path, owner = _located(loc[:-1] if unknown else loc, root, model)
        if unknown:  # the key is the user's and may look like a tag
            path = (*path, loc[-1])
        problem = _problem(details["type"], path, owner, details.get("ctx", {}), details["msg"], root)
        if problem is not None:
            problems.append(problem)
    return problems


def missing_key(root: Node, path: Path, allowed: str = "") -> Problem:
    """Return the problem of a key that is not there, placed at its parent."""
    place = place_of(root, path[:-1], of_key=True)
    return Problem(place, field_name(path), "missing key", allowed or "this key is needed")


def node_at(root: Node, path: Sequence[str | int]) -> Node | None:
    """Return the node at a path, or None."""
    node: Node = root
    for step in path:
        if isinstance(node, Table) and step in node.entries:
            node = node.entries[str(step)]
        elif isinstance(node, Items) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def _located(loc: Sequence[str | int], root: Node, model: type[Spec]) -> tuple[Path, type[Spec]]:
    """The path without tags, and the innermost model on it."""
    path: list[str | int] = []
    owner: type[Spec] = model
    inner: type[Spec] | None = model
    for step in loc:
        if isinstance(step, str) and step.startswith("<"):
            inner = TAGGED.get(step, inner)
            continue
        node = node_at(root, path)
        if isinstance(node, Leaf) or (isinstance(step, int) and isinstance(node, Table)):
            continue
        path.append(step)
        if isinstance(step, str) and inner is not None:
            owner = inner
            inner = _model_below(owner, step)
    return tuple(path), owner if inner is None else inner


def _model_below(model: type[Spec], key: str) -> type[Spec] | None:
    for name, info in model.model_fields.items():
        if key == (info.alias or name):
            return _only_model(info.annotation)
    return None


def _only_model(annotation: Any) -> type[Spec] | None:
    """The one model inside `X | None`, `tuple[X, ...]` and the like; None for none or several."""
    if isinstance(annotation, type) and issubclass(annotation, Spec):
        return annotation
    if typing.get_origin(annotation) in (typing.Union, types.UnionType, tuple, typing.Annotated):
        found = {_only_model(argument) for argument in typing.get_args(annotation)} - {None}
        return found.pop() if len(found) == 1 else None
    return None


def _problem(
    kind: str, path: Path, owner: type[Spec], context: Mapping[str, Any], message: str, root: Node
) -> Problem | None:
    node = node_at(root, path)
    value = node.value if isinstance(node, Leaf) else {} if isinstance(node, Table) else ()
    if kind == "missing":
        return missing_key(root, path)
    if kind == "lacking":
        return missing_key(root, (*path, context["key"]), context["why"])
    if kind == "extra_forbidden":
        return _unknown_key(path, owner, root)
    if kind == "choice":
        return _choice(path, node, context, root)
    if kind == "value":
        path = (*path, *context.get("at", ()))
        return _at(path, root, context["what"], context["allowed"])
    if kind == "literal_error":
        return _word(path, value, re.findall(r"'([^']*)'", context["expected"]), root)
    if kind in _TYPES:
        what = f"{described(value)} is not {_article(_TYPES[kind])}".replace(",  is", ", is")
        hint = "; quote it" if kind == "string_type" and isinstance(value, int | float | Puzzling) else ""
        return _at(path, root, what, _TYPES[kind] + hint)
    if kind == "string_pattern_mismatch" or (kind == "string_too_long" and path == ("name",)):
        allowed = "letters, digits, '.', '_' and '-', at most 80 of them, not dots alone"
        return _at(path, root, f"{described(value)} does not fit", allowed)
    if kind in ("too_short", "too_long"):
        return _wrong_count(kind, path, node, context, root)
    return _at(path, root, f"{described(value)} does not fit", message[0].lower() + message[1:])


def _wrong_count(
    kind: str, path: Path, node: Node | None, context: Mapping[str, Any], root: Node
) -> Problem | None:
    """A list that is too short or too long; pydantic also says so when its items are wrong."""
    count = len(node.items) if isinstance(node, Items) else 1
    limit: int = context["min_length" if kind == "too_short" else "max_length"]
    if count >= limit if kind == "too_short" else count <= limit:
        return None
    bound = "at least" if kind == "too_short" else "at most"
    return _at(path, root, f"a list of {count}", f"{bound} {limit}")


def _at(path: Path, root: Node, what: str, allowed: str) -> Problem:
    return Problem(place_of(root, path), field_name(path), what, allowed)


def _unknown_key(path: Path, owner: type[Spec], root: Node) -> Problem:
    known = [info.alias or name for name, info in owner.model_fields.items()]
    what = f"unknown key{_did_you_mean(str(path[-1]), known)}"
    return Problem(
        place_of(root, path, of_key=True), field_name(path), what, f"keys here: {', '.join(known)}"
    )


def _choice(path: Path, node: Node | None, context: Mapping[str, Any], root: Node) -> Problem:
    key, words = context["key"], context["words"]
    if not isinstance(node, Table):
        value = node.value if isinstance(node, Leaf) else ()
        return _at(
            path, root, f"{described(value)} is no mapping", f"a mapping with {key}: {' | '.join(words)}"
        )
    if key not in node.entries:
        return missing_key(root, (*path, key), " | ".join(words))
    word = node.entries[key]
    value = word.value if isinstance(word, Leaf) else {} if isinstance(word, Table) else ()
    return _word((*path, key), value, words, root)


def _word(path: Path, value: object, words: Sequence[str], root: Node) -> Problem:
    hint = _did_you_mean(value, words) if isinstance(value, str) else ""
    return _at(path, root, f"{described(value)} is none of the choices{hint}", " | ".join(words))


def _did_you_mean(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word[:60], known, n=1)
    return f", did you mean '{close[0]}'?" if close else ""


def _article(noun: str) -> str:
    return "a boolean" if noun.startswith("true") else noun
