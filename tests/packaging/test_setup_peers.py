"""The set-up adds the programs that tests compare with, only where asked and without starting anew."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("pyproject.toml", "requirements.lock", "requirements-peers.lock")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a clone with the main lock installed, and in place of Python a listener to its commands."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    for name in COPIED:
        shutil.copy(ROOT / name, tmp_path / name)
    commands = tmp_path / ".venv" / "bin"
    commands.mkdir(parents=True)
    for name, script in (("python", f"echo \"$@\" >>'{tmp_path}/calls'"), ("lithostat", "")):
        (commands / name).write_text(f"#!/bin/sh\n{script}\n")
        (commands / name).chmod(0o755)
    made_from = (tmp_path / "requirements.lock").read_bytes() + f"{tmp_path}\n".encode()
    (tmp_path / ".venv" / ".made-from").write_text(f"lock {hashlib.sha256(made_from).hexdigest()}\n")
    return tmp_path


def installs(clone: Path, *words: str) -> list[str]:
    """Set up, and tell what was installed: the last word of each call of pip that installs."""
    (clone / "calls").write_text("")
    subprocess.run(
        [str(clone / "scripts" / "setup.sh"), *words],
        env={**os.environ, "LITHOSTAT_PYTHON": sys.executable},
        check=True,
        capture_output=True,
    )
    calls = (clone / "calls").read_text().splitlines()
    assert not calls or calls[-1].startswith("-m pip check")
    return [call.split()[-1] for call in calls if " install " in call]


def test_peers_are_added_to_an_environment_that_is_there_and_stay(clone: Path) -> None:
    assert installs(clone) == ["."]
    assert installs(clone, "peers") == ["requirements-peers.lock", "."]
    assert installs(clone, "peers") == installs(clone) == []
    with (clone / "pyproject.toml").open("a") as stream:
        stream.write("# changed\n")
    assert installs(clone) == ["."]
    assert installs(clone, "peers") == []


def test_peers_are_installed_anew_when_their_lock_has_changed(clone: Path) -> None:
    assert installs(clone, "peers") == ["requirements-peers.lock", "."]
    with (clone / "requirements-peers.lock").open("a") as stream:
        stream.write("# changed\n")
    assert installs(clone) == []
    assert installs(clone, "peers") == ["requirements-peers.lock", "."]


def test_an_installation_that_broke_off_is_done_again(clone: Path) -> None:
    listener = clone / ".venv" / "bin" / "python"
    works = listener.read_text()
    listener.write_text(works + 'case "$*" in *requirements-peers.lock) exit 1 ;; esac\n')
    with pytest.raises(subprocess.CalledProcessError):
        installs(clone, "peers")
    listener.write_text(works)
    assert installs(clone, "peers") == ["requirements-peers.lock", "."]


@pytest.mark.parametrize(
    ("target", "peers"),
    [
        ("setup", False),
        ("demo", False),
        ("demo-3d", False),
        ("lint", False),
        ("test", True),
        ("verify", True),
        ("planted", True),
        ("bench", True),
        ("bench-quick", True),
    ],
)
def test_only_what_compares_programs_asks_for_peers(target: str, peers: bool) -> None:
    done = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True)
    (setup,) = (line for line in done.stdout.splitlines() if "scripts/setup.sh" in line)
    assert setup.endswith("setup.sh peers") == peers
