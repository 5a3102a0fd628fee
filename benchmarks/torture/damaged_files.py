"""Files with damage: bytes turned, left out, put in or moved, and numbers and words changed in texts."""

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

type Chance = np.random.Generator

NUMBERS: Final = (
    "nan", "inf", "-inf", "-1", "0", "1e308", "-1e308", "5e-324", "1e999", "2147483648",
    "9223372036854775807", "18446744073709551616", "99999999999999999999999999999", "", "x", "null", "[]",
    "{}", '"', "1_0", "0x7f", "--1", "1000000000", "-2147483649", "0.5", "true",
)  # fmt: skip
"""What stands for numbers."""

WORDS: Final = (
    "", "nan", "\x00", "../up", "x" * 70_000, "&#0;", "<!ENTITY a SYSTEM 'file:///etc/passwd'>", "$End",
    "[[[[", "]", '"', "'", "\\u0000", "\ud83d", "{", "}", ",", "\n", "\t",
    "!!python/object/apply:os.getcwd []", "*a", "&a ", "\u202e",
)  # fmt: skip
"""What stands for words."""

NUMBER: Final = re.compile(rb"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")
WORD: Final = re.compile(rb"[A-Za-z_$]{2,}")


def damaged(data: bytes, chance: Chance, text: bool) -> bytes:
    """A file with one to three damages.

    Args:
        data: the whole file.
        chance: source of choices.
        text: whether its numbers and words are to be changed too.
    """
    ways: Sequence[Callable[[bytes, Chance], bytes]] = (
        _turned,
        _cut,
        _left_out,
        _put_in,
        _moved,
        _zeroed,
        _doubled,
    ) + (_number, _word, _line) * 3 * text
    for _ in range(int(chance.integers(1, 4))):
        data = ways[int(chance.integers(len(ways)))](data, chance)
    return data


def _place(data: bytes, chance: Chance) -> int:
    return int(chance.integers(len(data))) if data else 0


def _turned(data: bytes, chance: Chance) -> bytes:
    """Up to eight bits turned, near each other or far apart."""
    found = bytearray(data)
    for _ in range(int(chance.integers(1, 9)) if data else 0):
        found[_place(data, chance)] ^= 1 << int(chance.integers(8))
    return bytes(found)


def _cut(data: bytes, chance: Chance) -> bytes:
    return data[: _place(data, chance)]


def _left_out(data: bytes, chance: Chance) -> bytes:
    place = _place(data, chance)
    return data[:place] + data[place + int(chance.integers(1, 64)) :]


def _put_in(data: bytes, chance: Chance) -> bytes:
    place = _place(data, chance)
    return data[:place] + chance.bytes(int(chance.integers(1, 16))) + data[place:]


def _moved(data: bytes, chance: Chance) -> bytes:
    """A piece written over another place."""
    start, place, length = _place(data, chance), _place(data, chance), int(chance.integers(1, 512))
    piece = data[start : start + length]
    return data[:place] + piece + data[place + len(piece) :]


def _zeroed(data: bytes, chance: Chance) -> bytes:
    """A piece of zeros or of ones, as a bad block leaves it."""
    place, length = _place(data, chance), int(chance.choice((4, 8, 512, 4096)))
    piece = (b"\x00", b"\xff")[int(chance.integers(2))] * len(data[place : place + length])
    return data[:place] + piece + data[place + len(piece) :]


def _doubled(data: bytes, chance: Chance) -> bytes:
    place = _place(data, chance)
    return data[:place] + data[: int(chance.integers(1, 4096))] + data[place:]


def _number(data: bytes, chance: Chance) -> bytes:
    return _replaced(data, chance, NUMBER, NUMBERS)


def _word(data: bytes, chance: Chance) -> bytes:
    return _replaced(data, chance, WORD, WORDS)


def _replaced(data: bytes, chance: Chance, what: re.Pattern[bytes], by: Sequence[str]) -> bytes:
    found = list(what.finditer(data))
    if not found:
        return data
    # The first ones are counts and names as a rule, and few beside the rest.
    last = len(found) if chance.random() < 0.5 else min(len(found), 20)
    match = found[int(chance.integers(last))]
    new = by[int(chance.integers(len(by)))].encode("utf-8", "surrogatepass")
    return data[: match.start()] + new + data[match.end() :]


def _line(data: bytes, chance: Chance) -> bytes:
    """A line dropped, doubled or moved elsewhere."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    line = lines.pop(int(chance.integers(len(lines))))
    for _ in range(int(chance.integers(3))):
        lines.insert(int(chance.integers(len(lines) + 1)), line)
    return b"".join(lines)
