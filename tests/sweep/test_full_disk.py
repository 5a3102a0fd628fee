"""A disk that fills up during a sweep: what was there stays, and with more room the same command goes on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from solver.results import read_run

SWEEP = """
name: thickness
base: quick/core_shell_liquid
set: {output.every: 1}
axes:
  - {field: geometry.shell_thickness, kind: list, values: [40 nm, 80 nm, 120 nm]}
"""


def sweep(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "solver.cli", "sweep", *words],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        timeout=300,
        check=False,
    )


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for one of the cases, about."""
    path = tmp_path / "disk"
    path.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1600k", "tmpfs", str(path)], check=False)
    if made.returncode != 0:
        pytest.skip("no disk of a chosen size: this user may not mount one")
    yield path
    subprocess.run(["umount", "-l", str(path)], check=True)


def test_a_full_disk_during_a_sweep(tmp_path: Path, disk: Path) -> None:
    (tmp_path / "sweep.yaml").write_text(SWEEP)
    out = str(disk / "out")
    first = sweep(tmp_path, "sweep.yaml", "--out", out, "--workers", "1")
    assert "Traceback" not in first.stderr, first.stderr
    done = sorted((disk / "out" / "cases").iterdir())
    before = {folder: (folder / "history.csv").read_bytes() for folder in done}
    complete = [folder for folder in done if read_run(folder).status == "done"]
    assert 1 <= len(complete) < 3
    subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
    second = sweep(tmp_path, "sweep.yaml", "--out", out, "--workers", "1", "--retry-failed")
    assert second.returncode == 0, second.stderr
    found = {folder: read_run(folder) for folder in (disk / "out" / "cases").iterdir()}
    assert len(found) == 3
    assert {run.status for run in found.values()} == {"done"}
    for folder in complete:
        assert (folder / "history.csv").read_bytes() == before[folder]
    for run in found.values():
        assert run.snapshots[-1].load().n_cells > 0
