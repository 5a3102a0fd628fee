"""Running commands as a user does."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from solver.cli import main

Lithostat = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def lithostat(tmp_path: Path) -> Lithostat:
    """`lithostat("check", "case.yaml")` in an empty folder, with the caches of the session."""

    def run(*words: str | Path, timeout: float = 60, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "solver.cli", *map(str, words)],
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **environment},
        )

    return run


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Lithostat:
    """Like `lithostat`, in this process: heavy libraries are loaded once for many calls."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        given = [*map(str, words)]
        code = main(given)
        said = capsys.readouterr()
        return subprocess.CompletedProcess(given, code, said.out, said.err)

    return run
