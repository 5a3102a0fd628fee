"""A rank that dies ends the run clearly; what was written before opens, and the run goes on from it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from solver.results import read_run

# Increments so small that no machine reaches the end before a rank has died.
SLOW = ("--set", "numerics.max_increment='2 s'", "--set", "output.checkpoint_every=5")
COMMAND = (sys.executable, "-m", "solver.cli")


def ranks_of(folder: Path) -> list[int]:
    """Processes that run this folder's run as ranks: their launcher and its proxy are other programs."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            environment = (entry / "environ").read_bytes()
        except OSError:
            continue
        if str(folder).encode() in words and b"PMI_RANK=" in environment:
            found.append(int(entry.name))
    return found


def test_a_rank_that_dies(tmp_path: Path) -> None:
    out = tmp_path / "run"
    process = subprocess.Popen(
        [*COMMAND, "run", "quick/core_shell_liquid_disc", "-n", "2", "--out", str(out), *SLOW],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )
    until = time.monotonic() + 240.0
    while not (out / "checkpoint.npz").exists() and time.monotonic() < until:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    ranks = ranks_of(out)
    assert len(ranks) == 2
    os.kill(ranks[1], signal.SIGKILL)
    _, complained = process.communicate(timeout=120)
    assert process.returncode == 4, complained
    assert "a rank died" in complained
    assert "lithostat resume" in complained
    run = read_run(out)
    assert run.status == "unfinished"
    kept = len(run.history["time [s]"])
    assert kept >= 5
    assert run.snapshots[0].load().n_cells > 0
    resumed = subprocess.run(
        [*COMMAND, "resume", str(out), "-n", "2", "--wall-time", "1 ms"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert resumed.returncode == 130, resumed.stderr
    times = read_run(out).history["time [s]"]
    assert len(times) <= kept + 1
    assert (times[1:] > times[:-1]).all()
