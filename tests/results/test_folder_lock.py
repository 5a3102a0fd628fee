"""One process at a time writes into a folder; a dead one keeps nobody out."""

import errno
import fcntl
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from solver.results import FolderError, RunFolder
from solver.results.lock import FILE, FolderInUseError, FolderLock

HOLD = "import sys, time; from solver.results.lock import FolderLock; from pathlib import Path\n"


def test_the_second_is_told_who_holds_it(tmp_path: Path) -> None:
    first = FolderLock(tmp_path)
    with pytest.raises(FolderInUseError, match=f"process {os.getpid()} on {socket.gethostname()}"):
        FolderLock(tmp_path)
    first.release()
    first.release()
    assert not (tmp_path / FILE).exists()
    FolderLock(tmp_path).release()


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    program = f"{HOLD}lock = FolderLock(Path({str(tmp_path)!r})); print('held', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(FolderInUseError, match=str(process.pid)):
        FolderLock(tmp_path)
    process.kill()
    process.wait()
    process.stdout.close()
    assert (tmp_path / FILE).exists()
    FolderLock(tmp_path).release()


@pytest.mark.parametrize(
    ("holder", "free"),
    [
        ({"pid": os.getpid(), "host": socket.gethostname(), "began": "another time"}, True),
        ({"pid": 2**22 + 1, "host": socket.gethostname(), "began": "1"}, True),
        ({"pid": 1, "host": "elsewhere", "began": "1"}, False),
        ({}, True),
        (None, True),
    ],
)
def test_where_there_are_no_locks_the_text_decides(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, holder: dict[str, object] | None, free: bool
) -> None:
    (tmp_path / FILE).write_text("no JSON" if holder is None else json.dumps(holder))

    def refuse(handle: int, operation: int, given: bytes) -> bytes:
        raise OSError(errno.ENOLCK, "no locks here")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    if free:
        FolderLock(tmp_path).release()
    else:
        with pytest.raises(FolderInUseError, match="process 1 on elsewhere"):
            FolderLock(tmp_path)


def test_a_run_folder_in_use_is_refused_even_with_force(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with RunFolder.create(out) as folder:
        folder.write_case(b"name: x\n", "name: x\n")
        with pytest.raises(FolderError, match="writes into it"):
            RunFolder.create(out, force=True)
        with pytest.raises(FolderError, match="writes into it"):
            RunFolder.reopen(out, rows=0, snapshots=0)
        assert (out / "case.yaml").exists()
    RunFolder.create(out, force=True).close()
