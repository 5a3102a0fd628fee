"""Starting ranks from a test."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LAUNCHER = Path(sys.executable).parent / "mpiexec"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder starts ranks of its own, and so runs apart from the other tests."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.mpi)


@pytest.fixture
def on_ranks() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command on so many ranks: `on_ranks(2, "-m", "solver.cli", "run", case, timeout=120)`.

    The arguments are those of the Python interpreter. Output comes back as text; the exit code is mpiexec's.
    All ranks are ended when the time is over.
    """

    def run(
        ranks: int, *arguments: str | Path, timeout: float = 300.0, cwd: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        command = [str(LAUNCHER), "-n", str(ranks), sys.executable, *map(str, arguments)]
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=cwd,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )
        try:
            out, err = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, err = process.communicate()
            pytest.fail(f"{ranks} ranks took more than {timeout:.0f} s\n{out[-2000:]}\n{err[-2000:]}")
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    return run
