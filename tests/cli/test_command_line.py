import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from solver.cli import main
from solver.cli.entry import _COMMANDS
from solver.cli.parser import build_parser

COMMANDS = [
    "check",
    "mesh",
    "run",
    "resume",
    "compare",
    "converge",
    "sweep",
    "report",
    "schema",
    "init",
    "doctor",
]
Lithostat = Callable[..., subprocess.CompletedProcess[str]]


def examples(text: str) -> list[list[str]]:
    """Words after `lithostat` of each example below a help text."""
    _, _, below = text.partition("example:\n")
    lines = [line.strip() for line in below.splitlines() if "lithostat " in line]
    found = []
    for line in lines:
        words = shlex.split(line.partition(" > ")[0])
        found.append(words[words.index("lithostat") + 1 :])
    return found


def test_every_command_is_there() -> None:
    assert list(_COMMANDS) == COMMANDS


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_has_examples_that_parse(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"] if command else ["--help"])
    assert left.value.code == 0
    found = examples(capsys.readouterr().out)
    assert found
    for words in found:
        parsed = build_parser().parse_args(words)
        assert parsed.command in ([command] if command else COMMANDS)


def test_version_is_light(lithostat: Lithostat) -> None:
    done = lithostat("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("lithostat ")
    code = (
        "import sys, solver.cli\n"
        "if len(sys.argv) > 1: solver.cli.main(['check', 'nowhere.yaml'])\n"
        "print(*sys.modules)\n"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in ("numpy", "pydantic", "ruamel", "dolfinx", "mpi4py", "gmsh", "pyvista", "matplotlib"):
        assert heavy not in loaded.split()
    checked = subprocess.run([sys.executable, "-c", code, "x"], capture_output=True, text=True, check=True)
    assert "pydantic" in checked.stdout.split()
    for heavy in ("dolfinx", "mpi4py", "petsc4py", "gmsh", "pyvista"):
        assert heavy not in checked.stdout.split()


@pytest.mark.parametrize(
    "words", [[], ["walk"], ["run"], ["run", "a.yaml", "--outt", "x"], ["compare", "a"], ["check", "a", "b"]]
)
def test_wrong_words_are_exit_two(words: list[str], lithostat: Lithostat, tmp_path: Path) -> None:
    done = lithostat(*words)
    assert done.returncode == 2
    assert "usage: lithostat" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["check", "mesh", "run"])
def test_a_missing_case_is_one_line_and_exit_two(command: str, lithostat: Lithostat, tmp_path: Path) -> None:
    done = lithostat(command, "nowhere.yaml")
    assert done.returncode == 2
    assert done.stderr.startswith("nowhere.yaml")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [["report", "nowhere"], ["compare", "nowhere", "nowhere"]])
def test_missing_runs_are_one_line_and_exit_two(
    words: list[str], lithostat: Lithostat, tmp_path: Path
) -> None:
    done = lithostat(*words)
    assert done.returncode == 2
    assert "no such folder" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_reader_that_leaves_is_no_traceback() -> None:
    script = f"{shlex.quote(sys.executable)} -m solver.cli schema | head -c 10"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert done.stderr == ""
