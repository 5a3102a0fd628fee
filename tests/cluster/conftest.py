"""A Slurm of one node."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "slurm_node.sh"
UNAVAILABLE = 75


@pytest.fixture
def slurm_node() -> Iterator[Path]:
    """A node of two processors; its configuration is in the environment while a test runs.

    Skips where there is no Slurm, in the words of the script that starts it.
    """
    with tempfile.TemporaryDirectory(prefix="slurm-") as name:
        folder = Path(name) / "node"
        environment = {**os.environ, "SLURM_NODE_CPUS": "2"}
        started = subprocess.run(
            [SCRIPT, "start", folder],
            env=environment,
            capture_output=True,
            text=True,
            timeout=360,
            check=False,
        )
        if started.returncode == UNAVAILABLE:
            pytest.skip(started.stderr.strip().splitlines()[-1])
        assert started.returncode == 0, started.stderr
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("SLURM_CONF", str(folder / "slurm.conf"))
                yield folder
        finally:
            subprocess.run([SCRIPT, "stop", folder], capture_output=True, timeout=120, check=True)
