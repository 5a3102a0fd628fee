"""Refuse Python files that have grown beyond what one reading takes in.

    python scripts/file_length.py solver meshes

Exit 1 and a line for each file above the limit; a file that says one thing rarely needs half of it.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

LIMIT = 300
ALLOWED: frozenset[str] = frozenset()
"""Paths that may be longer. It is empty, and meant to stay so: split by meaning instead."""


def too_long(folders: list[Path]) -> Iterator[tuple[Path, int]]:
    """Yield each Python file below the folders that is above the limit, with its number of lines."""
    for folder in folders:
        if not folder.is_dir():
            raise SystemExit(f"{folder}: no such folder")
        for path in sorted(folder.rglob("*.py")):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > LIMIT and path.as_posix() not in ALLOWED:
                yield path, lines


def main(arguments: list[str]) -> int:
    """Print what is too long and return the exit code."""
    found = list(too_long([Path(argument) for argument in arguments]))
    for path, lines in found:
        print(f"{path}: {lines} lines, at most {LIMIT}: split it by what it says")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
