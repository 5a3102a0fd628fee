"""Case files as nobody should write them: strategies that damage good ones.

A good case is a tree of pairs, so that a key may stand twice. It is damaged as a tree (values, keys,
branches), written as YAML, damaged as text (lines, tricks of the language) and then as bytes. Most of what
comes out is wrong in one or two places and right in all others, which leads deeper into a reader than noise.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from hypothesis import strategies as st

type Draw = Callable[[st.SearchStrategy[Any]], Any]

SCALARS: Final = (
    "", "~", "null", "true", "yes", "0", "-0", "-1", "1e308", "1e-308", "1e999", "5e-324", ".inf", "-.inf",
    ".nan", "0x10", "0o7", "1_000", "9" * 400, "1e", "2024-01-31", "12:30:45", "''", '" "', "[]", "{}",
    "[[]]", "{a: }", "[0, 1, 2]", "x", "1e999 m", "-2.5 um", "0 um", "2,5 um", "1e-300 m", "1e300 m",
    "9^9^9 nm", "2.5 um/um", "2.5 mm^9", "1 furlong", "２.５ um", "2.5 µm", "2.5 \u03bcm", "\u202e2.5 um",
    "-300 degC", "1C", "C/0", "50 %", "1e400 %", "%", "!!python/object/apply:os.system ['true']",
    "!!binary aGk=", "!foo bar", "&a [*a]", "*nobody", "|\n  block", ">-\n  folded", '"\\u0000"',
    '"\\ud800"', '"\\x1b[31m"', "'" + "x" * 5000 + "'", "? a", "- a", "core_shell", "dispersed",
    "hollow_secondary", "file", "3d", "spherical", "axisymmetric", "plane_strain", "table", "lattice",
    "inert", "msmr", "die", "full", "octant", "compiled", "forms", "direct", "block", "../up",
    "/etc/passwd", "./no/such.yaml", "/dev/zero", "/proc/self/mem", "~/case.yaml", "a\\b", "C:/x", "/",
    "./", "./case.yaml", "Charge at 1C", "Hold at 1e9 V for 1 s", "Charge at 1e300C for 1e300 h",
    "Rest for 0 s", "{drive: rest}", "{repeat: 10001, steps: [Rest for 1 s]}", "{value: 1}",
    "{extends: nmc811}", "{extends: ./case.yaml}",
    "{repeat: 9999, steps: [{repeat: 9999, steps: [Rest for 1 s]}]}",
)  # fmt: skip
"""Values that stand for others."""

KEYS: Final = (
    "", "kind", "extends", "__class__", "<<", "model_config", "<CoreShell>", "value", "steps", "0",
    "\u00e4", "a.b", "\x1b", "x" * 3000, "name", "path", "start", "provenance",
)  # fmt: skip
"""Names that stand for keys."""

TRICKS: Final = (
    "---\n", "...\n", "%YAML 1.1\n", "%TAG ! !\n", "\t", "# ", "&a ", "*a ", "!!map ", "? ", ": ", "- ",
    "[", "]", "{", "}", '"', "'", "|\n", ">\n", ",", "\\", "\ufeff", "\u2028", "\x85", "\x00", "\x07", "\r",
    "\u200b", "\U0001f50b", "<<: *a\n", "a: &a {b: *a}\n", "name: again\n", "@", "`", "[" * 200,
    "{a: " * 200, "- " * 100, " " * 300,
)  # fmt: skip
"""Texts that mean something to YAML, to be put anywhere."""

NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
UNITS: Final = (
    "m", "um", "nm", "s", "h", "K", "degC", "Pa", "GPa", "V", "A/m^2", "mol/m^3", "m^3/mol", "%", "", "m^2/s",
)  # fmt: skip
PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./ ^*-]*|[0-9.eE+-]+ [A-Za-z][A-Za-z0-9/^*]*")
"""Texts that YAML reads as texts without quotes."""

EDITS: Final = (
    "replace", "replace", "number", "number", "number", "number", "remove", "rename", "misspell", "repeat",
    "add", "swap", "nest", "turn", "many",
)  # fmt: skip
"""Changes of a tree, the likelier ones more than once."""


@dataclass
class Branch:
    """A mapping or a list; its parts are pairs of key and value, so that a key may stand twice.

    Attributes:
        keyed: whether it is a mapping; the keys of a list are written nowhere.
        parts: keys and values in order.
    """

    keyed: bool
    parts: list[tuple[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Verbatim:
    """Text that stands in the file as it is."""

    text: str


def tree_of(value: object) -> Any:
    """Mappings, sequences and scalars as a tree of branches and scalars."""
    if isinstance(value, dict):
        return Branch(True, [(str(key), tree_of(item)) for key, item in value.items()])
    if isinstance(value, list | tuple):
        return Branch(False, [("", tree_of(item)) for item in value])
    return value


def written(node: Any, indent: int = 0) -> str:
    """A tree as YAML in block style; scalars in quotes unless they are plain words or verbatim."""
    if not isinstance(node, Branch):
        return f" {_scalar(node)}\n"
    if not node.parts:
        return " {}\n" if node.keyed else " []\n"
    lines = []
    for key, value in node.parts:
        mark = f"{_scalar(key)}:" if node.keyed else "-"
        start = "\n" if isinstance(value, Branch) and value.parts else ""
        lines.append(f"{' ' * indent}{mark}{start}{written(value, indent + 2)}")
    return "".join(lines)


def _scalar(value: Any) -> str:
    if isinstance(value, Verbatim):
        return value.text
    if isinstance(value, str) and not PLAIN.fullmatch(value):
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str) else json.dumps(value)


def _copied(node: Any) -> Any:
    if isinstance(node, Branch):
        return Branch(node.keyed, [(key, _copied(value)) for key, value in node.parts])
    return node


def _spots(node: Any, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    """Where the values of a tree stand, as places in the parts of branches."""
    found = [path] if path else []
    if isinstance(node, Branch):
        for number, (_, value) in enumerate(node.parts):
            found += _spots(value, (*path, number))
    return found


def _parent(tree: Branch, path: Sequence[int]) -> Branch:
    for step in path[:-1]:
        tree = tree.parts[step][1]
    return tree


def _edit_tree(draw: Draw, tree: Branch) -> None:
    """One change of a tree, in place."""
    spots = _spots(tree)
    if not spots:
        return
    path = draw(st.sampled_from(spots))
    branch, at = _parent(tree, path), path[-1]
    key, value = branch.parts[at]
    match draw(st.sampled_from(EDITS)):
        case "replace":
            branch.parts[at] = (key, Verbatim(draw(st.sampled_from(SCALARS))))
        case "number":
            branch.parts[at] = (key, _other_number(draw, value))
        case "remove":
            del branch.parts[at]
        case "rename":
            branch.parts[at] = (draw(st.sampled_from(KEYS)), value)
        case "misspell":
            place = draw(st.integers(0, max(0, len(key) - 1)))
            branch.parts[at] = (key[:place] + key[place + 1 :], value)
        case "repeat":
            branch.parts.insert(at, (key, _copied(value)))
        case "add":
            added = (draw(st.sampled_from(KEYS)), Verbatim(draw(st.sampled_from(SCALARS))))
            branch.parts.insert(at, added)
        case "swap":
            other = draw(st.sampled_from(spots))
            there = _copied(_parent(tree, other).parts[other[-1]][1])
            branch.parts[at] = (key, there)
        case "nest":
            for _ in range(draw(st.sampled_from((1, 2, 40, 100)))):
                value = Branch(draw(st.booleans()), [("extends", value)])
            branch.parts[at] = (key, value)
        case "turn":
            if isinstance(value, Branch):
                value.keyed = not value.keyed
        case "many":
            branch.parts[at + 1 : at + 1] = [(key, value)] * draw(st.sampled_from((3, 200)))


def _other_number(draw: Draw, value: Any) -> Any:
    """The value with its first number, or its unit, changed."""
    text = value if isinstance(value, str) else json.dumps(value) if isinstance(value, int | float) else ""
    found = NUMBER.search(text)
    if found is None:
        return Verbatim(draw(st.sampled_from(SCALARS)))
    if draw(st.booleans()):
        power = draw(st.integers(-30, 30) | st.sampled_from((-400, 400)))
        changed = draw(st.sampled_from((f"{found[0]}e{power}", f"-{found[0]}", "0", f"{power}")))
        return Verbatim(text[: found.start()] + changed + text[found.end() :])
    return Verbatim(f"{found[0]} {draw(st.sampled_from(UNITS))}")


def _edit_text(draw: Draw, text: str) -> str:
    """One change of a text: a trick put in, a line moved, doubled or dropped, or its end cut off."""
    lines = text.splitlines(keepends=True) or [""]
    at = draw(st.integers(0, len(lines) - 1))
    place = draw(st.integers(0, len(text)))
    match draw(st.sampled_from(("trick", "trick", "drop", "double", "indent", "cut", "swap", "foreign"))):
        case "trick":
            return text[:place] + draw(st.sampled_from(TRICKS)) + text[place:]
        case "drop":
            del lines[at]
        case "double":
            lines.insert(at, lines[at])
        case "indent":
            lines[at] = draw(st.sampled_from((" ", "   ", "\t"))) + lines[at]
        case "cut":
            return text[:place]
        case "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        case "foreign":
            return text[:place] + draw(st.text(max_size=8)) + text[place:]
    return "".join(lines)


def _edit_bytes(draw: Draw, data: bytes) -> bytes:
    """One change of bytes: another encoding, a bit turned, a byte put in or a piece left out."""
    text = data.decode("utf-8", "replace")
    place = draw(st.integers(0, max(0, len(data) - 1)))
    match draw(st.sampled_from(("flip", "flip", "put", "leave out", "encode", "lines"))):
        case "flip" if data:
            return data[:place] + bytes([data[place] ^ (1 << draw(st.integers(0, 7)))]) + data[place + 1 :]
        case "put":
            return data[:place] + draw(st.binary(min_size=1, max_size=4)) + data[place:]
        case "leave out":
            return data[:place] + data[place + draw(st.integers(1, 40)) :]
        case "encode":
            return text.encode(draw(st.sampled_from(("utf-16", "utf-32", "latin-1", "utf-8-sig"))), "replace")
        case "lines":
            return text.replace("\n", draw(st.sampled_from(("\r\n", "\r", "\x85", "\u2028")))).encode()
    return data


FACTORS: Final = (0.0, -1.0, 1e-9, 1e-6, 1e-3, 0.1, 0.5, 0.9, 1.1, 2.0, 10.0, 1e3, 1e6, 1e9)
"""By what a number of a case is off when it is a slip and no attack."""


@st.composite
def mistaken_cases(draw: Draw, bases: Sequence[object]) -> bytes:
    """Case files with one to three numbers that are off: most of them can be run, and mean something odd.

    Args:
        draw: of Hypothesis.
        bases: good cases as mappings, sequences and scalars.
    """
    tree = tree_of(bases[draw(st.integers(0, len(bases) - 1))])
    places = [path for path in _spots(tree) if _numeral(_parent(tree, path).parts[path[-1]][1])]
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(places))
        branch = _parent(tree, path)
        key, value = branch.parts[path[-1]]
        found = NUMBER.search(_numeral(value))
        if found is not None:
            number = float(found[0]) * draw(st.sampled_from(FACTORS))
            branch.parts[path[-1]] = (key, Verbatim(f"{number:g}{_numeral(value)[found.end() :]}"))
    return written(tree).encode()


def _numeral(value: object) -> str:
    """A value that begins with a number as text; nothing for any other."""
    text = value if isinstance(value, str) else value.text if isinstance(value, Verbatim) else ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = json.dumps(value)
    return text if NUMBER.match(text) else ""


@st.composite
def damaged_cases(draw: Draw, bases: Sequence[object]) -> bytes:
    """Case files that were good before one to three changes.

    Args:
        draw: of Hypothesis.
        bases: good cases as mappings, sequences and scalars.
    """
    tree = tree_of(bases[draw(st.integers(0, len(bases) - 1))])
    for _ in range(draw(st.integers(0, 3))):
        _edit_tree(draw, tree)
    text = written(tree)
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        text = _edit_text(draw, text)
    data = text.encode("utf-8", "surrogatepass")
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        data = _edit_bytes(draw, data)
    return data
