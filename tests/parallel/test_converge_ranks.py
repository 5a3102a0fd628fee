"""A convergence study on two ranks: each level is one run of both, and what it says is said once."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

OnRanks = Callable[..., subprocess.CompletedProcess[str]]
COMMAND = ("-m", "solver.cli", "converge", "quick/sphere_2007")
SHORT = ("--set", "protocol.steps=['Discharge at 2 A/m^2 for 5 s']", "--levels", "2", "--out", "out")


def test_levels_are_runs_of_all_ranks(on_ranks: OnRanks, tmp_path: Path) -> None:
    done = on_ranks(2, *COMMAND, *SHORT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for line in ("mesh-2: bulk 100 nm", "Mesh, 2 levels", "out/convergence.md"):
        assert done.stdout.count(line) == (2 if line.startswith("mesh-2") else 1)
    for name in ("mesh-1", "mesh-2"):
        summary = json.loads((tmp_path / "out" / name / "summary.json").read_text())
        assert (summary["status"], summary["ranks"]) == ("done", 2)

    refused = on_ranks(2, *COMMAND, *SHORT, cwd=tmp_path, timeout=60)
    assert (refused.returncode, refused.stderr.count("out: exists already")) == (2, 1)
    kept = on_ranks(2, *COMMAND, *SHORT, "--force", cwd=tmp_path)
    assert (kept.returncode, kept.stdout.count("kept, ")) == (0, 2)
