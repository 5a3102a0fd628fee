"""The JSON schema of case files, for editors that complete and check them."""

from typing import Any, Final

from solver.case.case_model import Case

_EXTENDS: Final = {
    "type": "string",
    "description": "The name of a shipped case or phase, or a path with a '/' relative to this file.",
}


def case_schema() -> dict[str, Any]:
    """Return the schema (JSON Schema 2020-12) of a case file.

    A file that extends another may leave out any key, so that only the names of its keys are checked there;
    the same holds for a phase.
    """
    schema = Case.model_json_schema(by_alias=True)
    definitions: dict[str, Any] = _tidied(schema.pop("$defs"))
    schema = _tidied(schema)
    phases = definitions["Phases"]["properties"]
    for name in ("layered", "rock_salt"):
        phases[name] = {"description": phases[name].get("description", ""), "anyOf": _phase(definitions)}
    complete = {key: schema.pop(key) for key in ("required", "properties", "additionalProperties")}
    names: dict[str, Any] = {name: {} for name in complete["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "lithostat case",
        "description": "One particle, its phases, loads and protocol. Quantities are texts: number, unit.",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": {"properties": {"extends": _EXTENDS, **names}, "additionalProperties": False},
        "else": complete,
        "$defs": definitions,
    }


def _tidied(node: Any) -> Any:
    """Drop what pydantic says about the stored floats: defaults in SI, and null for what may be left out."""
    if isinstance(node, list):
        return [_tidied(item) for item in node if item != {"type": "null"}]
    if not isinstance(node, dict):
        return node
    kept = {key: _tidied(value) for key, value in node.items()}
    if "default" in kept and not isinstance(kept["default"], str | bool | int):
        del kept["default"]
    return kept


def _phase(definitions: dict[str, Any]) -> list[dict[str, Any]]:
    """A reference, a whole phase, or one that extends another."""
    names: dict[str, Any] = {name: {} for name in definitions["Phase"]["properties"]}
    extended = {
        "type": "object",
        "required": ["extends"],
        "properties": {"extends": _EXTENDS, **names},
        "additionalProperties": False,
    }
    return [_EXTENDS, {"$ref": "#/$defs/Phase"}, extended]
