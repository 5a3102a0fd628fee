import json
import re
from typing import Any

from solver.case.case_model import Case
from solver.case.schema import case_schema


def test_it_names_every_section_and_key() -> None:
    schema = case_schema()
    complete = schema["else"]
    assert list(complete["properties"]) == list(Case.model_fields)
    assert complete["required"] == [name for name, info in Case.model_fields.items() if info.is_required()]
    assert complete["additionalProperties"] is False
    json.dumps(schema)


def test_references_resolve() -> None:
    schema = case_schema()
    references = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))
    assert references == set(schema["$defs"]) - {"Phases"} | {"Phases"}


def quantities(node: Any) -> list[dict[str, Any]]:
    """Every schema of a quantity below a node."""
    if isinstance(node, list):
        return [found for item in node for found in quantities(item)]
    if not isinstance(node, dict):
        return []
    mine = [node] if "examples" in node else []
    return mine + [found for value in node.values() for found in quantities(value)]


def test_examples_fit_their_own_patterns() -> None:
    found = [node for node in quantities(case_schema()) if "pattern" in node]
    assert len(found) > 20
    for node in found:
        for example in node["examples"]:
            assert re.fullmatch(node["pattern"], example)


def test_a_phase_may_be_a_name_a_mapping_or_an_extension() -> None:
    forms = case_schema()["$defs"]["Phases"]["properties"]["layered"]["anyOf"]
    assert [form.get("type", form.get("$ref")) for form in forms] == ["string", "#/$defs/Phase", "object"]


def test_defaults_are_no_numbers_in_hidden_units() -> None:
    for node in quantities(case_schema()):
        assert isinstance(node.get("default", ""), str)


def test_dimensions_loads_and_contact_are_in_it() -> None:
    definitions = case_schema()["$defs"]
    assert "3d" in definitions["Dispersed"]["properties"]["dimension"]["enum"]
    assert definitions["Mechanics"]["properties"]["loading"]["enum"] == ["hydrostatic", "die"]
    assert definitions["Contact"]["required"] == ["kind", "share"]
