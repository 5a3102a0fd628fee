"""A run that is asked to stop keeps what it has and says so."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import pyvista

from solver.results import read_run

LAUNCHER = Path(sys.executable).parent / "mpiexec"
# So many small increments that no machine reaches the end before the signal.
SLOW = ("--set", "numerics.max_increment='0.05 s'", "--set", "output.every=3")


def start(out: Path, ranks: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "solver.cli", "run", "quick/core_shell_liquid", "--out", str(out), *SLOW]
    if ranks > 1:
        command = [str(LAUNCHER), "-n", str(ranks), *command]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )


def wait_for(process: subprocess.Popen[str], ready: Callable[[], bool], patience: float = 120.0) -> None:
    until = time.monotonic() + patience
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            os.killpg(process.pid, signal.SIGKILL)
            pytest.fail(f"not reached: {process.communicate()}")
        time.sleep(0.02)


def rows(out: Path) -> int:
    history = out / "history.csv"
    return history.read_text().count("\n") - 1 if history.exists() else 0


def finish(process: subprocess.Popen[str]) -> tuple[str, str]:
    try:
        return process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        pytest.fail(f"did not stop: {process.communicate()}")


def last_shown(out: Path) -> pyvista.DataSet:
    reader = pyvista.get_reader(out / "fields.vtkhdf")
    reader.reader.UpdateInformation()
    reader.reader.SetStep(reader.reader.GetNumberOfSteps() - 1)
    return reader.read()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("ranks", [1, pytest.param(2, marks=pytest.mark.mpi)])
def test_a_signal_mid_run_leaves_a_whole_folder(tmp_path: Path, ranks: int, number: signal.Signals) -> None:
    out = tmp_path / "run"
    process = start(out, ranks)
    wait_for(process, lambda: rows(out) > 8)
    # The file is whole while the run is still going. A copy, since VTK opens a file several times to load it
    # and crashes where another takes its place in between; this run replaces it many times a second.
    shown = Path(shutil.copyfile(out / "fields.vtkhdf", tmp_path / "shown.vtkhdf"))
    assert pyvista.get_reader(shown).read().n_cells > 0
    process.send_signal(number)
    said, complained = finish(process)
    assert process.returncode == 130, complained
    assert "Traceback" not in complained
    assert said.splitlines()[-1].startswith("interrupted")

    summary = json.loads((out / "summary.json").read_text())
    assert summary["status"] == "interrupted"
    assert summary["steps"][-1]["reason"] == "interrupted"
    assert summary["lithium_balance_error"] < 1e-10
    assert summary["final"]["voltage_V"] > 0
    run = read_run(out)
    last = run.final()
    assert last is not None
    assert last.time == pytest.approx(run.history["time [s]"][-1], rel=1e-12)
    assert summary["counts"]["increments"] >= 8
    shown = last_shown(out)
    assert shown.field_data["Time"][0] == last.time
    assert np.isfinite(shown.point_data["hydrostatic_stress"]).all()


def test_a_run_that_is_killed_opens_too(tmp_path: Path) -> None:
    out = tmp_path / "run"
    process = start(out, 1)
    wait_for(process, lambda: rows(out) > 8)
    process.kill()
    finish(process)
    run = read_run(out)
    assert run.status == "unfinished"
    assert len(run.history["time [s]"]) >= 8
    assert len(run.snapshots) >= 2
    for record in run.snapshots:
        assert record.load().n_cells > 0
    assert last_shown(out).field_data["increment"][0] == run.snapshots[-1].increment
    # A snapshot every third increment: none but the one that was being written may be missing.
    assert rows(out) - 1 - run.snapshots[-1].increment <= 3
