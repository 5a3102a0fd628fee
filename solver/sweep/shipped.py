"""The shipped sweeps, found by name as shipped cases are."""

import os
from pathlib import Path

from solver.case.shipped import configs_folder


def shipped_sweeps() -> dict[str, Path]:
    """Names and files of the shipped sweeps; quick forms are `quick/NAME`."""
    folder = configs_folder() / "sweeps"
    found = sorted(folder.rglob("*.yaml"))
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in found}


def find_sweep(given: str | Path) -> Path:
    """Return the file of a sweep given on the command line.

    A file that exists wins; otherwise a bare name such as `hollow_cavity`, or `quick/hollow_cavity`, means
    the shipped sweep. What is neither is returned as it is, so that reading it reports the error.
    """
    path = Path(given)
    if os.path.exists(path):  # noqa: PTH110 - Path's own raises for long names
        return path
    return shipped_sweeps().get(path.as_posix(), path)
