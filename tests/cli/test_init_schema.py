import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from solver.case import load_case
from solver.case.shipped import shipped_cases
from solver.cli.cases import renamed

Lithostat = Callable[..., subprocess.CompletedProcess[str]]


def test_init_writes_a_case_that_is_good(here: Lithostat, tmp_path: Path) -> None:
    done = here("init", "mine/first try.yaml", "--like", "dispersed_solid")
    assert done.returncode == 0, done.stderr
    case = load_case(tmp_path / "mine" / "first try.yaml")
    assert case.name == "first-try"
    assert case.geometry.kind == "dispersed"


def test_init_spares_what_is_there(here: Lithostat, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("mine")
    done = here("init")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert (tmp_path / "case.yaml").read_text() == "mine"
    assert here("init", "--force").returncode == 0
    assert load_case(tmp_path / "case.yaml").name == "case"


def test_init_lists_and_suggests(here: Lithostat) -> None:
    listed = here("init", "--list")
    assert {line.split()[0] for line in listed.stdout.splitlines()} == set(shipped_cases())
    done = here("init", "--like", "dispersed_solit")
    assert done.returncode == 2
    assert "did you mean 'dispersed_solid'" in done.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# a\nname: old  # why\nx: 1\n", '# a\nname: "new"  # why\nx: 1\n'),
        ("name: old\nother:\n  name: kept\n", 'name: "new"\nother:\n  name: kept\n'),
    ],
)
def test_only_the_name_changes(text: str, expected: str) -> None:
    assert renamed(text, "new") == expected


def test_schema_is_json_about_cases(here: Lithostat) -> None:
    schema = json.loads(here("schema").stdout)
    assert schema["title"] == "lithostat case"
    assert "stack_pressure" in json.dumps(schema)
