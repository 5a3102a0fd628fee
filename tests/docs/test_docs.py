"""The pages say what is so: their cases load, their links lead somewhere, their commands are commands."""

import contextlib
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from solver.case import CaseError, load_case
from solver.case.schema import case_schema
from solver.cli.parser import build_parser
from solver.results.summary import EXIT_CODES, REASONS

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
CASES = re.findall(
    r"^```yaml case\n(.*?)^```", (ROOT / "docs" / "cases.md").read_text(encoding="utf-8"), re.S | re.M
)


def links(text: str) -> list[str]:
    """Targets of the links and pictures of a page, outside code."""
    prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.S | re.M)
    return re.findall(r"\]\(([^)\s]+)\)", prose)


def anchors(text: str) -> set[str]:
    """Anchors of a page's headings, as they are made on the web."""
    found = re.findall(r"^#+ (.*)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in found}


def broken_links(page: Path, text: str) -> list[str]:
    """Links of a page to files or headings that do not exist."""
    broken = []
    for target in links(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file.read_text(encoding="utf-8"))):
            broken.append(target)
    return broken


def commands(text: str) -> list[str]:
    """Command lines of `lithostat` inside the blocks of a page, mpiexec and prompt taken off."""
    blocks = re.findall(r"^```\n(.*?)^```", text, re.S | re.M)
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    lines = [re.sub(r"^mpiexec -n \d+ ", "", line) for line in lines]
    return [line for line in lines if re.match(r"lithostat [a-z]+ ", line)]


def accepted(line: str) -> bool:
    """Whether the command line's parser takes a line."""
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            return build_parser().parse_args(shlex.split(line)[1:]).command is not None
        except SystemExit:
            return False


def test_there_are_cases_and_commands_to_check() -> None:
    assert len(CASES) >= 3
    assert len(commands((ROOT / "README.md").read_text(encoding="utf-8"))) >= 6


@pytest.mark.parametrize("number", range(len(CASES)))
def test_cases_of_the_reference_load(number: int, tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(CASES[number], encoding="utf-8")
    try:
        assert not load_case(file).warnings
    except CaseError as error:
        pytest.fail("\n".join(error.lines))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page, page.read_text(encoding="utf-8")) == []


def test_a_broken_link_is_found() -> None:
    text = "[a](nowhere.md) [b](model.md#no-such-heading) [c](model.md#transport) `[d](code.md)`"
    assert broken_links(ROOT / "docs" / "cases.md", text) == ["nowhere.md", "model.md#no-such-heading"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_command_lines_are_understood(page: Path) -> None:
    assert [line for line in commands(page.read_text(encoding="utf-8")) if not accepted(line)] == []


def test_the_python_of_the_readme_prints_what_it_says() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"^```python\n(.*?)^```", page, re.S | re.M)
    (wanted,) = re.findall(r"print\(.*\)  # (.*)$", code, re.M)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == wanted


def test_a_wrong_command_line_is_found() -> None:
    assert not accepted("lithostat run case.yaml --nonsense")


def test_every_reason_and_status_is_explained() -> None:
    text = (ROOT / "docs" / "run_folder.md").read_text(encoding="utf-8")
    assert [word for word in (*REASONS, *EXIT_CODES) if f"`{word}`" not in text] == []


def test_every_key_of_a_case_is_explained() -> None:
    text = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
    keys = {
        key for key in properties(case_schema()) if not re.search(rf"`[^`]*\b{re.escape(key)}\b[^`]*`", text)
    }
    assert keys == set()


def properties(schema: object) -> set[str]:
    """Names of all keys that a JSON schema knows."""
    if isinstance(schema, list):
        return set().union(*map(properties, schema))
    if not isinstance(schema, dict):
        return set()
    own = schema.get("properties", {})
    return set(own).union(*(properties(node) for node in schema.values()))
