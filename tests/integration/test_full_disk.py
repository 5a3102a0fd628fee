"""A disk that fills up, or cannot be written, ends a run clearly and damages nothing that was there."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.results import read_run

CASE = "quick/core_shell_liquid"
OFTEN = ("--set", "output.every=1", "--set", "output.checkpoint_every=4")
SMALL = ("--set", "numerics.max_increment='20 s'")


def lithostat(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "solver.cli", *map(str, words)],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        timeout=300,
        check=False,
    )


def mount(path: Path, options: str) -> None:
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(path)], check=False)
    if done.returncode != 0:
        pytest.skip("no disk of a chosen size: this user may not mount one")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few hundred kilobytes."""
    path = tmp_path / "disk"
    path.mkdir()
    mount(path, "size=300k")
    yield path
    subprocess.run(["umount", "-l", str(path)], check=True)


def test_a_full_disk_ends_a_run_and_room_lets_it_go_on(disk: Path, tmp_path: Path) -> None:
    out = disk / "run"
    said = lithostat("run", CASE, "--out", out, *OFTEN, *SMALL)
    assert said.returncode == 4, said.stderr
    assert "No space left on device" in said.stderr
    assert "Traceback" not in said.stderr
    run = read_run(out)
    assert run.status in {"failed", "unfinished"}
    kept = len(run.history["time [s]"])
    assert kept >= 2
    for record in run.snapshots:
        assert record.load().n_cells > 0
    subprocess.run(["mount", "-o", "remount,size=20m", str(disk)], check=True)
    said = lithostat("resume", out)
    assert said.returncode == 0, said.stderr
    other = tmp_path / "other"
    assert lithostat("run", CASE, "--out", other, *OFTEN, *SMALL).returncode == 0
    assert (out / "history.csv").read_bytes() == (other / "history.csv").read_bytes()


def test_a_disk_without_room_for_the_case_is_refused(disk: Path) -> None:
    (disk / "filler").write_bytes(b"x" * 290 * 1024)
    said = lithostat("run", CASE, "--out", disk / "run")
    assert said.returncode == 2
    assert "cannot be written" in said.stderr
    assert not (disk / "run").exists()
    assert (disk / "filler").stat().st_size == 290 * 1024


def test_a_disk_that_cannot_be_written_is_refused(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    said = lithostat("run", CASE, "--out", disk / "run")
    assert said.returncode == 2
    assert "cannot be written" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_folder_that_vanishes_ends_the_run(tmp_path: Path) -> None:
    out = tmp_path / "run"
    program = (
        "import shutil, sys\n"
        "from solver.results.folder import RunFolder\n"
        "given = RunFolder.append_history\n"
        "def vanish(self, row, rows=[0]):\n"
        "    rows[0] += 1\n"
        "    if rows[0] == 4:\n"
        "        shutil.rmtree(self.path)\n"
        "    given(self, row)\n"
        "RunFolder.append_history = vanish\n"
        "from solver.cli import main\n"
        f"sys.exit(main(['run', {CASE!r}, '--out', {str(out)!r}, '--set', 'output.every=1']))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False
    )
    assert said.returncode == 4, said.stderr
    assert "No such file or directory" in said.stderr
    assert "Traceback" not in said.stderr


def test_too_little_memory_ends_the_run(tmp_path: Path) -> None:
    out = tmp_path / "run"
    program = (
        "import sys\n"
        "from solver.stepping.march import March\n"
        "def starve(self, steps, start):\n"
        "    raise MemoryError('cannot allocate 8 GiB')\n"
        "March.run = starve\n"
        "from solver.cli import main\n"
        f"sys.exit(main(['run', {CASE!r}, '--out', {str(out)!r}]))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False
    )
    assert said.returncode == 4, said.stderr
    assert "MemoryError: cannot allocate 8 GiB" in said.stderr
    summary = json.loads((out / "summary.json").read_text())
    assert summary["status"] == "failed"
    assert summary["ended_by"].startswith("MemoryError")
