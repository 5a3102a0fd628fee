import os
from pathlib import Path

import pytest

from solver import cache as places
from solver.threads import VARIABLES, pin_threads


@pytest.fixture(autouse=True)
def forget() -> None:
    places._writable.cache_clear()


def test_own_variable_then_xdg_then_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LITHOSTAT_CACHE", str(tmp_path / "own"))
    assert places.cache_root() == tmp_path / "own"
    monkeypatch.delenv("LITHOSTAT_CACHE")
    assert places.cache_root() == tmp_path / "xdg" / "lithostat"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert places.cache_root() == tmp_path / "home" / ".cache" / "lithostat"
    assert places.mesh_cache().parent.is_dir()


def test_a_cache_of_another_user_is_shared_in_folders_of_ones_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LITHOSTAT_CACHE", str(tmp_path))
    assert places.cache_root() == tmp_path
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    assert places.cache_root() == tmp_path / "user-4711"
    assert places.form_cache().is_relative_to(tmp_path / "user-4711")


def test_unwritable_place_falls_back_with_a_warning(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")  # a folder below a file cannot be made, not even by root
    monkeypatch.setenv("LITHOSTAT_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.warns(UserWarning, match="cannot be written"):
        root = places.cache_root()
    assert root.parent == tmp_path
    assert root.is_dir()
    assert places.form_cache().is_dir()


def test_a_temporary_folder_that_others_can_write_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LITHOSTAT_CACHE", str(tmp_path / "file" / "cache"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shared = places._temporary()
    shared.mkdir()
    shared.chmod(0o777)
    with pytest.warns(UserWarning, match="cannot be written"):
        root = places.cache_root()
    assert root != shared
    assert root.is_dir()


def test_compiled_forms_are_kept_by_processor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LITHOSTAT_CACHE", str(tmp_path))
    mine = places.form_cache()
    assert mine == places.form_cache()
    monkeypatch.setattr(places, "processor_key", lambda: "another")
    assert places.form_cache() != mine


def test_threads_default_to_one_and_follow_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MKL_NUM_THREADS", "3")
    pin_threads()
    assert {name: os.environ[name] for name in VARIABLES} == {
        name: "3" if name == "MKL_NUM_THREADS" else "1" for name in VARIABLES
    }
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    pin_threads()
    assert os.environ["OPENBLAS_NUM_THREADS"] == "4"
