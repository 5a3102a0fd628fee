"""The version of this program, also where it runs from a plain source tree."""

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Version of the installed distribution, or `0+source` where none is installed."""
    try:
        return version("lithostat")
    except PackageNotFoundError:
        return "0+source"
