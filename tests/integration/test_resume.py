"""A run that was stopped, however that came about, ends as if it never had been."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from solver.results import read_run

CASE = "quick/core_shell_liquid"
OFTEN = ("--set", "output.checkpoint_every=4", "--set", "output.every=3")


def lithostat(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "solver.cli", *map(str, words)],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        timeout=300,
        check=False,
    )


def rows(out: Path) -> int:
    history = out / "history.csv"
    return history.read_text().count("\n") - 1 if history.exists() else 0


def stop(out: Path, after: int, number: signal.Signals, *words: str) -> int:
    """Start a run and send it a signal once its history has so many rows; gives its exit code."""
    command = [sys.executable, "-m", "solver.cli", "run", CASE, "--out", str(out), *words]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )
    until = time.monotonic() + 120.0
    while rows(out) < after and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    process.send_signal(number)
    return process.wait(timeout=120)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole") / "run"
    assert lithostat("run", CASE, "--out", out, *OFTEN).returncode == 0
    return out


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was asked to stop in the middle, with two checkpoints."""
    out = tmp_path_factory.mktemp("stopped") / "run"
    # Increments so small that no machine reaches the end before the signal.
    assert stop(out, 14, signal.SIGTERM, *OFTEN, "--set", "numerics.max_increment='0.5 s'") == 130
    return out


@pytest.fixture
def copied(stopped: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(stopped, tmp_path / "run"))


def same_fields(a: Path, b: Path) -> None:
    first, second = read_run(a).snapshots, read_run(b).snapshots
    assert [record.moment for record in first] == [record.moment for record in second]
    for one, other in zip(first, second, strict=True):
        for name, values in one.load().point_data.items():
            # Pictures are local problems of their own, solved from where those of the last picture ended.
            np.testing.assert_allclose(values, other.load().point_data[name], rtol=1e-13, err_msg=name)


@pytest.mark.parametrize(
    ("number", "after"), [(signal.SIGKILL, 6), (signal.SIGTERM, 17), (signal.SIGUSR1, 11)]
)
def test_the_end_is_the_same_bit_by_bit(
    tmp_path: Path, whole: Path, number: signal.Signals, after: int
) -> None:
    out = tmp_path / "run"
    code = stop(out, after, number, *OFTEN)
    if code != 0:  # a quick machine may have come to the end
        assert code == (-number if number == signal.SIGKILL else 130)
        done = lithostat("resume", out)
        assert done.returncode == 0, done.stderr
    assert (out / "history.csv").read_bytes() == (whole / "history.csv").read_bytes()
    same_fields(whole, out)
    ours, theirs = (json.loads((run / "summary.json").read_text()) for run in (out, whole))
    for key in ("status", "steps", "equilibrium", "final", "counts", "lithium_balance_error"):
        assert ours[key] == theirs[key], key
    assert not list(out.glob("checkpoint*")), "a run that is over needs no checkpoint"
    assert not (out / ".lock").exists()


def test_a_run_without_a_checkpoint_begins_anew(tmp_path: Path, whole: Path) -> None:
    out = tmp_path / "run"
    code = stop(out, 2, signal.SIGKILL, "--set", "output.checkpoint_every=0", *OFTEN[2:])
    assert code == -signal.SIGKILL
    (out / "checkpoint.npz").unlink(missing_ok=True)
    assert lithostat("resume", out).returncode == 0
    assert (out / "history.csv").read_bytes() == (whole / "history.csv").read_bytes()


def test_a_run_that_is_over_says_so(whole: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in whole.iterdir()}
    told = lithostat("resume", whole)
    assert told.returncode == 0
    assert "done already" in told.stdout
    assert {path.name: path.stat().st_mtime_ns for path in whole.iterdir()} == before


def test_a_damaged_checkpoint_gives_way_to_the_one_before(copied: Path) -> None:
    newest = copied / "checkpoint.npz"
    content = bytearray(newest.read_bytes())
    content[len(content) // 2] ^= 0x40
    newest.write_bytes(content)
    said = lithostat("resume", copied, "--wall-time", "1 ms")
    assert said.returncode == 130, said.stderr
    assert "checkpoint.npz: damaged" in said.stderr
    assert "going on from the one before it" in said.stderr


def test_two_damaged_checkpoints_begin_anew(copied: Path) -> None:
    for name in ("checkpoint.npz", "checkpoint.previous.npz"):
        (copied / name).write_bytes(b"PK nothing")
    said = lithostat("resume", copied, "--wall-time", "1 ms")
    assert said.returncode == 130, said.stderr
    assert said.stderr.count("warning: ") == 2
    assert "beginning anew" in said.stderr
    assert rows(copied) < 14


@pytest.mark.parametrize("name", ["case.yaml", "resolved.yaml"])
def test_a_changed_case_is_refused_with_the_difference(copied: Path, name: str) -> None:
    file = copied / name
    before = file.read_text()
    changed = before.replace("tolerance: 0.01", "tolerance: 0.02").replace("until 4.3 V", "until 4.2 V")
    assert changed != before
    file.write_text(changed)
    kept = (copied / "history.csv").read_bytes()
    said = lithostat("resume", copied)
    assert said.returncode == 2
    assert f"{name}: was changed" in said.stderr
    assert any(line.startswith("-") and not line.startswith("---") for line in said.stderr.splitlines())
    assert "Traceback" not in said.stderr
    assert (copied / "history.csv").read_bytes() == kept


def test_no_run_folder_is_refused(tmp_path: Path) -> None:
    said = lithostat("resume", tmp_path)
    assert said.returncode == 2
    assert "no run folder" in said.stderr


def test_a_folder_in_use_is_refused_and_a_dead_holder_is_not(copied: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "solver.cli", "resume", str(copied)],
        stdout=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        start_new_session=True,
    )
    before, until = rows(copied), time.monotonic() + 120.0
    while rows(copied) <= before and time.monotonic() < until:
        time.sleep(0.01)
    for words in (("resume", copied), ("run", CASE, "--out", copied, "--force")):
        said = lithostat(*words)
        assert said.returncode == 2
        assert f"process {process.pid} on" in said.stderr
    process.kill()
    process.wait(timeout=60)
    assert (copied / ".lock").exists()
    assert lithostat("resume", copied, "--wall-time", "1 ms").returncode == 130


def test_wall_time_stops_in_time(tmp_path: Path) -> None:
    out = tmp_path / "run"
    slow = ("--set", "numerics.max_increment='0.05 s'")
    said = lithostat("run", CASE, "--out", out, *slow, "--wall-time", "6 s")
    assert said.returncode == 130, said.stderr
    summary = json.loads((out / "summary.json").read_text())
    assert summary["ended_by"] == "wall time"
    assert (out / "checkpoint.npz").exists()
    assert summary["counts"]["increments"] + 1 == rows(out)


@pytest.mark.parametrize("text", ["0 s", "2", "soon", "-1 h"])
def test_a_wall_time_that_is_none_is_refused(text: str) -> None:
    said = lithostat("run", CASE, f"--wall-time={text}")
    assert said.returncode == 2
    assert "--wall-time" in said.stderr
