import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from solver.results import FolderError, RunFolder, RunReadError, read_run

Build = Callable[..., Path]


@pytest.mark.parametrize("dimension", ["spherical", "axisymmetric", "generalised_plane_strain"])
def test_what_is_written_is_read_back(tmp_path: Path, synthetic_run: Build, dimension: str) -> None:
    run = read_run(synthetic_run(tmp_path / "run", dimension=dimension))
    assert (run.status, run.dimension, run.name) == ("done", dimension, "synthetic")
    assert run.case["geometry"]["dimension"] == dimension
    assert run.history["capacity [mAh/g]"].shape == (25,)
    assert run.history["voltage [V]"][-1] == 3.6 + 0.7
    assert run.snapshots[0].moment == "equilibrium"
    last = run.final()
    assert last is not None
    grid = last.load()
    stress = grid.point_data["hydrostatic_stress"]
    assert (stress.min(), stress.max()) == (-0.6e9, 0.9e9)
    assert grid.point_data["stress"].shape == (grid.n_points, 6)
    assert grid.cell_data["lithium_flux"].shape == (grid.n_cells, 3)
    assert np.isnan(grid.point_data["occupancy"]).any()
    assert grid.n_points == grid.n_cells * (2 if dimension == "spherical" else 3)
    assert run.provenance["packages"]["numpy"] == np.__version__


def test_numbers_keep_every_digit(tmp_path: Path) -> None:
    values = [0.1 + 0.2, 1e-300, -np.pi, np.float64(2) / 3]
    with RunFolder.create(tmp_path / "run") as folder:
        folder.write_case(b"a: 1\n", "a: 1\n")
        for value in values:
            folder.append_history({"x [s]": value, "why": "first, second", "n": 3})
    table = read_run(tmp_path / "run").table
    assert list(table["x [s]"]) == values
    assert set(table["why"]) == {"first, second"}


def test_history_is_readable_after_every_row_and_a_torn_line_is_left_out(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run")
    folder.write_case(b"", "a: 1\n")
    for k in range(3):
        folder.append_history({"time [s]": float(k)})
        assert len(read_run(folder.path).history["time [s]"]) == k + 1
    with (folder.path / "history.csv").open("a") as stream:
        stream.write("12.3")
    assert list(read_run(folder.path).history["time [s]"]) == [0.0, 1.0, 2.0]
    folder.close()


def test_columns_may_not_change(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "run") as folder:
        folder.append_history({"a": 1.0})
        with pytest.raises(ValueError, match="columns changed"):
            folder.append_history({"b": 1.0})


def test_existing_folder_needs_force(tmp_path: Path, synthetic_run: Build) -> None:
    out = synthetic_run(tmp_path / "run")
    (out / "page.html").write_text("made from the old run")
    before = sorted(p.name for p in out.rglob("*"))
    with pytest.raises(FolderError, match="exists already") as caught:
        RunFolder.create(out)
    assert "\n" not in str(caught.value)
    assert sorted(p.name for p in out.rglob("*")) == before
    RunFolder.create(out, force=True).close()
    assert [p.name for p in out.iterdir()] == ["log.txt"]


def test_force_spares_what_no_run_wrote(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "photos").mkdir(parents=True)
    (home / "thesis.tex").write_text("years")
    (home / "summary.json").write_text("{}")
    RunFolder.create(home, force=True).close()
    assert sorted(p.name for p in home.iterdir()) == ["log.txt", "photos", "thesis.tex"]


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("x")
    for force in (False, True):
        with pytest.raises(FolderError, match="is a file"):
            RunFolder.create(tmp_path / "run", force=force)


def test_summary_is_strict_json_with_known_words(tmp_path: Path) -> None:
    with RunFolder.create(tmp_path / "run") as folder:
        folder.write_summary(
            {"status": "done", "steps": [], "x": float("nan"), "n": np.int64(3), "a": np.array([1.0, np.inf])}
        )

        def refuse(word: str) -> None:
            raise AssertionError(word)

        text = (folder.path / "summary.json").read_text()
        loaded = json.loads(text, parse_constant=refuse)
        assert loaded == {"status": "done", "steps": [], "x": None, "n": 3, "a": [1.0, None]}
        for bad in (
            {"status": "finished", "steps": []},
            {"status": "done"},
            {"status": "done", "steps": [{"reason": "bored"}]},
        ):
            with pytest.raises(ValueError, match=r"status|steps|reason"):
                folder.write_summary(bad)
        assert (folder.path / "summary.json").read_text() == text


def test_reader_says_what_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(RunReadError, match="no such folder"):
        read_run(tmp_path / "nowhere")
    with pytest.raises(RunReadError, match=r"resolved\.yaml is missing"):
        read_run(tmp_path)


def test_a_run_still_going_is_readable(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run")
    folder.write_case(b"name: x\n", "name: x\n")
    run = read_run(tmp_path / "run")
    assert (run.status, run.name, run.snapshots, dict(run.history)) == ("unfinished", "x", (), {})
    folder.close()
