"""resolved.yaml as a report reads it: plain values, quantities as text, and no more than a file may hold."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from solver.results.bounded import TooLargeError, read_bounded
from solver.results.sound_summary import DIMENSIONS

LARGEST: Final = 4 * 1024**2
"""Bytes of the largest case that is read: a protocol of ten thousand steps takes a third of it."""
SECTIONS: Final = ("geometry", "phases", "mechanics", "couplings", "protocol")
BROKEN: Final = (ValueError, ArithmeticError, LookupError, AttributeError, TypeError, RecursionError)
"""What the YAML library raises besides its own errors."""


class ResolvedError(Exception):
    """No resolved case; the message names the file."""


def read_resolved(path: Path) -> Mapping[str, Any]:
    """Read a resolved case without checking it as a case.

    Args:
        path: The file.

    Returns:
        Mappings, lists and scalars; those of `SECTIONS` that are there are mappings.

    Raises:
        ResolvedError: It cannot be read, or is no mapping of that kind.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        loaded = YAML(typ="safe", pure=True).load(read_bounded(path, LARGEST).decode("utf-8"))
    except OSError as error:
        raise ResolvedError(f"{path}: cannot be read ({error.strerror})") from error
    except TooLargeError as error:
        raise ResolvedError(str(error)) from error
    except (YAMLError, *BROKEN) as error:
        what = " ".join(str(error).split())[:200]
        raise ResolvedError(f"{path}: not YAML ({what})") from error
    if not isinstance(loaded, dict):
        raise ResolvedError(f"{path}: no mapping")
    for name in SECTIONS:
        if not isinstance(loaded.get(name, {}), dict):
            raise ResolvedError(f"{path}: {name}: no mapping")
    dimension = loaded.get("geometry", {}).get("dimension")
    if dimension is not None and dimension not in DIMENSIONS:
        raise ResolvedError(f"{path}: geometry.dimension: none of {', '.join(DIMENSIONS)}")
    for name in ("stack_pressure", "loading"):
        if not isinstance(loaded.get("mechanics", {}).get(name, ""), str):
            raise ResolvedError(f"{path}: mechanics.{name}: no text")
    return loaded
