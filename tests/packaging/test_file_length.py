"""The guard against long files can fail, and does not fail for nothing."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUARD = ROOT / "scripts" / "file_length.py"


def guard(*folders: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(GUARD), *map(str, folders)], capture_output=True, text=True, check=False
    )


def test_a_file_of_301_lines_is_refused_by_name_and_one_of_300_is_not(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "long.py").write_text("x = 1\n" * 301)
    (tmp_path / "just.py").write_text("x = 1\n" * 300)
    result = guard(tmp_path)
    assert result.returncode == 1
    assert result.stdout.count("\n") == 1
    assert f"{tmp_path}/inner/long.py: 301 lines" in result.stdout


def test_short_files_pass_in_silence(tmp_path: Path) -> None:
    (tmp_path / "short.py").write_text("x = 1\n")
    result = guard(tmp_path)
    assert (result.returncode, result.stdout) == (0, "")


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert guard(tmp_path / "gone").returncode != 0


def test_the_packages_keep_the_limit_without_exceptions() -> None:
    assert "ALLOWED: frozenset[str] = frozenset()" in GUARD.read_text()
    result = guard(ROOT / "solver", ROOT / "meshes")
    assert result.returncode == 0, result.stdout
