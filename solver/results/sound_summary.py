"""Whether a summary.json that was read has the shape that a run writes.

A damaged or foreign file may be JSON and yet hold a text where a number belongs; it is refused when it is
opened, so that nobody who reads a summary has to look at types. Keys that are not named here are left alone.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from solver.results.history import GREATEST
from solver.results.summary import REASONS, STATUSES

DIMENSIONS: Final = ("spherical", "axisymmetric", "generalised_plane_strain", "plane_strain", "3d")
REGIONS: Final = ("layered", "rock_salt")
IN_REGIONS: Final = ("volume_m3", "mean_hydrostatic_stress_Pa")
"""What a state tells of every region."""

type Finding = tuple[str, str]
"""A key, as in `steps[0].name`, and what is wrong with its value."""
type Look = Callable[[str, object], Finding | None]


def damage_of(summary: Mapping[str, Any]) -> Finding | None:
    """The first value of a summary that no run writes, or None.

    Args:
        summary: a JSON object with text keys.
    """
    return _members(_TOP)("", summary)


def _number(key: str, value: object) -> Finding | None:
    """A finite number, or null for what is not known."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return key, "is no number"
    return None if -GREATEST <= value <= GREATEST else (key, f"is not finite, or above {GREATEST:g}")


def _text(key: str, value: object) -> Finding | None:
    return None if isinstance(value, str) else (key, "is no text")


def _flag(key: str, value: object) -> Finding | None:
    return None if isinstance(value, bool) else (key, "is neither true nor false")


def _word(*words: str) -> Look:
    def look(key: str, value: object) -> Finding | None:
        return None if value in words else (key, f"is none of {', '.join(words)}")

    return look


def _members(known: Mapping[str, Look], needed: tuple[str, ...] = ()) -> Look:
    """A mapping; each of its known members as it must be."""

    def look(key: str, value: object) -> Finding | None:
        if not isinstance(value, Mapping):
            return key, "is no JSON object"
        for name in needed:
            if value.get(name) is None:
                return f"{key}.{name}", "is missing"
        for name, check in known.items():
            found = check(f"{key}.{name}".lstrip("."), value[name]) if name in value else None
            if found is not None:
                return found
        return None

    return look


def _each(check: Look, names: tuple[str, ...] = ()) -> Look:
    """A mapping whose members are all alike, under any names or under these alone."""

    def look(key: str, value: object) -> Finding | None:
        if not isinstance(value, Mapping):
            return key, "is no JSON object"
        for name, item in value.items():
            if names and name not in names:
                return f"{key}.{name[:40]}", f"is none of {', '.join(names)}"
            found = check(f"{key}.{name[:40]}", item)
            if found is not None:
                return found
        return None

    return look


def _list(check: Look) -> Look:
    def look(key: str, value: object) -> Finding | None:
        if not isinstance(value, list):
            return key, "is no list"
        found = (check(f"{key}[{number}]", item) for number, item in enumerate(value))
        return next((one for one in found if one is not None), None)

    return look


def _or_null(check: Look) -> Look:
    def look(key: str, value: object) -> Finding | None:
        return None if value is None else check(key, value)

    return look


def _region(key: str, value: object) -> Finding | None:
    found = _each(_number)(key, value) or _members({}, IN_REGIONS)(key, value)
    if found is None and isinstance(value, Mapping) and value["volume_m3"] <= 0:
        return f"{key}.volume_m3", "is not above zero"
    return found


_STATE: Final = _or_null(
    _members(
        {
            "regions": _each(_region, REGIONS),
            "points": _each(_each(_number)),
            "interface": _or_null(_each(_number)),
            "voltage_V": _number,
        }
    )
)
_STEP: Final = _members(
    {
        "name": _text,
        "reason": _word(*REASONS),
        "duration_s": _number,
        "capacity_mAh_g": _number,
        "capacity_mAh_per_g_pristine": _number,
    }
)
_TOP: Final[Mapping[str, Look]] = {
    "status": _word(*STATUSES),
    "name": _text,
    "architecture": _text,
    "dimension": _word(*DIMENSIONS),
    "steps": _list(_STEP),
    "equilibrium": _STATE,
    "final": _STATE,
    "counts": _each(_number),
    "wall_time_s": _each(_number),
    "couplings": _each(_flag),
    "warnings": _list(_text),
    "mesh": _members({"rock_salt_fraction": _number, "quality_min": _number}),
} | dict.fromkeys(
    ("lithium_balance_error", "volume_mean_stress_error", "mass_kg", "ranks", "peak_memory_bytes"), _number
)
