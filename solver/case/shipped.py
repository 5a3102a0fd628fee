"""Where the shipped phases and cases are: beside the package, or inside it once installed."""

import os
from difflib import get_close_matches
from functools import cache
from pathlib import Path


@cache
def configs_folder() -> Path:
    """Return the folder that holds `phases/` and `cases/`.

    Raises:
        FileNotFoundError: the installation lacks it.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_configs", package.parent / "configs"):
        if (folder / "phases").is_dir():
            return folder
    raise FileNotFoundError(f"the shipped configs are missing beside {package}")


@cache
def shipped_phases() -> dict[str, Path]:
    """Names and files of the shipped phases."""
    return {path.stem: path for path in sorted((configs_folder() / "phases").glob("*.yaml"))}


@cache
def shipped_cases() -> dict[str, Path]:
    """Names and files of the shipped cases; quick forms are `quick/NAME`."""
    folder = configs_folder() / "cases"
    found = sorted(folder.rglob("*.yaml"))
    return {path.relative_to(folder).with_suffix("").as_posix(): path for path in found}


def find_case(given: str | Path) -> Path:
    """Return the file of a case given on the command line.

    A file that exists wins; otherwise a bare name such as `dispersed_solid`, or `quick/dispersed_solid`,
    means the shipped case. What is neither is returned as it is, so that reading it reports the error.
    """
    path = Path(given)
    if os.path.exists(path):  # noqa: PTH110 - Path's own raises for long names
        return path
    return shipped_cases().get(Path(given).as_posix(), path)


def suggestion(name: str, known: dict[str, Path]) -> str:
    """Return ", did you mean ...?" for a name close to a known one, otherwise nothing."""
    close = get_close_matches(name[:60], known, n=1)
    return f", did you mean '{close[0]}'?" if close else ""
