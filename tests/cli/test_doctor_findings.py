import mmap
from pathlib import Path

import pytest

from solver import cache, doctor


def test_all_is_well_here(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LITHOSTAT_CACHE", str(tmp_path))
    assert doctor.doctor() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == [
        "Python",
        "/dev/shm",
        "MPI",
        "DOLFINx",
        "compiler",
        "meshes",
        "rendering",
        "cache",
    ]
    assert "two ranks" in lines[2]


def test_what_killed_runs_left_in_shared_memory_is_named(tmp_path: Path) -> None:
    left, used = tmp_path / "mpich_shm_4b4_0", tmp_path / "mpich_shm_4b5_0"
    left.write_bytes(b"0" * 2_000_000)
    used.write_bytes(b"0" * 4096)
    (tmp_path / "of_another_program").write_text("")
    with used.open("rb") as stream, mmap.mmap(stream.fileno(), 0, prot=mmap.PROT_READ):
        assert doctor.left_behind(tmp_path) == [left]
        plenty = doctor.look_at_shared_memory(tmp_path, least=0)
        full = doctor.look_at_shared_memory(tmp_path, least=10**9)
    assert plenty.good
    assert "2 MB left by runs that were killed" in plenty.detail
    assert not full.good
    assert full.advice == f"remove what killed runs left: rm {left}"
    assert doctor.look_at_shared_memory(tmp_path / "none").good


def test_a_missing_compiler_is_found_with_advice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(doctor, "CHECKS", (doctor.look_at_python, doctor.look_at_compiler))
    assert doctor.doctor() == 2
    out = capsys.readouterr().out
    assert "MISSING" in out
    assert "-> apt-get install gcc" in out


def test_a_library_that_crashes_is_a_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    crash = tmp_path / "python"
    crash.write_text("#!/bin/sh\nkill -SEGV $$\n")
    crash.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(crash))
    finding = doctor.look_at_rendering()
    assert not finding.good
    assert finding.detail == "ended by signal 11"
    assert "libegl1" in finding.advice


def test_launcher_of_another_mpi_is_found_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    launcher = tmp_path / "mpiexec"
    launcher.write_text('#!/bin/sh\nshift 2\n"$@"; "$@"\n')
    launcher.chmod(0o755)
    monkeypatch.setattr(doctor, "find_launcher", lambda: launcher)
    finding = doctor.look_at_mpi()
    assert not finding.good
    assert "do not see each other" in finding.detail


def test_an_unwritable_cache_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LITHOSTAT_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    cache._writable.cache_clear()
    finding = doctor.look_at_cache()
    assert not finding.good
    assert "LITHOSTAT_CACHE" in finding.advice
