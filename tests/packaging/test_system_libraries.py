"""What is missing from the system is named before anything happens, or installed where that is allowed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECK = ROOT / "scripts" / "system_libraries.sh"
REFUSAL = "  sudo apt-get update && sudo apt-get install --no-install-recommends "


def put(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return a folder of commands, first on the path, in which the system has no library at all."""
    folder = tmp_path / "commands"
    folder.mkdir()
    put(folder, "ldconfig", f"cat '{tmp_path}/libraries' 2>/dev/null")
    put(folder, "apt-get", f"echo \"$@\" >>'{tmp_path}/calls'")
    put(folder, "sudo", "exit 1")
    put(folder, "id", "echo 1000")
    return folder


def run(command: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}", **more}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=folder)


def test_this_system_has_everything() -> None:
    asked = [str(CHECK), sys.executable, "peers"]
    result = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_without_rights_the_exact_line_is_printed_and_nothing_is_called(bare: Path, tmp_path: Path) -> None:
    result = run([str(CHECK), sys.executable], bare)
    assert result.returncode == 2
    line = next(line for line in result.stderr.splitlines() if line.startswith(REFUSAL))
    assert line.removeprefix(REFUSAL).split()[:3] == ["libegl1", "libgl1", "libglu1-mesa"]
    assert not (tmp_path / "calls").exists()


def test_only_what_is_missing_is_named(bare: Path, tmp_path: Path) -> None:
    known = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    kept = [line for line in known.splitlines() if "libEGL.so.1 " not in line]
    (tmp_path / "libraries").write_text("\n".join(kept))
    result = run([str(CHECK), sys.executable], bare)
    assert result.returncode == 2
    assert f"{REFUSAL}libegl1" in result.stderr.splitlines()


def test_what_the_programs_compared_with_need_is_named_only_where_they_are_asked_for(bare: Path) -> None:
    alone, beside = run([str(CHECK), sys.executable], bare), run([str(CHECK), sys.executable, "peers"], bare)
    assert set(beside.stderr.split()) - set(alone.stderr.split()) == {"libquadmath0"}


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_set_up_stops_before_it_makes_anything(bare: Path, tmp_path: Path, target: str) -> None:
    place = tmp_path / "clone"
    shutil.copytree(ROOT / "scripts", place / "scripts")
    locks = ("requirements.lock", "requirements-peers.lock")
    for name in ("pyproject.toml", *locks, "Makefile", ".python-version"):
        shutil.copy(ROOT / name, place / name)
    before = sorted(place.rglob("*"))
    result = run(["make", "-C", str(place), target], bare, LITHOSTAT_PYTHON=sys.executable)
    assert result.returncode == 2
    assert REFUSAL in result.stderr
    assert sorted(place.rglob("*")) == before


def test_root_installs_by_name_and_refuses_when_that_did_not_help(bare: Path, tmp_path: Path) -> None:
    put(bare, "id", "echo 0")
    result = run([str(CHECK), sys.executable], bare)
    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls[0].startswith("install -y -q --no-install-recommends libegl1 libgl1 ")
    assert result.returncode == 2
    assert REFUSAL in result.stderr


def test_root_goes_on_when_the_packages_came(bare: Path, tmp_path: Path) -> None:
    put(bare, "id", "echo 0")
    put(bare, "apt-get", f"/sbin/ldconfig -p >'{tmp_path}/libraries'")
    result = run([str(CHECK), sys.executable], bare)
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("installing system packages: libegl1 ")
