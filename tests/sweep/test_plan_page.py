"""The page of sweeps: its examples are sweeps, its table of shipped ones is right."""

import re
from pathlib import Path

import pytest

from solver.sweep.combinations import combine
from solver.sweep.plan import read_plan
from solver.sweep.shipped import shipped_sweeps
from solver.sweep.spec import AnyAxis, SweepSpec, read_spec

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sweeps.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```yaml sweep\n(.*?)^```", PAGE, re.S | re.M)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 2


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples_are_sweeps_of_good_cases(number: int, tmp_path: Path) -> None:
    file = tmp_path / "sweep.yaml"
    file.write_text(EXAMPLES[number], encoding="utf-8")
    plan = read_plan(file)
    assert len(plan.cases) > 10
    assert [case.problem for case in plan.cases if case.problem] == []


def test_every_key_is_explained() -> None:
    models = [SweepSpec, *AnyAxis.__args__]
    keys = {info.alias or name for model in models for name, info in model.model_fields.items()}
    assert [key for key in keys if not re.search(rf"`[^`]*\b{key}\b[^`]*`", PAGE)] == []


def test_the_table_of_shipped_sweeps_counts_their_cases() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| .* \| (\d+) \|$", PAGE, re.M))
    whole = {name: path for name, path in shipped_sweeps().items() if "/" not in name}
    assert {name: int(count) for name, count in told.items()} == {
        name: combine(read_spec(path)).count for name, path in whole.items()
    }
