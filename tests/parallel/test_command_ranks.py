"""Commands on two ranks complain once and leave together."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

OnRanks = Callable[..., subprocess.CompletedProcess[str]]
COMMAND = ("-m", "solver.cli")


@pytest.mark.parametrize("command", ["run", "check", "mesh"])
def test_a_bad_case_is_printed_once(command: str, on_ranks: OnRanks, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("name: x\nradius: 2\n")
    done = on_ranks(2, *COMMAND, command, "bad.yaml", cwd=tmp_path, timeout=60)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines
    assert all(line.startswith("bad.yaml:") for line in lines)
    assert len(lines) == len(set(lines))
    assert [path.name for path in tmp_path.iterdir()] == ["bad.yaml"]


def test_wrong_words_are_printed_once(on_ranks: OnRanks, tmp_path: Path) -> None:
    done = on_ranks(2, *COMMAND, "run", "--petsk", "x", cwd=tmp_path, timeout=60)
    assert done.returncode == 2
    assert done.stderr.count("usage:") == 1


def test_help_is_printed_once(on_ranks: OnRanks, tmp_path: Path) -> None:
    done = on_ranks(2, *COMMAND, "run", "--help", cwd=tmp_path, timeout=60)
    assert done.returncode == 0
    assert done.stdout.count("usage:") == 1


def test_an_existing_folder_is_refused_once(on_ranks: OnRanks, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    done = on_ranks(2, *COMMAND, "run", "quick/sphere_2007", "--out", "taken", cwd=tmp_path, timeout=60)
    assert done.returncode == 2
    assert done.stderr.count("taken: exists already") == 1
    assert not list((tmp_path / "taken").iterdir())


def test_an_error_of_ours_on_one_rank_ends_all(on_ranks: OnRanks, tmp_path: Path) -> None:
    program = (
        "import sys, solver.cli.running as running\n"
        "from solver.cli.entry import main\n"
        "def broken(*words):\n"
        "    comm = running.world()\n"
        "    if comm.rank == 1:\n"
        "        raise ZeroDivisionError('on one rank')\n"
        "    comm.barrier()\n"
        "running.run_case = broken\n"
        "sys.exit(main(['run', 'x.yaml']))\n"
    )
    done = on_ranks(2, "-c", program, cwd=tmp_path, timeout=60)
    assert done.returncode != 0
    assert "ZeroDivisionError: on one rank" in done.stderr
