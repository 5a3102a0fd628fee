"""`lithostat check`, `schema` and `init`: everything about a case that needs no mesh."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from solver.cli.bad_input import BadInput, bad_input_from


def check(case: Path, overrides: Sequence[str], allow_outside: bool = False) -> int:
    """Check a case and print it with every default written out, and what follows from it.

    Args:
        case: Case file, or the name of a shipped case.
        overrides: Texts of `--set`.
        allow_outside: Whether the case may name files outside its folder and the current one.

    Returns:
        0.

    Raises:
        BadInput: What is wrong with the case, one line each.
    """
    from solver.case import CaseError, load_case
    from solver.check import check_lines

    with bad_input_from(CaseError):
        read = load_case(case, overrides, allow_outside=allow_outside)
    for line in check_lines(read):
        print(line)
    return 0


def schema() -> int:
    """Print the JSON schema of case files.

    Returns:
        0.
    """
    from solver.case.schema import case_schema

    json.dump(case_schema(), sys.stdout, indent=2, ensure_ascii=False)
    print()
    return 0


def list_cases() -> int:
    """Print the names of the shipped cases, each with the comment that its file begins with.

    Returns:
        0.
    """
    from solver.case.shipped import shipped_cases

    for name, path in shipped_cases().items():
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        print(f"{name:<32} {first.lstrip('# ') if first.startswith('#') else ''}".rstrip())
    return 0


def init(path: Path, like: str, force: bool) -> int:
    """Write a shipped case under another name, as a case to start from.

    Args:
        path: File to write; its stem becomes the name of the case where a name may look like that.
        like: Name of a shipped case.
        force: Replace an existing file.

    Returns:
        0.

    Raises:
        BadInput: No such shipped case, or the file exists.
    """
    from solver.case.shipped import shipped_cases, suggestion

    shipped = shipped_cases()
    if like not in shipped:
        known = ", ".join(name for name in shipped if "/" not in name)
        raise BadInput([f"--like: no shipped case '{like}'{suggestion(like, shipped)}; there are {known}"])
    if path.is_dir():
        raise BadInput([f"{path}: is a folder; give a file"])
    if path.exists() and not force:
        raise BadInput([f"{path}: exists already; give another file, or --force to replace it"])
    text = renamed(shipped[like].read_text(encoding="utf-8"), path.stem)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput([f"{path}: cannot be written ({error.strerror})"]) from error
    print(f"{path}: like {like}; now: lithostat check {path}")
    return 0


def renamed(text: str, name: str) -> str:
    """The text of a case under another name.

    Args:
        text: A case file with `name:` at the start of a line.
        name: The new name; characters that a name may not hold become dashes.

    Returns:
        The same text with its name replaced, quoted so that YAML never reads a number.
    """
    import re

    allowed = re.sub(r"[^A-Za-z0-9._-]", "-", name)[:80] or "case"
    return re.sub(r"^name:[^\n#]*?(?=\s*(#|$))", f'name: "{allowed}"', text, count=1, flags=re.MULTILINE)
