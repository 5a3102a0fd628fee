"""The resolved case: every default written out, every number in SI with its unit; it loads as a case."""

import ast
import hashlib
import io
import typing
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any

from solver.case.case_model import Case
from solver.case.model_parts import Spec
from solver.case.number_fields import Number, ReadAs
from solver.case.phases import Phase
from solver.case.protocol import Protocol, Step

_STEP_UNITS = {"specific_current": " A/kg", "current_density": " A/m^2", "voltage": " V"}


def resolved_mapping(case: Case) -> dict[str, Any]:
    """Return the case as a mapping of text, numbers, booleans, lists and mappings."""
    mapping: dict[str, Any] = _written(case)
    return mapping


def write_resolved(case: Case) -> str:
    """Return the resolved case as YAML."""
    sections = (_section(repr({key: value})) for key, value in resolved_mapping(case).items())
    return f"# Resolved by lithostat: defaults written out, numbers in SI.\n{''.join(sections)}"


@lru_cache(maxsize=256)
def _section(written: str) -> str:
    """One key of the whole case as YAML; cases of a sweep share most of them.

    Args:
        written: the key and its value as Python writes them.
    """
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 2**20
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = io.StringIO()
    yaml.dump(ast.literal_eval(written), stream)
    return stream.getvalue()


def case_hash(case: Case) -> str:
    """Return a SHA-256 over everything in the resolved case but its name."""
    text = write_resolved(case.model_copy(update={"name": "-"}))
    return hashlib.sha256(text.encode()).hexdigest()


def number_text(value: float, unit: str) -> str | float:
    """Return a number as it is written: shortest exact decimals, with the unit if there is one."""
    short = f"{value:g}"
    exact = short if float(short) == value else repr(value)
    return f"{exact} {unit}" if unit else float(value)


def _written(
    spec: Spec, sources: typing.Mapping[str, typing.Mapping[str, str]] | None = None, path: str = ""
) -> Any:
    if isinstance(spec, Phase):
        sources = spec.provenance
    result: dict[str, Any] = {}
    for name, (key, unit) in _keys(type(spec)).items():
        value = getattr(spec, name)
        below = f"{path}.{key}" if path and not isinstance(spec, Phase) else key
        if value is None or (isinstance(spec, Protocol) and name == "start" and not value.model_fields_set):
            continue
        if name == "steps" and isinstance(spec, Protocol):
            result[key] = [_step(step) for step in value]
            continue
        result[key] = _value(value, unit, sources, below)
    return result


def _value(value: Any, unit: str | None, sources: Any, path: str) -> Any:
    if isinstance(value, Spec):
        return _written(value, sources, path)
    if isinstance(value, tuple):
        return [_value(item, unit, sources, f"{path}[{n}]") for n, item in enumerate(value)]
    if isinstance(value, float):
        text = number_text(value, unit or "")
        notes = sources.get(path) if sources else None
        return {"value": text, **notes} if notes else text
    return value


@cache
def _keys(kind: type[Spec]) -> Mapping[str, tuple[str, str | None]]:
    """Key and unit of each field of a part of a case; to find them out in each case anew took too long."""
    return {
        name: (info.alias or name, _unit([info.annotation, *info.metadata]))
        for name, info in kind.model_fields.items()
    }


def _unit(parts: Iterable[Any]) -> str | None:
    """The unit that the annotations of a field name, wherever they are nested."""
    for part in parts:
        found = None
        if isinstance(part, Number):
            found = part.unit
        elif isinstance(part, ReadAs):
            found = _unit([part.form])
        elif typing.get_origin(part) is not None:
            found = _unit([*getattr(part, "__metadata__", ()), *typing.get_args(part)])
        if found is not None:
            return found
    return None


def _step(step: Step) -> dict[str, Any]:
    result: dict[str, Any] = {"name": step.name, "drive": step.drive}
    if step.drive != "rest":
        result["value"] = _driven(step.drive, step.value)
    if step.duration is not None:
        result["for"] = number_text(step.duration, "s")
    if step.until:
        result["until"] = [{until.kind: _driven(until.kind, until.value)} for until in step.until]
    return result


def _driven(kind: str, value: float) -> str | float:
    return number_text(value, _STEP_UNITS.get(kind, "").strip())
