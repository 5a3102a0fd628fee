"""The figures of a run's summary laid out flat: one name with its unit for each number."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

Cell = int | float | bool | str | None
"""What stands in a table: None where there is nothing."""

SECTIONS: Final = (
    "steps",
    "equilibrium",
    "final",
    "lithium_balance_error",
    "volume_mean_stress_error",
    "largest_strain",
    "mobility_floor_share",
    "counts",
    "rejected_by_reason",
    "wall_time_s",
    "peak_memory_bytes",
    "ranks",
    "mass_kg",
    "specific_current_1C_A_kg",
    "contact_share",
    "mesh",
    "warnings",
)
"""What of a summary enters a table, in this order; the rest is text, or was put in."""

_SUFFIXES: Final = (
    ("_mAh_per_g_pristine", "_of_pristine", "mAh/g"),
    ("_mAh_g", "", "mAh/g"),
    ("_mol_m3", "", "mol/m3"),
    ("_m3", "", "m3"),
    ("_Pa", "", "Pa"),
    ("_V", "", "V"),
    ("_A_kg", "", "A/kg"),
    ("_kg", "", "kg"),
    ("_bytes", "", "byte"),
    ("_s", "", "s"),
)
"""Ends of keys that speak of a unit, what the name keeps of them, and the unit."""

_DEEPEST: Final = 4
"""Levels of a moment: of the moment, its regions, one of them, its figures."""


def figures_of(summary: Mapping[str, Any]) -> dict[str, Cell]:
    """The figures of a summary.

    Args:
        summary: what summary.json holds; parts that are missing or of a wrong shape give nothing.

    Returns:
        Figure by name. A name is the path in the summary, joined by dots, with the unit that the keys speak
        of behind it: `final.regions.layered.mean_hydrostatic_stress [Pa]`, `wall_time.total [s]`. Steps are
        counted from 1: `steps.1.capacity [mAh/g]`. Warnings are one text.
    """
    found: dict[str, Cell] = {}
    for section in SECTIONS:
        value = summary.get(section)
        if section == "steps":
            found |= _steps(value)
        elif section == "warnings":
            found |= {section: "; ".join(map(str, value))} if isinstance(value, list) else {}
        elif section in summary:
            found |= {
                name_of(path): figure for path, figure in _leaves((section,), value) if not _is_word(figure)
            }
    return found


def place_of(name: str) -> tuple[int, int]:
    """Where a figure belongs among others: its section, and in the steps the number of the step."""
    section, _, rest = name.split(" [")[0].partition(".")
    known = [name_of((key,)).split(" [")[0] for key in SECTIONS]
    number = rest.partition(".")[0]
    return (
        known.index(section) if section in known else len(known),
        int(number) if section == "steps" and number.isdigit() else 0,
    )


def unit_in(name: str) -> str:
    """The unit of a column, empty for a pure number."""
    return name.rpartition(" [")[2].removesuffix("]") if name.endswith("]") and " [" in name else ""


@lru_cache(maxsize=4096)
def name_of(path: tuple[str, ...]) -> str:
    """The name of a column: a path with the unit that its keys speak of."""
    words, unit = [], ""
    for key in path:
        for suffix, kept, measured in _SUFFIXES:
            if key.endswith(suffix):
                key, unit = key.removesuffix(suffix) + kept, measured
                break
        words.append(key)
    return ".".join(words) + (f" [{unit}]" if unit else "")


def _steps(value: object) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    for number, step in enumerate(value if isinstance(value, list) else (), 1):
        if isinstance(step, Mapping):
            found |= {name_of(path): cell for path, cell in _leaves(("steps", str(number)), step)}
    return found


def _leaves(path: tuple[str, ...], value: object) -> Iterator[tuple[tuple[str, ...], Cell]]:
    if isinstance(value, Mapping):
        if len(path) < _DEEPEST:
            for key, below in value.items():
                yield from _leaves((*path, str(key)), below)
    elif value is None or isinstance(value, int | float | str):
        yield path, value
    elif not isinstance(value, Sequence):
        yield path, None


def _is_word(value: Cell) -> bool:
    return isinstance(value, str)
