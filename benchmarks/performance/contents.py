"""The families, in the order of the page."""

import importlib

from benchmarks.performance.job import Family

NAMES = (
    "charge",
    "scaling",
    "elastic_unit",
    "elasticity",
    "diffusion",
    "particle",
    "by_hand",
    "start",
    "past",
)


def load(name: str) -> Family:
    """A family by its name.

    Raises:
        KeyError: there is none.
    """
    if name not in NAMES:
        msg = f"no family {name}; there are {', '.join(NAMES)}"
        raise KeyError(msg)
    family: Family = importlib.import_module(f"benchmarks.performance.families.{name}").FAMILY
    return family
